// after: live.js
// The network drawn: a block for each layer, with its shape and a glimpse of what it makes of one
// picture. A block is a button that opens its layer.

const SIDE = [22, 64]; // px of a block's face for the smallest and the largest map
const SHEETS = 4; // maps that lie on top of each other
const LIFT = 4; // px between two of them
const COLUMN = { width: 10, cell: 4, most: 18 }; // a row of values stands upright
const SMALL = ["norm", "activation", "dropout", "flatten"]; // they change values, not the picture

class Network {
  /** `onOpen(name)`: a layer was chosen. */
  constructor(onOpen) {
    this.onOpen = onOpen;
    this.element = h("div.pc-net", { role: "listbox" });
  }

  /** `layers` as the answer tells them, the input first; `opened`: a layer's name. */
  show(layers, { input, opened, look, words, flows }) {
    const key = JSON.stringify(layers.map(({ name, shape }) => [name, shape]));
    if (this.key !== key) this.build(layers, key);
    this.element.setAttribute("aria-label", words.network);
    const largest = Math.max(...layers.map(({ height }) => height));
    layers.forEach((layer, i) => {
      const node = this.element.children[i];
      const kind = words[`kind_${layer.kind}`] ?? layer.kind;
      setText(node.querySelector(".pc-node-kind"), layer.kind === "input" ? words.input : kind);
      node.setAttribute("aria-label", `${kind} ${layer.name} ${layer.shape.join(" × ")}`);
      node.setAttribute("aria-selected", String(layer.name === opened));
      const face = node.querySelector("canvas");
      if (layer.kind === "input") drawSheets(face, [input], largest, look);
      else if (layer.height === 1) drawColumn(face, layer, look);
      else drawSheets(face, sheets(layer, look), largest, look);
    });
    if (flows) this.flow();
  }

  build(layers, key) {
    this.key = key;
    this.element.replaceChildren(...layers.map(({ name, kind, shape }, i) => {
      const node = h("button.pc-node", { type: "button", role: "option", "data-cell": name,
        "data-layer": name, onclick: () => this.onOpen(name) },
        h("span.pc-face", {}, h("canvas", { "aria-hidden": "true" })),
        h("b.pc-node-kind"), h("span.pc-node-name", { lang: "en" }, kind === "input" ? "" : name),
        h("span.pc-node-shape", {}, shape.join("×")));
      node.classList.toggle("pc-node-small", SMALL.includes(kind));
      node.style.setProperty("--pc-turn", i);
      return node;
    }));
    roving(this.element);
  }

  /** The picture goes through: the blocks light up one after another. */
  flow() {
    this.element.classList.remove("pc-flows");
    void this.element.offsetWidth; // so that the animation begins anew
    this.element.classList.add("pc-flows");
  }
}

/** The first maps of a layer as coloured pictures. */
function sheets(layer, look) {
  const colours = ramp(look, layer.low, layer.high);
  return unpack(layer, layer.count).slice(0, SHEETS).map((map) => ({ ...map, colours }));
}

/** Maps as sheets that lie on each other, the first in front. */
function drawSheets(canvas, maps, largest, look) {
  const dense = globalThis.devicePixelRatio || 1;
  const { width, height } = maps[0];
  const side = SIDE[0] + (SIDE[1] - SIDE[0]) * Math.sqrt(height / largest);
  const across = side * (width / height);
  const lift = LIFT * (maps.length - 1);
  const pen = sized(canvas, across + lift, side + lift, dense);
  const single = new OffscreenCanvas(width, height);
  [...maps].reverse().forEach((map, i) => {
    paint(single, map, map.colours);
    const [x, y] = [LIFT * (maps.length - 1 - i), LIFT * i];
    pen.drawImage(single, x, y, across, side);
    pen.strokeStyle = css(look.background);
    pen.strokeRect(x, y, across, side);
  });
}

/** A row of values, standing upright; of many only a part that is spread evenly. */
function drawColumn(canvas, { width: units, low, high, data }, look) {
  const count = Math.min(units, COLUMN.most);
  const pen = sized(canvas, COLUMN.width, count * COLUMN.cell, globalThis.devicePixelRatio || 1);
  const [values, colours] = [toBytes(data), ramp(look, low, high)];
  for (let i = 0; i < count; i += 1) {
    pen.fillStyle = css(colours[values[Math.floor((i * units) / count)]]);
    pen.fillRect(0, i * COLUMN.cell, COLUMN.width, COLUMN.cell - 0.5);
  }
}

/** The pen of a canvas of so many CSS pixels, wiped. */
function sized(canvas, width, height, dense) {
  canvas.width = Math.ceil(width * dense);
  canvas.height = Math.ceil(height * dense);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const pen = canvas.getContext("2d");
  pen.scale(dense, dense);
  pen.imageSmoothingEnabled = false;
  return pen;
}
