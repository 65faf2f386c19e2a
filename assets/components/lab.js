// after: live.js story.js
// The game on the plane: what is real, what is made, what the discriminator thinks of every place,
// how the generator bends its noise, and where it is pulled to.

const REACH = 1.2; // the plane that is shown reaches from -REACH to REACH
const SCALE = 20000; // coordinates come as whole numbers
const SLOW = 0.6; // seconds that slow motion rests after each step
const DRAW_GAP = 70; // ms between two points while one draws
const TELL_AFTER = 500; // ms of quiet after which drawn points are told
const DOT = 2.2; // px from the middle of a point to its rim
const LAYERS = ["surface", "real", "made", "mesh", "pull"];

const places = (base64) => {
  const bytes = toBytes(base64);
  const found = Float32Array.from(new Int16Array(bytes.buffer, 0, bytes.length >> 1));
  for (let i = 0; i < found.length; i += 1) found[i] /= SCALE;
  return found;
};

/** A point as a picture: to copy it hundreds of times is much less work than to draw it. */
function dot(colour) {
  const radius = DOT * devicePixelRatio;
  const side = 2 * Math.ceil(radius) + 2;
  const canvas = new OffscreenCanvas(side, side);
  const pen = canvas.getContext("2d");
  pen.fillStyle = css(colour, 0.8);
  pen.arc(side / 2, side / 2, radius, 0, 2 * Math.PI);
  pen.fill();
  return canvas;
}

class Lab {
  constructor(root, live) {
    Object.assign(this, { root, live, story: new Story(), updates: 0, drawn: [], unheard: false });
    this.canvas = h("canvas.pc-lab", { role: "img" });
    this.figures = h("dl.pc-lab-figures");
    this.says = h("p.pc-note", { role: "status" });
    this.switches = Object.fromEntries(LAYERS.map((name) => {
      const input = h("input", { type: "checkbox", checked: true, "data-layer": name,
        onchange: () => this.refresh() });
      const word = h("span");
      return [name, { input, word, element: h(`label.pc-switch.pc-layer-${name}`, {}, input, word) }];
    }));
    const hand = (name, press) => [name, h("button.pc-button", { type: "button", "data-do": name,
      onclick: press }, h("span"))];
    this.hands = Object.fromEntries([
      hand("pause", () => this.control("pause")),
      hand("resume", () => this.control("resume", { turn: "both" })),
      hand("step_both", () => this.control("step", { turn: "both" })),
      hand("step_d", () => this.control("step", { turn: "discriminator" })),
      hand("step_g", () => this.control("step", { turn: "generator" })),
      hand("slow", () => this.slow()),
      hand("clear", () => this.clear())]);
    root.append(h("div.pc-lab-frame", {}, this.canvas, h("div.pc-lab-side", {}, this.figures,
      h("div.pc-lab-layers", {}, ...Object.values(this.switches).map(({ element }) => element)),
      h("div.pc-buttons", {}, ...Object.values(this.hands)), this.says)));
    this.refresh = throttled(() => this.draw(), 16);
    this.showFigures = throttled(() => this.closed || this.figuresNow(), 150);
    this.tellSoon = debounced(() => this.tellDrawn(), TELL_AFTER);
    this.wide = 0; // px; to ask the canvas in each picture would lay the page out each time
    this.sight = new ResizeObserver(([{ contentRect }]) => {
      this.wide = contentRect.width;
      this.refresh();
    });
    this.sight.observe(this.canvas);
    this.onEpoch = ({ detail }) => this.lookBack(detail);
    document.addEventListener("perceptorium:epoch", this.onEpoch);
    this.canvas.addEventListener("pointerdown", (event) => this.press(event));
    this.canvas.addEventListener("pointermove", (event) => event.buttons && this.press(event));
  }

  close() {
    this.closed = true;
    this.unfollow?.();
    this.sight.disconnect();
    document.removeEventListener("perceptorium:epoch", this.onEpoch);
  }

