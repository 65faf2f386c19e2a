// after: plane-net.js
// The output all over the plane, with the points on it: to look at, to ask, to draw on.

const DOT = 3.6; // px, the radius of a point
const REACH = 0.5; // how near a point must be to be erased, in units of the plane

class SurfaceView {
  /** `onPoint([x1, x2])`: the visitor clicked there. */
  constructor(onPoint) {
    this.canvas = h("canvas.pc-surface", { role: "img", tabindex: "0" });
    this.field = document.createElement("canvas");
    this.sheet = document.createElement("canvas");
    this.canvas.addEventListener("click", ({ offsetX, offsetY }) => {
      const { clientWidth: side } = this.canvas;
      onPoint([(offsetX / side) * 2 * EDGE - EDGE, EDGE - (offsetY / side) * 2 * EDGE]);
    });
    this.canvas.addEventListener("keydown", (event) => this.walk(event, onPoint));
  }

  /** Arrow keys move the place that is asked, so that no pointer is needed. */
  walk(event, onPoint) {
    const step = { ArrowLeft: [-0.5, 0], ArrowRight: [0.5, 0], ArrowUp: [0, 0.5],
      ArrowDown: [0, -0.5] }[event.key];
    if (!step) return;
    event.preventDefault();
    const [x1, x2] = this.asked ?? [0, 0];
    const inside = (value) => Math.max(-EDGE, Math.min(EDGE, value));
    onPoint([inside(x1 + step[0]), inside(x2 + step[1])]);
  }

  show(net, points, context) {
    Object.assign(this, { net, points, ...context });
    this.canvas.setAttribute("aria-label", this.words.surface);
  }

  /** `values`: the network's answers all over the plane. */
  draw(values) {
    const { clientWidth: side } = this.canvas;
    if (!side) return;
    const scale = devicePixelRatio || 1;
    if (this.canvas.width !== Math.round(side * scale)) {
      this.canvas.width = this.canvas.height = Math.round(side * scale);
    }
    this.table ??= colourTable(this.look, 0.6);
    const low = this.net.isClass ? 0 : -1;
    paintField(this.field, SURFACE_SIDE, { values, low, discrete: this.discrete }, this.table);
    const pen = this.canvas.getContext("2d");
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    pen.imageSmoothingEnabled = !this.discrete;
    pen.drawImage(this.field, 0, 0, side, side);
    this.layPoints(side, scale);
    pen.drawImage(this.sheet, 0, 0, side, side);
    if (this.asked) this.drawAsked(pen, side);
  }

  /** The points have a sheet of their own: hundreds of circles are dear, and rarely change. */
  layPoints(side, scale) {
    const { train, val, test } = this.points;
    const laid = [train, train.length, val, test, this.testShown, this.look, this.canvas.width];
    if (laid.every((each, i) => each === this.laid?.[i])) return;
    this.laid = laid;
    this.sheet.width = this.sheet.height = this.canvas.width; // clears it, too
    const pen = this.sheet.getContext("2d");
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    if (this.testShown) this.drawPoints(pen, [...val, ...test], side, true);
    this.drawPoints(pen, train, side, false);
  }

  place([x1, x2], side) {
    return [((x1 + EDGE) / (2 * EDGE)) * side, ((EDGE - x2) / (2 * EDGE)) * side];
  }

  drawPoints(pen, points, side, hollow) {
    const low = this.net.isClass ? 0 : -1;
    this.shades ??= colours(this.look, 1).map((shade) => css(shade));
    pen.lineWidth = hollow ? 1.8 : 1;
    for (const [x1, x2, y] of points) {
      const [x, up] = this.place([x1, x2], side);
      const share = (y - low) / (1 - low);
      const colour = this.shades[Math.round(share * 255)];
      pen.beginPath();
      pen.arc(x, up, DOT, 0, 2 * Math.PI);
      pen.fillStyle = hollow ? css(this.look.background) : colour;
      pen.strokeStyle = hollow ? colour : css(this.look.background);
      pen.fill();
      pen.stroke();
    }
  }

  drawAsked(pen, side) {
    const [x, y] = this.place(this.asked, side);
    pen.strokeStyle = css(this.look.text);
    pen.lineWidth = 2;
    pen.beginPath();
    pen.arc(x, y, 9, 0, 2 * Math.PI);
    pen.moveTo(x - 15, y);
    pen.lineTo(x - 4, y);
    pen.moveTo(x + 4, y);
    pen.lineTo(x + 15, y);
    pen.moveTo(x, y - 15);
    pen.lineTo(x, y - 4);
    pen.moveTo(x, y + 4);
    pen.lineTo(x, y + 15);
    pen.stroke();
  }

  /** What the network answers at a place. */
  answer([x1, x2]) {
    return this.net.forward(this.net.inputs([[x1, x2]]), 1).values.at(-1)[0];
  }
}

/** The index of the point nearest to a place, or -1 if none is within reach. */
function nearestPoint(points, [x1, x2]) {
  let best = { index: -1, distance: REACH };
  points.forEach((point, index) => {
    const distance = Math.hypot(point[0] - x1, point[1] - x2);
    if (distance < best.distance) best = { index, distance };
  });
  return best.index;
}
