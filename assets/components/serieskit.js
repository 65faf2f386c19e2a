// after: live.js
// What the modules on series share: a canvas with places to the right and values upwards.

const AXIS = { left: 3.4, right: 0.6, top: 0.7, bottom: 1.7 }; // of the letters' size

class SeriesChart {
  constructor(name, attributes = {}) {
    this.canvas = h(`canvas.pc-series.${name}`, { role: "img", ...attributes });
    this.pen = this.canvas.getContext("2d");
  }

  /** A clean sheet with its axes. `range`: {from, to, low, high}; `ticks`: [place, words]. */
  begin(look, range, ticks = [], values = true) {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const scale = devicePixelRatio || 1;
    if (this.canvas.width !== Math.round(width * scale)) this.canvas.width = width * scale;
    if (this.canvas.height !== Math.round(height * scale)) this.canvas.height = height * scale;
    const size = Math.round(look.size * 0.8);
    const flat = values ? 0 : size * (AXIS.left - 0.6);
    Object.assign(this, { look, range, size, width, height,
      box: { x: size * AXIS.left - flat, y: size * AXIS.top,
        w: Math.max(1, width - size * (AXIS.left + AXIS.right) + flat),
        h: Math.max(1, height - size * (AXIS.top + AXIS.bottom)) } });
    const { pen, box } = this;
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    pen.clearRect(0, 0, width, height);
    pen.font = `${size}px ${look.font}`;
    pen.lineJoin = "round";
    if (values) this.grid();
    let free = -Infinity;
    for (const [place, words] of ticks) {
      const half = pen.measureText(words).width / 2;
      const x = Math.min(Math.max(this.x(place), half), width - half);
      if (place < range.from || place > range.to || x - half < free + size) continue;
      free = x + half;
      this.word(words, x, box.y + box.h + size * 1.35, look.soft, "center");
    }
    return pen;
  }

  grid() {
    const { range, look, box, pen, size } = this;
    const step = roundStep((range.high - range.low) / Math.max(2, box.h / (size * 3.2)));
    pen.strokeStyle = css(mix(look.background, look.text, 0.1));
    pen.lineWidth = 1;
    for (let value = Math.ceil(range.low / step) * step; value <= range.high; value += step) {
      const y = Math.round(this.y(value)) + 0.5;
      pen.beginPath();
      pen.moveTo(box.x, y);
      pen.lineTo(box.x + box.w, y);
      pen.stroke();
      this.word(shortNumber(value, step), box.x - size * 0.5, y + size * 0.35, look.soft, "right");
    }
  }

  x(place) {
    const { from, to } = this.range;
    return this.box.x + ((place - from) / (to - from || 1)) * this.box.w;
  }

  y(value) {
    const { low, high } = this.range;
    return this.box.y + this.box.h * (1 - (value - low) / (high - low || 1));
  }

  /** Which place and value lie under a pointer. */
  at(event) {
    const { left, top } = this.canvas.getBoundingClientRect();
    const { from, to, low, high } = this.range;
    return {
      place: from + ((event.clientX - left - this.box.x) / this.box.w) * (to - from),
      value: low + (1 - (event.clientY - top - this.box.y) / this.box.h) * (high - low),
    };
  }

  word(text, x, y, colour, align = "left", weight = "") {
    const { pen, size, look } = this;
    pen.font = `${weight} ${size}px ${look.font}`;
    pen.textAlign = align;
    pen.fillStyle = css(colour);
    pen.fillText(text, x, y);
  }

  /** `values` from place `from` on; what is no number leaves a gap. */
  line(values, from, colour, width = 1.5, alpha = 1, dash = []) {
    const { pen } = this;
    pen.strokeStyle = css(colour, alpha);
    pen.lineWidth = width;
    pen.setLineDash(dash);
    pen.beginPath();
    let drawing = false;
    values.forEach((value, i) => {
      if (value == null) { drawing = false; return; }
      const [x, y] = [this.x(from + i), this.y(value)];
      if (drawing) pen.lineTo(x, y); else pen.moveTo(x, y);
      drawing = true;
    });
    pen.stroke();
    pen.setLineDash([]);
  }

  band(low, high, from, colour, alpha) {
    if (!low.length) return;
    const { pen } = this;
    pen.fillStyle = css(colour, alpha);
    pen.beginPath();
    low.forEach((value, i) => pen.lineTo(this.x(from + i), this.y(value)));
    for (let i = high.length - 1; i >= 0; i -= 1) pen.lineTo(this.x(from + i), this.y(high[i]));
    pen.fill();
  }

  /** A stretch of the axis, from top to bottom. */
  stretch(from, to, colour, alpha) {
    const { pen, box } = this;
    pen.fillStyle = css(colour, alpha);
    pen.fillRect(this.x(from), box.y, this.x(to) - this.x(from), box.h);
  }

  upright(place, colour, dash = []) {
    const { pen, box } = this;
    pen.strokeStyle = css(colour);
    pen.lineWidth = 1;
    pen.setLineDash(dash);
    pen.beginPath();
    pen.moveTo(this.x(place), box.y);
    pen.lineTo(this.x(place), box.y + box.h);
    pen.stroke();
    pen.setLineDash([]);
  }

  dot(place, value, colour, radius = 4) {
    const { pen } = this;
    pen.fillStyle = css(colour);
    pen.beginPath();
    pen.arc(this.x(place), this.y(value), radius, 0, 2 * Math.PI);
    pen.fill();
  }
}

/** 1, 2 or 5 times a power of ten, not below `value`. */
function roundStep(value) {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].find((digit) => digit * power >= value * 0.999) * power;
}

const shortNumber = (value, step) => (Math.abs(value) < step / 1e6 ? "0"
  : value.toFixed(Math.max(0, -Math.floor(Math.log10(step) + 1e-9)))).replace("-", "−");

/** The range of all these values, with some air. */
function spanOf(lists, air = 0.08) {
  let [low, high] = [Infinity, -Infinity];
  for (const list of lists) {
    for (const value of list) {
      if (value == null) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  if (!Number.isFinite(low)) return { low: 0, high: 1 };
  const room = (high - low || Math.abs(high) || 1) * air;
  return { low: low - room, high: high + room };
}

/** A slider with its words above it. */
function ruler(name, oninput, bounds) {
  const input = h("input.pc-range", { type: "range", "data-hand": name, ...bounds,
    oninput: () => oninput(Number(input.value)) });
  const label = h("span");
  return { input, label, element: h("label.pc-series-slider", {}, label, input) };
}
