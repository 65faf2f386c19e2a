// after: graph-tiles.js
// The living picture of a graph neural network: the graph, coloured by what the network says of
// each node, and beside it the same nodes in the plane of what the network makes of them.

const NEAR = 14; // px within which the pointer finds a node
const DRAGGED = 4; // px from which a press is a drag and no click

class GraphView {
  constructor(root, live) {
    Object.assign(this, { root, live, kept: new Map(), edits: [] });
    this.refresh = throttled(() => this.draw(), 30);
    this.question = newest(() => this.ask(), 60);
    this.count = h("p.pc-graph-count");
    this.names = h("ul.pc-graph-names");
    this.graph = h("canvas.pc-graph", { role: "img", tabindex: "0" });
    this.plane = h("canvas.pc-graph.pc-graph-plane", { role: "img" });
    this.titles = [h("h4.pc-curve-title"), h("h4.pc-curve-title")];
    this.epoch = h("span.pc-note");
    this.says = h("p.pc-graph-says", { "aria-live": "polite" });
    this.message = h("p.pc-note", { role: "status" });
    this.join = h("button.pc-button", { type: "button", "data-do": "join",
      onclick: () => this.joining(!this.first) });
    this.undo = h("button.pc-button.pc-quiet", { type: "button", "data-do": "undo",
      onclick: () => this.edit([]) });
    this.slider = h("input.pc-range", { type: "range", min: 1, max: 1, step: 1, value: 1,
      oninput: () => this.goTo(Number(this.slider.value)) });
    this.newest = h("button.pc-button.pc-quiet", { type: "button", "data-do": "newest",
      onclick: () => this.goTo(0) });
    this.past = h("div.pc-graph-past", { hidden: true }, this.epoch, this.slider, this.newest);
    root.append(
      h("div.pc-graph-head", {}, this.count, this.names),
      h("div.pc-graph-panels", {},
        h("figure", {}, this.titles[0], this.graph), h("figure", {}, this.titles[1], this.plane)),
      this.past, this.says, h("div.pc-buttons", {}, this.join, this.undo), this.message);
    this.sight = new ResizeObserver(() => this.refresh());
    this.sight.observe(this.graph);
    this.onEpoch = ({ detail }) => this.turnTo(detail);
    document.addEventListener("perceptorium:epoch", this.onEpoch);
    for (const [name, heard] of [["pointerdown", "press"], ["pointermove", "move"],
      ["pointerup", "release"], ["pointercancel", "lose"], ["keydown", "key"]]) {
      this.graph.addEventListener(name, (event) => this[heard](event));
    }
    this.plane.addEventListener("pointermove", (event) => this.hover(event, this.at, this.plane));
    this.plane.addEventListener("click", () => this.over != null && this.choose(this.over));
    for (const each of [this.graph, this.plane]) {
      each.addEventListener("pointerleave", () => this.point(null));
    }
  }

  close() {
    this.closed = true;
    this.unfollow?.();
    this.sight.disconnect();
    document.removeEventListener("perceptorium:epoch", this.onEpoch);
  }

  update(data) {
    const before = this.data;
    Object.assign(this, { data, look: theme(this.root), say: numbers(data.lang) });
    if (before?.graph.key !== data.graph.key) this.open(data.graph);
    if (before?.graph.key !== data.graph.key || before.run !== data.run
        || before.model !== data.model) this.begin();
    this.showWords();
    this.refresh();
  }

  /** Another graph. Where the visitor dragged its nodes to is remembered while the page is open. */
  open(graph) {
    const places = ((globalThis.__perceptorium ??= {}).places ??= new Map());
    if (!places.has(graph.key)) {
      places.set(graph.key, graph.names.map((_, i) => (
        [graph.places[2 * i] / 1000, graph.places[2 * i + 1] / 1000])));
    }
    this.places = places.get(graph.key);
    this.edges = ends(graph.edges);
    this.hidden = graph.pairs ? ends(graph.pairs) : [];
    this.degree = graph.names.map(() => 0);
    for (const [a, b] of this.edges) {
      this.degree[a] += 1;
      this.degree[b] += 1;
    }
    this.edits = [];
    this.node = this.first = this.over = this.at = null;
  }

  /** Another network is to be shown: that of a run, epoch by epoch, or one that is asked. */
  begin() {
    this.unfollow?.();
    this.unfollow = null;
    this.kept.clear();
    this.shown = this.pairs = this.heard = null;
    this.latest = true;
    this.edits = [];
    this.root.dataset.state = "untrained";
    const { run, model } = this.data;
    this.model = model;
    if (run) {
      this.unfollow = this.live.follow(run, 0, (events) => this.tell(events), () => {});
    } else if (model) this.question();
  }

