// after: plane-math.js
// The numbers of one neuron, to be read and to be set: its weights and its bias.

class NumbersView {
  /** `onSet(place, value)`: the visitor gave a number of `theta` another value. */
  constructor(onSet) {
    this.onSet = onSet;
    this.heading = h("h4.pc-curve-title");
    this.rows = h("div.pc-numbers");
    this.element = h("div.pc-numbers-frame", { hidden: true }, this.heading, this.rows);
  }

  close() {
    this.what = null;
    this.element.hidden = true;
  }

  /** Shows neuron `to` of `layer`; the weight from `from` gets the focus. */
  open(net, { layer, to, from }, context) {
    Object.assign(this, { net, what: { layer, to }, context });
    const { words, titles } = context;
    const { k, m, weights, biases } = net.layers[layer];
    const output = layer === net.layers.length - 1;
    setText(this.heading, output ? words.output_neuron
      : fill(words.neuron, { number: to + 1, layer: layer + 1 }));
    const name = (i) => (layer === 0 ? titles[net.features[i]] : fill(words.from, { number: i + 1 }));
    const inputs = Array.from({ length: k }, (_, i) => [name(i), weights + i * m + to]);
    this.rows.replaceChildren(...[...inputs, [words.bias, biases + to]].map(
      ([title, place]) => this.row(title, place)));
    this.element.hidden = false;
    this.draw();
    if (from !== undefined) this.rows.children[from].querySelector("input").select();
  }

  row(title, place) {
    const input = h("input", { type: "number", step: 0.1, "data-place": place });
    input.addEventListener("change", () => {
      const value = Number(input.value);
      if (input.value !== "" && Math.abs(value) <= 100) this.onSet(place, value);
    });
    return h("label", {}, h("span", {}, title), input);
  }

  draw() {
    if (!this.what) return;
    for (const input of this.rows.querySelectorAll("input")) {
      input.disabled = this.context.locked;
      if (input.matches(":focus")) continue;
      input.value = this.net.theta[input.dataset.place].toFixed(3);
    }
  }
}
