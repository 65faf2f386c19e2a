// after: fraudkit.js
// Why accuracy lies: what a threshold finds and what it costs, precision and recall beside ROC.

class FraudReport extends Asking {
  constructor(root, live) {
    super(root, live);
    this.hands = new Hands(() => this.told && this.show());
    this.figures = h("dl.pc-table-figures");
    this.sentence = h("p.pc-table-sentence", { "aria-live": "polite" });
    this.matrix = h("table.pc-fraud-matrix");
    this.charts = { cost: new Chart(), pr: new Chart(), roc: new Chart() };
    root.append(this.figures, h("div.pc-fraud-decide", {}, this.hands.element,
      h("div", {}, this.sentence, this.matrix)),
      h("div.pc-table-charts", {}, ...Object.values(this.charts).map(({ element }) => element)),
      this.message);
  }

  close() {
    super.close();
    this.hands.close();
    for (const chart of Object.values(this.charts)) chart.close();
  }

  showWords() {}

  redraw() {
    if (this.told) this.show();
  }

  async load() {
    this.told = await this.get("report");
    this.show();
  }

  show() {
    const { told, say, data: { words, lang } } = this;
    const now = this.hands.now(told.val, this.data.fee);
    this.hands.show(now, words, say, lang);
    const at = outcome(told.test, now.threshold);
    const { frauds, normals, money } = told.test;
    const all = frauds + normals;
    const cost = at.missed + now.fee * at.alarms;
    const precision = at.found + at.alarms ? at.found / (at.found + at.alarms) : null;
    const right = (at.found + normals - at.alarms) / all;
    const figure = (name, value, says) => h("div", { title: says }, h("dt", {}, name),
      h("dd", {}, value), h("small", {}, says));
    const exact = (value) => new Intl.NumberFormat(lang, {
      style: "percent", minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(value);
    this.figures.replaceChildren(
      figure(words.accuracy, exact(right), fill(words.accuracy_says, { share: exact(normals / all) })),
      figure(words.ap, say.loss(told.ap), told.stands_for > 1
        ? fill(words.ap_sample, { true: say.loss(told.ap_true) }) : words.ap_says),
      figure("ROC AUC", say.loss(told.auc), words.auc_says),
      figure(words.cost, say.money(cost), fill(words.cost_says, { money: say.money(money) })));
    setText(this.sentence, fill(words.says, {
      frauds: say.whole(frauds), found: say.whole(at.found), alarms: say.whole(at.alarms),
      normals: say.whole(normals), missed: say.money(at.missed),
      fees: say.money(now.fee * at.alarms) })
      + (told.stands_for > 1 ? ` ${fill(words.stands_for, { n: say.short(told.stands_for) })}` : ""));
    this.showMatrix(at, now.fee);
    Object.assign(this.root.dataset, { found: at.found, cost: Math.round(cost) });
    this.draw(now, at, precision, cost);
  }

  /** The cost matrix: how many of each kind are stopped or pass, and the money in it. */
  showMatrix({ found, alarms, missed }, fee) {
    const { say, told: { test }, data: { words } } = this;
    const cell = (count, money, kind) => h(`td${kind}`, {}, h("b", {}, say.whole(count)),
      h("small", {}, fill(words[kind ? `money_${kind.slice(4)}` : "money_nothing"], {
        money: say.money(money) })));
    this.matrix.replaceChildren(
      h("thead", {}, h("tr", {}, h("td"), h("th", { scope: "col" }, words.stopped),
        h("th", { scope: "col" }, words.passed))),
      h("tbody", {},
        h("tr", {}, h("th", { scope: "row" }, words.fraud), cell(found, test.money - missed, ".pc-saved"),
          cell(test.frauds - found, missed, ".pc-lost")),
        h("tr", {}, h("th", { scope: "row" }, words.normal), cell(alarms, fee * alarms, ".pc-paid"),
          cell(test.normals - alarms, 0, ""))));
  }

  draw({ fee, threshold }, at, precision, cost) {
    const { told: { test, roc, val }, look, say, charts, data: { words, lang } } = this;
    const line = (x, y, more = {}) => ({ x, y, line: { color: css(look.accent), width: 2, ...more } });
    const chance = (x, y) => ({ x, y, line: { color: css(look.soft), width: 1, dash: "dot" } });
    const point = (x, y) => ({ x: [x], y: [y], mode: "markers", cliponaxis: false,
      marker: { color: css(look.second), size: 11 } });
    const axis = (title) => ({ title, ...SHARE });
    const inside = test.thresholds.map((value, i) => i).filter((i) => test.thresholds[i] < 1);
    const odds = inside.map((i) => Math.max(-REACH, Math.min(REACH, ODDS(test.thresholds[i]))));
    const all = costs(test, fee);
    const nothing = test.money; // what it costs to stop nothing
    const ticks = [-8, -4, 0, 4, 8];
    const near = new Intl.NumberFormat(lang, { style: "percent", maximumFractionDigits: 2 });
    const here = threshold > 1 ? REACH : Math.max(-REACH, Math.min(REACH, ODDS(threshold)));
    charts.cost.draw(words.cost_curve, fill(words.cost_curve_says, {
      best: say.money(costOf(test, cheapest(val, fee), fee)), nothing: say.money(nothing) }), [
      chance([-REACH, REACH], [nothing, nothing]),
      line(odds, inside.map((i) => all[i])), point(here, cost)],
    { x: { title: words.threshold, range: [-REACH - 0.4, REACH + 0.4], ticks: {
      tickvals: ticks, ticktext: ticks.map((value) => near.format(SHARE_OF(value))) } },
    y: { title: words.cost, range: [0, Math.max(nothing, cost) * 1.5 || 1] } }, look);
    const recall = test.found.map((found) => found / test.frauds);
    const called = inside.filter((i) => test.found[i] + test.alarms[i] > 0);
    const base = test.frauds / (test.frauds + test.normals);
    charts.pr.draw(words.pr, fill(words.pr_says, { share: share(lang, base) }), [
      chance([0, 1], [base, base]),
      line(called.map((i) => recall[i]),
        called.map((i) => test.found[i] / (test.found[i] + test.alarms[i]))),
      point(at.found / test.frauds, precision)],
    { x: axis(words.recall), y: axis(words.precision) }, look);
    charts.roc.draw(words.roc, words.roc_says, [
      chance([0, 1], [0, 1]), line(roc.map(([x]) => x), roc.map(([, y]) => y)),
      point(at.alarms / test.normals, at.found / test.frauds)],
    { x: axis(words.false_alarms), y: axis(words.recall) }, look);
  }
}

/** What a threshold does, told for the next one that is known: between two nothing changes for
 *  frauds, and for false alarms hardly. */
function outcome(told, threshold) {
  const next = told.thresholds.findIndex((value) => value >= threshold);
  const i = next < 0 ? told.thresholds.length - 1 : next;
  return { found: told.found[i], alarms: told.alarms[i], missed: told.missed[i] };
}

function costOf(told, threshold, fee) {
  const { missed, alarms } = outcome(told, threshold);
  return missed + fee * alarms;
}

export default component("fraudreport", (root, live) => new FraudReport(root, live));
