// after: live.js made.js distance.js told.js translations.js
// A room's own picture of one epoch. A room that has another kind adds a function here:
// (host, snapshot, {look, words, say, names, open}) draws into `host`, again and again, without
// flicker. `names`: classes in the visitor's language; `open(a, b)`: a cell was chosen.

const SNAPSHOTS = {
  confusion: drawConfusion, scatter: drawScatter, suspicion: drawSuspicion, made: drawMade, lab: drawGame,
  forecast: drawDistance, writing: drawWriting, verdicts: drawVerdicts,
  translations: drawTranslations,
};
const CROWDED = 20; // more classes than this: no numbers in the cells

/** True values to the right, what the network said upwards: on the diagonal it is right. */
function drawScatter(host, { true: truths, said }, { look, words, say }) {
  if (host.pcClasses !== "scatter") {
    host.pcClasses = "scatter";
    host.replaceChildren(h("div.pc-confusion-frame", {}, h("span.pc-axis-called"),
      h("span.pc-axis-true"), h("canvas.pc-scatter", { role: "img", width: 640, height: 640 })),
    h("p.pc-sentence", { "aria-live": "polite" }));
  }
  setText(host.querySelector(".pc-axis-called"), words.scatter_true);
  setText(host.querySelector(".pc-axis-true"), words.scatter_said);
  const canvas = host.querySelector("canvas");
  const pen = canvas.getContext("2d");
  const { width: side } = canvas;
  const [low, high] = [Math.min(...truths), Math.max(...truths)];
  const place = (value) => side * (0.06 + 0.88 * ((value - low) / (high - low || 1)));
  pen.fillStyle = css(look.surface);
  pen.fillRect(0, 0, side, side);
  pen.strokeStyle = css(look.soft);
  pen.setLineDash([6, 8]);
  pen.lineWidth = 2;
  pen.beginPath();
  pen.moveTo(0, side);
  pen.lineTo(side, 0);
  pen.stroke();
  pen.fillStyle = css(look.accent, 0.75);
  truths.forEach((value, i) => {
    const y = Math.min(Math.max(side - place(said[i]), 0), side); // what is far off lies at the rim
    pen.beginPath();
    pen.arc(place(value), y, 7, 0, 2 * Math.PI);
    pen.fill();
  });
  const off = truths.reduce((sum, value, i) => sum + Math.abs(value - said[i]), 0) / truths.length;
  const sentence = fill(words.scatter_off, { n: say.short(off) });
  canvas.setAttribute("aria-label", sentence);
  setText(host.querySelector(".pc-sentence"), sentence);
}

/** How the suspicion of two classes is spread: normal upwards, fraud downwards from one line. */
function drawSuspicion(host, { edges, normal, fraud }, { look, words, say }) {
  if (host.pcClasses !== "suspicion") {
    host.pcClasses = "suspicion";
    host.replaceChildren(h("canvas.pc-suspicion", { role: "img", width: 720, height: 520 }),
      h("p.pc-sentence", { "aria-live": "polite" }));
  }
  const canvas = host.querySelector("canvas");
  const pen = canvas.getContext("2d");
  const { width, height } = canvas;
  const middle = height / 2;
  const step = width / normal.length;
  const tallest = (shares) => Math.max(...shares, 1e-9);
  pen.fillStyle = css(look.surface);
  pen.fillRect(0, 0, width, height);
  const bars = (shares, colour, sign) => shares.forEach((share, i) => {
    const tall = (share / tallest(shares)) * (middle - 44);
    pen.fillStyle = css(colour, 0.85);
    pen.fillRect(i * step + 1, sign > 0 ? middle - tall : middle, step - 2, tall);
  });
  bars(normal, look.accent, 1);
  bars(fraud, look.second, -1);
  pen.strokeStyle = css(look.soft);
  pen.setLineDash([6, 8]);
  pen.lineWidth = 2;
  pen.beginPath();
  pen.moveTo(width / 2, 0);
  pen.lineTo(width / 2, height);
  pen.stroke();
  pen.setLineDash([]);
  pen.font = `600 26px ${look.font}`;
  pen.fillStyle = css(look.accentInk);
  pen.fillText(words.suspicion_normal, 14, 36);
  pen.fillStyle = css(look.secondInk);
  pen.fillText(words.suspicion_fraud, 14, height - 16);
  // Half of the frauds are more suspicious than this.
  let sum = 0;
  const at = fraud.findIndex((share) => (sum += share) >= 0.5);
  const above = normal.slice(at).reduce((all, share) => all + share, 0);
  const sentence = fill(words.suspicion_says, { share: say.percent(above) });
  canvas.setAttribute("aria-label", `${words.suspicion_axis} ${sentence}`);
  setText(host.querySelector(".pc-sentence"), `${words.suspicion_axis} ${sentence}`);
}

