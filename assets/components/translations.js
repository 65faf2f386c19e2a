// after: attending.js
// The living picture of a translation: a few sentences that the network never learned from, what it
// makes of them after this epoch, and attention growing into place.

function drawTranslations(host, { sentences }, { look, words, say }) {
  host.pcClasses = "translations"; // another kind of picture builds its own again
  const told = h("p.pc-sentence", { "aria-live": "polite" });
  const blocks = sentences.map((each) => {
    const right = each.text === each.right;
    const said = h("p.pc-translated", {}, h("bdi", { translate: "no" }, each.text || NOTHING));
    const verdict = right ? [words.translation_right]
      : [`${words.translation_person} `, h("bdi", { translate: "no" }, each.right)];
    const weights = unpackAttention(each.mean, each.source.length);
    return h("div.pc-translation", {},
      h("p.pc-read", {}, ...sourcePieces(each, { unknown_piece: words.translation_unknown })), said,
      h(`p.pc-note${right ? ".pc-right" : ""}`, {}, ...verdict),
      weights && h("div.pc-scroll", { tabindex: "0" }, attentionTable(each, weights,
        { look, say, words: { end: words.translation_end, looks: words.translation_looks } }, told)));
  });
  host.replaceChildren(h("div.pc-translations", {}, ...blocks), told);
  if (!sentences.some(({ mean }) => mean)) setText(told, words.translation_deaf);
}
