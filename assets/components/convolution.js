// after: convolve.js board.js products.js fields.js pooling.js kernels.js pictures.js
// The room of convolution: a window slides over a picture; its products, their sum, and what
// pooling and a second layer make of it. All arithmetic happens here, at once.

const FRAME = 40; // ms between two steps of the animation
const SLOWEST = 1.5; // places a second
const FASTEST = 600;

ICONS.play = ICONS.resume;
ICONS.back = '<path d="M18 5l-9 7 9 7zM6 5v14"/>';
ICONS.larger = '<path d="M12 5v14M5 12h14"/>';
ICONS.smaller = '<path d="M5 12h14"/>';
ICONS.learned = '<path d="M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h6v6h-6z"/>';

class Convolve {
  constructor(root, live) {
    Object.assign(this, { root, live, place: null });
    this.pictures = new Pictures(live, (name) => this.pick(name), (bytes, keep) => this.own(bytes, keep));
    this.kernels = new Kernels(live, (text) => this.edit(
      { kernel: text, ...(text.includes("|") ? { channels: 3 } : {}) }),
    () => this.outward.setTriggerValue("learned", true));
    const move = (down, across) => this.move(down, across);
    this.input = new Board("picture", (row, column) => this.over(row, column), move);
    this.result = new Board("output", (row, column) => this.hover(row, column), move);
    this.products = new Products((kernel) => this.typed(kernel));
    this.products.onShow = () => this.draw();
    this.pooling = new Pooling();
    this.fields = new Fields();
    this.problem = h("p.pc-problem", { role: "alert" });
    this.formula = h("p.pc-formula");
    this.misfit = new Board("misfit", () => {}, () => {});
    this.build();
    this.keep = debounced((bytes) => this.outward.setTriggerValue("own", { rgb: toBase64(bytes) }), 500);
  }

  build() {
    this.playing = button("play", () => this.play(!this.clock), "primary");
    this.back = button("back", () => this.step(-1));
    this.next = button("step", () => this.step(1));
    this.speed = h("input.pc-range", { type: "range", min: 0, max: 1, step: 0.01, value: 0.35 });
    this.speedWord = h("span");
    this.transport = h("div.pc-transport", {},
      h("div.pc-buttons", {}, this.playing, this.back, this.next),
      h("label.pc-speed", {}, this.speedWord, this.speed));
    this.main = h("div.pc-main", {},
      h("div.pc-main-picture", {}, this.input.element),
      this.products.element,
      h("div.pc-main-output", {}, this.result.element, this.formula));
    this.body = h("div.pc-body", {}, this.transport, this.main, this.pooling.element, this.fields.element);
    this.root.append(this.pictures.element, this.kernels.element, this.problem,
      h("div.pc-misfit", {}, this.misfit.element), this.body);
  }

  close() {
    this.play(false);
    this.pictures.close();
  }

  update(data, outward) {
    this.outward = outward;
    this.data = data;
    this.look = theme(this.root);
    const decimals = new Intl.NumberFormat(data.lang, { maximumFractionDigits: 2 });
    this.say = (value) => decimals.format(Math.abs(value) < 0.005 ? 0 : value).replace("-", "−");
    const { words } = data;
    setWord(this.back, words.back);
    setWord(this.next, words.step);
    setText(this.speedWord, words.speed);
    setWord(this.playing, this.clock ? words.pause : words.play);
    this.pictures.update(data);
    this.kernels.update(data);
    this.takePicture(data);
    this.compute();
  }

  /** The picture from Python, unless the visitor is making one here. */
  takePicture({ picture, chosen }) {
    if (this.pictures.opened && !chosen) return;
    if (this.known === picture) return;
    if (this.pictures.opened) this.pictures.open(null);
    this.known = picture;
    this.bytes = toBytes(picture);
  }

  pick(name) {
    this.known = null;
    this.edit({ picture: name });
  }

  own(bytes, keep) {
    this.bytes = bytes;
    this.compute();
    if (keep) this.keep(bytes);
  }

  edit(change) {
    this.outward.setTriggerValue("edit", change);
  }

  /** A weight was typed: seen at once, and told to Python for the link. */
  typed(kernel) {
    const { shared } = this.data;
    this.data = { ...this.data, kernel };
    this.compute();
    this.edit({ kernel: kernelText(kernel, shared) });
  }

