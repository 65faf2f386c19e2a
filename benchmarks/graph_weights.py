"""The graph networks that ship with the app: their settings, training and cards."""

from benchmarks import cards
from core.insight.graphs import others
from core.models import gnn
from core.rooms.gnn import ROOM

ABOUT = {
    "karate": "Tells whom the members of a karate club followed when it split, from one known "
              "member on each side and who met whom: Zachary, “An information flow model for "
              "conflict and fission in small groups” (1977), 34 members, 78 edges.",
    "links": "Finds hidden edges between 77 characters of “Les Misérables”: who shares chapters "
             "with whom, as counted by Knuth (“The Stanford GraphBase”, 1993). Three tenths of the "
             "254 edges are hidden.",
    "molecules": "Tells which molecule-like graphs have a nitro group. All 80 come from the "
                 "random generator in core/data/molecules.py; nothing in them is chemistry.",
    "cora": "Tells the topic of papers on machine learning from their words and citations: Cora, "
            "split of Planetoid (Yang, Cohen & Salakhutdinov 2016), 2,708 papers of which 140 are "
            "known. (Repository of the split: MIT licence.)",
}


MEASURED = """\
Trained exactly as the room trains with these settings. `others`: all nodes, pairs or
molecules that it was not told."""
MORE = "The same settings over several seeds, beside simpler methods: `python -m benchmarks gnn`."


def make_all(only: str | None) -> None:
    """Train the networks of the room's presets, one a data set, and write them with their cards."""
    for preset in ROOM.presets:
        if preset.name not in ABOUT or only not in (None, preset.name):
            continue
        params = ROOM.params(**preset.values)
        data, model, facts = cards.trained(gnn, params)
        facts["classes"] = list(data.class_names)
        facts["metrics"]["others_accuracy"] = round(others(model, data), 4)
        cards.write(ROOM, preset.name, params, model, facts, ABOUT[preset.name], MEASURED, MORE)
