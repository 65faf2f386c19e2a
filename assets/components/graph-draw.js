// after: live.js hues.js
// How a graph is drawn: nodes coloured by class and certainty, squares for those that are known.

const EDGE = 18; // px around the picture
const NAMED = 60; // nodes up to which their names stand in them
const EASE = 0.3; // of the way that a node goes in one frame

/** Four bytes a node: class, certainty, place in the plane. */
function read({ nodes }) {
  const bytes = toBytes(nodes);
  return Array.from({ length: bytes.length / 4 }, (_, i) => {
    const [label, sure, x, y] = bytes.subarray(4 * i, 4 * i + 4);
    return { label, sure: sure / 255, place: [(x - 128) / 127, (y - 128) / 127] };
  });
}

/** Pairs of nodes, packed as little-endian 16 bit numbers. */
function ends(packed) {
  const numbers16 = new Uint16Array(toBytes(packed).buffer);
  return Array.from({ length: numbers16.length / 2 }, (_, i) => (
    [numbers16[2 * i], numbers16[2 * i + 1]]));
}

/** Every place goes some of its way; true while one is still under way. */
function drift(places, goal) {
  let moves = false;
  places.forEach((place, i) => {
    for (const axis of [0, 1]) {
      const way = goal[i][axis] - place[axis];
      if (Math.abs(way) > 0.003) moves = true;
      place[axis] += Math.abs(way) > 0.003 ? way * EASE : way;
    }
  });
  return moves;
}

/** A canvas in the screen's own pixels, empty. */
function prepare(canvas) {
  const dense = globalThis.devicePixelRatio || 1;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight].map((side) => (
    Math.round(side * dense)));
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const pen = canvas.getContext("2d");
  pen.setTransform(dense, 0, 0, dense, 0, 0);
  pen.clearRect(0, 0, width, height);
  return pen;
}

function radius(view, node) {
  const many = view.places.length;
  if (many <= NAMED) return 9 + Math.min(6, view.degree[node] * 0.4);
  return many <= 400 ? 5 : 2.4;
}

/** What the network says by colour, how sure it is by how full; grey while nobody says anything. */
function colourOf(view, node) {
  const { graph: { y, parts, classes, task } } = view.data;
  // Where edges are asked about, the classes of nodes are only there to be seen.
  if (task === "links" && y[node] >= 0) return hue(y[node]);
  if (task === "links") return mix(view.look.background, view.look.text, 0.4);
  const known = parts[node] === 1;
  if (!view.shown && !known) return mix(view.look.background, view.look.text, 0.16);
  if (!view.shown) return hue(y[node]);
  const { label, sure } = view.shown[node];
  const chance = 1 / classes.length;
  const full = Math.max(0, (sure - chance) / (1 - chance));
  return mix(mix(view.look.background, view.look.text, 0.12), hue(label), 0.3 + 0.7 * Math.sqrt(full));
}

function drawNode(view, pen, node, [x, y], size) {
  const { look, data: { graph } } = view;
  const known = graph.parts[node] === 1;
  const wrong = view.shown && graph.y[node] >= 0 && view.shown[node].label !== graph.y[node];
  const colour = colourOf(view, node);
  pen.beginPath();
  if (known) pen.rect(x - size, y - size, 2 * size, 2 * size);
  else pen.arc(x, y, size, 0, 2 * Math.PI);
  pen.fillStyle = css(colour);
  pen.fill();
  const chosen = node === view.node || node === view.over || node === view.first?.[0];
  if (known || wrong || chosen) {
    pen.lineWidth = chosen ? 3 : size < 4 ? 0.9 : wrong ? 2.2 : 1.6;
    pen.strokeStyle = css(chosen ? look.accentInk : wrong ? look.text : look.soft);
    pen.stroke();
  }
  return colour;
}

