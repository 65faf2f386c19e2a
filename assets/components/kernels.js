// after: live.js
// Kernels by name, and those that trained networks have learned: a click types one in.

const SHOWN_KERNELS = 32;

class Kernels {
  /** `onKernel(text)` when one was chosen; `onOpen()` when learned ones are to be listed. */
  constructor(live, onKernel, onOpen) {
    Object.assign(this, { live, onKernel, onOpen });
    this.named = h("div.pc-buttons.pc-named");
    this.learnedWord = h("span");
    this.which = h("select.pc-select", { onchange: () => this.load() });
    this.tiles = h("div.pc-tiles.pc-learned-tiles");
    this.message = h("p.pc-note", { role: "status" });
    this.element = h("div.pc-kernels", {}, this.named,
      h("details.pc-learned", { ontoggle: () => this.opened() },
        h("summary", {}, this.learnedWord), this.which, this.tiles, this.message));
  }

  update(data) {
    const { named, learned, words, text } = data;
    this.data = data;
    setText(this.learnedWord, words.learned);
    this.which.setAttribute("aria-label", words.learned);
    const key = JSON.stringify([named, learned]);
    if (this.key !== key) this.build(named, learned, key);
    for (const each of this.named.children) {
      each.setAttribute("aria-pressed", String(each.dataset.kernel === text));
    }
  }

  build(named, learned, key) {
    this.key = key;
    this.named.replaceChildren(...named.map(({ title, text }) => h(
      "button.pc-button.pc-chip",
      { type: "button", "data-kernel": text, onclick: () => this.onKernel(text) }, title)));
    const before = this.which.value;
    this.which.replaceChildren(...learned.map(({ title, model }) => h("option", { value: model }, title)));
    if (learned.some(({ model }) => model === before)) this.which.value = before;
  }

  opened() {
    if (!this.element.querySelector("details").open || this.tiles.children.length) return;
    this.onOpen();
    this.load();
  }

  async load() {
    const chosen = this.data.learned.find(({ model }) => model === this.which.value);
    if (!chosen) return;
    setText(this.message, this.data.words.loading);
    try {
      this.show(await this.live.ask(chosen.room, chosen.model, "kernels", {}));
    } catch (error) {
      this.tiles.replaceChildren();
      setText(this.message, error.message);
    }
  }

  show(answer) {
    const { words } = this.data;
    setText(this.message, answer.count ? words.learned_says : words.learned_none);
    if (!answer.count) {
      this.tiles.replaceChildren();
      return;
    }
    const colours = ramp(theme(this.element.closest(".pc-root")), answer.low, answer.high);
    this.tiles.replaceChildren(...unpack(answer, answer.count).slice(0, SHOWN_KERNELS).map((kernel, n) => {
      const canvas = h("canvas");
      paint(canvas, kernel, colours);
      const title = fill(words.learned_kernel, { n: n + 1 });
      return h("button.pc-kernel", { type: "button", title, "aria-label": title,
        onclick: () => this.onKernel(asText(kernel, answer)) }, canvas);
    }));
  }
}

/** Bytes between low and high as a kernel's text, to two decimals. */
function asText({ width, height, bytes }, { low, high }) {
  const weight = (byte) => String(Number((low + ((high - low) * byte) / 255).toFixed(2)));
  return Array.from({ length: height }, (_, row) => (
    Array.from(bytes.subarray(row * width, (row + 1) * width), weight).join(" "))).join("; ");
}
