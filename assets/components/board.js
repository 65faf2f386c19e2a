// after: live.js
// A picture or a map as a board of cells that one can point at: numbers in the cells where there
// is room, the window drawn over them.

const BOARD = 720; // px of a board's longer side, before CSS
const GRID_FROM = 14; // px a cell that get lines between them
const NUMBERS_FROM = 60; // px a cell that get their number

class Board {
  /** `onCell(row, column)` under the pointer; `onMove(down, across)` by arrow keys. */
  constructor(name, onCell, onMove) {
    this.canvas = h("canvas.pc-board", { tabindex: "0", role: "img", "data-board": name });
    this.title = h("b");
    this.size = h("span.pc-board-size");
    this.range = h("span.pc-board-range");
    this.element = h("figure.pc-board-figure", {},
      h("figcaption", {}, this.title, this.size, this.range), this.canvas);
    this.frame = [0, 0, 0, 0];
    this.marks = [];
    const point = (event) => {
      const cell = this.cellAt(event);
      if (cell) onCell(...cell);
    };
    this.canvas.addEventListener("pointermove", (event) => {
      if (event.pointerType === "mouse") point(event);
    });
    this.canvas.addEventListener("pointerdown", point);
    this.canvas.addEventListener("keydown", (event) => {
      const move = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
      if (!move[event.key]) return;
      event.preventDefault();
      onMove(...move[event.key]);
    });
  }

  words(title, says, range = "") {
    setText(this.title, title);
    setText(this.range, range);
    this.canvas.setAttribute("aria-label", says);
  }

  /** A picture: bytes 0…255 with 1 or 3 channels; `frame` is its padding: top, right, bottom, left. */
  picture(bytes, { height, width, channels }, look, frame = [0, 0, 0, 0]) {
    const colour = (at) => (channels === 3
      ? [...bytes.subarray(at * 3, at * 3 + 3)] : GREY[bytes[at]]);
    this.fill({ height, width }, look, colour, frame);
    this.number = channels === 1 ? (at) => bytes[at] / 255 : null;
    this.line = look.accent;
  }

  /** A map: its values from lowest to highest in the page's two colours, 0 in the ground's. */
  map({ height, width, values }, look) {
    let [low, high] = [0, 0];
    for (const value of values) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    const colours = ramp(look, low, high);
    const scale = 255 / ((high - low) || 1);
    this.fill({ height, width }, look, (at) => colours[Math.round((values[at] - low) * scale)]);
    this.number = (at) => values[at];
    this.line = look.text; // the map itself is in the accent's colour
    return [low, high];
  }

  fill({ height, width }, look, colour, frame = [0, 0, 0, 0]) {
    Object.assign(this, { height, width, look, colour, frame });
    this.image = new OffscreenCanvas(width, height);
    const image = new ImageData(width, height);
    for (let at = 0; at < width * height; at += 1) {
      image.data.set([...colour(at), 255], at * 4);
    }
    this.image.getContext("2d").putImageData(image, 0, 0);
    setText(this.size, `${height} × ${width}`);
  }

  cellAt(event) {
    const box = this.canvas.getBoundingClientRect();
    const [top, , , left] = this.frame;
    const column = Math.floor(((event.clientX - box.left) / box.width) * this.columns) - left;
    const row = Math.floor(((event.clientY - box.top) / box.height) * this.rows) - top;
    return this.image ? [row, column] : null;
  }

  get columns() { return this.width + this.frame[1] + this.frame[3]; }

  get rows() { return this.height + this.frame[0] + this.frame[2]; }

  /** Marks are {box: {top, left, bottom, right}, kind}; with `upto` only so many cells are shown. */
  draw(marks, upto = Infinity, say = String) {
    const scale = Math.max(2, Math.floor(BOARD / Math.max(this.columns, this.rows)));
    const [top, , , left] = this.frame;
    const { canvas, width, height, look } = this;
    canvas.width = this.columns * scale;
    canvas.height = this.rows * scale;
    const pen = canvas.getContext("2d");
    this.drawPadding(pen, scale);
    pen.save();
    pen.translate(left * scale, top * scale);
    pen.imageSmoothingEnabled = false;
    pen.drawImage(this.image, 0, 0, width * scale, height * scale);
    if (scale >= GRID_FROM) this.drawGrid(pen, scale);
    if (scale >= NUMBERS_FROM && this.number) this.drawNumbers(pen, scale, say);
    if (upto < width * height) this.cover(pen, scale, upto);
    for (const mark of marks) this.drawMark(pen, scale, mark, look);
    pen.restore();
  }

  drawPadding(pen, scale) {
    const { width, height } = pen.canvas;
    pen.fillStyle = css(this.look.surface);
    pen.fillRect(0, 0, width, height);
    if (!this.frame.some(Boolean)) return;
    pen.strokeStyle = css(this.look.border);
    pen.lineWidth = 2;
    pen.beginPath();
    for (let at = -height; at < width; at += Math.max(8, scale / 2)) {
      pen.moveTo(at, height);
      pen.lineTo(at + height, 0);
    }
    pen.stroke();
  }

  drawGrid(pen, scale) {
    pen.strokeStyle = css(this.look.background, 0.45);
    pen.lineWidth = 1;
    pen.beginPath();
    for (let row = 1; row < this.height; row += 1) {
      pen.moveTo(0, row * scale);
      pen.lineTo(this.width * scale, row * scale);
    }
    for (let column = 1; column < this.width; column += 1) {
      pen.moveTo(column * scale, 0);
      pen.lineTo(column * scale, this.height * scale);
    }
    pen.stroke();
  }

  drawNumbers(pen, scale, say) {
    pen.font = `${Math.round(scale * 0.27)}px ${this.look.font}`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    for (let at = 0; at < this.width * this.height; at += 1) {
      pen.fillStyle = css(ink(this.colour(at)));
      pen.fillText(say(this.number(at)), ((at % this.width) + 0.5) * scale,
        (Math.floor(at / this.width) + 0.5) * scale);
    }
  }

  /** Hides the cells from number `upto` on. */
  cover(pen, scale, upto) {
    const [row, column] = [Math.floor(upto / this.width), upto % this.width];
    pen.fillStyle = css(this.look.surface);
    pen.fillRect(column * scale, row * scale, (this.width - column) * scale, scale);
    pen.fillRect(0, (row + 1) * scale, this.width * scale, (this.height - row - 1) * scale);
  }

  drawMark(pen, scale, { box, kind }, look) {
    const [x, y] = [box.left * scale, box.top * scale];
    const [wide, tall] = [(box.right - box.left + 1) * scale, (box.bottom - box.top + 1) * scale];
    if (kind === "tap") {
      pen.fillStyle = css(look.accent, 0.35);
      pen.fillRect(x, y, wide, tall);
    }
    // A light line inside a dark one is seen on any picture.
    const lines = kind === "tap" ? [[look.accent, 2]]
      : [[look.background, 9], [kind === "other" ? look.second : this.line, 5]];
    for (const [colour, thick] of lines) {
      pen.strokeStyle = css(colour);
      pen.lineWidth = thick;
      pen.strokeRect(x, y, wide, tall);
    }
  }
}
