// after: looker.js hues.js
// One step of message passing by hand: what a node hears, how much of it counts, what it becomes.

class NodeStep extends Looker {
  constructor(root, live) {
    super(root, live);
    this.node = globalThis.__perceptorium?.node ?? null; // chosen before this piece was there
    this.layer = 1;
    this.title = h("p.pc-step-title", { role: "status" });
    this.layers = h("div.pc-buttons", { role: "group" });
    this.formula = h("p.pc-formula", { lang: "en" });
    this.shapes = h("p.pc-note", { lang: "en" });
    this.table = h("table.pc-heard");
    this.rest = h("p.pc-note");
    this.verdict = h("h4.pc-curve-title");
    this.chances = h("ol.pc-chances");
    root.append(this.title, this.layers, h("div.pc-nodestep", {},
      h("div", {}, this.formula, this.shapes,
        h("div.pc-scroll", { tabindex: "0" }, this.table), this.rest),
      h("div", {}, this.verdict, this.chances)), this.message);
    this.listen("perceptorium:node", (detail) => {
      this.node = detail;
      this.changed();
    });
  }

  renewed() {}

  update(data, outward) {
    if (data.graph !== this.data?.graph) this.told = null;
    super.update(data, outward);
    if (this.node && this.node.graph !== data.graph) this.node = null;
    if (this.told) this.show(this.told);
  }

  async ask() {
    const { node = this.data.first, row = [] } = this.node ?? {};
    const input = { index: node, count: this.layer };
    this.show(await this.get("node", row.length ? { ...input, row } : input));
  }

  show(told) {
    this.told = told;
    // An answer may come, or the page be drawn anew, after another layer was asked for.
    this.layer = Math.min(this.layer, told.layers);
    const { words, nodes, formulas } = this.data;
    this.root.dataset.node = told.node;
    this.root.dataset.layer = told.layer;
    setText(this.title, fill(words.title, { name: nodes[told.node], layer: told.layer,
      n: told.heard.length + told.left_out }));
    const chips = Array.from({ length: told.layers }, (_, i) => {
      const chip = h("button.pc-button", { type: "button", "data-cell": i, onclick: () => {
        this.layer = i + 1;
        this.changed();
      } }, fill(words.layer, { n: i + 1 }));
      chip.setAttribute("aria-pressed", String(i + 1 === told.layer));
      return chip;
    });
    this.layers.replaceChildren(...chips);
    setText(this.formula, formulas[told.kind]);
    const { x, messages, out } = told.shapes;
    setText(this.shapes, `x (${x.join("×")}) → messages (${messages.join("×")}) → x′ (${out})`);
    this.showRows(told);
    this.showChances(told);
    setText(this.rest, [told.left_out ? fill(words.left_out, { n: told.left_out }) : "",
      told.heads > 1 ? fill(words.heads, { n: told.heads }) : "", words.first].join(" ").trim());
  }

  showRows(told) {
    const { words, nodes } = this.data;
    const head = [words.from, words.share, words.says];
    const rows = told.heard.map((each) => this.row(
      each.node === told.node ? words.itself : nodes[each.node], this.shareOf(told, each),
      each.says));
    rows.push(this.row(words.sum, "", told.sum, "pc-sum"));
    if (told.own) rows.push(this.row(words.own, "", told.own));
    if (told.bias) rows.push(this.row(words.bias, "", told.bias));
    const bend = { linear: "", relu: "ReLU", elu: "ELU", tanh: "tanh" }[told.bend];
    rows.push(this.row(words.out, bend, told.out, "pc-out"));
    this.table.replaceChildren(
      h("thead", {}, h("tr", {}, ...head.map((text, i) => (
        h("th", i === 2 ? { scope: "col", colspan: 8 } : { scope: "col" }, text))))),
      h("tbody", {}, ...rows));
  }

  /** What the network makes of the node in the end: its class, or whom it would be joined with. */
  showChances({ node, chances, partners }) {
    const { words, nodes, classes, task } = this.data;
    setText(this.verdict, fill(words[`verdict_${task}`], { name: nodes[node] }));
    const rows = chances ? chances.map((share, i) => [classes[i], share, hue(i)])
      : partners.map((each) => [
        each.hidden ? `${nodes[each.node]} (${words.hidden})` : nodes[each.node], each.share,
        each.hidden ? this.look.accent : this.look.soft]);
    this.chances.replaceChildren(...rows.map(([name, share, colour]) => {
      const full = h("span");
      Object.assign(full.style, { width: `${100 * share}%`, background: css(colour) });
      return h("li", {}, h("span", chances ? {} : { translate: "no" }, name),
        h("span.pc-chance", {}, full),
        h("span", {}, this.say.percent(share)));
    }));
  }

  /** How a coefficient comes about, where it is a plain formula. */
  shareOf({ kind, degree }, { share, degree: other, times }) {
    const shown = this.say.short(share);
    if (kind === "GraphConvolution") return `${times}/√(${degree}·${other}) = ${shown}`;
    if (kind === "GraphSAGE") return `${times}/${degree} = ${shown}`;
    return kind === "GraphAttention" ? `α = ${shown}` : shown;
  }

  row(name, share, values, kind = "") {
    const most = Math.max(...values.map(Math.abs), 1e-9);
    const cells = values.map((value) => {
      const cell = h("td", {}, this.say.short(Math.abs(value) < 5e-5 ? 0 : value));
      const colour = value < 0 ? this.look.second : this.look.accent;
      const back = mix(this.look.background, colour, 0.45 * (Math.abs(value) / most));
      cell.style.background = css(back);
      return cell;
    });
    return h(`tr${kind && `.${kind}`}`, {},
      h("th", { scope: "row", translate: "no" }, name), h("td", {}, share), ...cells);
  }
}

export default component("nodestep", (root, live) => new NodeStep(root, live));
