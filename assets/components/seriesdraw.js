// after: serieskit.js
// A series drawn by hand: what the line says becomes letters, one for each of 64 heights.

const LETTERS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";
const LONG = 160; // values of a line

class SeriesDraw {
  constructor(root) {
    this.root = root;
    this.chart = new SeriesChart("pc-series-draw");
    this.says = h("p.pc-note", { role: "status" });
    this.learn = h("button.pc-button.pc-primary", { type: "button", "data-do": "learn",
      onclick: () => this.outward.setTriggerValue("drawn", this.text()) });
    root.append(this.chart.canvas, this.says, h("div.pc-buttons", {}, this.learn));
    const { canvas } = this.chart;
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      this.last = null;
      this.draw(event);
    });
    canvas.addEventListener("pointermove", (event) => event.buttons && this.draw(event));
    this.sight = new ResizeObserver(() => this.paint());
    this.sight.observe(canvas);
  }

  close() {
    this.sight.disconnect();
  }

  update(data, outward) {
    Object.assign(this, { data, outward, look: theme(this.root) });
    if (data.drawing !== this.before) {
      this.before = data.drawing;
      this.take(data.drawing);
    }
    setText(this.learn, data.words.learn);
    setText(this.says, data.words.says);
    this.chart.canvas.setAttribute("aria-label", data.words.picture);
    this.paint();
  }

  /** A shorter or longer line is stretched over the sheet. */
  take(drawing) {
    const heights = [...drawing].map((letter) => LETTERS.indexOf(letter)).filter((at) => at >= 0);
    const given = heights.length > 1 ? heights : [32, 32];
    this.heights = Array.from({ length: LONG }, (_, i) => (
      given[Math.round((i / (LONG - 1)) * (given.length - 1))]));
  }

  text() {
    return this.heights.map((height) => LETTERS[height]).join("");
  }

  draw(event) {
    const { place, value } = this.chart.at(event);
    const at = Math.min(Math.max(Math.round(place), 0), LONG - 1);
    const height = Math.min(Math.max(Math.round(value), 0), LETTERS.length - 1);
    const from = this.last ?? { at, height };
    const reach = Math.abs(at - from.at);
    for (let i = 0; i <= reach; i += 1) {
      const share = reach ? i / reach : 1;
      this.heights[from.at + Math.sign(at - from.at) * i] = Math.round(
        from.height + (height - from.height) * share);
    }
    this.last = { at, height };
    this.root.dataset.drawn = this.text();
    this.paint();
  }

  paint() {
    const { chart, look } = this;
    if (!this.heights || !chart.canvas.clientWidth) return;
    chart.begin(look, { from: 0, to: LONG - 1, low: -2, high: LETTERS.length + 1 }, [], false);
    chart.stretch(0, LONG - 1, look.accent, 0.05);
    chart.line(this.heights, 0, look.accent, 2.6);
  }
}

export default component("seriesdraw", (root) => new SeriesDraw(root));
