// after: plane-surface.js plane-numbers.js plane-cut.js plane-hands.js
// The room's living picture: the network, its output all over the plane, and the hands on both.

const DRAW_GAP = 16; // ms between two drawings at least: one for each picture of the screen
const WORDS_GAP = 150; // ms between two changes of the figures: nobody reads faster
const TOGETHER = 300; // ms within which several drawn points are told together
const UNHEARD = 1500; // ms after which what was not heard is told again
const MODES = ["ask", "bright", "dark", "erase"];

class Plane {
  constructor(root, live) {
    this.root = root;
    this.live = live;
    this.updates = 0;
    this.wishes = {}; // what Python has not heard of yet
    this.mode_ = "ask";
    this.refresh = throttled(() => this.draw(), DRAW_GAP);
    this.showFigures = throttled(() => this.closed || this.figures(), WORDS_GAP);
    this.net = new NetView((what) => this.pick(what));
    this.surface = new SurfaceView((place) => this.touch(place));
    this.numbers = new NumbersView((place, value) => this.setByHand(place, value));
    this.hands = new HandsView(live, (sentence) => setText(this.answer, sentence));
    this.moreLayers = this.makePair((by) => this.changeLayers(by));
    this.discrete = this.makeSwitch("discrete");
    this.test = this.makeSwitch("test");
    this.modes = h("div.pc-buttons.pc-modes", { role: "group" },
      ...MODES.map((mode) => h("button.pc-button", {
        type: "button", "data-mode": mode, onclick: () => this.choose(mode),
      }, h("span"))));
    this.losses = h("p.pc-losses");
    this.answer = h("p.pc-note.pc-answer", { role: "status" });
    this.cut = new CutView((values) => this.layElsewhere(values));
    this.sendSoon = debounced(() => this.send(), TOGETHER);
    this.sendAgain = debounced(() => this.send(), UNHEARD);
    root.append(h("div.pc-plane", {},
      h("div.pc-plane-net", {},
        h("div.pc-plane-bar", {}, this.hands.element, this.moreLayers.element),
        h("div.pc-scroll", {}, this.net.element), this.numbers.element),
      h("div.pc-plane-out", {}, this.losses, this.surface.canvas, this.cut.element,
        h("div.pc-switches", {}, this.discrete.element, this.test.element),
        this.modes, this.answer)));
    this.observer = new ResizeObserver(() => this.refresh());
    this.observer.observe(root);
    this.onEpoch = (event) => this.lookBack(event.detail);
    document.addEventListener("perceptorium:epoch", this.onEpoch);
  }

  makePair(change) {
    const less = h("button.pc-less", { type: "button", onclick: () => change(-1) }, "−");
    const more = h("button.pc-more", { type: "button", onclick: () => change(1) }, "+");
    const label = h("span");
    return { less, more, label, element: h("span.pc-pair", {}, less, label, more) };
  }

  makeSwitch(name) {
    const input = h("input", { type: "checkbox", "data-switch": name,
      onchange: () => this.redraw() });
    const word = h("span");
    return { input, word, element: h("label.pc-switch", {}, input, word) };
  }

  update(given, outward) {
    this.said ??= given.heard;
    if (given.heard >= this.said) this.wishes = {};
    else this.sendAgain();
    const data = { ...given, drawn: this.wishes.drawn ?? given.drawn };
    const shape = JSON.stringify([data.net.sizes, data.net.features]);
    const rebuilt = shape !== this.shape;
    const other = rebuilt || data.run !== this.data.run || data.first !== this.data.first;
    Object.assign(this, { data, outward, shape, say: numbers(data.lang), look: theme(this.root) });
    this.net.table = this.surface.table = this.surface.shades = null; // another theme, perhaps
    this.cut.show(data.axes, data.words, this.say);
    if (rebuilt) this.forget();
    if (other) this.open();
    if (this.wishes.drawn) this.addUnheard(given.drawn);
    this.showWords();
    this.showOverlay();
    this.root.dataset.net = `${data.net.features.join()} ${data.net.sizes.join("-")}`;
    this.redraw();
  }

  /** What was picked and asked meant another network. */
  forget() {
    this.numbers.close();
    this.net.picked = null;
    this.surface.asked = null;
    setText(this.answer, "");
  }

  /** Other weights, other points or another run. */
  open() {
    const { net, run, points } = this.data;
    this.unfollow?.();
    this.unfollow = null;
    this.hands.open(run);
    this.model = new Net(net);
    this.model.fix([...this.cut.values]);
    this.points = points;
    this.trained = this.chosen = null;
    this.numbers.net = this.model;
    if (run) {
      this.unfollow = this.live.follow(run, 0, (events) => this.tell(events), () => {});
    }
  }

