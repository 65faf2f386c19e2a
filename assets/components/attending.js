// after: kit.js
// Two sentences and what lies between them: pieces, lines of attention, and the same as a matrix.

const FAINT = 0.04; // attention below it is not drawn as a line

/** Attention of `targets + 1` rows over `sources` columns, 0..1, from packed bytes. */
function unpackAttention(packed, sources) {
  if (!packed) return null;
  const bytes = toBytes(packed);
  return Array.from({ length: bytes.length / sources }, (_, row) => (
    Array.from({ length: sources }, (__, column) => bytes[row * sources + column] / 255)));
}

/** The pieces of the sentence that was read; unknown ones are marked, not by colour alone. */
function sourcePieces({ source, unknown }, words) {
  return source.map((piece, i) => {
    const attributes = unknown[i] ? { title: words.unknown_piece } : {};
    return h(`span.pc-piece${unknown[i] ? ".pc-unknown" : ""}`, { translate: "no", ...attributes }, piece);
  });
}

/**
 * Rows are the pieces that were written, columns those that were read; dark where a piece looked.
 * `say` writes a share; the cell under the pointer is told in `told`.
 */
function attentionTable({ source, unknown, target }, weights, { look, words, say }, told) {
  const rows = [...target, words.end];
  const head = h("tr", {}, h("td"), ...source.map((piece, i) => (
    h(`th${unknown[i] ? ".pc-unknown" : ""}`, { scope: "col", translate: "no" }, h("span", {}, piece)))));
  const body = rows.map((piece, row) => {
    const last = row === target.length;
    return h("tr", {}, h(`th${last ? ".pc-end" : ""}`, { scope: "row", translate: last ? null : "no" }, piece),
      ...source.map((word, column) => {
        const share = weights[row]?.[column] ?? 0;
        const cell = h("td", { onmouseenter: () => told && setText(told, fill(words.looks, {
          a: piece, b: word, share: say.percent(share) })) });
        cell.style.background = css(mix(look.surface, look.accent, Math.sqrt(share)));
        return cell;
      }));
  });
  const best = (row) => source[row.indexOf(Math.max(...row))];
  const label = target.map((piece, row) => `${piece} ← ${weights[row] ? best(weights[row]) : NOTHING}`);
  return h("table.pc-attention", { "aria-label": label.join(", ") },
    h("thead", {}, head), h("tbody", {}, ...body));
}

/** Lines from one written piece to the pieces that it looked at, as thick as it looked. */
function attentionLines(canvas, host, from, pieces, weights, look) {
  const area = host.getBoundingClientRect();
  const ratio = globalThis.devicePixelRatio || 1;
  canvas.width = Math.round(area.width * ratio);
  canvas.height = Math.round(area.height * ratio);
  const pen = canvas.getContext("2d");
  pen.scale(ratio, ratio);
  if (!from || !weights) return;
  const middle = (element, edge) => {
    const box = element.getBoundingClientRect();
    return [box.left + box.width / 2 - area.left, box[edge] - area.top];
  };
  const [x, y] = middle(from, "top");
  pen.lineCap = "round";
  pieces.forEach((piece, i) => {
    if (weights[i] < FAINT) return;
    const [toX, toY] = middle(piece, "bottom");
    pen.beginPath();
    pen.moveTo(x, y);
    pen.bezierCurveTo(x, (y + toY) / 2, toX, (y + toY) / 2, toX, toY);
    pen.lineWidth = 1 + 9 * weights[i];
    pen.strokeStyle = css(look.accent, 0.25 + 0.6 * weights[i]);
    pen.stroke();
  });
}
