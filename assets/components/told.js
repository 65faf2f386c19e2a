// after: live.js
// What a network on texts can do after an epoch, for the epoch slider.

/** What it wrote. */
function drawWriting(host, { text }, { words }) {
  if (host.pcClasses !== "writing") {
    host.pcClasses = "writing";
    host.replaceChildren(h("p.pc-written", { translate: "no" }), h("p.pc-sentence"));
  }
  setText(host.firstElementChild, text.trim());
  setText(host.lastElementChild, words.writing_says);
}

/** What it thinks of the same sentences: to the right of the middle it is in favour. */
function drawVerdicts(host, { classes, rows }, { look, words, say, names = {} }) {
  if (host.pcClasses !== `verdicts ${rows.length}`) {
    host.pcClasses = `verdicts ${rows.length}`;
    host.replaceChildren(h("ol.pc-verdicts", {}, ...rows.map(() => h("li", {}, h("span", { translate: "no" }),
      h("span.pc-verdict-track", { role: "img" }, h("b"))))), h("p.pc-sentence"));
  }
  const [against, favour] = classes.map((name) => names[name] ?? name);
  rows.forEach(({ text, label, share }, i) => {
    const [says, track] = host.firstElementChild.children[i].children;
    setText(says, text);
    const right = (share >= 0.5) === (label === 1);
    track.setAttribute("aria-label", `${favour}: ${say.percent(share)}`);
    Object.assign(track.firstElementChild.style, {
      left: `${100 * Math.min(share, 0.5)}%`, width: `${100 * Math.abs(share - 0.5)}%`,
      background: css(right ? look.accent : look.second) });
  });
  const right = rows.filter(({ label, share }) => (share >= 0.5) === (label === 1)).length;
  setText(host.lastElementChild, fill(words.verdicts_says, { against, favour, right,
    n: rows.length }));
}
