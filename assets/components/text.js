// after: live.js
// What modules on texts share: signs that can be seen, and the text that the page talks about.

/** A sign as it is shown: spaces and line ends would else be invisible. */
function shownSign(sign) {
  return { " ": "␣", "\n": "↵", "\t": "⇥" }[sign] ?? sign;
}

/** A sign as it is read aloud. */
function spokenSign(sign, words) {
  return { " ": words.space, "\n": words.line_end }[sign] ?? sign;
}

/** Other modules of the page look at the same text. */
function tellText(room, text) {
  (globalThis.__perceptorium ??= {}).text = { room, text };
  document.dispatchEvent(new CustomEvent("perceptorium:text", { detail: { room, text } }));
}