  update(data, outward) {
    const other = data.run !== this.data?.run || data.first !== this.data?.first;
    Object.assign(this, { data, outward, look: theme(this.root), say: numbers(data.lang) });
    this.laid = null; // points or colours may be others: what was drawn in advance is gone
    if (!this.unheard || data.drawn.length === this.drawn.length) {
      this.drawn = data.drawn.map((point) => [...point]);
      this.unheard = false;
    }
    if (other) this.open();
    this.showWords();
    this.refresh();
    this.showFigures();
  }

  open() {
    this.unfollow?.();
    this.unfollow = null;
    this.story = new Story();
    this.now = this.chosen = null;
    this.isSlow = false;
    if (!this.data.run) return;
    this.unfollow = this.live.follow(this.data.run, 0, (events) => this.tell(events), () => {});
  }

  tell(events) {
    let newest = null;
    for (const event of events) {
      this.story.add(event);
      if (event.kind === "lab") newest = event;
      if (event.type === "change" && event.name === "rest") this.isSlow = event.value > 0;
    }
    if (newest && !this.chosen) this.take(newest);
    this.showHands();
    this.refresh();
    this.showFigures();
  }

  take(event) {
    this.now = { ...event, points: places(event.points), mesh: places(event.mesh),
      pull: places(event.pull), surface: toBytes(event.surface) };
    this.root.dataset.covered = event.found.covered;
  }

  lookBack({ run, epoch, latest }) {
    if (run !== this.data.run) return;
    this.chosen = latest ? null : epoch;
    const kept = this.story.snapshots.get(epoch);
    if (kept?.kind === "lab") this.take(kept);
    this.refresh();
    this.showFigures();
  }

  /* ---- hands ---- */

  control(action, values = {}) {
    this.live.control(this.data.run, action, values)
      .catch((error) => setText(this.says, error.message));
  }

  slow() {
    this.isSlow = !this.isSlow;
    this.control("set", { rest: this.isSlow ? SLOW : 0 });
    this.showHands();
  }

  press(event) {
    if (!this.data.drawable || this.drawn.length >= this.data.most) return;
    if (event.type === "pointermove" && event.timeStamp - this.pressed < DRAW_GAP) return;
    this.pressed = event.timeStamp;
    const side = this.canvas.clientWidth;
    const place = [event.offsetX, side - event.offsetY].map((at) => (2 * at / side - 1) * REACH);
    const inside = (value) => Math.round(Math.max(-1, Math.min(1, value)) * 100) / 100;
    this.drawn.push(place.map(inside));
    this.changed();
  }

  clear() {
    this.drawn = [];
    this.changed();
  }

  changed() {
    this.unheard = true;
    this.refresh();
    this.tellSoon();
  }

  tellDrawn() {
    if (!this.closed) this.outward.setTriggerValue("drawn", { points: this.drawn });
  }

  /* ---- words and figures ---- */

  showWords() {
    const { words } = this.data;
    for (const [name, { word }] of Object.entries(this.switches)) setText(word, words[name]);
    for (const [name, hand] of Object.entries(this.hands)) {
      setText(hand.firstElementChild, words[name]);
    }
    this.canvas.setAttribute("aria-label", words.plane);
    this.canvas.classList.toggle("pc-drawable", this.data.drawable);
    this.showHands();
  }

  showHands() {
    const { words, mine, run, drawable } = this.data;
    const state = this.story.state?.state;
    const going = run && mine && ["running", "paused"].includes(state);
    const away = { pause: state === "paused", resume: state !== "paused" };
    for (const [name, hand] of Object.entries(this.hands)) {
      setHidden(hand, name === "clear" ? !drawable || !this.drawn.length
        : !going || (away[name] ?? false));
    }
    this.hands.slow.setAttribute("aria-pressed", String(this.isSlow));
    setText(this.says, drawable ? words.draw_here : going ? words.hands_say : words.train_first);
  }

  figuresNow() {
    const { words } = this.data;
    const { found } = this.now ?? {};
    const shown = (name) => (found ? this.say.loss(found[name]) : NOTHING);
    const pieces = found && `${Math.round(found.covered * found.pieces)} / ${found.pieces}`;
    const rows = [[words.covered, pieces ?? NOTHING],
      [words.js, shown("js")], [words.kl, shown("kl")]];
    if (this.figures.children.length !== rows.length) {
      this.figures.replaceChildren(...rows.map(() => h("div", {}, h("dt"), h("dd"))));
    }
    rows.forEach(([name, value], i) => {
      setText(this.figures.children[i].firstElementChild, name);
      setText(this.figures.children[i].lastElementChild, value);
    });
  }