  tell(events) {
    let newest = null;
    for (const event of events) {
      this.hands.story.add(event);
      if (event.type === "frame" || event.type === "snapshot") newest = event;
    }
    if (newest?.step) this.trained = newest.step;
    if (newest && !this.chosen) this.take(newest);
    this.refresh();
  }

  take(event) {
    const theta = readTheta(event);
    if (theta.length !== this.model.parameters) return;
    this.model.theta = theta;
  }

  /** The visitor moved the slider of epochs. */
  lookBack({ run, epoch, latest }) {
    if (run !== this.data.run) return;
    this.chosen = latest ? null : epoch;
    const kept = this.hands.story.snapshots.get(epoch);
    if (kept) this.take(kept);
    this.refresh();
  }

  /* ---- hands ---- */

  /** Remembers a change until Python's answer shows that it was heard: answers to what came
      before, still on their way, do not undo it. */
  wish(change) {
    this.said += 1;
    this.wishes = { ...this.wishes, ...change };
  }

  send() {
    if (this.closed || !Object.keys(this.wishes).length) return; // all of it was heard
    this.sendAgain();
    this.outward.setTriggerValue("change", { ...this.wishes, said: this.said });
  }

  /** Hidden layers as they will be. */
  get hidden() { return this.wishes.hidden ?? this.data.net.sizes.slice(1, -1); }

  rebuild(change) {
    this.wish({ ...change, edits: {} }); // places of numbers mean others now
    this.send();
    this.showWords();
    this.showOverlay();
  }

  changeLayers(by) {
    const { hidden } = this;
    this.rebuild({ hidden: by > 0 ? [...hidden, hidden.at(-1) ?? 4] : hidden.slice(0, -1) });
  }

  changeNeurons(layer, by) {
    this.rebuild({ hidden: this.hidden.map((count, i) => (i === layer ? count + by : count)) });
  }

  get features() { return this.wishes.features ?? this.data.net.features; }

  changeFeature(name) {
    const on = this.features.includes(name);
    this.rebuild({ features: on ? this.features.filter((each) => each !== name)
      : [...this.features, name] });
  }

  /** The visitor moved the plane in a table's further columns. */
  layElsewhere(values) {
    this.model.fix(values);
    this.redraw();
  }

  /** Points that were drawn since Python last heard of any. */
  addUnheard(heard) {
    const known = new Set(this.points.train.map(String));
    for (const [x1, x2, bright] of this.data.drawn.slice(heard.length)) {
      const point = [x1, x2, bright ? 1 : this.low];
      if (!known.has(String(point))) this.points.train.push(point);
    }
  }

  choose(mode) {
    this.mode_ = mode;
    this.showWords();
  }

  touch(place) {
    if (this.mode_ === "ask") {
      this.surface.asked = place;
      this.redraw();
      return;
    }
    const { drawn } = this.data;
    const round = place.map((value) => Math.round(value * 100) / 100);
    if (this.mode_ === "erase") {
      const index = nearestPoint(drawn, place);
      if (index >= 0) this.redrawWith(drawn.filter((_, i) => i !== index));
    } else if (drawn.length < this.data.most.points) {
      this.points.train.push([...round, this.mode_ === "bright" ? 1 : this.low]);
      this.redrawWith([...drawn, [...round, this.mode_ === "bright"]]);
    }
  }

  redrawWith(drawn) {
    this.data = { ...this.data, drawn };
    this.wish({ drawn });
    this.sendSoon();
    this.redraw();
  }

  get low() { return this.model.isClass ? 0 : -1; }

  pick(what) {
    this.net.picked = what;
    this.numbers.open(this.model, what, this.context);
    this.redraw();
  }

  setByHand(place, value) {
    this.model.theta[place] = value;
    this.redraw();
    if (this.data.going) {
      this.live.control(this.data.run, "set", { edits: `${place}:${value}` })
        .catch((error) => setText(this.answer, error.message));
    } else if (!this.data.run) {
      this.wish({ edits: { ...this.wishes.edits, [place]: value } });
      this.send();
    }
  }

  /* ---- drawing ---- */

  get context() {
    return { look: this.look, words: this.data.words, say: this.say,
      discrete: this.discrete.input.checked, titles: this.data.features,
      locked: this.locked };
  }

  /** Somebody else's run can only be watched. */
  get locked() { return this.data.going && !this.data.mine; }

  redraw() {
    this.net.show(this.model, Object.keys(this.data.features), this.context);
    this.numbers.context = this.context;
    Object.assign(this.surface, { testShown: this.test.input.checked });
    this.surface.show(this.model, this.points, this.context);
    this.refresh();
  }

