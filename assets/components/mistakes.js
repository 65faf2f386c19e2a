// after: looker.js snapshots.js
// Where the network errs: the confusion matrix, and the pictures behind a cell of it or, without
// one, its surest mistakes.

const A_PAGE = 24; // pictures that are shown at a time

class Mistakes extends Looker {
  constructor(root, live) {
    super(root, live);
    this.matrix = h("div.pc-snapshot");
    this.title = h("h4.pc-curve-title", { "aria-live": "polite" });
    this.all = button("latest", () => this.open(-1, -1), "quiet");
    this.grid = h("div.pc-wrong-grid");
    this.back = button("before", () => this.turn(-1), "quiet");
    this.next = button("next", () => this.turn(1), "quiet");
    this.where = h("span.pc-wrong-where");
    root.append(h("div.pc-wrong", {}, this.matrix,
      h("div.pc-wrong-side", {},
        h("header.pc-wrong-head", {}, this.title, this.all), this.message, this.grid,
        h("div.pc-buttons.pc-wrong-pages", {}, this.back, this.where, this.next))));
    this.cell = { label: -1, called: -1 };
    this.listen("perceptorium:cell", ({ run, label, called }) => {
      if (this.data.model !== `run:${run}`) return;
      this.open(label, called);
      root.scrollIntoView({ block: "center" });
    });
  }

  update(data, outward) {
    super.update(data, outward);
    for (const name of ["all", "back", "next"]) setWord(this[name], data.words[name]);
    this.redraw();
  }

  renewed(other) {
    this.start = 0;
    if (other) this.cell = { label: -1, called: -1 };
  }

  open(label, called) {
    this.cell = { label, called };
    this.start = 0;
    this.changed();
  }

  turn(pages) {
    this.start = Math.max(0, this.start + pages * A_PAGE);
    this.changed();
  }

  async ask() {
    const { start, cell } = this;
    this.told = await this.get("mistakes", { ...cell, start, count: A_PAGE });
    this.redraw();
  }

  redraw() {
    if (!this.told) return;
    const { told, data: { words, names }, say, look } = this;
    drawConfusion(this.matrix, { ...told }, { look, say, names,
      words: { ...words, confusion_worst: words.cells, confusion_none: words.cells },
      open: (label, called) => this.open(label, called) });
    const { label, called } = this.cell;
    for (const cell of this.matrix.querySelectorAll("[data-cell]")) {
      cell.setAttribute("aria-pressed", String(cell.dataset.cell === `${label},${called}`));
    }
    const [a, b] = [label, called].map((each) => this.called(told.classes[each]));
    const without = told.unsure ? words.unsure : words.surest;
    const template = label < 0 ? without : label === called ? words.right : words.cell;
    setText(this.title, fill(template, { a, b, n: say.whole(told.found) }));
    this.all.hidden = label < 0;
    this.showPictures();
    this.showPages();
  }

  showPictures() {
    const { told: { pictures, sheet, classes }, data: { words }, say } = this;
    const shown = pictures.length ? unpack(sheet, pictures.length) : [];
    this.grid.replaceChildren(...pictures.map((each, i) => {
      const [a, b] = [each.label, each.called].map((number) => this.called(classes[number]));
      const canvas = h("canvas", { role: "img", "aria-label": a });
      paint(canvas, shown[i]);
      const picture = this.data.sounds ? this.audible(canvas, each.index, a) : canvas;
      const wrong = each.label !== each.called;
      return h("figure.pc-wrong-one", {}, picture, h("figcaption", {},
        h("span", {}, fill(words.truth, { name: a })),
        h(wrong ? "b.pc-wrong-said" : "span", {},
          fill(words.said, { name: b, share: say.percent(each.probability) }))));
    }));
  }

  /** A picture of a sound that is heard when it is pressed. */
  audible(canvas, index, name) {
    const { words, room } = this.data;
    const detail = { room, model: this.model, index };
    return h("button.pc-wrong-hear", {
      type: "button", "aria-label": fill(words.hear, { name }),
      onclick: () => document.dispatchEvent(new CustomEvent("perceptorium:sound", { detail })),
    }, canvas);
  }

  showPages() {
    const { told: { found, count }, data: { words }, say, start } = this;
    const last = Math.min(start + A_PAGE, found);
    this.back.disabled = !start;
    this.next.disabled = last >= found;
    this.back.hidden = this.next.hidden = found <= A_PAGE;
    setText(this.where, fill(found ? words.where : words.none, {
      a: say.whole(start + 1), b: say.whole(last), n: say.whole(found), all: say.whole(count) }));
  }
}

export default component("mistakes", (root, live) => new Mistakes(root, live));