  compute() {
    const { side, channels, problem, kernel, window, words } = this.data;
    setText(this.problem, problem);
    this.problem.hidden = !problem;
    this.body.hidden = Boolean(problem);
    this.root.dataset.state = problem ? "problem" : "shown";
    this.small = shrink(this.bytes, SOURCE, side, channels);
    this.map = toMap(this.small, side, channels);
    this.misfit.element.hidden = !problem || !kernel.length;
    if (problem) {
      this.play(false);
      if (kernel.length) this.showMisfit();
      return;
    }
    this.windows = kernelWindows(kernel, window);
    this.output = conv2d(this.map, kernel, window);
    this.products.update(kernel, this.data.shared, words, this.say);
    this.paint();
    this.keepPlace();
    this.draw();
    const activated = this.data.relu ? relu(this.output) : this.output;
    this.pooling.update(activated, this.data, words, this.look, this.say);
    this.fields.update(this.map, this.small, this.data, words, this.look, this.say);
  }

  /** The window that sticks out of the picture. */
  showMisfit() {
    const { kernel, window, words } = this.data;
    const { down, across } = kernelWindows(kernel, window);
    const [bottom, right] = [extent(down) - 1, extent(across) - 1];
    const { height, width } = this.map;
    this.misfit.picture(this.small, this.map, this.look,
      [0, Math.max(0, right + 1 - width), Math.max(0, bottom + 1 - height), 0]);
    this.misfit.words(words.picture, words.picture_says);
    this.misfit.draw([{ box: { top: 0, left: 0, bottom, right }, kind: "other" }], Infinity, this.say);
  }

  paint() {
    const { words, formula } = this.data;
    const { map, windows, look } = this;
    const [top, bottom] = margins(map.height, windows.down);
    const [left, right] = margins(map.width, windows.across);
    this.input.picture(this.small, map, look, [top, right, bottom, left]);
    const [low, high] = this.result.map(this.output, look);
    this.input.words(words.picture, words.picture_says);
    this.result.words(words.output, words.output_says, `${this.say(low)} … ${this.say(high)}`);
    setText(this.formula, formula);
  }

  /* ---- where the window is ---- */

  /** The same part of the picture when the output's size has changed. */
  keepPlace() {
    const { height, width } = this.output;
    const [y, x] = this.share ?? [0.4, 0.3];
    this.place = [clamp(Math.floor(y * height), height), clamp(Math.floor(x * width), width)];
  }

  go(row, column, upto = Infinity) {
    const { height, width } = this.output;
    this.place = [clamp(row, height), clamp(column, width)];
    this.share = [(this.place[0] + 0.5) / height, (this.place[1] + 0.5) / width];
    this.upto = upto;
    this.draw();
  }

  hover(row, column) {
    if (!this.clock) this.go(row, column);
  }

  /** A pixel of the picture: the output whose window lies around it. */
  over(row, column) {
    this.hover(outputAround(this.map.height, this.windows.down, row),
      outputAround(this.map.width, this.windows.across, column));
  }

  move(down, across) {
    this.go(this.place[0] + down, this.place[1] + across);
  }

  draw() {
    const [i, j] = this.place;
    const { map, windows, output, look, say } = this;
    const box = seenBy({ ...windows, input: map }, { top: i, left: j, bottom: i, right: j });
    const gaps = this.data.window.dilation > 1;
    const marks = [{ box, kind: "window" }, ...(gaps ? this.tapMarks(i, j) : [])];
    this.input.draw(marks, Infinity, say);
    this.result.draw([{ box: { top: i, left: j, bottom: i, right: j }, kind: "cell" }],
      this.upto, say);
    this.products.show(map, windows, i, j, output, this.data.relu, look);
    this.root.dataset.place = `${i},${j}`;
  }

  tapMarks(i, j) {
    const columns = taps(this.map.width, this.windows.across, j);
    return taps(this.map.height, this.windows.down, i).flatMap((row) => columns.map((column) => (
      { box: { top: row, left: column, bottom: row, right: column }, kind: "tap" })));
  }

  /* ---- sliding ---- */

  get count() { return this.output.height * this.output.width; }

  step(by) {
    this.play(false);
    const at = this.place[0] * this.output.width + this.place[1];
    this.slideTo((at + by + this.count) % this.count);
  }

  slideTo(at) {
    this.go(Math.floor(at / this.output.width), at % this.output.width, at + 1);
  }

  play(on) {
    clearInterval(this.clock);
    this.clock = null;
    if (on) {
      const here = this.place[0] * this.output.width + this.place[1];
      this.sliding = here + 1 < this.count && this.upto < Infinity ? here : 0;
      this.clock = setInterval(() => this.slide(), FRAME);
    }
    if (this.data) setWord(this.playing, on ? this.data.words.pause : this.data.words.play);
    this.playing.setAttribute("aria-pressed", String(Boolean(on)));
  }

  slide() {
    if (document.hidden) return;
    this.sliding += (SLOWEST * (FASTEST / SLOWEST) ** this.speed.value * FRAME) / 1000;
    const at = Math.min(Math.floor(this.sliding), this.count - 1);
    this.slideTo(at);
    if (at === this.count - 1) this.play(false);
  }
}

export default component("convolution", (root, live) => new Convolve(root, live));