  tell(events) {
    for (const event of events) {
      if (event.type === "snapshot" && event.graph) this.kept.set(event.epoch, event.graph);
    }
    const newest = Math.max(0, ...this.kept.keys());
    this.slider.max = Math.max(newest, 1);
    if (this.latest && newest && !this.edits.length) this.show(this.kept.get(newest), newest);
  }

  /** The whole page looks at an epoch; 0 is the newest one. */
  goTo(epoch) {
    const detail = { run: this.data.run, epoch };
    document.dispatchEvent(new CustomEvent("perceptorium:lead", { detail }));
  }

  turnTo({ run, epoch, latest }) {
    if (run !== this.data?.run) return;
    this.latest = latest;
    this.model = latest ? this.data.model : `${this.data.model}@${epoch}`;
    if (this.edits.length) this.question();
    else if (this.kept.has(epoch)) this.show(this.kept.get(epoch), epoch);
  }

  async ask() {
    try {
      const told = await this.live.ask(this.data.room, this.model, "state",
        this.edits.length ? { row: this.edits.flat() } : {});
      setText(this.message, "");
      this.show(told, null);
    } catch (error) {
      setText(this.message, error.message);
    }
  }

  /** What the network says of all nodes; in the plane they move there. */
  show(told, epoch) {
    this.shown = read(told);
    this.root.dataset.state = "answered";
    if (epoch) this.root.dataset.epoch = epoch;
    this.epochShown = epoch;
    this.goal = this.shown.map(({ place }) => place);
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (!this.at || still) this.at = this.goal.map((place) => [...place]);
    this.heard = told.heard ? toBytes(told.heard) : null;
    this.pairs = told.pairs ? toBytes(told.pairs) : null;
    this.showWords();
    this.refresh();
  }

  /* ---- words ---- */

  called(label) {
    const name = this.data.graph.classes[label];
    return this.data.names[name] ?? name;
  }

  showWords() {
    const { words, graph: { y, classes, task } } = this.data;
    setText(this.titles[0], words[`graph_${task}`] ?? words.graph);
    setText(this.titles[1], words[`plane_${task}`] ?? words.plane);
    const { right, all } = this.counted();
    this.root.dataset.right = right ?? "";
    setText(this.count, this.shown ? fill(words[`right_${task}`], {
      n: this.say.whole(right), all: this.say.whole(all) }) : this.saysKnown());
    this.past.hidden = !this.data.run;
    this.slider.disabled = this.kept.size < 2;
    this.slider.setAttribute("aria-label", words.epoch);
    setText(this.newest, words.newest);
    this.newest.classList.toggle("pc-away", this.latest);
    setText(this.epoch, `${words.epoch} ${this.say.whole(this.epochShown ?? 0)}`);
    if (this.epochShown) this.slider.value = this.epochShown;
    const key = (kind, text, style) => {
      const mark = h(`span.pc-graph-mark.pc-graph-mark-${kind}`, { "aria-hidden": "true" });
      Object.assign(mark.style, style);
      return h("li", {}, mark, text);
    };
    this.names.replaceChildren(
      ...classes.map((_, i) => key("class", this.called(i), { background: css(hue(i)) })),
      ...(task === "links" ? [key("found", words.is_found), key("missed", words.is_missed)]
        : [key("known", words.is_known), key("wrong", words.is_wrong)]));
    setText(this.join, this.first ? words.stop : words.join);
    this.join.setAttribute("aria-pressed", String(Boolean(this.first)));
    this.join.hidden = !this.data.model;
    setText(this.undo, words.undo);
    this.undo.hidden = !this.edits.length;
    const text = fill(words.alt, { nodes: this.say.whole(y.length),
      edges: this.say.whole(this.edges.length) });
    this.graph.setAttribute("aria-label", text);
    this.plane.setAttribute("aria-label", words.plane);
    this.sayNode();
  }

  /** How many answers that it was not told are right: nodes, hidden pairs or small graphs. */
  counted() {
    const { graph: { y, parts, task, linked } } = this.data;
    if (task === "links") {
      const right = this.pairs?.reduce((sum, byte, i) => sum + ((byte > 127) === (linked[i] === 1)),
        0);
      return { right, all: linked.length };
    }
    const asked = task === "graphs" ? tilesOf(this).map(({ node }) => node) : y.map((_, i) => i);
    const others = asked.filter((i) => parts[i] !== 1 && y[i] >= 0);
    return { right: this.shown && others.filter((i) => this.shown[i].label === y[i]).length,
      all: others.length };
  }

  /** What is known before a network says anything. */
  saysKnown() {
    const { words, graph: { y, parts, task, linked } } = this.data;
    if (task === "links") {
      return fill(words.known_links, {
        n: this.say.whole(linked.filter((each) => each).length) });
    }
    const all = task === "graphs" ? tilesOf(this).map(({ part }) => part) : parts;
    return fill(words[`known_${task}`], { all: this.say.whole(all.length),
      n: this.say.whole(all.filter((part) => part === 1).length) });
  }

