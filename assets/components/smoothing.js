// after: tablekit.js
// Over-smoothing: how far apart nodes are, layer by layer, in networks that have learned nothing.

class Smoothing {
  constructor(root) {
    this.root = root;
    this.chart = new Chart();
    root.append(this.chart.element);
  }

  close() {
    this.chart.close();
  }

  update({ words, curves, depths }) {
    const look = theme(this.root);
    this.root.dataset.points = depths.length;
    const colours = { gcn: look.accent, sum: look.second };
    const traces = Object.entries(curves).map(([name, values]) => ({
      x: depths, y: values, mode: "lines+markers+text", line: { color: css(colours[name]) },
      text: values.map((_, i) => (i === 2 ? words[name] : "")), textposition: "top right",
      textfont: { color: css(colours[name]) } }));
    this.chart.draw(words.title, words.says, traces, {
      x: { title: words.layers, range: [-0.2, depths.at(-1) + 0.4] },
      y: { title: words.distance, range: [-0.03, 1.1] } }, look);
  }
}

export default component("smoothing", (root) => new Smoothing(root));
