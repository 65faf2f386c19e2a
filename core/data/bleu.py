"""How good translations are, by what they share with those of people.

BLEU: the shares of pieces, pairs, triples and quadruples of pieces that stand in a reference, and a
penalty for what is too short (Papineni et al., "BLEU", 2002). chrF: how many runs of one to six
characters both have (Popović, "chrF", 2015). Both from 0 to 100, over all sentences together, and
equal to those of sacreBLEU 2 (Post 2018) with its ``zh`` tokenizer.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

LONGEST = 4  # pieces of a run that BLEU counts
CHARACTERS, BETA = 6, 2  # of a run that chrF counts; recall counts β times as much as precision

# What sacreBLEU sets apart before it cuts Western text: its ranges, with a slip in one of them
# ("\u20000" is not the character 20000, so that everything from 2001 on counts).
APART = re.compile("([\u2001-\u2a6d\u2e80-\u2fdf\u2ff0-\u303f\u3100-\u312f\u31a0-\u31bf"
                   "\u31c0-\u31ef\u3200-\u4db5\u4e00-\u9fbb\uf900-\ufa2d\ufa30-\ufa6a"
                   "\ufa70-\ufad9\ufe10-\ufe1f\ufe30-\ufe4f\uff00-\uffef])")
WESTERN = ((re.compile(r"([\{-\~\[-\` -\&\(-\+\:-\@\/])"), r" \1 "),
           (re.compile(r"([^0-9])([\.,])"), r"\1 \2 "),
           (re.compile(r"([\.,])([^0-9])"), r" \1 \2"),
           (re.compile(r"([0-9])(-)"), r"\1 \2 "))


def bleu(said: Sequence[str], references: Sequence[Sequence[str]]) -> float:
    """BLEU of translations against all references of each; 0 where there is nothing to judge."""
    length, wanted = 0, 0
    right, all_runs = np.zeros(LONGEST), np.zeros(LONGEST)
    for text, others in zip(said, references):
        parts, known = cut(text), [cut(other) for other in others]
        length += len(parts)
        wanted += min(map(len, known), key=lambda each: (abs(each - len(parts)), each))
        best = Counter()
        for each in known:
            best |= runs(each, LONGEST)
        for run, count in runs(parts, LONGEST).items():
            all_runs[len(run) - 1] += count
            right[len(run) - 1] += min(count, best[run])
    if not right.any() or not all_runs.all():
        return 0.0
    shares, halves = [], 1
    for good, many in zip(right, all_runs):
        halves *= 1 if good else 2  # no run of this length is right: half of one, then a quarter …
        shares.append((good or 1 / halves) / many)
    short = math.exp(min(0.0, 1 - wanted / length))
    return 100 * short * math.exp(sum(map(math.log, shares)) / LONGEST)


def chrf(said: Sequence[str], references: Sequence[Sequence[str]]) -> float:
    """chrF of translations, of each against the reference that fits best."""
    sums = np.zeros((CHARACTERS, 3))
    for text, others in zip(said, references):
        parts = runs("".join(text.split()), CHARACTERS)
        found = [_shared(parts, runs("".join(other.split()), CHARACTERS)) for other in others]
        sums += max(found, key=_weighed)
    return 100 * _weighed(sums)


def cut(text: str) -> list[str]:
    """The pieces that sacreBLEU's ``zh`` tokenizer makes of a sentence."""
    text = APART.sub(r" \1 ", text.strip())
    for pattern, apart in WESTERN:
        text = pattern.sub(apart, text)
    return text.split()


def runs(parts: Sequence[str], longest: int) -> Counter:
    """How often each run of 1 to ``longest`` pieces occurs."""
    return Counter(tuple(parts[start:start + size]) for size in range(1, longest + 1)
                   for start in range(len(parts) - size + 1))


def _shared(said: Counter, known: Counter) -> np.ndarray:
    """For each length of a run: how many were said, how many stand in the reference, how many
    in both: (CHARACTERS, 3)."""
    counts = np.zeros((CHARACTERS, 3))
    for run, count in said.items():
        counts[len(run) - 1] += count, 0, min(count, known[run])
    for run, count in known.items():
        counts[len(run) - 1, 1] += count
    counts[counts[:, 1] == 0, 0] = 0  # nothing to compare with: does not count
    return counts


def _weighed(counts: np.ndarray) -> float:
    """Precision and recall, averaged over the lengths that both have, as one figure in 0..1."""
    both = (counts[:, 0] > 0) & (counts[:, 1] > 0)
    if not both.any():
        return 0.0
    precision = (counts[both, 2] / counts[both, 0]).mean()
    recall = (counts[both, 2] / counts[both, 1]).mean()
    whole = BETA**2 * precision + recall
    return float((1 + BETA**2) * precision * recall / whole) if whole else 0.0
