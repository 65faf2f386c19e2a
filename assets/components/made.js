// after: live.js
// What a generator makes of the same noise, for the epoch slider.

/** A sheet of made pictures, a column for each class it was told, and how good they are. */
function drawMade(host, { png, columns, classes, found }, { words, say, names = {} }) {
  if (host.pcClasses !== "made") {
    host.pcClasses = "made";
    host.replaceChildren(
      h("div.pc-made-frame", {}, h("div.pc-made-names"), h("img.pc-made-sheet", { alt: "" })),
      h("p.pc-sentence", { "aria-live": "polite" }));
  }
  const [frame, sentence] = host.children;
  const [labels, sheet] = frame.children;
  const shown = classes.map((name) => names[name] ?? name);
  if (labels.dataset.names !== shown.join()) {
    labels.dataset.names = shown.join();
    labels.style.gridTemplateColumns = `repeat(${columns}, minmax(0, 1fr))`;
    labels.replaceChildren(...shown.map((name) => h("span", { title: name }, name)));
  }
  const source = `data:image/png;base64,${png}`;
  if (sheet.src !== source) sheet.src = source;
  const agreement = Number.isFinite(found.agreement)
    ? fill(words.made_agreement, { share: say.percent(found.agreement) }) : null;
  const { covered, diversity } = found;
  const told = Number.isFinite(diversity) ? [
    fill(Number.isFinite(covered) ? words.made_covered : words.made_varied, {
      share: say.percent(covered), diversity: say.percent(diversity) }),
    covered < 0.75 ? words.made_collapse : null, agreement] : [words.made_soon];
  const text = told.filter(Boolean).join(" ");
  sheet.alt = text;
  setText(sentence, text);
}

/** Of the game on the plane, which another module draws: how near made is to real. */
function drawGame(host, { found }, { words, say }) {
  if (host.pcClasses !== "lab") {
    host.pcClasses = "lab";
    host.replaceChildren(h("p.pc-sentence"));
  }
  setText(host.firstElementChild, fill(words.lab_found, {
    share: say.percent(found.covered), js: say.loss(found.js) }));
}
