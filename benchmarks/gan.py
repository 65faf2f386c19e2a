"""The room of the generators: how the game on the plane goes, how soon a page answers, and what
the shipped weights make. ``python -m benchmarks gan``, or one part of it: ``gan:plane``,
``gan:screen``, ``gan:sliders``, ``gan:made``."""

import json
import os
import time

from benchmarks.figures import Figure
from benchmarks.museum import chromium, museum, visitor, warm
from core.data.shipped import shipped
from core.rooms.gan import ROOM, Gan
from tests.browser import idle, open_page, until
from tests.journeys.cnn import train

SECONDS = 60  # within which all eight clouds are to be covered
STEPS = 6_000  # of a game that is to collapse
SEEDS = (1, 2, 3)
AGREE = {"mnist": 0.97, "fashion": 0.85}
WATCHED = 2.0  # seconds of each look at the screen
TIMES = 7
MOVES = 25  # of the slider, for each kind of picture and each network
KINDS = ("write", "samples", "walk", "grid")

# A move as a hand makes it, and how long until what it asks for is on the screen.
# Pauses of different length: after the longest a film is being made when the next move comes.
MOVE = """async ([name, times]) => {
  const shadow = [...document.querySelectorAll('*')].map(e => e.shadowRoot).filter(Boolean);
  const find = (what) => [document, ...shadow].map(e => e.querySelector(what)).find(Boolean);
  const root = find('[data-module=sampler]');
  const slider = find(`[data-wish=${name}]`);
  const found = [];
  for (let move = 0; move < times; move += 1) {
    await new Promise((next) => setTimeout(next, 150 + 150 * (move % 3)));
    const before = root.dataset.asked;
    const began = performance.now();
    Number(slider.value) < Number(slider.max) ? slider.stepUp() : (slider.value = slider.min);
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    while (root.dataset.asked === before) await new Promise(requestAnimationFrame);
    found.push(performance.now() - began);
  }
  return found;
}"""


def measure() -> list[Figure]:
    """The room of the generators: all parts."""
    return [figure for part in PARTS.values() for figure in part()]


def plane() -> list[Figure]:
    """The game on eight Gaussians: how soon all are covered, and whether the plain rule
    collapses."""
    presets = {each.name: each.values for each in ROOM.presets}
    games = [played(Gan(**{**presets["eight"], "epochs": 1000, "seed": seed}), whole)
             for seed in SEEDS]
    lost = [played(Gan(**{**presets["collapse"], "epochs": 1000, "seed": seed}), long)
            for seed in SEEDS]
    return [Figure(f"WGAN-GP: seconds until all eight are covered ({2 * SECONDS}: never)",
                   [first for first, _ in games], "s", ("≤", SECONDS), digits=0),
            Figure(f"plain GAN: of eight covered in the last half of {STEPS} steps, on average",
                   [late for _, late in lost], "", ("≤", 4), digits=1)]


def whole(seconds: float, step: int, covered: float) -> bool:
    """Whether all is covered, or it has taken too long."""
    return covered == 1 or seconds > SECONDS


def long(seconds: float, step: int, covered: float) -> bool:
    """Whether it has gone on long enough to tell."""
    return step > STEPS


def played(params: Gan, enough) -> tuple[float, float]:
    """A game until ``enough(seconds, step, covered)``: seconds until all eight were covered, and
    how many were on average in its last half."""
    from core.training.recorder import Recorder
    from core.training.session import Session

    found, began = [], time.monotonic()

    def hear(event):
        """What a page is sent of a run."""
        if event["type"] == "frame":
            found.append((time.monotonic() - began, event["step"], event["found"]["covered"]))
            if enough(*found[-1]):
                recorder.wish("stop")

    recorder = Recorder(hear)
    Session(ROOM, params, recorder).run()
    first = next((seconds for seconds, _, covered in found if covered == 1), 2 * SECONDS)
    late = [covered for _, step, covered in found if step > found[-1][1] / 2]
    print(f"  seed {params.seed}: {first:.0f} s, {8 * sum(late) / len(late):.1f} of 8 "
          f"after {found[-1][1]} steps (load {os.getloadavg()[0]:.1f})", flush=True)
    return first, 8 * sum(late) / len(late)


def screen() -> list[Figure]:
    """How often a second the plane is drawn anew in the browser while it trains."""
    figures = []
    with museum() as server, chromium() as browser:
        warm(server)
        for name, title in (("eight", "WGAN-GP"), ("collapse", "plain GAN")):
            page = visitor(browser)
            preset = next(each for each in ROOM.presets if each.name == name)
            open_page(page, f"{server.address}/gan?lang=en")
            page.get_by_role("button", name=str(preset.title)).click()
            idle(page)
            run = train(page)
            until(lambda page=page: drawn(page) > 50, 120, "it is drawn")
            rates = [rate(page) for _ in range(TIMES)]
            print(f"  {title}, {run}: {rates} (load {os.getloadavg()[0]:.1f})", flush=True)
            figures.append(Figure(f"{title}: pictures a second on the screen while it trains",
                                  rates, digits=1, goal=("≥", 20)))
            page.locator("[data-module=run]").get_by_role("button", name="Stop").click()
            page.context.close()
    return figures


def rate(page) -> float:
    """Pictures a second, over a while."""
    known, since = drawn(page), time.monotonic()
    page.wait_for_timeout(WATCHED * 1000)
    return (drawn(page) - known) / (time.monotonic() - since)


def drawn(page) -> int:
    """How many different pictures of the game were drawn."""
    return int(page.locator("[data-module=lab]").get_attribute("data-updates") or 0)


def sliders() -> list[Figure]:
    """From the move of a slider to the pictures it asks for."""
    figures = []
    with museum() as server, chromium() as browser:
        warm(server)
        page = visitor(browser)
        open_page(page, f"{server.address}/gan?lang=en")
        sampler = page.locator("[data-module=sampler]")
        until(lambda: sampler.get_attribute("data-asked"), 120, "the first pictures")
        taken = []
        for network in ("Digits (MNIST)", "Clothes (Fashion-MNIST)"):
            sampler.get_by_role("button", name=network).click()
            for kind in KINDS:
                tab = sampler.locator(f"[data-cell={kind}]")
                if not tab.count():
                    continue  # clothes are no numbers
                tab.click()
                page.wait_for_timeout(1000)
                some = page.evaluate(MOVE, ["seed" if kind == "samples" else "truncation", MOVES])
                print(f"  {network}, {kind}: {sorted(round(each) for each in some)} "
                      f"(load {os.getloadavg()[0]:.1f})", flush=True)
                taken += some
        figures.append(Figure("From a slider's move to its pictures on the screen", taken, "ms",
                              ("≤", 100), digits=0))
        figures.append(Figure("… share of moves that took longer than 100 ms",
                              [100 * sum(each > 100 for each in taken) / len(taken)], "%",
                              digits=1))
    return figures


def made() -> list[Figure]:
    """What the shipped weights make, from their cards."""
    figures = []
    for name, bar in AGREE.items():
        card = shipped(f"gan/{name}").with_suffix(".json")
        found = json.loads(card.read_text("utf-8"))["metrics"]
        figures += [Figure(f"{name}: recognised as the class asked for", [found["agreement"]],
                           digits=4, goal=("≥", bar)),
                    Figure(f"{name}: FID-like distance", [found["distance"]], digits=3),
                    Figure(f"{name}: its floor, real against real", [found["floor"]], digits=3)]
    return figures


PARTS = {"plane": plane, "screen": screen, "sliders": sliders, "made": made}
