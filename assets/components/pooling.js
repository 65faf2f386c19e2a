// after: board.js
// Pooling by itself: a square of values becomes one.

class Pooling {
  constructor() {
    this.title = h("h3.pc-part-title");
    this.says = h("p.pc-note");
    const move = (down, across) => this.point(this.place[0] + down, this.place[1] + across);
    this.before = new Board("pool-input", (row, column) => this.point(
      Math.floor((row + this.edge[0]) / this.size), Math.floor((column + this.edge[1]) / this.size)), move);
    this.after = new Board("pool-output", (row, column) => this.point(row, column), move);
    this.values = h("div.pc-pool-values");
    this.result = h("output.pc-sum");
    this.formula = h("p.pc-formula");
    this.middle = h("div.pc-pool-middle", {}, this.values, this.result, this.formula);
    this.boards = h("div.pc-main", {}, this.before.element, this.middle, this.after.element);
    this.element = h("section.pc-part", {}, this.title, this.says, this.boards);
  }

  update(map, data, words, look, say) {
    const { pool: kind, pool_size: size, pool_padding: padding } = data;
    Object.assign(this, { map, kind, size, words, look, say });
    this.element.hidden = kind === "none";
    if (kind === "none") return;
    setText(this.title, words[`layer_${kind}`]);
    this.window = poolWindow(size, padding);
    const fits = outputSize(map.height, this.window) > 0 && outputSize(map.width, this.window) > 0;
    setText(this.says, fits ? words[`says_${kind}`]
      : fill(words.fields_stop, { layer: words[`layer_${kind}`], height: map.height, width: map.width }));
    this.boards.hidden = !fits;
    if (!fits) return;
    this.edge = [margins(map.height, this.window)[0], margins(map.width, this.window)[0]];
    this.output = pool(map, size, kind, padding);
    this.before.map(map, look);
    this.after.map(this.output, look);
    const name = data.relu ? words.after_relu : words.output;
    this.before.words(name, name);
    this.after.words(words.pooled, words.pooled);
    setText(this.formula, data.pool_formula);
    const [y, x] = this.share ?? [0.4, 0.3];
    this.point(Math.floor(y * this.output.height), Math.floor(x * this.output.width));
  }

  point(row, column) {
    const { height, width } = this.output;
    const [i, j] = [clamp(row, height), clamp(column, width)];
    this.place = [i, j];
    this.share = [(i + 0.5) / height, (j + 0.5) / width];
    const cell = { top: i, left: j, bottom: i, right: j };
    const seen = seenBy({ down: this.window, across: this.window, input: this.map }, cell);
    this.before.draw([{ box: inside(seen, this.map), kind: "window" }], Infinity, this.say);
    this.after.draw([{ box: cell, kind: "cell" }], Infinity, this.say);
    this.showValues(i, j, seen);
  }

  showValues(i, j, seen) {
    const { map, size, say, kind } = this;
    const value = this.output.values[i * this.output.width + j];
    let marked = false;
    const cells = Array.from({ length: size * size }, (_, at) => {
      const here = valueAt(map, seen.top + Math.floor(at / size), seen.left + (at % size), 0);
      const wins = kind === "max" && here === value && !marked;
      marked ||= wins;
      return h(wins ? "span.pc-wins" : "span", {}, here === undefined ? NOTHING : say(here));
    });
    this.values.style.setProperty("--columns", size);
    this.values.replaceChildren(...cells);
    setText(this.result, `${this.words[`sign_${kind}`]} = ${say(value)}`);
    this.result.dataset.value = value;
  }
}
