// after: tablekit.js snapshots.js
// How good is it, on rows it never learned from: a threshold under one's hands, ROC, precision and
// recall, calibration; or true against predicted values.

class TableReport extends Asking {
  constructor(root, live) {
    super(root, live);
    this.index = -1; // the class in question; the server begins with the rarest
    this.threshold = 0.5;
    this.menu = menu((index) => { this.index = index; this.changed(); });
    this.menuLabel = h("span");
    this.slider = h("input.pc-range", { type: "range", min: 0, max: 1, step: 0.005, value: 0.5,
      oninput: () => { this.threshold = Number(this.slider.value); this.showThreshold(); } });
    this.sliderLabel = h("span");
    this.counts = h("table.pc-table-counts");
    this.sentence = h("p.pc-table-sentence", { "aria-live": "polite" });
    this.hands = h("div.pc-table-hands", {},
      h("label.pc-table-choice", {}, this.menuLabel, this.menu),
      h("label.pc-table-choice", {}, this.sliderLabel, this.slider), this.sentence);
    this.confusion = h("div.pc-snapshot");
    this.confusionTitle = h("h4.pc-curve-title");
    this.matrix = h("div.pc-table-matrix", {}, this.confusionTitle, this.confusion);
    this.figures = h("dl.pc-table-figures");
    this.charts = { roc: new Chart(), pr: new Chart(), calibration: new Chart(),
      values: new Chart(), errors: new Chart() };
    this.plots = h("div.pc-table-charts", {},
      ...Object.values(this.charts).map(({ element }) => element));
    root.append(this.figures, h("div.pc-table-top", {}, this.hands, this.counts, this.matrix), this.plots,
      this.message);
  }

  close() {
    super.close();
    for (const chart of Object.values(this.charts)) chart.close();
  }

  showWords(words) {
    setText(this.menuLabel, words.class);
    setText(this.confusionTitle, words.confusion_title);
  }

  redraw() {
    if (this.told) this.show();
  }

  async load() {
    if (this.known !== this.data.model) this.index = -1;
    this.known = this.data.model;
    this.told = await this.get("report", this.index < 0 ? {} : { index: this.index });
    this.index = this.told.index ?? -1;
    this.show();
  }

  show() {
    const { told, charts } = this;
    const classes = told.kind === "classes";
    this.hands.hidden = this.counts.hidden = !classes || !told.roc;
    this.matrix.hidden = !classes || told.classes.length === 2; // the counts say all
    for (const name of ["roc", "pr", "calibration"]) charts[name].element.hidden = !told.roc;
    for (const name of ["values", "errors"]) charts[name].element.hidden = classes;
    if (!classes) {
      this.showValues();
      return;
    }
    const names = told.classes.map((name) => this.named(name));
    fillMenu(this.menu, names, told.index);
    drawConfusion(this.confusion, { ...told.confusion, classes: names },
      { look: this.look, words: this.data.words, say: this.say });
    this.showThreshold();
  }

  showFigures(figures) {
    this.figures.replaceChildren(...figures.map(([name, value, says]) =>
      h("div", { title: says }, h("dt", {}, name), h("dd", {}, value), h("small", {}, says))));
  }

  /** What the threshold decides: counts, a sentence, and a point on each curve. */
  showThreshold() {
    const { told, say, data: { words }, threshold } = this;
    if (!told.roc) return;
    const count = { tp: 0, fp: 0, fn: 0, tn: 0 };
    told.scores.forEach((score, i) => {
      const called = score >= threshold;
      count[told.true[i] ? (called ? "tp" : "fn") : (called ? "fp" : "tn")] += 1;
    });
    const { tp, fp, fn, tn } = count;
    const name = this.named(told.classes[told.index]);
    const share = (part, whole) => (whole ? say.percent(part / whole) : NOTHING);
    setText(this.sliderLabel, fill(words.threshold, { name, share: say.percent(threshold) }));
    setText(this.sentence, fill(words.threshold_says, { name, all: say.whole(tp + fn),
      found: say.whole(tp), called: say.whole(tp + fp), right: say.whole(tp) }));
    this.showCounts(name, count);
    this.showFigures([
      [words.accuracy, share(tp + tn, told.scores.length), words.accuracy_says],
      [words.recall, share(tp, tp + fn), fill(words.recall_says, { name })],
      [words.precision, share(tp, tp + fp), fill(words.precision_says, { name })],
      ["ROC AUC", say.loss(told.auc), words.auc_says],
    ]);
    this.root.dataset.found = tp;
    this.showCurves({
      roc: [fp / (fp + tn || 1), tp / (tp + fn || 1)],
      pr: [tp / (tp + fn || 1), tp + fp ? tp / (tp + fp) : null],
    });
  }

