// after: tablekit.js
// Look inside: which columns the network needs, and how its answer follows each of them.

const MOST_BARS = 20;

class TableInside extends Asking {
  constructor(root, live) {
    super(root, live);
    this.out = null; // the class whose probability is drawn
    this.title = h("h4.pc-curve-title");
    this.says = h("p.pc-note");
    this.bars = h("div.pc-table-importance", { role: "listbox" });
    this.menuLabel = h("span");
    this.menu = menu((out) => { this.out = out; this.pick(this.column); });
    this.choice = h("label.pc-table-choice", {}, this.menuLabel, this.menu);
    this.chart = new Chart();
    root.append(h("div.pc-table-inside", {},
      h("div", {}, this.title, this.says, this.bars), h("div", {}, this.choice, this.chart.element)),
    this.message);
  }

  close() {
    super.close();
    this.chart.close();
  }

  showWords(words) {
    setText(this.title, words.importance);
    setText(this.menuLabel, words.class);
    this.bars.setAttribute("aria-label", words.importance);
  }

  redraw() {
    if (this.told) this.showBars();
    if (this.followed) this.showChart();
  }

  async load() {
    if (this.known !== this.data.model) this.column = null;
    this.known = this.data.model;
    this.out ??= this.data.first ?? 0;
    this.told = await this.get("importance");
    const { moved } = this.told;
    this.order = moved.map((_, place) => place).sort((a, b) => moved[b] - moved[a]);
    this.column ??= this.order[0];
    this.showBars();
    await this.ask();
  }

  async ask() {
    this.followed = await this.get("dependence", { index: this.column, count: this.out });
    this.showChart();
  }

  async pick(column) {
    this.column = column;
    for (const row of this.bars.children) {
      row.setAttribute("aria-selected", String(Number(row.dataset.cell) === column));
    }
    try {
      await this.ask();
      setText(this.message, "");
    } catch (error) {
      setText(this.message, error.message);
    }
  }

  showBars() {
    const { told, data: { words }, say } = this;
    const base = say.loss(told.base);
    setText(this.says, fill(told.classes ? words.importance_loss : words.importance_error, { base }));
    const shown = this.order.slice(0, MOST_BARS);
    const most = Math.max(told.moved[this.order[0]], 1e-9);
    const focused = this.bars.contains(this.root.getRootNode().activeElement);
    this.bars.replaceChildren(...shown.map((place) => {
      const value = Math.max(told.moved[place], 0);
      const track = h("span");
      track.style.width = `${(100 * value) / most}%`;
      return h("button.pc-table-column", {
        type: "button", role: "option", "data-cell": place, onclick: () => this.pick(place),
        "aria-selected": String(place === this.column),
      }, h("span", { title: this.named(told.columns[place]) }, this.named(told.columns[place])),
      h("span.pc-table-track", {}, track),
      h("span", {}, `${told.moved[place] < 0 ? "−" : "+"}${say.loss(Math.abs(told.moved[place]))}`));
    }));
    roving(this.bars);
    if (focused) this.bars.firstElementChild.focus();
  }

  showChart() {
    const { followed, look, data: { words, classes } } = this;
    this.choice.hidden = !classes.length;
    fillMenu(this.menu, classes.map((name) => this.named(name)), Math.min(this.out, classes.length - 1));
    const { levels, values, average, single } = followed;
    const column = this.named(followed.column);
    const x = levels.length ? values.map((place) => levels[place] ?? NOTHING).map(plain) : values;
    const thin = single.map((y) => ({ x, y, line: { color: css(look.soft, 0.22), width: 1 } }));
    const thick = levels.length
      ? { type: "bar", x, y: average, marker: { color: css(look.accent, 0.85) } }
      : { x, y: average, line: { color: css(look.accent), width: 3 } };
    const y = classes.length ? { title: words.probability, ...SHARE } : { title: words.answer };
    this.chart.draw(fill(words.dependence, { column }), words.dependence_says,
      levels.length ? [thick] : [...thin, thick],
      { x: { title: column, ticks: levels.length ? { type: "category" } : {} }, y }, look);
    this.root.dataset.column = column;
  }
}

export default component("tableinside", (root, live) => new TableInside(root, live));
