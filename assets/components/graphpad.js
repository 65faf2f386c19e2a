// after: live.js hues.js
// A graph drawn by hand: a click on the ground is a node of the chosen class, a click on two nodes
// one after the other joins or parts them.

const FINDS = 20; // px within which a click means a node
const DOT = 11; // px, the radius of a node
const RIM = 16; // px around the drawing

class GraphPad {
  constructor(root) {
    Object.assign(this, { root, nodes: [], edges: [], chosen: 0, first: null });
    this.classes = h("div.pc-buttons", { role: "group" });
    this.canvas = h("canvas.pc-graphpad", { role: "img" });
    this.says = h("p.pc-note", { role: "status" });
    this.hands = Object.fromEntries([["back", () => this.back()], ["clear", () => this.clear()],
      ["use", () => this.use()]].map(([name, press]) => [name,
      h(`button.pc-button${name === "use" ? ".pc-primary" : ""}`, { type: "button",
        "data-do": name, onclick: press })]));
    root.append(this.classes, this.canvas, this.says,
      h("div.pc-buttons", {}, ...Object.values(this.hands)));
    this.canvas.addEventListener("click", (event) => this.click(event));
    this.sight = new ResizeObserver(() => this.draw());
    this.sight.observe(this.canvas);
    this.history = [];
  }

  close() {
    this.sight.disconnect();
  }

  update(data, outward) {
    Object.assign(this, { data, outward, look: theme(this.root) });
    const { words, letters } = data;
    const chips = [...letters, words.unknown].map((name, i) => {
      const label = i < letters.length ? i : -1;
      const mark = h("span.pc-pad-mark", { "aria-hidden": "true" });
      mark.style.background = label < 0 ? css(this.grey()) : css(hue(label));
      const chip = h("button.pc-button", { type: "button", onclick: () => {
        this.chosen = label;
        this.update(this.data, this.outward);
      } }, mark, name);
      chip.setAttribute("aria-pressed", String(label === this.chosen));
      return chip;
    });
    this.classes.replaceChildren(...chips);
    this.classes.setAttribute("aria-label", words.classes);
    this.canvas.setAttribute("aria-label", words.hint);
    for (const [name, element] of Object.entries(this.hands)) setText(element, words[name]);
    this.draw();
  }

  grey() {
    return mix(this.look.background, this.look.text, 0.35);
  }

  spot([x, y]) {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    return [RIM + ((x + 1) / 2) * (width - 2 * RIM), RIM + ((y + 1) / 2) * (height - 2 * RIM)];
  }

  click({ offsetX: x, offsetY: y }) {
    const near = this.nodes.findIndex(({ place }) => {
      const [a, b] = this.spot(place);
      return Math.hypot(a - x, b - y) < FINDS;
    });
    if (near < 0) this.add(x, y);
    else if (this.first === null) this.first = near;
    else {
      if (this.first !== near) this.join(this.first, near);
      this.first = null;
    }
    this.draw();
  }

  add(x, y) {
    this.first = null;
    if (this.nodes.length >= this.data.most) return;
    this.remember();
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const within = (value, size) => Math.max(-1, Math.min(1,
      (2 * (value - RIM)) / (size - 2 * RIM) - 1));
    this.nodes.push({ label: this.chosen, place: [within(x, width), within(y, height)] });
  }

  join(a, b) {
    this.remember();
    const others = this.edges.filter(([c, d]) => !((a === c && b === d) || (a === d && b === c)));
    this.edges = others.length < this.edges.length ? others : [...this.edges, [a, b]];
  }

  remember() {
    this.history.push([[...this.nodes], [...this.edges]]);
  }

  back() {
    [this.nodes, this.edges] = this.history.pop() ?? [[], []];
    this.first = null;
    this.draw();
  }

  clear() {
    this.remember();
    [this.nodes, this.edges, this.first] = [[], [], null];
    this.draw();
  }

  use() {
    this.outward.setTriggerValue("drawn", {
      labels: this.nodes.map(({ label }) => label), edges: this.edges,
      places: this.nodes.map(({ place }) => place) });
  }

  draw() {
    const { canvas, look } = this;
    if (!look || !canvas.clientWidth) return;
    const { words } = this.data;
    this.root.dataset.nodes = this.nodes.length;
    this.root.dataset.edges = this.edges.length;
    this.hands.back.disabled = !this.history.length;
    this.hands.clear.disabled = !this.nodes.length;
    this.hands.use.disabled = !this.edges.length;
    setText(this.says, this.first === null ? words.hint : words.second);
    const dense = globalThis.devicePixelRatio || 1;
    Object.assign(canvas, { width: canvas.clientWidth * dense,
      height: canvas.clientHeight * dense });
    const pen = canvas.getContext("2d");
    pen.scale(dense, dense);
    pen.lineWidth = 1.4;
    pen.strokeStyle = css(mix(look.background, look.text, 0.45));
    for (const [a, b] of this.edges) {
      pen.beginPath();
      pen.moveTo(...this.spot(this.nodes[a].place));
      pen.lineTo(...this.spot(this.nodes[b].place));
      pen.stroke();
    }
    this.nodes.forEach(({ label, place }, i) => {
      pen.beginPath();
      pen.arc(...this.spot(place), DOT, 0, 2 * Math.PI);
      pen.fillStyle = css(label < 0 ? this.grey() : hue(label));
      pen.fill();
      if (i !== this.first) return;
      pen.lineWidth = 3;
      pen.strokeStyle = css(look.accentInk);
      pen.stroke();
    });
  }
}

export default component("graphpad", (root) => new GraphPad(root));