function drawGraph(view) {
  const pen = prepare(view.graph);
  const { look, node, over, first, data: { graph } } = view;
  const spots = view.places.map((place) => view.spot(place, view.graph));
  const chosen = over ?? node ?? first?.[0];
  const near = new Set([chosen]);
  const parted = new Set(view.edits.map(([a, b]) => `${Math.min(a, b)} ${Math.max(a, b)}`));
  const dense = view.edges.length > 2000;
  const loudest = view.heard ? Math.max(...view.heard) : 1;
  const { weights } = graph;
  const heaviest = weights ? Math.max(...weights) : 1;
  view.edges.forEach(([a, b], i) => {
    const touches = a === chosen || b === chosen;
    if (touches) near.add(a === chosen ? b : a);
    const key = `${Math.min(a, b)} ${Math.max(a, b)}`;
    const gone = parted.delete(key);
    const heard = view.heard && Math.max(view.heard[i], view.heard[i + view.edges.length]);
    line(pen, spots[a], spots[b], {
      width: view.heard ? 0.4 + (5.5 * heard) / loudest : dense ? 0.5
        : weights ? 0.6 + 5 * Math.sqrt(weights[i] / heaviest) : 1.1,
      colour: mix(look.background, look.text, touches ? 0.7 : dense ? 0.13 : 0.24),
      dash: gone ? [2, 6] : [] });
  });
  for (const key of parted) { // what is left are edges that the visitor added
    const [a, b] = key.split(" ").map(Number);
    if (a === chosen || b === chosen) near.add(a === chosen ? b : a);
    line(pen, spots[a], spots[b], { width: 2.4, colour: look.accent, dash: [] });
  }
  drawHidden(view, pen, spots, dense);
  const named = spots.length <= NAMED;
  spots.forEach((spot, i) => {
    const size = radius(view, i);
    const faded = chosen != null && !near.has(i) && !view.held;
    if (faded) { // no edge shows through
      pen.globalAlpha = 1;
      pen.fillStyle = css(mix(look.background, look.text, 0.03));
      pen.beginPath();
      pen.arc(...spot, size, 0, 2 * Math.PI);
      pen.fill();
    }
    pen.globalAlpha = faded ? 0.35 : 1;
    const colour = drawNode(view, pen, i, spot, size);
    if (!named) return;
    pen.fillStyle = css(ink(colour));
    pen.font = `600 ${Math.round(size * 1.05)}px ${look.font}`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText(graph.names[i].slice(0, 3), spot[0], spot[1] + 0.5);
  });
  pen.globalAlpha = 1;
}

/** The edges that were hidden: found ones in the accent's colour, missed ones in the second. */
function drawHidden(view, pen, spots, dense) {
  const { look, pairs, data: { graph: { linked } } } = view;
  view.hidden.forEach(([a, b], i) => {
    if (!linked[i]) return;
    const colour = !pairs ? look.soft : pairs[i] > 127 ? look.accent : look.second;
    line(pen, spots[a], spots[b], { width: dense ? 0.8 : 2, dash: [5, 4], colour });
  });
}

function line(pen, [x, y], [u, v], { width, colour, dash }) {
  pen.setLineDash(dash);
  pen.lineWidth = width;
  pen.strokeStyle = css(colour);
  pen.beginPath();
  pen.moveTo(x, y);
  pen.lineTo(u, v);
  pen.stroke();
  pen.setLineDash([]);
}

function drawPlane(view) {
  const pen = prepare(view.plane);
  const named = view.at.length <= NAMED;
  view.at.forEach((place, i) => {
    const spot = view.spot(place, view.plane);
    drawNode(view, pen, i, spot, named ? 7 : radius(view, i));
    if (i !== view.over && i !== view.node) return;
    pen.fillStyle = css(view.look.text);
    pen.font = `600 ${Math.round(view.look.size * 0.85)}px ${view.look.font}`;
    pen.textAlign = spot[0] > view.plane.clientWidth / 2 ? "right" : "left";
    pen.fillText(view.data.graph.names[i], spot[0] + (pen.textAlign === "left" ? 12 : -12), spot[1]);
  });
}
