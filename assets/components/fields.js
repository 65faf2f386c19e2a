// after: board.js
// A small network of the same window, twice: every value shows the part of the picture it sees.

class Fields {
  constructor() {
    this.title = h("h3.pc-part-title");
    this.says = h("p.pc-note");
    this.boards = h("div.pc-fields");
    this.seen = h("p.pc-seen", { role: "status" });
    this.rows = h("p.pc-rows");
    this.element = h("section.pc-part", {}, this.title, this.says, this.boards, this.seen, this.rows);
  }

  update(picture, bytes, settings, words, look, say) {
    Object.assign(this, { picture, bytes, settings, words, look, say });
    setText(this.title, words.fields);
    setText(this.says, words.fields_says);
    this.build();
    const shape = this.layers.map(({ kind }) => kind).join();
    if (this.boards.dataset.shape !== shape) this.makeBoards(shape);
    this.paint();
    const { output } = this.layers.at(-1);
    this.at ??= [0.5, 0.5]; // shares, so that they stay in place in another size
    this.index = this.layers.length - 1;
    this.point(this.index, Math.floor(this.at[0] * output.height),
      Math.floor(this.at[1] * output.width));
    this.tellRows(output);
  }

  /** The layers that fit, and the first that does not. */
  build() {
    const { kernel, window, relu: positive, pool: kind, pool_size: size, pool_padding: padding } =
      this.settings;
    const plan = ["conv", positive && "relu", kind !== "none" && kind];
    this.layers = [{ kind: "input", output: this.picture }];
    this.stops = "";
    for (const step of [...plan, ...plan].filter(Boolean)) {
      const input = this.layers.at(-1).output;
      const square = poolWindow(size, padding);
      const windows = { conv: kernelWindows(kernel, window), relu: {} }[step]
        ?? { down: square, across: square };
      if (windows.down && (outputSize(input.height, windows.down) < 1
          || outputSize(input.width, windows.across) < 1)) {
        this.stops = fill(this.words.fields_stop, { layer: this.words[`layer_${step}`],
          height: input.height, width: input.width });
        return;
      }
      // The second convolution sees a single map: it takes the first matrix.
      const weights = input.channels === kernel.length ? kernel : kernel.slice(0, 1);
      const output = step === "conv" ? conv2d(input, weights, window)
        : step === "relu" ? relu(input) : pool(input, size, step, padding);
      this.layers.push({ kind: step, input, output, ...windows });
    }
  }

  makeBoards(shape) {
    this.boards.dataset.shape = shape;
    this.all = this.layers.map((_, index) => new Board(`field-${index}`,
      (row, column) => this.point(index, row, column),
      (down, across) => this.point(this.index, this.cell[0] + down, this.cell[1] + across)));
    this.boards.replaceChildren(...this.all.map(({ element }) => element));
  }

  paint() {
    this.layers.forEach(({ kind, output }, index) => {
      const board = this.all[index];
      if (kind === "input") board.picture(this.bytes, output, this.look);
      else board.map(output, this.look);
      board.number = null; // too small to be read here
      const name = this.words[`layer_${kind}`];
      board.words(name, name);
    });
  }

  /** Follows a value back through all layers into the picture. */
  point(index, row, column) {
    const { output } = this.layers[index];
    const [i, j] = [clamp(row, output.height), clamp(column, output.width)];
    Object.assign(this, { index, cell: [i, j] });
    this.at = [(i + 0.5) / output.height, (j + 0.5) / output.width];
    const marks = this.layers.map(() => []);
    let box = { top: i, left: j, bottom: i, right: j };
    marks[index].push({ box, kind: "cell" });
    for (let at = index; at > 0; at -= 1) {
      box = seenBy(this.layers[at], box);
      marks[at - 1].push({ box: inside(box, this.layers[at - 1].output), kind: "window" });
    }
    const short = (value) => this.say(value);
    this.all.forEach((board, at) => board.draw(marks[at], Infinity, short));
    this.tell(index, box);
  }

  tell(index, box) {
    const seen = inside(box, this.picture);
    const step = this.layers.slice(1, index + 1)
      .reduce((jump, { down }) => jump * (down?.stride ?? 1), 1);
    setText(this.seen, fill(index ? this.words.field : this.words.field_pixel, {
      height: box.bottom - box.top + 1, width: box.right - box.left + 1,
      inside: (seen.bottom - seen.top + 1) * (seen.right - seen.left + 1), step,
      pixels: this.picture.height * this.picture.width }));
    this.element.dataset.field = `${box.bottom - box.top + 1}×${box.right - box.left + 1}`;
  }

  /** What becomes of the last map on its way to the dense layers. */
  tellRows({ height, width }) {
    const { flatten } = this.settings;
    const count = height * width;
    const words = this.words;
    const sentence = !flatten ? words.rows_right : flatten === count ? words.rows_fit
      : count % flatten ? words.rows_broken : words.rows_wrong;
    setText(this.rows, this.stops || fill(sentence,
      { height, width, count, row: flatten, rows: count / flatten }));
    this.rows.classList.toggle("pc-trouble",
      Boolean(this.stops || (flatten && flatten !== count)));
  }
}

const clamp = (value, length) => Math.min(Math.max(value, 0), length - 1);

/** The part of a box that lies on a map. */
const inside = ({ top, left, bottom, right }, { height, width }) => ({
  top: Math.max(top, 0), left: Math.max(left, 0),
  bottom: Math.min(bottom, height - 1), right: Math.min(right, width - 1) });
