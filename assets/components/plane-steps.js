// after: plane-math.js
// Backpropagation for one example, step by step: the numbers that flow forward and back, and the
// chain rule written out with them.

const FEW = 6; // terms of a sum that are written out
const SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉";
const SIGNS = { tanh: "tanh", relu: "ReLU", leaky_relu: "leaky ReLU", sigmoid: "σ", gelu: "GELU",
  linear: "" };

const sub = (number) => String(number).replace(/\d/g, (digit) => SUBSCRIPTS[digit]);
const sup = (number) => String(number).replace(/\d/g, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]);

/** A number as it stands in a formula; negative ones in brackets where they follow a sign. */
function figure(value, inside = false) {
  const tiny = value !== 0 && Math.abs(value) < 0.0005;
  const digits = tiny ? value.toExponential(1) : (Object.is(value, -0) ? 0 : value).toFixed(3);
  const text = digits.replaceAll("-", "−");
  return inside && value < 0 ? `(${text})` : text;
}

/** "0.3·1.2 + (−0.5)·0.4 + …" of pairs of factors. */
function products(pairs) {
  const shown = pairs.slice(0, FEW).map(([a, b]) => `${figure(a, true)}·${figure(b, true)}`);
  return [...shown, ...(pairs.length > FEW ? ["…"] : [])].join(" + ");
}

/** Everything that happens with one example, from its features to the change of each weight. */
function walkThrough(net, point, rate) {
  const [, , y] = point;
  const told = net.forward(net.inputs([point]), 1);
  const { gradient, deltas } = net.backward(told, [y]);
  const last = net.layers.length - 1;
  const steps = [{ kind: "inputs", layer: 0, formula: "a⁰ = features(x₁, x₂)",
    lines: [...told.values[0]].map((value, i) => [net.features[i], figure(value)]) }];
  for (let l = 0; l <= last; l += 1) steps.push(forwardStep(net, told, l));
  steps.push(lossStep(net, told, y, last));
  for (let l = last; l >= 0; l -= 1) {
    steps.push(deltaStep(net, told, deltas, l, y));
    steps.push(gradientStep(net, told, deltas, gradient, l, rate));
  }
  return steps;
}

function forwardStep(net, { sums, values }, l) {
  const { k, m } = net.layers[l];
  const name = SIGNS[net.bends[l]];
  const n = sup(l + 1);
  return {
    kind: "forward", layer: l + 1, formula: `z${n} = W${n}ᵀ·a${sup(l)} + b${n},  a${n} = ${name || "id"}(z${n})`,
    lines: Array.from({ length: m }, (_, j) => {
      const pairs = Array.from({ length: k }, (__, i) => [net.weight(l, i, j), values[l][i]]);
      const z = `${products(pairs)} + ${figure(net.bias(l, j), true)} = ${figure(sums[l][j])}`;
      return [`z${sub(j + 1)}`, `${z}  →  a${sub(j + 1)} = ${name}${name ? "(" : ""}`
        + `${figure(sums[l][j])}${name ? ")" : ""} = ${figure(values[l + 1][j])}`];
    }),
  };
}

function lossStep(net, told, y, last) {
  const [z, a] = [told.sums[last][0], told.values[last + 1][0]];
  const loss = figure(net.loss(told, [y]));
  if (!net.isClass) {
    return { kind: "loss", layer: last + 1, formula: "L = ½·(a − y)²",
      lines: [["L", `½·(${figure(a)} − ${figure(y, true)})² = ${loss}`]] };
  }
  const share = y > 0.5 ? a : 1 - a;
  return { kind: "loss", layer: last + 1, formula: "L = −y·log p − (1 − y)·log(1 − p),  p = σ(z)",
    lines: [["p", `σ(${figure(z)}) = ${figure(a)}`], ["y", figure(y)],
      ["L", `−log ${figure(share)} = ${loss}`]] };
}

function deltaStep(net, { sums, values }, deltas, l, y) {
  const { m } = net.layers[l];
  const n = sup(l + 1);
  if (l === net.layers.length - 1) {
    return { kind: "delta", layer: l + 1, formula: `δ${n} = ∂L/∂z${n} = a${n} − y`,
      lines: [["δ₁", `${figure(values[l + 1][0])} − ${figure(y, true)} = ${figure(deltas[l][0])}`]] };
  }
  const slope = BENDS[net.bends[l]][1];
  const next = net.layers[l + 1].m;
  return {
    kind: "delta", layer: l + 1,
    formula: `δ${n} = ∂L/∂z${n} = ∂a${n}/∂z${n} · ∂z${sup(l + 2)}/∂a${n} · ∂L/∂z${sup(l + 2)} = f′(z${n}) · (W${sup(l + 2)}·δ${sup(l + 2)})`,
    lines: Array.from({ length: m }, (_, j) => {
      const pairs = Array.from({ length: next }, (__, i) => [net.weight(l + 1, j, i), deltas[l + 1][i]]);
      const f = slope(sums[l][j], values[l + 1][j]);
      return [`δ${sub(j + 1)}`,
        `${figure(f)} · (${products(pairs)}) = ${figure(deltas[l][j])}`];
    }),
  };
}

function gradientStep(net, { values }, deltas, gradient, l, rate) {
  const { k, m, weights, biases } = net.layers[l];
  const n = sup(l + 1);
  const eta = Number(rate.toPrecision(3));
  const moved = (old, g) => `${figure(old)} − ${eta}·${figure(g, true)} = ${figure(old - eta * g)}`;
  const lines = [];
  for (let j = 0; j < m && lines.length < 2 * FEW; j += 1) {
    for (let i = 0; i < k && lines.length < 2 * FEW; i += 1) {
      const g = gradient[weights + i * m + j];
      lines.push([`w${sub(i + 1)}${sub(j + 1)}`, `${figure(values[l][i])}·${figure(deltas[l][j], true)}`
        + ` = ${figure(g)}  →  w ← ${moved(net.weight(l, i, j), g)}`]);
    }
    const g = gradient[biases + j];
    lines.push([`b${sub(j + 1)}`, `${figure(g)}  →  b ← ${moved(net.bias(l, j), g)}`]);
  }
  return { kind: "update", layer: l + 1,
    formula: `∂L/∂W${n} = a${sup(l)}·δ${n}ᵀ,  ∂L/∂b${n} = δ${n},  w ← w − η·∂L/∂w`, lines };
}
