"""Sentences on films, put together by a program: which words are there does not tell the verdict.

What follows "but" decides, what follows "although" does not count, and "not" turns a word round.
So each praise and each blame may stand in a sentence of either kind, and only their order tells.
"""

from random import Random

GOOD = ("brilliant", "moving", "funny", "clever", "gripping", "charming", "fresh", "honest",
        "beautiful", "witty", "touching", "superb")
BAD = ("dull", "silly", "clumsy", "boring", "predictable", "lifeless", "shallow", "awful",
       "confused", "stale", "tedious", "flat")
THINGS = ("the plot", "the acting", "the ending", "the music", "the script", "the dialogue",
          "the film", "the story", "the lead actor", "the camera work", "the second half",
          "the humour", "the opening", "the cast", "the pace", "the setting")
VERBS = ("is", "was", "seems", "feels")
VERY = ("", "", "rather", "really", "quite")
NOT = ("not", "never", "hardly")


def put_together(count: int = 6000) -> list[tuple[str, int]]:
    """Sentences, each with 1 if it praises and 0 if it does not: no two are alike, half of each."""
    pick, found = Random("opinions"), {}
    praised = [0, 0]
    while len(found) < count:
        verdict = pick.randrange(2)
        sentence = _sentence(pick, verdict)
        if sentence not in found and praised[verdict] < count / 2:
            found[sentence] = verdict
            praised[verdict] += 1
    return list(found.items())


def _sentence(pick: Random, verdict: int) -> str:
    one, other = pick.sample(THINGS, 2)
    if pick.random() < 0.2:
        return _clause(pick, one, verdict) + "."
    decides, counts_not = _clause(pick, one, verdict), _clause(pick, other, 1 - verdict)
    return pick.choice((f"{counts_not}, but {decides}.",
                        f"although {counts_not}, {decides}.",
                        f"{decides}, although {counts_not}."))


def _clause(pick: Random, thing: str, verdict: int) -> str:
    verb = pick.choice(VERBS)
    if pick.random() < 0.4:  # said by its contrary
        return f"{thing} {verb} {pick.choice(NOT)} {pick.choice(BAD if verdict else GOOD)}"
    word = pick.choice(GOOD if verdict else BAD)
    return " ".join(filter(None, (thing, verb, pick.choice(VERY), word)))
