// after: plane-steps.js
// Inside the network on the plane: histograms of all layers, and backpropagation step by step.

const BINS = 24;
const LOOK_GAP = 250; // ms between two drawings at least

class Inside {
  constructor(root) {
    this.root = root;
    this.step = 0;
    this.example = 0;
    this.refresh = throttled(() => this.draw(), LOOK_GAP);
    this.charts = h("div.pc-histograms");
    this.hints = h("p.pc-note");
    this.before = h("button.pc-button", { type: "button", onclick: () => this.go(-1) }, h("span"));
    this.after = h("button.pc-button.pc-primary", { type: "button", onclick: () => this.go(1) },
      h("span"));
    this.other = h("button.pc-button", { type: "button", onclick: () => this.another() },
      h("span"));
    this.heading = h("h4.pc-curve-title");
    this.title = h("p.pc-step-title", { role: "status" });
    this.formula = h("p.pc-formula", { lang: "en" });
    this.lines = h("dl.pc-lines", { lang: "en" });
    this.chartsHeading = h("h4.pc-curve-title");
    root.append(h("div.pc-planeinside", {},
      h("div", {}, this.heading,
        h("div.pc-buttons", {}, this.before, this.after, this.other),
        this.title, this.formula, this.lines),
      h("div", {}, this.chartsHeading, this.hints, this.charts)));
    this.onPlane = ({ detail }) => this.take(detail);
    document.addEventListener("perceptorium:plane", this.onPlane);
  }

  update(data) {
    Object.assign(this, { data, say: numbers(data.lang), look: theme(this.root) });
    const { words } = data;
    setWord(this.before, words.before);
    setWord(this.after, words.after);
    setWord(this.other, words.other);
    setText(this.heading, words.steps);
    setText(this.chartsHeading, words.histograms);
    setText(this.hints, words.histograms_say);
    if (globalThis.__perceptorium?.plane) this.take(globalThis.__perceptorium.plane);
  }

  take(plane) {
    this.plane = plane;
    this.refresh();
  }

  /** Between the first step and the last the numbers stand still, whatever is learned meanwhile. */
  go(by) {
    this.step = Math.max(0, Math.min(this.steps.length - 1, this.step + by));
    this.showStep();
  }

  another() {
    this.example += 1;
    this.step = 0;
    this.takeSteps();
    this.showStep();
  }

  draw() {
    if (this.closed || !this.plane?.points.train.length || !this.data) return;
    if (this.step === 0 || this.stepsFor !== this.plane.net) this.takeSteps();
    this.showStep();
    this.showHistograms();
  }

  takeSteps() {
    const { net, points: { train } } = this.plane;
    if (this.stepsFor !== net) this.step = 0;
    this.stepsFor = net;
    this.point = train[(this.example * 37) % train.length];
    this.steps = walkThrough(net, this.point, this.data.rate);
  }

  showStep() {
    const { words } = this.data;
    const step = this.steps[this.step];
    const [x1, x2, y] = this.point.map((value) => this.say.short(value));
    this.root.dataset.step = this.step;
    this.before.disabled = this.step === 0;
    this.after.disabled = this.step === this.steps.length - 1;
    const what = fill(words[`step_${step.kind}`], { layer: step.layer, x1, x2, y });
    setText(this.title, `${this.step + 1} / ${this.steps.length} · ${what}`);
    setText(this.formula, step.formula);
    this.lines.replaceChildren(...step.lines.flatMap(([name, text]) => (
      [h("dt", {}, this.data.features[name] ?? name), h("dd", {}, text)])));
  }

  showHistograms() {
    const { net, points: { train } } = this.plane;
    const { words } = this.data;
    const told = net.forward(net.inputs(train), train.length);
    const { gradient } = net.backward(told, train.map(([, , y]) => y));
    const rows = net.layers.map(({ weights, biases }, l) => [
      l === net.layers.length - 1 ? words.output : fill(words.layer, { number: l + 1 }),
      told.values[l + 1], gradient.subarray(weights, biases)]);
    while (this.charts.children.length < rows.length) this.charts.append(this.chartRow());
    while (this.charts.children.length > rows.length) this.charts.lastElementChild.remove();
    rows.forEach(([title, values, slopes], i) => {
      const [name, one, two] = this.charts.children[i].children;
      setText(name, title);
      this.bars(one, values, this.look.accent, words.activations, title);
      this.bars(two, slopes, this.look.second, words.gradients, title);
    });
  }

  chartRow() {
    const chart = () => h("figure.pc-histogram", {}, h("canvas", { role: "img" }), h("figcaption"));
    return h("div.pc-histogram-row", {}, h("span"), chart(), chart());
  }

  bars(figureElement, values, colour, kind, title) {
    const [canvas, caption] = figureElement.children;
    const { low, high, counts } = histogram(values, BINS);
    const [width, height] = [BINS * 6, 44];
    if (canvas.width !== width) Object.assign(canvas, { width, height });
    const pen = canvas.getContext("2d");
    pen.clearRect(0, 0, width, height);
    pen.fillStyle = css(colour);
    const most = Math.max(...counts);
    counts.forEach((count, i) => {
      const bar = count ? Math.max(1, (count / most) * height) : 0;
      pen.fillRect(i * 6, height - bar, 5, bar);
    });
    const text = `${kind}: ${this.short(low)} … ${this.short(high)}`;
    setText(caption, text);
    canvas.setAttribute("aria-label", `${title}. ${text}`);
  }

  short(value) {
    return value && Math.abs(value) < 0.001 ? value.toExponential(1) : this.say.short(value);
  }

  close() {
    this.closed = true;
    document.removeEventListener("perceptorium:plane", this.onPlane);
  }
}

export default component("planeinside", (root) => new Inside(root));