  draw() {
    if (this.closed) return;
    const { model, points } = this;
    const answers = model.overPlane(SURFACE_SIDE);
    this.net.draw(answers);
    this.surface.draw(answers.at(-1));
    this.numbers.draw();
    if (this.surface.asked) this.sayAnswer();
    if (this.overlaid !== this.net.element.clientWidth) this.showOverlay();
    if (this.drawn !== model.theta) this.root.dataset.updates = this.updates += 1;
    this.drawn = model.theta;
    this.root.dataset.trained = this.trained ?? 0;
    this.showFigures();
    globalThis.__perceptorium.plane = { net: model, points };
    document.dispatchEvent(new CustomEvent("perceptorium:plane", { detail: { net: model, points } }));
  }

  figures() {
    this.hands.show(this.data, this.data.words, this.say);
    const [train, validation] = [this.points.train, this.points.val].map((points) => {
      const told = this.model.forward(this.model.inputs(points), points.length);
      return this.model.loss(told, points.map(([, , y]) => y));
    });
    this.root.dataset.loss = train.toFixed(4);
    const shown = (value) => (Number.isFinite(value) ? this.say.loss(value) : NOTHING);
    setText(this.losses, fill(this.data.words.losses,
      { train: shown(train), validation: shown(validation) }));
  }

  sayAnswer() {
    const { words } = this.data;
    const answer = this.surface.answer(this.surface.asked);
    const [x, y] = this.surface.asked.map((value, i) => this.say.short(this.cut.inUnits(i, value)));
    const share = this.model.isClass ? Math.max(answer, 1 - answer) : this.cut.inUnits(-1, answer);
    const template = !this.model.isClass ? words.value
      : answer > 0.5 ? words.called_bright : words.called_dark;
    const shown = this.model.isClass ? this.say.percent(share) : this.say.short(share);
    setText(this.answer, fill(template, { x, y, answer: shown }));
  }

  showWords() {
    const { words, most } = this.data;
    const layers = this.hidden.length;
    setText(this.moreLayers.label, fill(words.layers, { count: layers }));
    this.moreLayers.less.disabled = this.locked || layers === 0;
    this.moreLayers.more.disabled = this.locked || layers >= most.layers;
    this.moreLayers.less.setAttribute("aria-label", words.less_layers);
    this.moreLayers.more.setAttribute("aria-label", words.more_layers);
    setText(this.discrete.word, words.discrete);
    setText(this.test.word, words.show_test);
    this.modes.setAttribute("aria-label", words.modes);
    for (const element of this.modes.children) {
      const { mode } = element.dataset;
      setWord(element, words[`mode_${mode}`]);
      element.setAttribute("aria-pressed", String(mode === this.mode_));
    }
    if (!this.surface.asked) setText(this.answer, words[`hint_${this.mode_}`]);
  }

  /** Buttons over the drawing: features on and off, neurons more and fewer. */
  showOverlay() {
    const { element } = this.net;
    element.style.setProperty("--pc-columns", this.data.net.sizes.length);
    this.overlaid = element.clientWidth;
    if (!this.overlaid) return;
    const places = layOut([Object.keys(this.data.features).length,
      ...this.data.net.sizes.slice(1)], element.clientWidth, element.clientHeight);
    const focus = this.net.layer.querySelector(":focus")?.dataset.key;
    this.net.layer.replaceChildren(...this.featureButtons(places[0]),
      ...places.slice(1, -1).map((place, layer) => this.neuronButtons(place, layer)));
    this.net.layer.querySelector(`[data-key="${focus}"]`)?.focus();
  }

  featureButtons({ x, size, ys }) {
    return Object.entries(this.data.features).map(([name, title], i) => {
      const on = this.features.includes(name);
      const element = h("button.pc-feature", {
        type: "button", "data-key": name, "aria-pressed": String(on), lang: "en", title,
        disabled: this.locked || !(name in FEATURES), onclick: () => this.changeFeature(name),
      }, title);
      element.style.cssText = `top:${ys[i] - size / 2 - 2}px;height:${size + 4}px;`
        + `width:${x + size / 2 + 2}px`;
      return element;
    });
  }

  neuronButtons({ x }, layer) {
    const { words, most } = this.data;
    const count = this.hidden[layer] ?? this.data.net.sizes[layer + 1];
    const pair = this.makePair((by) => this.changeNeurons(layer, by));
    pair.element.classList.add("pc-neurons");
    pair.element.style.left = `${x}px`;
    setText(pair.label, String(count));
    pair.less.disabled = this.locked || count <= 1;
    pair.more.disabled = this.locked || count >= most.neurons;
    Object.assign(pair.less.dataset, { key: `less${layer}` });
    Object.assign(pair.more.dataset, { key: `more${layer}` });
    pair.less.setAttribute("aria-label", fill(words.less_neurons, { layer: layer + 1 }));
    pair.more.setAttribute("aria-label", fill(words.more_neurons, { layer: layer + 1 }));
    return pair.element;
  }

  close() {
    this.closed = true;
    this.unfollow?.();
    this.observer.disconnect();
    document.removeEventListener("perceptorium:epoch", this.onEpoch);
  }
}

export default component("plane", (root, live) => new Plane(root, live));