  showCounts(name, { tp, fp, fn, tn }) {
    const { words } = this.data;
    const other = fill(words.not, { name });
    const row = (head, ...cells) => h("tr", {}, h("th", { scope: "row" }, head),
      ...cells.map(([n, right]) => h(right ? "td.pc-right" : "td.pc-wrong", {}, this.say.whole(n))));
    this.counts.replaceChildren(
      h("thead", {}, h("tr", {}, h("td"), ...[name, other].map((text) =>
        h("th", { scope: "col" }, fill(words.called, { name: text }))))),
      h("tbody", {}, row(fill(words.is, { name }), [tp, true], [fn, false]),
        row(fill(words.is, { name: other }), [fp, false], [tn, true])));
  }

  showCurves(here) {
    const { told, look, say, charts, data: { words } } = this;
    const columns = (points) => ({ x: points.map(([x]) => x), y: points.map(([, y]) => y) });
    const line = (points) => ({ ...columns(points), line: { color: css(look.accent), width: 2 } });
    const chance = (points) => ({ ...columns(points),
      line: { color: css(look.soft), width: 1, dash: "dot" } });
    const point = ([x, y]) => ({ x: [x], y: [y], mode: "markers", cliponaxis: false,
      marker: { color: css(look.second), size: 11 } });
    const axis = (title) => ({ title, ...SHARE });
    charts.roc.draw(words.roc, words.roc_says,
      [chance([[0, 0], [1, 1]]), line(told.roc), point(here.roc)],
      { x: axis(words.false_alarms), y: axis(words.recall) }, look);
    charts.pr.draw(words.pr, fill(words.pr_says, { share: say.percent(told.base) }),
      [chance([[0, told.base], [1, told.base]]), line(told.pr), point(here.pr)],
      { x: axis(words.recall), y: axis(words.precision) }, look);
    charts.calibration.draw(words.calibration, words.calibration_says,
      [chance([[0, 0], [1, 1]]), { ...line(told.calibration.map(([share, said]) => [said, share])),
        mode: "lines+markers", marker: { color: css(look.accent), size: 7 } }],
      { x: axis(words.said), y: axis(words.was) }, look);
  }

  showValues() {
    const { told, look, say, charts, data: { words } } = this;
    this.showFigures([
      [words.rmse, this.value(told.rmse), words.rmse_says],
      [words.mae, this.value(told.mae), words.mae_says],
      [words.guess, this.value(told.spread), words.guess_says],
      ["R²", say.loss(told.r2), words.r2_says],
    ]);
    this.root.dataset.found = told.rmse;
    const all = [...told.true, ...told.said];
    const ends = [Math.min(...all), Math.max(...all)];
    const range = [ends[0] - 0.04 * (ends[1] - ends[0]), ends[1] + 0.04 * (ends[1] - ends[0])];
    charts.values.draw(words.values, words.values_says, [
      { x: ends, y: ends, line: { color: css(look.soft), width: 1, dash: "dot" } },
      { x: told.true, y: told.said, mode: "markers",
        marker: { color: css(look.accent, 0.65), size: 7 } }],
    { x: { title: words.true_value, range }, y: { title: words.said_value, range } }, look);
    charts.errors.draw(words.errors, words.errors_says, [
      { type: "histogram", x: told.said.map((value, i) => value - told.true[i]), nbinsx: 24,
        marker: { color: css(look.accent, 0.75) } }],
    { x: { title: words.error }, y: { title: words.rows_count } }, look);
  }
}

export default component("tablereport", (root, live) => new TableReport(root, live));