  /** One line about the node under the pointer, or the chosen one. */
  sayNode() {
    const { words, graph } = this.data;
    if (this.first) {
      const [one] = this.first;
      setText(this.says, one == null ? words.join_first
        : fill(words.join_second, { a: graph.names[one] }));
      return;
    }
    const node = this.over ?? this.node;
    if (node == null) {
      setText(this.says, words[`hint_${graph.task}`]);
      return;
    }
    const is = graph.y[node] < 0 ? null : this.called(graph.y[node]);
    const said = graph.task === "links" ? null : this.shown?.[node];
    const parts = [fill(words.node, { name: graph.names[node], n: this.degree[node] })];
    if (said) {
      parts.push(fill(words.said, { name: this.called(said.label),
        share: this.say.percent(said.sure) }));
    }
    if (is) parts.push(fill(graph.parts[node] === 1 ? words.told : words.true, { name: is }));
    setText(this.says, parts.join(" · "));
  }

  /* ---- hands ---- */

  /** The canvas's size in CSS pixels, and where a node is drawn in it. */
  spot([x, y], canvas) {
    const { clientWidth: width, clientHeight: height } = canvas;
    return [EDGE + ((x + 1) / 2) * (width - 2 * EDGE), EDGE + ((y + 1) / 2) * (height - 2 * EDGE)];
  }

  hover({ offsetX: x, offsetY: y }, places, canvas) {
    let [nearest, least] = [null, (NEAR + 6) ** 2];
    (places ?? []).forEach((place, i) => {
      const [a, b] = this.spot(place, canvas);
      const far = (a - x) ** 2 + (b - y) ** 2;
      if (far < least) [nearest, least] = [i, far];
    });
    this.point(nearest);
  }

  point(node) {
    if (node === this.over) return;
    this.over = node;
    this.sayNode();
    this.refresh();
  }

  press(event) {
    this.hover(event, this.places, this.graph);
    if (this.over == null) return;
    this.graph.setPointerCapture(event.pointerId);
    this.held = { node: this.over, x: event.offsetX, y: event.offsetY, moved: false };
  }

  move(event) {
    if (!this.held) {
      this.hover(event, this.places, this.graph);
      return;
    }
    const { node, x, y } = this.held;
    this.held.moved ||= Math.hypot(event.offsetX - x, event.offsetY - y) > DRAGGED;
    if (!this.held.moved) return;
    const { clientWidth: width, clientHeight: height } = this.graph;
    const within = (value, size) => Math.max(-1, Math.min(1,
      (2 * (value - EDGE)) / (size - 2 * EDGE) - 1));
    this.places[node] = [within(event.offsetX, width), within(event.offsetY, height)];
    this.root.dataset.dragged = node;
    this.refresh();
  }

  release() {
    if (this.held && !this.held.moved) this.choose(this.held.node);
    this.held = null;
  }

  /** The browser took the gesture for itself, to scroll. */
  lose() {
    this.held = null;
  }

  key(event) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const many = this.places.length;
    this.choose(((this.node ?? -step) + step + many) % many);
  }

  choose(node) {
    if (this.first) this.pair(node);
    else {
      this.node = node;
      this.tellNode();
    }
    this.sayNode();
    this.refresh();
  }

  /** Other modules of the page show what this node hears. */
  tellNode() {
    this.root.dataset.node = this.node;
    const detail = { node: this.node, row: this.edits.flat(), graph: this.data.graph.key };
    globalThis.__perceptorium.node = detail;
    document.dispatchEvent(new CustomEvent("perceptorium:node", { detail }));
  }

  joining(on) {
    this.first = on ? [null] : null;
    this.showWords();
  }

  /** Two nodes one after the other: what was no edge becomes one, and the other way round. */
  pair(node) {
    const [one] = this.first;
    if (one == null || one === node) this.first = [one === node ? null : node];
    else {
      this.first = [null];
      const same = ([a, b]) => a + b === one + node && (a === one || b === one);
      const others = this.edits.filter((pair) => !same(pair));
      this.edit(others.length < this.edits.length ? others : [...this.edits, [one, node]]);
    }
  }

  edit(edits) {
    this.edits = edits;
    this.root.dataset.edits = edits.length;
    this.showWords();
    if (edits.length || !this.data.run) this.question();
    else {
      this.latest = true;
      this.tell([]);
    }
    if (this.node != null) this.tellNode();
  }

  /* ---- drawing ---- */

  draw() {
    if (this.closed || !this.data) return;
    if (this.data.graph.task === "graphs") drawTiles(this);
    else drawGraph(this);
    if (!this.at) {
      prepare(this.plane);
      return;
    }
    const moves = drift(this.at, this.goal);
    drawPlane(this);
    if (moves) requestAnimationFrame(() => this.refresh());
  }
}

export default component("graph", (root, live) => new GraphView(root, live));
