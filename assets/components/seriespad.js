// after: serieskit.js tablekit.js
// Bend the past with the pointer, and see the future that the network makes of it.

const UNFOLD = 900; // ms in which a forecast unfolds
const AHEAD = [6, 96]; // steps
const NARROW = 560; // px
const SHOWN_PAST = 96; // values at least, if there are so many

class SeriesPad extends Asking {
  constructor(root, live) {
    super(root, live);
    this.start = -1;
    this.count = null;
    this.row = null;
    this.chart = new SeriesChart("pc-series-pad", { tabindex: "0" });
    this.next = h("dd");
    this.band = h("dd");
    this.names = [h("dt"), h("dt")];
    this.hint = h("p.pc-note");
    this.stand = ruler("start", (value) => this.standAt(value), { min: 0, max: 1, step: 1 });
    this.far = ruler("count", (value) => { this.count = value; this.changed(); },
      { min: AHEAD[0], max: AHEAD[1], step: 1 });
    const hand = (name, act) => [name, h("button.pc-button", { type: "button", "data-do": name,
      onclick: act })];
    this.hands = Object.fromEntries([hand("jump", () => this.bend((value, share, span) => (
      share > 0.75 ? value + 0.5 * span : value))),
    hand("flat", () => this.bend((value, share, span, all) => (
      share > 0.5 ? all[Math.floor(all.length / 2)] : value))),
    hand("noise", () => this.bend((value, share, span) => (
      value + 0.3 * span * (Math.random() - 0.5)))),
    hand("back", () => this.restore()), hand("walk", () => this.walk())]);
    root.append(
      h("dl.pc-series-figures", {}, h("div", {}, this.names[0], this.next),
        h("div", {}, this.names[1], this.band)),
      this.chart.canvas, this.hint,
      h("div.pc-series-hands", {}, this.stand.element, this.far.element),
      h("div.pc-buttons", {}, ...Object.values(this.hands)), this.message);
    const { canvas } = this.chart;
    canvas.addEventListener("pointerdown", (event) => this.press(event));
    canvas.addEventListener("pointermove", (event) => this.drag(event));
    for (const name of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(name, () => { this.last = null; });
    }
    canvas.addEventListener("keydown", (event) => this.key(event));
    this.sight = new ResizeObserver(() => this.redraw());
    this.sight.observe(canvas);
  }

  close() {
    super.close();
    clearTimeout(this.step);
    this.sight.disconnect();
  }

  showWords(words) {
    setText(this.names[0], words.next);
    setText(this.names[1], words.within);
    setText(this.hint, words.hint);
    for (const [name, element] of Object.entries(this.hands)) setText(element, words[name]);
    this.chart.canvas.setAttribute("aria-label", words.picture);
    this.labels();
  }

  changed() {
    if (this.model !== this.shownModel) { // another network: its own series
      this.shownModel = this.model;
      const [run] = this.model.split("@");
      if (run !== this.shownRun) {
        Object.assign(this, { shownRun: run, start: -1, row: null, count: null, told: null });
      }
    }
    super.changed();
  }

  async load() {
    const input = { start: this.start, count: this.count ?? 0 };
    if (this.row) input.row = this.row;
    const told = await this.get("forecast", input);
    if (this.closed) return;
    const first = !this.told;
    const moved = this.told?.start !== told.start;
    this.told = told;
    this.count ??= told.path.length;
    if (first || !this.row) this.spanNow();
    if (!this.row) this.past = [...told.past];
    this.begin = moved && !this.step ? performance.now() : this.begin;
    this.root.dataset.next = told.path[0];
    this.root.dataset.answers = Number(this.root.dataset.answers ?? 0) + 1;
    this.labels();
    this.redraw();
  }

  /** The values that fit on the sheet; while one draws it stays, but for futures that leave it. */
  spanNow() {
    const { past, truth, path, low, high } = this.told;
    this.span = spanOf([past, truth, path, low, high], 0.15);
  }

  labels() {
    const { told, data: { words }, say } = this;
    if (!told) return;
    const [first, last] = told.tests;
    Object.assign(this.stand.input, { min: first, max: last });
    this.stand.input.value = told.start;
    setText(this.stand.label, told.start >= last ? words.stand_end
      : fill(words.stand, { n: say.whole(last - told.start) }));
    this.far.input.value = this.count;
    setText(this.far.label, fill(words.far, { n: say.whole(this.count) }));
    setText(this.next, say.short(told.path[0]));
    setText(this.band, fill(words.from_to, {
      low: say.short(told.low[0]), high: say.short(told.high[0]) }));
    this.hands.back.disabled = !this.row;
    setText(this.hands.walk, this.step ? words.pause : words.walk);
  }

  get narrow() {
    return this.chart.canvas.clientWidth < NARROW;
  }

  get shown() {
    const { told } = this;
    const many = this.narrow ? SHOWN_PAST / 2 : SHOWN_PAST;
    return Math.min(told.past.length, Math.max(told.size, many));
  }

  /* ---- hands ---- */

  standAt(place) {
    this.start = place;
    this.row = null;
    this.changed();
  }

  walk() {
    if (this.step) {
      clearTimeout(this.step);
      this.step = null;
      return this.labels();
    }
    const { tests } = this.told;
    if (this.told.start >= tests[1]) this.start = tests[0];
    const on = () => {
      if (this.told.start >= this.told.tests[1] || this.closed) {
        this.step = null;
        return this.labels();
      }
      this.start = this.told.start + 1;
      this.row = null;
      this.changed();
      this.step = setTimeout(on, 220);
      return null;
    };
    this.step = setTimeout(on, 0);
    return this.labels();
  }

