// after: plane-math.js
// The network as a picture: a column a layer, a small surface in each neuron, edges by weight.

const SURFACE_SIDE = 50; // cells of the plane in each direction
const NODE_SIDE = 25; // of a neuron's surface: it shows every second one
const GAP = 10; // px between two neurons of a column at least
const LABELS = 46; // px at the left for the names of the features
const TOP = 40; // px above the neurons for the buttons that add and remove them
const NEAR = 7; // px from an edge within which the pointer means it

/** 256 colours for -1..1: second, the page's ground, accent. `full`: how strong they become. */
function colours(look, full) {
  return Array.from({ length: 256 }, (_, byte) => {
    const share = byte / 127.5 - 1;
    return mix(look.background, share < 0 ? look.second : look.accent, full * Math.abs(share) ** 0.8);
  });
}

/** The same as one number each, as a canvas has its pixels. */
function colourTable(look, full) {
  return Uint32Array.from(colours(look, full),
    ([r, g, b]) => ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0);
}

/** Paints `side`² cells of the plane, every `stride`-th of `values` from `offset`, into a canvas. */
function paintField(canvas, side, { values, stride = 1, offset = 0, low = -1, discrete }, table) {
  if (canvas.width !== side) canvas.width = canvas.height = side;
  const image = new ImageData(side, side);
  const pixels32 = new Uint32Array(image.data.buffer);
  const scale = 255 / (1 - low);
  const every = SURFACE_SIDE / side;
  for (let i = 0; i < pixels32.length; i += 1) {
    const cell = (Math.floor(i / side) * SURFACE_SIDE + (i % side)) * every;
    let byte = (values[cell * stride + offset] - low) * scale;
    if (discrete) byte = byte > 127.5 ? 255 : 0;
    pixels32[i] = table[byte <= 0 ? 0 : byte >= 255 ? 255 : byte | 0];
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
}

/** Where everything stands: columns of {x, size, ys}, from the features to the output. */
function layOut(columns, width, height) {
  const most = Math.min(height / 11, (width / columns.length) * 0.5);
  const margin = most / 2 + 4;
  const step = (width - LABELS - 2 * margin) / Math.max(1, columns.length - 1);
  const room = height - TOP;
  return columns.map((count, i) => {
    const size = Math.min(most, room / count - GAP);
    const gap = Math.min(room / count, size + 26);
    const top = TOP + (room - gap * count) / 2 + gap / 2;
    const ys = Array.from({ length: count }, (_, j) => top + j * gap);
    return { x: LABELS + margin + i * step, size, ys };
  });
}

/** The distance of a point from the curve between two neurons. */
function distanceTo({ x1, y1, x2, y2 }, x, y) {
  let best = Infinity;
  for (let t = 0; t <= 1; t += 0.05) {
    const s = t * t * (3 - 2 * t); // close to the Bézier curve that is drawn
    best = Math.min(best, Math.hypot(x1 + (x2 - x1) * t - x, y1 + (y2 - y1) * s - y));
  }
  return best;
}

class NetView {
  /** `onPick({layer, to, from})`: a neuron (from undefined) or one of its weights was chosen. */
  constructor(onPick) {
    this.canvas = h("canvas.pc-net", { role: "img" });
    this.tip = h("output.pc-tip", { hidden: true });
    this.layer = h("div.pc-over");
    this.element = h("div.pc-net-frame", {}, this.canvas, this.layer, this.tip);
    this.fields = new Map();
    this.onPick = onPick;
    this.canvas.addEventListener("pointermove", (event) => this.hover(event));
    this.canvas.addEventListener("pointerleave", () => this.hover(null));
    this.canvas.addEventListener("click", (event) => this.click(event));
  }

  /** `all`: the names of all features; the network's own are among them. */
  show(net, all, context) {
    Object.assign(this, { net, all, ...context });
    this.canvas.setAttribute("aria-label", this.words.picture);
  }

  get columns() {
    return [this.all.length, ...this.net.sizes.slice(1)];
  }

  /** The row of a layer's value among what is drawn: features are drawn all, switched on or not. */
  row(layer, index) {
    return layer === 0 ? this.all.indexOf(this.net.features[index]) : index;
  }

  /** `answers`: of all layers, all over the plane. */
  draw(answers) {
    this.table ??= colourTable(this.look, 0.9);
    this.paintNodes(answers);
    this.redraw();
  }

  /** The same surfaces again: another edge is pointed at. */
  redraw() {
    const { clientWidth: width, clientHeight: height } = this.element;
    if (!width) return;
    const scale = devicePixelRatio || 1;
    if (this.canvas.width !== Math.round(width * scale)
      || this.canvas.height !== Math.round(height * scale)) {
      this.canvas.width = Math.round(width * scale);
      this.canvas.height = Math.round(height * scale);
    }
    this.places = layOut(this.columns, width, height);
    this.edges = this.findEdges();
    const pen = this.canvas.getContext("2d");
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    pen.clearRect(0, 0, width, height);
    for (const edge of this.edges) this.drawEdge(pen, edge);
    this.places.forEach((_, layer) => this.drawColumn(pen, layer));
    if (this.pointer) this.tell();
  }

  findEdges() {
    return this.net.layers.flatMap(({ k, m }, layer) => {
      const [left, right] = [this.places[layer], this.places[layer + 1]];
      return Array.from({ length: k * m }, (_, i) => {
        const [from, to] = [Math.floor(i / m), i % m];
        return {
          layer, from, to, weight: this.net.weight(layer, from, to),
          x1: left.x + left.size / 2, y1: left.ys[this.row(layer, from)],
          x2: right.x - right.size / 2, y2: right.ys[to],
        };
      });
    });
  }

  drawEdge(pen, { weight, x1, y1, x2, y2, layer, from, to }) {
    const size = Math.min(Math.abs(weight), 4);
    const over = this.over && this.over.layer === layer && this.over.from === from
      && this.over.to === to;
    pen.strokeStyle = css(weight < 0 ? this.look.second : this.look.accent,
      over ? 1 : Math.min(0.9, 0.12 + size / 2));
    pen.lineWidth = 0.6 + size * 1.6 + (over ? 2 : 0);
    const middle = (x1 + x2) / 2;
    pen.beginPath();
    pen.moveTo(x1, y1);
    pen.bezierCurveTo(middle, y1, middle, y2, x2, y2);
    pen.stroke();
  }

  /** The small surfaces: what each feature and neuron answers all over the plane. */
  paintNodes(answers) {
    const paintOne = (layer, index, values, stride, offset, low) => {
      const key = `${layer}.${index}`;
      if (!this.fields.has(key)) this.fields.set(key, document.createElement("canvas"));
      const discrete = this.discrete && layer === this.columns.length - 1;
      paintField(this.fields.get(key), NODE_SIDE,
        { values, stride, offset, low, discrete }, this.table);
    };
    this.paintFeatures((index, field) => paintOne(0, index, field, 1, 0));
    this.net.layers.forEach(({ m }, l) => {
      const low = l === this.net.layers.length - 1 && this.net.isClass ? 0 : -1;
      for (let to = 0; to < m; to += 1) paintOne(l + 1, to, answers[l + 1], m, to, low);
    });
  }

  /** Features stay as they are, whatever is learned. */
  paintFeatures(paint) {
    const known = [this.table, this.net.fixed, this.all.join()];
    if (known.every((each, i) => each === this.painted?.[i])) return;
    this.painted = known;
    const grid = gridPoints(SURFACE_SIDE);
    this.all.forEach((name, index) => {
      paint(index, grid.map((point) => this.net.feature(name, point) / 5));
    });
  }

  drawColumn(pen, layer) {
    const { x, size, ys } = this.places[layer];
    ys.forEach((y, index) => {
      const on = layer > 0 || this.net.features.includes(this.all[index]);
      const [left, top] = [x - size / 2, y - size / 2];
      pen.globalAlpha = on ? 1 : 0.22;
      pen.imageSmoothingEnabled = true;
      pen.drawImage(this.fields.get(`${layer}.${index}`), left, top, size, size);
      pen.strokeStyle = css(mix(this.look.background, this.look.text, 0.55));
      const picked = this.picked && this.picked.layer + 1 === layer && this.picked.to === index;
      pen.lineWidth = picked ? 3 : 1;
      if (picked) pen.strokeStyle = css(this.look.text);
      pen.strokeRect(left, top, size, size);
      pen.globalAlpha = 1;
      if (layer > 0) this.drawBias(pen, left, top + size, this.net.bias(layer - 1, index));
    });
  }

  /** A small square at the neuron's corner, as large as its bias. */
  drawBias(pen, x, y, bias) {
    const side = 2 + 5 * Math.min(1, Math.abs(bias));
    pen.fillStyle = css(bias < 0 ? this.look.second : this.look.accent);
    pen.fillRect(x - side / 2, y - side / 2, side, side);
  }

  /* ---- the pointer ---- */

  hover(event) {
    this.pointer = event && { x: event.offsetX, y: event.offsetY };
    const before = this.over;
    this.over = event && this.edgeAt(event.offsetX, event.offsetY);
    if (before !== this.over) this.redraw();
    this.tell();
  }

  tell() {
    this.tip.hidden = !this.over;
    if (!this.over) return;
    const { layer, from, to } = this.over;
    setText(this.tip, this.say.short(this.net.weight(layer, from, to)));
    this.tip.style.transform = `translate(${this.pointer.x + 10}px, ${this.pointer.y - 32}px)`;
  }

  edgeAt(x, y) {
    if (this.nodeAt(x, y)) return null;
    const [nearest] = (this.edges ?? [])
      .map((edge) => ({ edge, distance: distanceTo(edge, x, y) }))
      .sort((a, b) => a.distance - b.distance);
    return nearest?.distance < NEAR ? nearest.edge : null;
  }

  nodeAt(x, y) {
    for (const [column, { x: middle, size, ys }] of (this.places ?? []).entries()) {
      const to = ys.findIndex((at) => Math.abs(at - y) <= size / 2 + 2);
      if (column > 0 && to >= 0 && Math.abs(middle - x) <= size / 2 + 2) {
        return { layer: column - 1, to };
      }
    }
    return null;
  }

  click({ offsetX: x, offsetY: y }) {
    const what = this.nodeAt(x, y) ?? this.edgeAt(x, y);
    if (what) this.onPick(what);
  }
}
