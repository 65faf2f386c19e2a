// after: live.js
// The network of this room in the browser: forward, backward and surfaces, from its weights.
// The same sums as core/models/neuron.py; a test compares the two.

const EDGE = 6; // the plane reaches from -EDGE to EDGE
const GELU_SCALE = Math.sqrt(2 / Math.PI);
const GELU_CUBE = 0.044715;
const LEAK = 0.1;

const geluBend = (z) => Math.tanh(GELU_SCALE * (z + GELU_CUBE * z ** 3));
const sigmoid = (z) => 0.5 + 0.5 * Math.tanh(z / 2);

/** Each activation f(z) and its derivative, given z and a = f(z). */
const BENDS = {
  linear: [(z) => z, () => 1],
  relu: [(z) => Math.max(z, 0), (z) => (z > 0 ? 1 : 0)],
  leaky_relu: [(z) => (z > 0 ? z : LEAK * z), (z) => (z > 0 ? 1 : LEAK)],
  tanh: [Math.tanh, (z, a) => 1 - a * a],
  sigmoid: [sigmoid, (z, a) => a * (1 - a)],
  gelu: [(z) => 0.5 * z * (1 + geluBend(z)), (z) => {
    const bend = geluBend(z);
    return 0.5 * (1 + bend)
      + 0.5 * z * (1 - bend * bend) * GELU_SCALE * (1 + 3 * GELU_CUBE * z * z);
  }],
};

/** All features of a point, by the names of their hyperparameters. */
const FEATURES = {
  x1: (x1) => x1,
  x2: (x1, x2) => x2,
  x1_squared: (x1) => x1 * x1,
  x2_squared: (x1, x2) => x2 * x2,
  x1_x2: (x1, x2) => x1 * x2,
  sin_x1: (x1) => Math.sin(x1),
  sin_x2: (x1, x2) => Math.sin(x2),
};

const sum = (list) => list.reduce((total, value) => total + value, 0);

/** Where a layer's weights and biases lie in `theta`: W (k, m) row by row, then b (m). */
function places(sizes) {
  let at = 0;
  return sizes.slice(1).map((m, i) => {
    const k = sizes[i];
    const place = { k, m, weights: at, biases: at + k * m };
    at += (k + 1) * m;
    return place;
  });
}

/** A network: which features it receives, its sizes, its activations, its numbers. */
class Net {
  fixed = []; // where the plane lies in a table's further columns, the third one first
  grids = new Map(); // cells a side → features of the whole plane

  constructor({ features, sizes, bends, theta }) {
    Object.assign(this, { features, sizes, bends });
    this.layers = places(sizes);
    this.theta = Float64Array.from(theta);
  }

  /** Lays the plane elsewhere in a table's further columns. */
  fix(values) {
    this.fixed = values;
    this.grids.clear();
  }

  get parameters() { return this.theta.length; }

  get isClass() { return this.bends.at(-1) === "sigmoid"; }

  weight(layer, from, to) {
    const { weights, m } = this.layers[layer];
    return this.theta[weights + from * m + to];
  }

  bias(layer, to) {
    return this.theta[this.layers[layer].biases + to];
  }

  /** One feature of a point [x1, x2, y, a table's further columns …]; a place of the plane
      without those lies where the plane lies. */
  feature(name, point) {
    if (FEATURES[name]) return FEATURES[name](point[0], point[1]);
    const column = Number(name.slice("column".length));
    return point[column + 1] ?? this.fixed[column - 2] ?? 0;
  }

  /** Features of many points as one array (n × k). */
  inputs(points) {
    const k = this.features.length;
    const values = new Float64Array(points.length * k);
    points.forEach((point, i) => this.features.forEach((name, j) => {
      values[i * k + j] = this.feature(name, point);
    }));
    return values;
  }

