// after: live.js
// A room's own picture of one epoch. A room that has another kind adds a function here:
// (host, snapshot, {look, words, say, names, open}) draws into `host`, again and again, without
// flicker. `names`: classes in the visitor's language; `open(a, b)`: a cell was chosen.

const SNAPSHOTS = { confusion: drawConfusion };
const CROWDED = 20; // more classes than this: no numbers in the cells

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
