// Convolution, pooling, and where a value comes from; the same arithmetic as
// core/insight/convolution.py. A map is {height, width, channels, values: Float64Array}, a kernel
// one matrix (rows of weights) for each channel, a window {size, stride, dilation, padding}.

/** How many pixels a window spans. */
const extent = ({ size, dilation = 1 }) => dilation * (size - 1) + 1;

/** Zeros before and after an axis of `length` pixels. */
function margins(length, window) {
  const { stride = 1, padding = "valid" } = window;
  const span = extent(window);
  if (padding === "full") return [span - 1, span - 1];
  if (padding === "valid") return [0, 0];
  const total = Math.max((Math.ceil(length / stride) - 1) * stride + span - length, 0);
  return [Math.floor(total / 2), total - Math.floor(total / 2)];
}

/** 0 or less where the window does not fit. */
function outputSize(length, window) {
  const [before, after] = margins(length, window);
  return Math.floor((length + before + after - extent(window)) / (window.stride ?? 1)) + 1;
}

/** The pixels of an axis that output `index` sees; those in the padding are outside 0…length−1. */
function taps(length, window, index) {
  const { size, stride = 1, dilation = 1 } = window;
  const first = index * stride - margins(length, window)[0];
  return Array.from({ length: size }, (_, u) => first + u * dilation);
}

/** Which output's window lies most nearly around pixel `at`. */
function outputAround(length, window, at) {
  const middle = at + margins(length, window)[0] - (extent(window) - 1) / 2;
  const index = Math.round(middle / (window.stride ?? 1));
  return Math.min(Math.max(index, 0), outputSize(length, window) - 1);
}

/** The windows of a kernel: down and across. */
function kernelWindows(kernel, window) {
  return { down: { ...window, size: kernel[0].length },
    across: { ...window, size: kernel[0][0].length } };
}

const emptyMap = (height, width) => (
  { height, width, channels: 1, values: new Float64Array(height * width) });

/** One filter: the sum over channels, rows and columns of value times weight. */
function conv2d(map, kernel, window) {
  const { down, across } = kernelWindows(kernel, window);
  const output = emptyMap(outputSize(map.height, down), outputSize(map.width, across));
  const [top] = margins(map.height, down);
  const [left] = margins(map.width, across);
  kernel.forEach((matrix, channel) => matrix.forEach((row, u) => row.forEach((weight, v) => {
    const dy = u * (down.dilation ?? 1) - top;
    const dx = v * (across.dilation ?? 1) - left;
    if (weight) addShifted(output, map, channel, weight, dy, dx, window.stride ?? 1);
  })));
  return output;
}

/** output[i, j] += weight · map[i·stride + dy, j·stride + dx, channel] */
function addShifted(output, map, channel, weight, dy, dx, stride) {
  for (let i = 0; i < output.height; i += 1) {
    const y = i * stride + dy;
    if (y < 0 || y >= map.height) continue;
    for (let j = 0; j < output.width; j += 1) {
      const x = j * stride + dx;
      if (x < 0 || x >= map.width) continue;
      output.values[i * output.width + j] +=
        weight * map.values[(y * map.width + x) * map.channels + channel];
    }
  }
}

const relu = (map) => ({ ...map, values: map.values.map((value) => Math.max(0, value)) });

const poolWindow = (size, padding = "valid") => ({ size, stride: size, dilation: 1, padding });

/** "max" or "average" of squares side by side; padding is never counted. */
function pool(map, size, kind, padding) {
  const window = poolWindow(size, padding);
  const output = emptyMap(outputSize(map.height, window), outputSize(map.width, window));
  for (let i = 0; i < output.height; i += 1) {
    for (let j = 0; j < output.width; j += 1) {
      const seen = poolValues(map, window, i, j);
      output.values[i * output.width + j] = kind === "max"
        ? Math.max(...seen) : seen.reduce((sum, value) => sum + value, 0) / seen.length;
    }
  }
  return output;
}

/** The values in one pooling square, those in the padding left out. */
function poolValues(map, window, i, j) {
  const columns = taps(map.width, window, j).filter((x) => x >= 0 && x < map.width);
  return taps(map.height, window, i).filter((y) => y >= 0 && y < map.height)
    .flatMap((y) => columns.map((x) => map.values[y * map.width + x]));
}

/** The part of a layer's input that a part of its output sees; edges inclusive. */
function seenBy({ down, across, input }, { top, left, bottom, right }) {
  if (!down) return { top, left, bottom, right }; // value by value
  const side = (length, window, from, to) => [
    taps(length, window, from)[0], taps(length, window, to).at(-1)];
  const [first, last] = side(input.height, down, top, bottom);
  const [start, end] = side(input.width, across, left, right);
  return { top: first, left: start, bottom: last, right: end };
}

/** n·side pixels a side and 3 channels → side pixels and `channels`, as core/data/samples.py. */
function shrink(bytes, from, side, channels) {
  const n = from / side;
  const small = new Uint8Array(side * side * channels);
  const mean = (i, j, c) => {
    let sum = 0;
    for (let y = i * n; y < (i + 1) * n; y += 1) {
      for (let x = j * n; x < (j + 1) * n; x += 1) sum += bytes[(y * from + x) * 3 + c];
    }
    return Math.floor((2 * sum + n * n) / (2 * n * n));
  };
  for (let at = 0; at < side * side; at += 1) {
    const rgb = [0, 1, 2].map((c) => mean(Math.floor(at / side), at % side, c));
    if (channels === 3) small.set(rgb, at * 3);
    else small[at] = Math.floor((299 * rgb[0] + 587 * rgb[1] + 114 * rgb[2] + 500) / 1000);
  }
  return small;
}

/** Bytes 0…255 as a map of values 0…1. */
function toMap(bytes, side, channels) {
  return { height: side, width: side, channels, values: Float64Array.from(bytes, (b) => b / 255) };
}
