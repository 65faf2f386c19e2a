// after: kit.js
// Colours for classes that everybody can tell apart (Okabe & Ito), then any number of others.

const HUES = ["#0072b2", "#e69f00", "#56b4e9", "#d55e00", "#cc79a7", "#8a63d2", "#b5a000",
  "#009e8e", "#7f7f7f", "#94543a"];

/** The colour of class number `label`. */
function hue(label) {
  return rgb(label < HUES.length ? HUES[label] : `hsl(${(label * 137.5) % 360} 60% 50%)`);
}
