// after: serieskit.js tablekit.js
// Backpropagation through time by hand: a small network unrolled with its numbers, and how the
// gradient of three cells fades or explodes over sixty steps.

const CELLS = ["rnn", "gru", "lstm"];
const NAMED_AT = { rnn: 0.82, gru: 0.6, lstm: 0.4 }; // of a curve
const BOUNDS = { strength: [0.2, 1.6, 0.05], forget: [0, 6, 0.5], clip: [0.1, 10, 0.1] };

class Unroll {
  constructor(root, live) {
    Object.assign(this, { root, live,
      how: { strength: 0.9, forget: 1, clip: 1, activation: "tanh", loop: "right", other: false } });
    this.sliders = Object.fromEntries(Object.entries(BOUNDS).map(([name, [min, max, step]]) => [name,
      ruler(name, (value) => this.set({ [name]: value }), { min, max, step })]));
    const toggle = (name, act) => [name, h("button.pc-button", { type: "button", "data-do": name,
      onclick: act })];
    this.toggles = Object.fromEntries([
      toggle("linear", () => this.set({ activation: this.how.activation === "tanh" ? "linear" : "tanh" })),
      toggle("loop", () => this.set({ loop: this.how.loop === "right" ? "article" : "right" })),
      toggle("other", () => this.set({ other: !this.how.other }))]);
    this.steps = h("div.pc-unroll");
    this.says = h("p.pc-unroll-says", { "aria-live": "polite" });
    this.message = h("p.pc-note", { role: "status" });
    this.chart = new Chart();
    this.figures = h("dl.pc-series-figures");
    this.title = h("h4.pc-curve-title");
    root.append(
      h("div.pc-unroll-hands", {}, this.sliders.strength.element,
        h("div.pc-buttons", {}, ...Object.values(this.toggles))),
      this.title, this.steps, this.says, this.message,
      h("div.pc-unroll-far", {}, this.chart.element, h("div.pc-unroll-side", {},
        this.sliders.forget.element, this.sliders.clip.element, this.figures)));
    this.question = newest(() => this.ask(), 60);
  }

  close() {
    this.closed = true;
    this.chart.close();
  }

  update(data) {
    Object.assign(this, { data, look: theme(this.root), say: numbers(data.lang) });
    setText(this.title, data.words.title);
    this.labels();
    if (this.told) this.draw();
    else this.question();
  }

  set(values) {
    Object.assign(this.how, values);
    this.labels();
    this.question();
  }

  labels() {
    const { how, data: { words }, say } = this;
    for (const [name, { input, label }] of Object.entries(this.sliders)) {
      input.value = how[name];
      setText(label, fill(words[name], { n: say.short(how[name]) }));
    }
    const on = { linear: how.activation === "linear", loop: how.loop === "article", other: how.other };
    for (const [name, element] of Object.entries(this.toggles)) {
      setText(element, words[`do_${name}`]);
      element.setAttribute("aria-pressed", String(on[name]));
    }
  }

  async ask() {
    const params = Object.fromEntries(Object.entries(this.how).map(([name, value]) => (
      [name, String(value)])));
    try {
      this.told = await this.live.ask(this.data.room, "", "unroll", { params });
      setText(this.message, "");
      if (!this.closed) this.draw();
    } catch (error) {
      setText(this.message, error.message);
    }
  }

  draw() {
    const { told, data: { words }, say } = this;
    const { steps, said, goal, loss } = told.small;
    const pair = (values) => values.map((value) => say.loss(value)).join("\n");
    const size = (values) => Math.hypot(...values);
    const most = Math.max(...steps.map(({ grad }) => size(grad)), 1e-9);
    const line = (title, cells, kind) => [h("span.pc-unroll-name", {}, title),
      ...cells.map((cell) => h(`span.pc-unroll-${kind}`, {}, ...cell))];
    const bar = (share) => {
      const inner = h("span");
      inner.style.height = `${Math.max(2, 100 * share)}%`;
      return h("span.pc-unroll-bar", {}, inner);
    };
    this.steps.style.setProperty("--pc-steps", steps.length);
    this.steps.replaceChildren(
      ...line(words.state, steps.map(({ state }) => [pair(state)]), "state"),
      ...line(words.reads, steps.map(({ x }) => [told.article ? h("s", {}, say.short(x))
        : say.short(x)]), "x"),
      ...line(words.grad, steps.map(({ grad }) => [bar(size(grad) / most), pair(grad)]), "grad"),
      ...line(words.share, steps.map(({ share }) => [say.loss(share)]), "share"));
    this.root.dataset.states = steps.map(({ state }) => state.join()).join(";");
    setText(this.says, fill(told.article ? words.article_says : words.says, {
      said: say.loss(said), goal: say.short(goal), loss: say.loss(loss),
      first: say.loss(size(steps[0].grad)), last: say.loss(size(steps.at(-1).grad)) }));
    this.drawFar();
  }

  drawFar() {
    const { told: { norms, length, clipped, long }, look, data: { words } } = this;
    const colours = { rnn: look.second, gru: look.soft, lstm: look.accent };
    const inks = { rnn: look.secondInk, gru: look.soft, lstm: look.accentInk };
    const lowest = 1e-8;
    const highest = Math.max(10, ...CELLS.map((name) => Math.max(...norms[name])));
    const range = [Math.log10(lowest), Math.log10(highest) + 0.3];
    const traces = CELLS.flatMap((name) => {
      const y = norms[name].map((value) => (value < lowest ? null : value));
      const there = y.findLastIndex((value) => value != null);
      const last = Math.round(NAMED_AT[name] * there);
      return [{ x: y.map((_, i) => i), y, line: { color: css(colours[name]), width: 2.5 } },
        { x: [last], y: [y[last]], mode: "text", text: [words[name]], textposition: "top right",
        textfont: { color: css(inks[name]), weight: 600 },
        cliponaxis: false }];
    });
    const rnn = norms.rnn.at(-1);
    const says = rnn > 100 ? words.explodes : rnn < 0.01 ? words.vanishes : words.holds;
    this.root.dataset.rnn = rnn;
    this.root.dataset.lstm = norms.lstm.at(-1);
    this.chart.draw(words.far, says, traces, {
      x: { title: words.steps_back, range: [0, long] },
      y: { title: words.length, range, ticks: { type: "log", exponentformat: "power",
        dtick: Math.max(1, Math.ceil((range[1] - range[0]) / 8)) } } }, look);
    const short = (value) => (value >= 1e4 ? value.toExponential(1) : this.say.short(value));
    const row = (title, value) => h("div", {}, h("dt", {}, title), h("dd", {}, short(value)));
    this.figures.replaceChildren(row(words.gradient, length), row(words.clipped, clipped));
  }
}

export default component("unroll", (root, live) => new Unroll(root, live));