  /** Answers of all layers at the middles of `side` × `side` cells of the plane. */
  overPlane(side) {
    if (!this.grids.has(side)) this.grids.set(side, this.inputs(gridPoints(side)));
    return this.forward(this.grids.get(side), side * side).values;
  }

  /** `sums[l]` and `values[l + 1]` (n × m) of all layers; `values[0]` are the inputs (n × k). */
  forward(inputs, n) {
    const sums = [];
    const values = [inputs];
    this.layers.forEach(({ k, m, weights, biases }, l) => {
      const before = values[l];
      const z = new Float64Array(n * m);
      const a = new Float64Array(n * m);
      const [bend] = BENDS[this.bends[l]];
      for (let i = 0; i < n; i += 1) {
        for (let to = 0; to < m; to += 1) {
          let total = this.theta[biases + to];
          for (let from = 0; from < k; from += 1) {
            total += before[i * k + from] * this.theta[weights + from * m + to];
          }
          z[i * m + to] = total;
          a[i * m + to] = bend(total);
        }
      }
      sums.push(z);
      values.push(a);
    });
    return { sums, values };
  }

  /** The gradient of the mean loss, laid out like `theta`, and the deltas of all layers. */
  backward({ sums, values }, targets) {
    const n = targets.length;
    const gradient = new Float64Array(this.theta.length);
    const deltas = [];
    let delta = values.at(-1).map((answer, i) => (answer - targets[i]) / n);
    for (let l = this.layers.length - 1; l >= 0; l -= 1) {
      deltas[l] = delta;
      this.blame(l, delta, values[l], n, gradient);
      if (l) delta = this.carryBack(l, delta, sums[l - 1], values[l], n);
    }
    return { gradient, deltas };
  }

  blame(l, delta, before, n, gradient) {
    const { k, m, weights, biases } = this.layers[l];
    for (let i = 0; i < n; i += 1) {
      for (let to = 0; to < m; to += 1) {
        const d = delta[i * m + to];
        gradient[biases + to] += d;
        for (let from = 0; from < k; from += 1) {
          gradient[weights + from * m + to] += before[i * k + from] * d;
        }
      }
    }
  }

  carryBack(l, delta, z, a, n) {
    const { k, m } = this.layers[l];
    const [, slope] = BENDS[this.bends[l - 1]];
    const back = new Float64Array(n * k);
    for (let i = 0; i < n; i += 1) {
      for (let from = 0; from < k; from += 1) {
        let total = 0;
        for (let to = 0; to < m; to += 1) total += delta[i * m + to] * this.weight(l, from, to);
        const at = i * k + from;
        back[at] = total * slope(z[at], a[at]);
      }
    }
    return back;
  }

  /** The mean loss: the surprise at the true class, or half the squared error. */
  loss({ sums }, targets) {
    const z = sums.at(-1);
    const one = this.isClass
      ? (s, y) => Math.max(s, 0) + Math.log1p(Math.exp(-Math.abs(s))) - y * s
      : (s, y) => (s - y) ** 2 / 2;
    return sum(targets.map((y, i) => one(z[i], y))) / targets.length;
  }
}

/** The middles of `side` × `side` cells that cover the plane, from the top left. */
function gridPoints(side) {
  const at = (i) => ((i + 0.5) / side) * 2 * EDGE - EDGE;
  return Array.from({ length: side * side }, (_, i) => [at(i % side), -at(Math.floor(i / side))]);
}

/** The weights in a `frame` or `snapshot` event: float32, little-endian, in base64. */
function readTheta({ theta }) {
  const bytes = toBytes(theta);
  return Float64Array.from(new Float32Array(bytes.buffer, 0, bytes.length / 4));
}

/** `count` bins of equal width over values: {low, high, counts}. */
function histogram(values, count) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const width = (high - low) / count || 1;
  const counts = new Array(count).fill(0);
  for (const value of values) counts[Math.min(count - 1, Math.floor((value - low) / width))] += 1;
  return { low, high, counts };
}
