// after: serieskit.js tablekit.js
// Inside a network that forecasts: what it reads, its gates and hidden states step by step, and how
// far back its gradient reaches.

class Memory extends Asking {
  constructor(root, live) {
    super(root, live);
    this.start = -1;
    this.place = ruler("start", (value) => { this.start = value; this.changed(); },
      { min: 0, max: 1, step: 1 });
    this.input = new SeriesChart("pc-memory-input");
    this.names = h("h4.pc-curve-title");
    this.rows = h("div.pc-memory-rows");
    this.beside = h("p.pc-memory-beside");
    this.back = new Chart();
    this.touch = new Chart();
    root.append(this.place.element,
      h("div.pc-memory", {}, h("div.pc-memory-row", {}, this.names, this.input.canvas)),
      this.rows, this.beside, this.message,
      h("div.pc-table-charts", {}, this.back.element, this.touch.element));
    this.sight = new ResizeObserver(() => this.told && this.drawInput());
    this.sight.observe(this.input.canvas);
  }

  close() {
    super.close();
    this.sight.disconnect();
    this.back.close();
    this.touch.close();
  }

  showWords(words) {
    setText(this.names, words.reads);
  }

  async load() {
    const told = await this.get("memory", { start: this.start });
    if (this.closed) return;
    this.told = told;
    this.root.dataset.kind = told.kind;
    if (told.apart != null) this.root.dataset.apart = told.apart;
    this.redraw();
  }

  redraw() {
    if (!this.told) return;
    const { told, data: { words }, say } = this;
    Object.assign(this.place.input, { min: told.first, max: told.last });
    this.place.input.value = told.start;
    setText(this.place.label, fill(words.place, { n: say.whole(told.start - told.first + 1),
      all: say.whole(told.last - told.first + 1) }));
    this.drawInput();
    this.drawRows();
    setText(this.beside, told.apart == null ? "" : fill(words.beside, {
      n: told.apart.toExponential(1), steps: say.whole(told.inputs.length) }));
    this.drawBack();
    this.drawTouch();
  }

  drawInput() {
    const { inputs } = this.told;
    const { input, look } = this;
    if (!input.canvas.clientWidth) return;
    input.begin(look, { from: -0.5, to: inputs.length - 0.5, ...spanOf([inputs], 0.15) }, [], false);
    input.line(inputs, 0, look.text, 2);
    inputs.forEach((value, i) => input.dot(i, value, look.text, 2.5));
    input.canvas.setAttribute("aria-label", this.data.words.reads);
  }

  /** A picture with a step in each column, right below what was read in that step. */
  drawRows() {
    const { told, look, data: { words }, say } = this;
    const signed = ramp(look, -1, 1);
    const open = Array.from({ length: 256 }, (_, byte) => mix(look.surface, look.second, byte / 255));
    const gate = ([name, { share, low, high, picture }]) => [
      fill(words[`gate_${name}`], { share: say.percent(share) }),
      `${words[`says_${name}`]} ${fill(words.shades, { low: say.percent(low), high: say.percent(high) })}`,
      picture, open];
    const rows = [
      ...Object.entries(told.gates ?? {}).map(gate),
      ...(told.states ? [[words[told.kind === "conv" ? "channels" : "states"],
        fill(words.states_say, { n: say.short(told.reach) }), told.states, signed]] : []),
      ...(told.attention ?? []).map((packed, i) => [fill(words.head, { n: say.whole(i + 1) }),
        words.head_says, packed, open]),
    ];
    this.rows.classList.toggle("pc-memory-heads", Boolean(told.attention));
    this.rows.replaceChildren(...rows.map(([title, says, packed, colours]) => {
      const canvas = h("canvas.pc-memory-map", { role: "img", "aria-label": `${title}. ${says}` });
      paint(canvas, unpack(packed)[0], colours);
      return h("div.pc-memory-row", {}, h("div", {}, h("h4.pc-curve-title", {}, title),
        h("p.pc-note", {}, says)), canvas);
    }));
  }

  drawBack() {
    const { told: { norms, kind }, look, data: { words } } = this;
    this.back.element.hidden = !norms;
    if (!norms) return;
    const shown = norms.map((value) => Math.max(value, 1e-9));
    const half = norms.findIndex((value) => value < 0.5);
    const sentence = norms.at(-1) < 0.01 ? words.back_lost : words.back_says;
    const says = half < 0 ? words.back_stays : fill(sentence, { n: this.say.whole(half),
      far: this.say.whole(norms.length - 1), share: norms.at(-1).toPrecision(2) });
    this.back.draw(words.back, says, [{ x: norms.map((_, i) => i), y: shown,
      line: { color: css(look.accent), width: 2.5 } }],
    { x: { title: words.steps_back, range: [0, norms.length - 1] },
      y: { title: words.length, range: [Math.floor(Math.log10(Math.min(...shown)) - 0.2), 0.5],
        ticks: { type: "log", exponentformat: "power", dtick: 1 } } }, look);
    this.root.dataset.back = `${kind} ${norms.at(-1)}`;
  }

  drawTouch() {
    const { told: { touches }, look, data: { words } } = this;
    const most = touches.indexOf(Math.max(...touches)) + 1;
    this.touch.draw(words.touch, fill(words.touch_says, { n: this.say.whole(most) }), [{
      type: "bar", x: touches.map((_, i) => i + 1), y: touches,
      marker: { color: css(look.second, 0.85) } }],
    { x: { title: words.steps_back, range: [0.3, touches.length + 0.7] },
      y: { title: words.moves, range: [0, Math.max(...touches) * 1.08 || 1] } }, look);
  }
}

export default component("memory", (root, live) => new Memory(root, live));
