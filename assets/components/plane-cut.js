// after: plane-math.js
// A table on the plane: what its axes are, and where the plane lies in the further columns.

class CutView {
  /** `onMove([…])`: the further columns' values, in units of the plane. */
  constructor(onMove) {
    this.onMove = onMove;
    this.caption = h("p.pc-note.pc-axes");
    this.sliders = h("div.pc-cut");
    this.element = h("div", { hidden: true }, this.caption, this.sliders);
    this.axes = [];
    this.values = [];
  }

  /** `axes`: {name, middle, unit} of each column, the target last; none for other data. */
  show(axes, words, say) {
    const same = JSON.stringify(axes) === JSON.stringify(this.axes);
    Object.assign(this, { axes, say });
    this.element.hidden = !axes.length;
    const [right, up] = axes;
    setText(this.caption, fill(words.axes, { right: right?.name, up: up?.name }));
    if (same) return;
    this.values = axes.slice(2, -1).map(() => 0);
    this.sliders.replaceChildren(...this.values.map((_, i) => this.slider(i)));
  }

  /** A coordinate or the answer (-1) in its column's own units; itself where there is no table. */
  inUnits(column, value) {
    const axis = this.axes.at(column);
    return axis ? axis.middle + value * axis.unit : value;
  }

  slider(i) {
    const output = h("output");
    const show = () => setText(output, this.say.short(this.inUnits(i + 2, this.values[i])));
    const input = h("input.pc-range", { type: "range", min: -EDGE, max: EDGE, step: 0.1, value: 0,
      oninput: () => {
        this.values[i] = Number(input.value);
        show();
        this.onMove([...this.values]);
      } });
    show();
    return h("label.pc-cut-slider", {}, h("span", {}, this.axes[i + 2].name, output), input);
  }
}