  restore() {
    this.row = null;
    this.changed();
  }

  bend(change) {
    const { told } = this;
    const size = Math.min(told.size, this.past.length);
    const tail = this.past.slice(-size);
    const { low, high } = spanOf([told.past], 0);
    const bent = tail.map((value, i) => change(value, i / size, high - low, tail));
    this.past.splice(this.past.length - size, size, ...bent);
    this.tell();
  }

  press(event) {
    if (!this.told) return;
    const { place } = this.chart.at(event);
    if (place > this.told.start + 0.5) return;
    this.chart.canvas.setPointerCapture(event.pointerId);
    event.preventDefault();
    this.drag(event, true);
  }

  drag(event, begins = false) {
    if (!this.told || (!begins && !this.last)) return;
    const { place, value } = this.chart.at(event);
    const first = this.told.start - this.past.length;
    const at = Math.min(Math.max(Math.round(place), this.told.start - this.told.size),
      this.told.start - 1);
    const level = Math.min(Math.max(value, this.span.low), this.span.high);
    const from = this.last ?? { at, level };
    const reach = Math.abs(at - from.at);
    for (let i = 0; i <= reach; i += 1) { // all places that the pointer passed
      const share = reach ? i / reach : 1;
      const index = from.at + Math.sign(at - from.at) * i - first;
      if (index >= 0) this.past[index] = from.level + (level - from.level) * share;
    }
    this.last = { at, level };
    this.tell();
  }

  key(event) {
    if (!this.told) return;
    const size = Math.min(this.told.size, this.past.length);
    this.picked ??= size - 1;
    const sideways = { ArrowLeft: -1, ArrowRight: 1 }[event.key] ?? 0;
    const up = { ArrowUp: 1, ArrowDown: -1 }[event.key] ?? 0;
    if (!sideways && !up) return;
    event.preventDefault();
    this.picked = Math.min(Math.max(this.picked + sideways, 0), size - 1);
    if (up) {
      this.past[this.past.length - size + this.picked] += (up * (this.span.high - this.span.low)) / 40;
      this.tell();
    } else this.redraw();
  }

  tell() {
    this.row = this.past.slice(-this.told.past.length);
    this.begin = 0; // what answers a hand does not unfold
    this.redraw();
    this.changed();
  }

  /* ---- drawing ---- */

  redraw() {
    if (!this.told || this.closed || !this.chart.canvas.clientWidth) return;
    cancelAnimationFrame(this.frame);
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const share = still ? 1 : Math.min(1, (performance.now() - (this.begin ?? 0)) / UNFOLD);
    this.paint(share);
    if (share < 1) this.frame = requestAnimationFrame(() => this.redraw());
  }

  paint(share) {
    const { told, chart, look, data: { words } } = this;
    const { start, size } = told;
    const until = Math.max(1, Math.round(told.path.length * share));
    const { low, high } = spanOf([told.path, told.low, told.high], 0.02);
    this.span = { low: Math.min(low, this.span.low), high: Math.max(high, this.span.high) };
    const range = { from: start - this.shown, to: start + told.path.length - 1, ...this.span };
    const ticks = [[start - this.shown + 2, fill(words.ago, { n: this.say.whole(this.shown) })],
      [start, words.now], [range.to, fill(words.ahead, { n: this.say.whole(told.path.length) })]];
    chart.begin(look, range, ticks);
    chart.stretch(start - Math.min(size, this.shown), start - 0.5, look.accent, 0.06);
    const last = this.past.at(-1);
    const joined = (values) => [last, ...values.slice(0, until)];
    chart.band(joined(told.low), joined(told.high), start - 1, look.second, 0.16);
    for (const one of told.fan) chart.line(joined(one), start - 1, look.second, 1, 0.3);
    const before = told.past.slice(-this.shown);
    if (this.row) chart.line(before, start - before.length, look.soft, 1, 0.6, [4, 4]);
    const now = this.past.slice(-this.shown);
    chart.line(now, start - now.length, look.text, 2);
    if (told.truth.length) {
      chart.line([told.past.at(-1), ...told.truth.slice(0, until)], start - 1, look.text, 1.2, 0.55, [2, 3]);
    }
    chart.line(joined(told.path), start - 1, look.secondInk, 2.6);
    chart.upright(start - 0.5, look.soft, [3, 4]);
    if (this.picked != null && this.chart.canvas.matches(":focus-visible")) {
      const at = this.past.length - Math.min(size, this.past.length) + this.picked;
      chart.dot(start - this.past.length + at, this.past[at], look.accent, 6);
    }
    chart.word(words.sees, chart.x(start - Math.min(size, this.shown)) + 6, chart.box.y + chart.size,
      look.accentInk, "left", "600");
    const { box, size: line } = chart; // on a phone there is room for one name in a line
    if (this.narrow) chart.word(words.goes_on, box.x + box.w, box.y + 2.4 * line, look.secondInk, "right", "600");
    else chart.word(words.goes_on, chart.x(start) + 6, box.y + line, look.secondInk, "left", "600");
  }
}

export default component("seriespad", (root, live) => new SeriesPad(root, live));
