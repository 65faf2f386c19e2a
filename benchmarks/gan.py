"""The game on eight Gaussians: how soon all are covered, and whether the plain rule collapses."""

import json
import time

from benchmarks.figures import Figure
from core.data.shipped import shipped
from core.rooms.gan import ROOM, Gan

SECONDS = 60
SEEDS = (1, 2, 3)
AGREE = {"mnist": 0.97, "fashion": 0.85}


def measure() -> list[Figure]:
    """The room of the generators: the game on the plane, and what the shipped weights make."""
    figures = []
    for name, title in (("eight", "WGAN-GP"), ("collapse", "plain GAN")):
        values = next(each.values for each in ROOM.presets if each.name == name)
        games = [played(Gan(**{**values, "epochs": 1000, "seed": seed})) for seed in SEEDS]
        bar = {"goal": ("≤", SECONDS)} if name == "eight" else {}
        figures += [
            Figure(f"{title}: seconds until all eight are covered ({2 * SECONDS}: never)",
                   [first for first, _, _ in games], "s", digits=0, **bar),
            Figure(f"{title}: of eight covered in its last half",
                   [late for _, late, _ in games], digits=1),
            Figure(f"{title}: pictures a second while it trains", [rate for *_, rate in games],
                   digits=1, goal=("≥", 20))]
    for name in AGREE:
        card = shipped(f"gan/{name}").with_suffix(".json")
        found = json.loads(card.read_text("utf-8"))["metrics"]
        figures += [Figure(f"{name}: recognised as the class asked for", [found["agreement"]],
                           digits=4, goal=("≥", AGREE[name])),
                    Figure(f"{name}: FID-like distance", [found["distance"]], digits=3),
                    Figure(f"{name}: its floor, real against real", [found["floor"]], digits=3)]
    return figures


def played(params: Gan) -> tuple[float, float, float]:
    """A game of at most :data:`SECONDS`: seconds until all eight are covered, how many are on
    average in its last half, and pictures a second."""
    from core.training.recorder import Recorder
    from core.training.session import Session

    found, began = [], time.monotonic()

    def hear(event):
        """What a page is sent of a run."""
        seconds = time.monotonic() - began
        if event["type"] == "frame":
            found.append((seconds, event["found"]["covered"]))
        if seconds > SECONDS:
            recorder.wish("stop")

    recorder = Recorder(hear)
    Session(ROOM, params, recorder).run()
    first = next((seconds for seconds, covered in found if covered == 1), 2 * SECONDS)
    late = [covered for seconds, covered in found if seconds > found[-1][0] / 2]
    print(f"  seed {params.seed}: {first:.0f} s, {8 * sum(late) / len(late):.1f} of 8", flush=True)
    return first, 8 * sum(late) / len(late), len(found) / found[-1][0]