  /* ---- drawing ---- */

  shows(name) { return this.switches[name].input.checked; }

  draw() {
    const side = Math.round(this.wide * devicePixelRatio);
    if (this.closed || !side || !this.data) return;
    this.layOut(side);
    if (this.canvas.width !== side) this.canvas.width = this.canvas.height = side;
    const pen = this.canvas.getContext("2d");
    const at = (x, y) => [((x / REACH + 1) / 2) * side, ((1 - y / REACH) / 2) * side];
    pen.fillStyle = css(this.look.surface);
    pen.fillRect(0, 0, side, side);
    if (this.now && this.shows("surface")) this.drawSurface(pen, side);
    if (this.now && this.shows("mesh")) this.drawMesh(pen, at);
    if (this.shows("real")) this.drawReal(pen, at, side);
    if (this.now && this.shows("made")) this.dots(pen, at, this.now.points, this.laid.made);
    if (this.now && this.shows("pull")) this.drawPull(pen, at);
    if (this.now !== this.drawnLast) this.root.dataset.updates = this.updates += 1;
    this.drawnLast = this.now;
  }

  /** Real points; while one draws, those that are drawn. */
  real() {
    return this.data.drawable && (this.unheard || !this.data.points.length)
      ? this.drawn.flat() : this.data.points;
  }

  /** What is the same in thirty pictures a second is made once: colours, dots, real points. */
  layOut(side) {
    if (this.laid?.side === side) return;
    const { look } = this;
    const colours = Array.from({ length: 256 }, (_, byte) => {
      const share = byte / 127.5 - 1;
      return mix(look.surface, share < 0 ? look.second : look.accent, 0.42 * Math.abs(share));
    });
    this.laid = { side, colours, real: dot(look.accent), made: dot(look.second), sheet: null };
  }

  drawSurface(pen, side) {
    const { surface, side: count } = this.now;
    this.small ??= new OffscreenCanvas(count, count);
    paint(this.small, { width: count, height: count, bytes: surface }, this.laid.colours);
    pen.imageSmoothingEnabled = true;
    pen.drawImage(this.small, 0, 0, side, side);
  }

  /** While one draws, the points change all the time; else they stand still. */
  drawReal(pen, at, side) {
    if (this.unheard) {
      this.dots(pen, at, this.real(), this.laid.real);
      return;
    }
    if (!this.laid.sheet) {
      this.laid.sheet = new OffscreenCanvas(side, side);
      this.dots(this.laid.sheet.getContext("2d"), at, this.real(), this.laid.real);
    }
    pen.drawImage(this.laid.sheet, 0, 0);
  }

  dots(pen, at, flat, picture) {
    for (let i = 0; i < flat.length; i += 2) {
      const [x, y] = at(flat[i], flat[i + 1]);
      pen.drawImage(picture, x - picture.width / 2, y - picture.height / 2);
    }
  }

  drawMesh(pen, at) {
    const { mesh, mesh_side: side } = this.now;
    pen.strokeStyle = css(this.look.text, 0.35);
    pen.lineWidth = devicePixelRatio;
    const line = (first, step) => {
      pen.beginPath();
      for (let i = 0; i < side; i += 1) {
        const k = 2 * (first + i * step);
        pen.lineTo(...at(mesh[k], mesh[k + 1]));
      }
      pen.stroke();
    };
    for (let i = 0; i < side; i += 1) {
      line(i * side, 1);
      line(i, side);
    }
  }

  drawPull(pen, at) {
    const { points, pull } = this.now;
    pen.strokeStyle = css(this.look.text, 0.75);
    pen.lineWidth = 1.5 * devicePixelRatio;
    for (let i = 0; i < pull.length; i += 2) {
      const [x, y] = [points[i], points[i + 1]];
      pen.beginPath();
      pen.moveTo(...at(x, y));
      pen.lineTo(...at(x + pull[i] * 0.16, y + pull[i + 1] * 0.16));
      pen.stroke();
    }
  }
}

export default component("lab", (root, live) => new Lab(root, live));
