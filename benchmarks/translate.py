"""Measure the room of translation: ``python -m benchmarks.translate [shipped|baseline|article]``.

``shipped``: BLEU and chrF of the network that ships, on the 1,000 English sentences of Tatoeba that
it has never seen (``PERCEPTORIUM_DATA``, or downloaded), by sacreBLEU itself and with its
signatures, greedily and with beams. ``baseline``: two methods without a network on the same
sentences. ``article``: the article's arrangement, with one and with both corrections, trained on
the small grammar; writes ``assets/weights/translate/article.json``, which the room's page tells.
"""

import argparse
import json

import keras
import numpy as np
import sacrebleu

from benchmarks.cards import WEIGHTS
from benchmarks.translate_weights import BEAMS, PENALTY, by_beams
from core.data.pairs import Sentence, tatoeba
from core.insight.lexicon import rivals
from core.models import translate
from core.rooms.translate import ROOM, TATOEBA, Translate

SEEDS = (1,)
ARRANGEMENTS = ("article", "deaf", "corrected")
PRESETS = {each.name: each for each in ROOM.presets}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", nargs="?", choices=("shipped", "baseline", "article"))
    chosen = parser.parse_args().part
    for name, measure in (("shipped", shipped), ("baseline", baseline), ("article", article)):
        if chosen in (None, name):
            measure()


def shipped() -> None:
    """The network that ships, judged by sacreBLEU."""
    data = tatoeba()
    model = keras.models.load_model(WEIGHTS / "translate" / "tatoeba.keras", compile=False)
    tell("greedy", translate.translations(model, [source for source, _ in data.test]), data.test)
    tell(f"{BEAMS} beams, length penalty {PENALTY}", by_beams(model, data), data.test)


def tell(name: str, said: list[str], sentences: tuple[Sentence, ...]) -> None:
    """A row with both figures, and their signatures."""
    most = max(len(targets) for _, targets in sentences)
    references = [[targets[place] if place < len(targets) else None for _, targets in sentences]
                  for place in range(most)]
    for metric in (sacrebleu.BLEU(tokenize="zh"), sacrebleu.CHRF()):
        score = metric.corpus_score(said, references)
        print(f"| {name} | {score.name} | {score.score:.2f} | {metric.get_signature()} |",
              flush=True)


def baseline() -> None:
    """What needs no network."""
    for each in rivals(Translate(**TATOEBA))["methods"]:
        print(f"| {each['name']} | BLEU {each['metrics']['test_bleu']:.2f} "
              f"| chrF {each['metrics']['test_chrf']:.2f} |", flush=True)


def article() -> None:
    """The article's arrangement beside the corrected ones: accuracy on the training part with all
    pieces before given, and BLEU on the test."""
    rows = {}
    for name in ARRANGEMENTS:
        found = [trained(ROOM.params(**PRESETS[name].values, seed=seed)) for seed in SEEDS]
        rows[name] = {figure: round(float(np.mean([each[figure] for each in found])), 4)
                      for figure in ("accuracy", "val_accuracy", "bleu")}
        print(f"| {name} | {rows[name]['accuracy']:.1%} | {rows[name]['bleu']:.1f} | "
              f"{[round(each['bleu'], 1) for each in found]} |", flush=True)
    told = {"epochs": Translate().epochs, "seeds": list(SEEDS), "rows": rows}
    (WEIGHTS / "translate" / "article.json").write_text(json.dumps(told, indent=1) + "\n")


def trained(params: Translate) -> dict[str, float]:
    """Train once as the room does."""
    data = translate.load(params)
    model = translate.build(params, data)
    history = translate.train(params, model, data).history
    return {"accuracy": history["accuracy"][-1], "val_accuracy": history["val_accuracy"][-1],
            "bleu": translate.score(params, model, data)["test_bleu"]}


if __name__ == "__main__":
    main()