/** The confusion matrix: rows are the true classes, columns what the network called them. */
function drawConfusion(host, snapshot, context) {
  const { matrix } = snapshot;
  const { look, words, names = {} } = context;
  const classes = snapshot.classes.map((name) => names[name] ?? name);
  if (host.pcClasses !== classes.join("\n")) buildConfusion(host, classes);
  host.pcNow = { snapshot: { ...snapshot, classes }, context };
  setText(host.querySelector(".pc-axis-called"), words.confusion_called);
  setText(host.querySelector(".pc-axis-true"), words.confusion_true);
  host.querySelector(".pc-confusion").setAttribute("aria-label", words.confusion_title);
  const cells = host.querySelectorAll("[data-cell]");
  matrix.forEach((row, a) => {
    const sum = row.reduce((total, count) => total + count, 0) || 1;
    row.forEach((count, b) => {
      const cell = cells[a * classes.length + b];
      const full = a === b ? mix(look.accentInk, look.text, 0.15) : look.second;
      const colour = mix(look.surface, full, Math.sqrt(count / sum));
      cell.style.background = css(colour);
      cell.style.color = css(ink(colour));
      setText(cell, classes.length <= CROWDED && count ? String(count) : "");
      cell.setAttribute("aria-label", cellSentence(host, a, b));
    });
  });
  sayCell(host);
}

function buildConfusion(host, classes) {
  host.pcClasses = classes.join("\n");
  host.pcCell = null;
  const labels = (role) => classes.map((name) => h(`span.pc-${role}`, { title: name }, name));
  const grid = h("div.pc-confusion", { role: "group" });
  grid.style.setProperty("--pc-classes", classes.length);
  grid.classList.toggle("pc-crowded", classes.length > CROWDED);
  const rowLabels = labels("row-label");
  grid.append(h("span.pc-corner"), ...labels("column-label"));
  classes.forEach((_, a) => {
    const cells = classes.map((__, b) => h("button.pc-cell", {
      "data-cell": `${a},${b}`, type: "button", onclick: () => host.pcNow.context.open?.(a, b),
      onmouseenter: () => pointAt(host, [a, b]), onfocus: () => pointAt(host, [a, b]),
    }));
    grid.append(rowLabels[a], ...cells);
  });
  grid.addEventListener("mouseleave", () => pointAt(host, null));
  host.replaceChildren(
    h("div.pc-confusion-frame", {},
      h("span.pc-axis-called"), h("span.pc-axis-true"), grid),
    h("p.pc-sentence", { "aria-live": "polite" }),
  );
  roving(grid);
}

function pointAt(host, cell) {
  host.pcCell = cell;
  sayCell(host);
}

function sayCell(host) {
  const { snapshot, context } = host.pcNow;
  const text = host.pcCell ? cellSentence(host, ...host.pcCell) : summary(snapshot, context);
  setText(host.querySelector(".pc-sentence"), text);
}

function cellSentence(host, a, b) {
  const { snapshot: { classes, matrix }, context: { words, say } } = host.pcNow;
  return fill(words.confusion_cell, { a: classes[a], b: classes[b], n: say.whole(matrix[a][b]) });
}

/** Without a cell under the pointer: the mistake made most often. */
function summary({ classes, matrix }, { words, say }) {
  let worst = { n: 0 };
  matrix.forEach((row, a) => row.forEach((n, b) => {
    if (a !== b && n > worst.n) worst = { n, a: classes[a], b: classes[b] };
  }));
  if (!worst.n) return words.confusion_none;
  return fill(words.confusion_worst, { ...worst, n: say.whole(worst.n) });
}
