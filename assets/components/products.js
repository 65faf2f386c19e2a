// after: board.js
// The window's arithmetic with its numbers: value × weight = product, and the sum below. The
// weights are fields: what is typed there is the kernel.

const MOST = 7; // rows and columns of a kernel

class Products {
  /** `onKernel(matrices)` when a weight was typed. */
  constructor(onKernel) {
    this.onKernel = onKernel;
    this.title = h("b");
    this.place = h("span.pc-board-size");
    this.channels = h("div.pc-buttons.pc-channel-tabs");
    this.grid = h("div.pc-products", { role: "group" });
    this.larger = button("larger", () => this.resize(1), "quiet");
    this.smaller = button("smaller", () => this.resize(-1), "quiet");
    this.sum = h("output.pc-sum");
    this.after = h("span.pc-sum-after");
    this.message = h("p.pc-note", { role: "status" });
    this.element = h("section.pc-products-panel", {},
      h("p.pc-board-caption", {}, this.title, this.place), this.channels, this.grid,
      h("p.pc-sum-line", {}, this.sum, this.after), this.message,
      h("div.pc-buttons", {}, this.larger, this.smaller));
    this.channel = 0;
  }

  /** Another kernel, or other words. */
  update(kernel, shared, words, say) {
    Object.assign(this, { kernel, shared, words, say });
    setText(this.title, words.products);
    setWord(this.larger, words.larger);
    setWord(this.smaller, words.smaller);
    const [rows, columns] = [kernel[0].length, kernel[0][0].length];
    this.larger.disabled = Math.max(rows, columns) + 2 > MOST;
    this.smaller.disabled = Math.min(rows, columns) < 3;
    this.grid.setAttribute("aria-label", words.products);
    if (this.channel >= kernel.length) this.channel = 0;
    this.buildTabs();
    if (this.grid.dataset.shape !== `${rows}×${columns}`) this.build(rows, columns);
    this.fillWeights();
  }

  buildTabs() {
    this.channels.hidden = this.kernel.length < 2;
    if (this.channels.children.length !== this.kernel.length) {
      this.channels.replaceChildren(...this.kernel.map((_, channel) => (
        h("button.pc-button.pc-channel", { type: "button", "data-channel": channel,
          onclick: () => { this.channel = channel; this.fillWeights(); this.onShow(); } }))));
    }
  }

  build(rows, columns) {
    this.grid.dataset.shape = `${rows}×${columns}`;
    this.grid.style.setProperty("--columns", columns);
    this.cells = Array.from({ length: rows * columns }, (_, at) => {
      const [value, product] = [h("span.pc-value"), h("b.pc-product")];
      const weight = h("input.pc-weight", { type: "text", inputmode: "decimal", "data-weight": at,
        onchange: () => this.typed(at) });
      const cell = h("div.pc-cell", {}, value,
        h("span.pc-times", {}, h("i", { "aria-hidden": "true" }, "×"), weight), product);
      return { cell, value, weight, product };
    });
    this.grid.replaceChildren(...this.cells.map(({ cell }) => cell));
  }

  fillWeights() {
    const columns = this.kernel[0][0].length;
    this.kernel[this.channel].flat().forEach((number, at) => {
      const { weight } = this.cells[at];
      weight.value = this.plain(number);
      weight.removeAttribute("aria-invalid");
      weight.setAttribute("aria-label", fill(this.words.weight,
        { row: Math.floor(at / columns) + 1, column: (at % columns) + 1 }));
    });
    setText(this.message, "");
  }

  /** As it is typed, without rounding away what the link says. */
  plain(number) {
    return String(number).replace("-", "−");
  }

  typed(at) {
    const { weight } = this.cells[at];
    const text = weight.value.trim().replace("−", "-").replace(",", ".");
    const number = Number(text);
    if (!text || !(Math.abs(number) <= 1000)) {
      weight.setAttribute("aria-invalid", "true");
      setText(this.message, this.words.no_number);
      return;
    }
    const columns = this.kernel[0][0].length;
    this.change((matrix, channel) => matrix.map((row, u) => row.map((old, v) => (
      u * columns + v === at && (this.shared || channel === this.channel) ? number : old))));
  }

  /** A ring of zeros more around the kernel, or one ring less. */
  resize(by) {
    const grown = (matrix) => {
      const empty = matrix[0].map(() => 0);
      return [empty, ...matrix, empty].map((row) => [0, ...row, 0]);
    };
    const cut = (matrix) => matrix.slice(1, -1).map((row) => row.slice(1, -1));
    this.change(by > 0 ? grown : cut);
  }

  change(work) {
    this.onKernel(this.kernel.map(work));
  }

  /** The window over `map` with output cell [i, j]: values, products, sum. */
  show(map, windows, i, j, output, activated, look) {
    const rows = taps(map.height, windows.down, i);
    const columns = taps(map.width, windows.across, j);
    const partial = this.kernel.map((matrix, channel) => {
      let sum = 0;
      matrix.forEach((row, u) => row.forEach((weight, v) => {
        const value = valueAt(map, rows[u], columns[v], channel);
        sum += (value ?? 0) * weight;
        if (channel !== this.channel) return;
        this.showCell(u * row.length + v, value, weight, look);
      }));
      return sum;
    });
    const sum = output.values[i * output.width + j];
    setText(this.place, fill(this.words.place, { row: i + 1, column: j + 1 }));
    setText(this.sum, `Σ = ${this.say(sum)}`);
    setText(this.after, activated ? `ReLU → ${this.say(Math.max(0, sum))}` : "");
    this.sum.dataset.sum = sum;
    [...this.channels.children].forEach((tab, channel) => {
      setText(tab, `${"RGB"[channel]} ${this.say(partial[channel])}`);
      tab.setAttribute("aria-pressed", String(channel === this.channel));
    });
  }

  showCell(at, value, weight, look) {
    const { cell, value: shown, product } = this.cells[at];
    const inside = value !== undefined;
    const grey = GREY[Math.round((value ?? 0) * 255)];
    shown.style.background = inside ? css(grey) : "";
    shown.style.color = inside ? css(ink(grey)) : "";
    cell.classList.toggle("pc-outside", !inside);
    setText(shown, this.say(value ?? 0));
    const number = (value ?? 0) * weight;
    setText(product, this.say(number));
    const share = Math.min(1, Math.abs(number)) * 0.3;
    cell.style.background = css(mix(look.surface, number < 0 ? look.second : look.accent, share));
  }
}

/** A value of a map; undefined in the padding. */
function valueAt(map, y, x, channel) {
  if (y < 0 || x < 0 || y >= map.height || x >= map.width) return undefined;
  return map.values[(y * map.width + x) * map.channels + channel];
}

/** A kernel as text, as the link says it. */
function kernelText(kernel, shared) {
  const matrices = shared ? kernel.slice(0, 1) : kernel;
  return matrices.map((matrix) => matrix.map((row) => row.join(" ")).join("; ")).join(" | ");
}
