// after: serieskit.js tablekit.js
// The network beside simpler methods on the same test, one step ahead: whoever is best stands on
// top.

class SeriesRivals extends Asking {
  constructor(root, live) {
    super(root, live);
    this.list = h("ol.pc-rivals");
    this.says = h("p.pc-series-says", { "aria-live": "polite" });
    root.append(this.says, this.list, this.message);
  }

  showWords() {
    const key = JSON.stringify([this.data.params, this.data.others, this.data.ended]);
    if (this.key !== undefined && this.key !== key) this.changed();
    this.key = key;
  }

  /** The table tells of the network as it is at the end, whatever epoch the page looks at. */
  follow() {}

  async load() {
    const { data } = this;
    const simple = this.get("rivals", { params: data.params });
    const own = data.ended ? [{ name: data.name, model: data.model }] : []; // not in mid-training
    const networks = [...own, ...data.others].map(
      async ({ name, model }) => ({ name, network: true,
        ...await this.live.ask(data.room, model, "judged").catch(() => ({})) }));
    const { methods } = await simple;
    const found = await Promise.all(networks);
    if (this.closed) return;
    this.told = [...found.filter(({ test_rmse: rmse }) => rmse != null),
      ...methods.map(({ name, note, metrics }) => ({ name: fill(data.names[name], {}), note, ...metrics }))]
      .sort((a, b) => a.test_rmse - b.test_rmse);
    this.redraw();
  }

  redraw() {
    const { told, say, data: { words, name: own } } = this;
    if (!told) return;
    const most = Math.max(...told.map(({ test_rmse: rmse }) => rmse));
    this.list.replaceChildren(...told.map((each) => {
      const track = h("span");
      track.style.width = `${(100 * each.test_rmse) / most}%`;
      const note = each.network
        ? fill(words.band, { share: say.percent(each.coverage), width: say.short(each.width) })
        : each.note ? fill(words.note, { n: say.whole(each.note) }) : "";
      const row = h("li", {}, h("span.pc-rival-name", {}, each.name, h("small", {}, note)),
        h("span.pc-table-track", {}, track), h("span.pc-rival-figure", {}, say.short(each.test_rmse)));
      row.classList.toggle("pc-rival-network", Boolean(each.network));
      return row;
    }));
    this.root.dataset.best = told[0].network ? "network" : "simple";
    this.root.dataset.rows = told.length;
    const ours = told.find(({ name, network }) => network && name === own);
    const best = told.find(({ network }) => !network);
    const ratio = ours && ours.test_rmse / best.test_rmse;
    const verdict = !ours ? words.none : ratio < 0.98 ? words.wins : ratio > 1.02 ? words.loses
      : words.level;
    setText(this.says, fill(verdict, { name: best.name,
      share: say.percent(Math.abs(1 - (ratio ?? 1))) }));
  }
}

export default component("seriesrivals", (root, live) => new SeriesRivals(root, live));
