// after: live.js
// Beam search, step by step: the beginnings that were kept, which of them grew out of which, and
// the whole sentences with their scores.

const FINISHED = "⟩"; // what the server calls the end of a sentence

class Beams {
  constructor(root, live) {
    Object.assign(this, { root, live });
    this.says = h("p.pc-note");
    this.lines = h("canvas.pc-lines", { "aria-hidden": "true" });
    this.columns = h("ol.pc-steps");
    this.tree = h("div.pc-tree", {}, this.lines, this.columns);
    this.title = h("h4.pc-curve-title");
    this.ended = h("ol.pc-ended");
    root.append(this.says, h("div.pc-scroll", { tabindex: "0" }, this.tree), this.title, this.ended);
    const hear = ({ detail }) => {
      this.told = detail;
      if (this.data) this.show();
    };
    this.told = globalThis.__perceptorium?.translated ?? null;
    document.addEventListener("perceptorium:translated", hear);
    this.deaf = () => document.removeEventListener("perceptorium:translated", hear);
    this.resized = new ResizeObserver(throttled(() => this.drawLines(), 100));
    this.resized.observe(this.columns);
  }

  close() {
    this.deaf();
    this.resized.disconnect();
  }

  update(data) {
    this.data = data;
    this.look = theme(this.root);
    this.say = numbers(data.lang);
    this.show();
  }

  show() {
    const { words } = this.data;
    const steps = this.told?.steps ?? [];
    this.root.dataset.steps = steps.length;
    setText(this.says, steps.length ? words.says : words.nothing);
    setText(this.title, steps.length ? words.ended : "");
    const path = this.winner();
    this.columns.replaceChildren(...steps.map((step, at) => h("li", {}, h("ol", {},
      ...step.map(([, piece, score], row) => this.cell(piece, score, path[at] === row))))));
    const best = this.told?.ended[0]?.score;
    this.ended.replaceChildren(...(this.told?.ended ?? []).map(({ text, score }) => h(
      `li${score === best ? ".pc-wins" : ""}`, {}, h("bdi", { translate: "no" }, text),
      h("span", {}, this.say.loss(score)))));
    this.path = path;
    this.drawLines();
  }

  cell(piece, score, wins) {
    const last = piece === FINISHED;
    const classes = [last ? ".pc-end" : "", wins ? ".pc-wins" : ""].join("");
    return h(`li.pc-grown${classes}`, {},
      h("span", { translate: last ? null : "no" }, last ? this.data.words.end : piece),
      h("small", {}, this.say.loss(score)));
  }

  /** The row of the best sentence in each step, from its end back to its first piece. */
  winner() {
    const { steps = [], target = [], ended = [] } = this.told ?? {};
    const last = target.length;
    let row = steps[last]?.findIndex(([, piece, score]) => (
      piece === FINISHED && score === ended[0].score)) ?? -1;
    const rows = {};
    for (let at = last; at >= 0 && row >= 0; at -= 1) {
      rows[at] = row;
      row = at ? this.grewFrom(at, row) : -1;
    }
    return rows;
  }

  /** The row in the step before that a beginning grew out of: whole sentences do not grow. */
  grewFrom(at, row) {
    const before = this.told.steps[at - 1].flatMap(([, piece], i) => (piece === FINISHED ? [] : [i]));
    return before[this.told.steps[at][row][0]];
  }

  drawLines() {
    if (!this.look || !this.told) return;
    const area = this.tree.getBoundingClientRect();
    const ratio = globalThis.devicePixelRatio || 1;
    this.lines.width = Math.round(area.width * ratio);
    this.lines.height = Math.round(area.height * ratio);
    const pen = this.lines.getContext("2d");
    pen.scale(ratio, ratio);
    const cells = [...this.columns.children].map((column) => (
      [...column.querySelectorAll(".pc-grown")].map((cell) => cell.getBoundingClientRect())));
    const line = (at, row, wins) => {
      const from = cells[at - 1]?.[this.grewFrom(at, row)];
      const to = cells[at][row];
      if (!from) return;
      const [x, y] = [from.right - area.left, from.top + from.height / 2 - area.top];
      const [toX, toY] = [to.left - area.left, to.top + to.height / 2 - area.top];
      pen.beginPath();
      pen.moveTo(x, y);
      pen.bezierCurveTo((x + toX) / 2, y, (x + toX) / 2, toY, toX, toY);
      pen.lineWidth = wins ? 3 : 1.2;
      pen.strokeStyle = css(wins ? this.look.accent : this.look.soft, wins ? 1 : 0.5);
      pen.stroke();
    };
    this.told.steps.forEach((step, at) => {
      if (at) step.forEach((_, row) => line(at, row, this.path[at] === row));
    });
  }
}

export default component("beams", (root, live) => new Beams(root, live));
