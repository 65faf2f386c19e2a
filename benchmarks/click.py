"""How long from the click on Train to the first point of the curve."""

from benchmarks.figures import PAIRS, Figure
from benchmarks.museum import chromium, museum, visitor, warm
from tests.browser import idle, open_page, until
from tests.journeys.cnn import LONG, state, stop, train

# Within the page, so that the way from here to the browser is not measured.
CLICK = """() => new Promise(resolve => {
  const train = document.querySelector('.st-key-cnn-train button');
  const began = performance.now();
  train.click();
  const look = () => {
    const point = document.querySelector('[data-module=run] .scatterlayer .trace path');
    if (point?.getAttribute('d')) resolve((performance.now() - began) / 1000);
    else requestAnimationFrame(look);
  };
  look();
})"""


def measure() -> list[Figure]:
    """Warm: TensorFlow is loaded and one run was made before, as for a second visitor."""
    with museum() as server, chromium() as browser:
        warm(server)
        page = visitor(browser)
        open_page(page, f"{server.address}/cnn?{LONG}")
        train(page)
        stop(page)
        seconds = []
        while len(seconds) < PAIRS:
            idle(page)
            page.get_by_role("button", name="Reset", exact=True).click()
            until(lambda: state(page) == "idle", says="the page is clear")
            idle(page)
            seconds.append(page.evaluate(CLICK))
            stop(page)
            print(f"  {len(seconds)} of {PAIRS}: {seconds[-1]:.2f}", flush=True)
    return [Figure("Click on Train to the first point of the curve, warm", seconds, "s",
                   ("≤", 1.5))]
