// after: tablekit.js
// Try it: a row of the table under one's hands, what the network says, and what moved it.

const MOST_SLIDERS = 80;

class TableTry extends Asking {
  constructor(root, live) {
    super(root, live);
    this.rows = h("div.pc-table-rows", { role: "group" });
    this.sliders = h("div.pc-table-sliders");
    this.more = h("p.pc-note");
    this.winner = h("p.pc-table-winner", { role: "status" });
    this.share = h("p.pc-table-share");
    this.true = h("p.pc-note");
    this.bars = h("ol.pc-table-bars");
    this.movedTitle = h("h4.pc-curve-title");
    this.movedSays = h("p.pc-note");
    this.moved = h("ol.pc-table-moved");
    const rest = h("div.pc-table-answer", {}, this.winner, this.share, this.true, this.bars,
      this.movedTitle, this.movedSays, this.moved);
    this.rowsTitle = h("h4.pc-curve-title");
    root.append(h("div.pc-table-try", {}, h("div.pc-table-choose", {}, this.rowsTitle, this.rows),
      rest, h("div.pc-table-change", {}, this.sliders, this.more)), this.message);
  }

  showWords(words) {
    setText(this.rowsTitle, words.rows);
    setText(this.movedTitle, words.moved);
  }

  redraw() {
    if (!this.about) return;
    this.showRows();
    this.buildSliders();
    if (this.said) this.show(this.said);
  }

  async load() {
    if (this.known !== this.data.model) {
      this.about = await this.get("about");
      this.known = this.data.model;
      this.showRows();
      this.begin(0);
    }
    const { row } = this;
    this.show(await this.get("predict", { row }));
  }

  showRows() {
    const { words } = this.data;
    const { rows } = this.about;
    const chip = (text, at) => {
      const element = h("button.pc-button.pc-table-row", {
        type: "button", "data-cell": at, onclick: () => this.choose(at) }, text);
      element.setAttribute("aria-pressed", String(this.chosen === at));
      return element;
    };
    const named = rows.map(({ true: is }, at) =>
      chip(fill(words.row, { n: at + 1, true: this.named(is) }), at));
    this.rows.replaceChildren(...named, chip(words.usual, -1));
    this.rows.setAttribute("aria-label", words.rows);
    roving(this.rows);
  }

  choose(at) {
    this.begin(at);
    this.changed();
  }

  /** Begin with a row of the test split, or (-1) with the usual one. */
  begin(at) {
    this.chosen = at;
    const { rows, columns } = this.about;
    this.row = at < 0 ? columns.map(({ usual }) => usual) : [...rows[at].row];
    this.is = at < 0 ? null : rows[at].true;
    for (const chip of this.rows.children) {
      chip.setAttribute("aria-pressed", String(Number(chip.dataset.cell) === at));
    }
    this.buildSliders();
  }

  buildSliders() {
    const { columns } = this.about;
    const shown = columns.slice(0, MOST_SLIDERS);
    this.sliders.replaceChildren(...shown.map((column, place) => this.slider(column, place)));
    const n = columns.length - shown.length;
    setText(this.more, n > 0 ? fill(this.data.words.more_columns, { n }) : "");
  }

  slider(column, place) {
    const now = this.row[place];
    const output = h("output", {}, column.levels.length ? "" : this.value(now ?? column.usual));
    const set = (value) => {
      this.row[place] = value;
      this.touched();
    };
    const input = column.levels.length ? menu(set) : this.range(column, now, (value) => {
      setText(output, this.value(value));
      set(value);
    });
    if (column.levels.length) fillMenu(input, column.levels, now ?? -1);
    const name = this.named(column.name);
    input.setAttribute("aria-label", name);
    return h("label.pc-table-slider", {}, h("span", { title: name }, name),
      input, output);
  }

  range({ low, high, usual, whole }, now, set) {
    const value = now ?? usual;
    const [from, to] = [Math.min(low, value), Math.max(high, value)];
    const step = whole && to - from >= 2 ? 1 : (to - from) / 200;
    const input = h("input.pc-range", { type: "range", min: from, max: to, step, value,
      oninput: () => set(Number(input.value)) });
    return input;
  }

  /** The visitor changed a value: it is no row of the table any more. */
  touched() {
    this.is = null;
    this.changed();
  }

  show(said) {
    this.said = said;
    const { words } = this.data;
    const { classes, answers, winner, usual, moved } = said;
    const display = (value) => (classes.length ? this.say.percent(value) : this.value(value));
    const answer = answers[winner];
    setText(this.winner, classes.length ? this.named(classes[winner]) : this.value(answer));
    setText(this.share, classes.length ? this.say.percent(answer) : this.named(this.about.target));
    const right = this.is === (classes.length ? classes[winner] : null);
    setText(this.true, this.is == null ? "" : fill(
      right ? words.is_right : words.is_true, { true: this.named(this.is) }));
    this.root.dataset.answer = classes.length ? classes[winner] : answer;
    const all = classes.map((name, i) => [name, answers[i]]);
    const shown = classes.length > 12 ? all.sort((a, b) => b[1] - a[1]).slice(0, 12) : all;
    this.bars.replaceChildren(...shown.map(([name, share]) => bar(
      this.named(name), share, display(share), name === classes[winner])));
    setText(this.movedSays, fill(words.moved_says, { usual: display(usual), answer: display(answer),
      name: this.named(classes.length ? classes[winner] : this.about.target) }));
    this.showMoved(moved, (value) => `${value > 0 ? "+" : "−"}${display(Math.abs(value))}`);
  }

  showMoved(moved, display) {
    showMoved(this.moved, moved, (place) => this.columnSays(place), display,
      this.data.words.others);
  }

  columnSays(place) {
    const { name, levels } = this.about.columns[place];
    const now = this.row[place];
    return `${this.named(name)} = ${levels.length ? levels[now] ?? NOTHING : this.value(now)}`;
  }
}

export default component("tabletry", (root, live) => new TableTry(root, live));
