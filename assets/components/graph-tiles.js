// after: graph-draw.js
// Many small graphs, each in a tile of its own: the tile says by its colour what the network says
// of the graph, atoms of carbon are dots, the others letters.

const TILE_GAP = 2; // px

/** The tiles with what the network says of each: one entry for each small graph. */
function tilesOf({ data: { graph: { of, y, parts } }, shown }) {
  const tiles = [];
  of.forEach((number, node) => {
    tiles[number] ??= { node, y: y[node], part: parts[node], said: shown?.[node] };
  });
  return tiles;
}

function drawTiles(view) {
  const pen = prepare(view.graph);
  const { look, data: { graph }, over, node } = view;
  const [columns, rows] = graph.tiles;
  const { clientWidth: width, clientHeight: height } = view.graph;
  const [wide, high] = [(width - 2 * EDGE) / columns, (height - 2 * EDGE) / rows];
  const chosen = over ?? node;
  tilesOf(view).forEach((tile, i) => {
    const place = [EDGE + (i % columns) * wide, EDGE + Math.floor(i / columns) * high];
    drawTile(pen, view, tile, place, [wide, high], chosen != null && graph.of[chosen] === i);
  });
  const spots = view.places.map((place) => view.spot(place, view.graph));
  const parted = new Set(view.edits.map(([a, b]) => `${Math.min(a, b)} ${Math.max(a, b)}`));
  for (const [a, b] of view.edges) {
    const gone = parted.delete(`${a} ${b}`);
    line(pen, spots[a], spots[b], { width: gone ? 0.8 : 1.2, dash: gone ? [1.5, 4] : [],
      colour: mix(look.background, look.text, 0.6) });
  }
  for (const key of parted) {
    const [a, b] = key.split(" ").map(Number);
    line(pen, spots[a], spots[b], { width: 2, colour: look.text, dash: [] });
  }
  const size = Math.max(6, Math.min(12, 0.17 * Math.min(wide, high)));
  spots.forEach((spot, i) => drawAtom(pen, view, i, spot, size));
}

function drawTile(pen, view, { y, part, said }, [x, top], [wide, high], chosen) {
  const { look } = view;
  const chance = 1 / view.data.graph.classes.length;
  const full = said ? Math.max(0, (said.sure - chance) / (1 - chance)) : 0;
  const ground = mix(look.background, look.text, 0.05);
  const known = part === 1 && !said;
  pen.fillStyle = css(said || known
    ? mix(ground, hue(said ? said.label : y), said ? 0.12 + 0.4 * full : 0.3) : ground);
  pen.beginPath();
  pen.roundRect(x + TILE_GAP, top + TILE_GAP, wide - 2 * TILE_GAP, high - 2 * TILE_GAP, 4);
  pen.fill();
  const wrong = said && said.label !== y;
  if (!chosen && !wrong && part !== 1) return;
  pen.lineWidth = chosen ? 2.5 : wrong ? 2 : 1;
  pen.strokeStyle = css(chosen ? look.accentInk : wrong ? look.text : look.soft);
  pen.stroke();
}

function drawAtom(pen, view, node, [x, y], size) {
  const { look, data: { graph } } = view;
  const letter = graph.names[node][0];
  const marked = node === view.over || node === view.node || node === view.first?.[0];
  const carbon = letter === "C";
  pen.fillStyle = css(marked ? look.accentInk : look.text);
  if (carbon || marked) {
    pen.beginPath();
    pen.arc(x, y, marked ? 0.75 * size : Math.max(1.3, 0.17 * size), 0, 2 * Math.PI);
    pen.fill();
  }
  if (carbon) return;
  if (!marked) { // the bonds end before the letter
    pen.fillStyle = css(look.background);
    pen.beginPath();
    pen.arc(x, y, 0.52 * size, 0, 2 * Math.PI);
    pen.fill();
  }
  pen.fillStyle = css(marked ? ink(look.accentInk) : look.text);
  pen.font = `600 ${size}px ${look.font}`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(letter, x, y + 0.5);
}
