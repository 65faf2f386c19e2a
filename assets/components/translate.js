// after: looker.js attending.js
// Try it: type a sentence, watch it being written piece by piece, and where the network looks.

const PACE = 170; // ms between two pieces
const STILL = matchMedia("(prefers-reduced-motion: reduce)");
// What a voice has to speak, by the letters of a text; English where none of these is found.
const SCRIPTS = [[/[\u3040-\u30ff]/, "ja-JP"], [/[\u3400-\u9fff]/, "zh-CN"], [/[\uac00-\ud7af]/, "ko-KR"],
  [/[\u0400-\u04ff]/, "ru-RU"], [/[\u0370-\u03ff]/, "el-GR"], [/[\u0600-\u06ff]/, "ar"],
  [/[\u0900-\u097f]/, "hi-IN"], [/[\u0e00-\u0e7f]/, "th-TH"]];

class Translate extends Looker {
  constructor(root, live) {
    super(root, live);
    this.head = "mean";
    this.field = h("textarea.pc-field", { rows: 2, maxlength: 400, oninput: () => this.typed(),
      onkeydown: (event) => {
        if (event.key === "Enter" && !event.shiftKey) {
          event.preventDefault();
          this.now();
        }
      } });
    this.examples = h("div.pc-buttons.pc-examples", { role: "group" });
    this.readSource = button("wave", () => this.speak(this.field.value), "quiet");
    this.readTarget = button("wave", () => this.speak(this.said?.text), "quiet");
    this.beams = this.slider(1, 8, 1, 4);
    this.penalty = this.slider(0, 3, 0.1, 2);
    this.source = h("p.pc-line.pc-source");
    this.target = h("p.pc-line.pc-target", { "aria-live": "polite" });
    this.lines = h("canvas.pc-lines", { "aria-hidden": "true" });
    this.between = h("div.pc-between", {}, this.lines, this.source, this.target);
    this.note = h("p.pc-note");
    this.heads = h("div.pc-buttons.pc-heads", { role: "group" });
    this.told = h("p.pc-note", { "aria-live": "polite" });
    this.matrix = h("div.pc-scroll", { tabindex: "0" });
    this.title = h("h4.pc-curve-title");
    this.matrixSays = h("p.pc-note");
    this.from = h("h4.pc-curve-title");
    this.to = h("h4.pc-curve-title");
    root.append(h("div.pc-translate", {},
      h("div.pc-ask", {},
        h("div.pc-called", {}, this.from, this.readSource), this.field, this.examples,
        h("div.pc-table-sliders.pc-beam-knobs", {}, this.beams.element, this.penalty.element)),
      h("div.pc-answer", {},
        h("div.pc-called", {}, this.to, this.readTarget), this.between, this.note, this.message)),
    h("div.pc-looked", {}, this.title, this.matrixSays, this.heads, this.matrix, this.told));
    this.resized = new ResizeObserver(throttled(() => this.drawLines(), 100));
    this.resized.observe(this.between);
    this.later = debounced(() => this.changed(), 450);
  }

  slider(min, max, step, value) {
    const label = h("span");
    const output = h("output");
    const input = h("input.pc-range", { type: "range", min, max, step, value,
      oninput: () => { this.showSliders(); this.later(); } });
    return { element: h("label.pc-knob", {}, label, output, input), label, output, input };
  }

  showSliders() {
    const { words } = this.data;
    const count = Number(this.beams.input.value);
    setText(this.beams.label, words.beams);
    setText(this.beams.output, count === 1 ? words.greedy : String(count));
    setText(this.penalty.label, words.penalty);
    setText(this.penalty.output, this.say.short(Number(this.penalty.input.value)));
    this.beams.input.setAttribute("aria-label", words.beams);
    this.penalty.input.setAttribute("aria-label", words.penalty);
    this.penalty.input.disabled = count === 1; // one beginning has nobody to compete with
  }

  close() {
    super.close();
    clearTimeout(this.writing);
    this.resized.disconnect();
    globalThis.speechSynthesis?.cancel();
  }

  update(data, outward) {
    super.update(data, outward);
    const { words } = data;
    this.showSliders();
    this.field.placeholder = words.placeholder;
    setText(this.title, words.matrix);
    setText(this.matrixSays, words.matrix_says);
    for (const each of [this.readSource, this.readTarget]) {
      setWord(each, words.read_aloud);
      each.hidden = !globalThis.speechSynthesis;
    }
    this.showAbout();
    if (this.said) this.show(this.said, true);
  }

  renewed(other) {
    if (other) this.about = null;
  }

  typed() {
    this.later();
  }

  now() {
    this.changed();
  }

  async ask() {
    if (!this.about) {
      this.about = await this.get("about");
      this.showAbout();
      // What the visitor typed stays; an example of another data set goes with it.
      if (!this.field.value.trim() || this.exampled) this.choose(this.about.examples[0], false);
    }
    const text = this.field.value;
    if (!text.trim()) {
      this.show(null);
      return;
    }
    this.show(await this.get("translate", { text, count: Number(this.beams.input.value),
      penalty: Number(this.penalty.input.value) }));
  }

  choose(text, ask = true) {
    this.field.value = text ?? "";
    this.exampled = true;
    if (ask) this.changed();
  }

  showAbout() {
    const { words, languages } = this.data;
    (this.about?.languages ?? ["", ""]).forEach((name, i) => {
      const heading = [this.from, this.to][i];
      setText(heading, languages[name] ?? name);
      heading.translate = name in languages; // other names are the visitor's own
    });
    this.field.setAttribute("aria-label", words.placeholder);
    this.examples.setAttribute("aria-label", words.examples);
    this.field.oninput = () => { this.exampled = false; this.later(); };
    const shown = (this.about?.examples ?? []).join("\n");
    if (this.examples.dataset.shown === shown) return;
    this.examples.dataset.shown = shown;
    this.examples.replaceChildren(...(this.about?.examples ?? []).map((text) => h(
      "button.pc-button", { type: "button", translate: "no", onclick: () => this.choose(text) }, text)));
  }

  show(said, still = false) {
    const same = said && this.said && said.text === this.said.text &&
      said.source.join(" ") === this.said.source.join(" ");
    this.said = said;
    const { words } = this.data;
    globalThis.__perceptorium.translated = said;
    document.dispatchEvent(new CustomEvent("perceptorium:translated", { detail: said }));
    clearTimeout(this.writing);
    this.root.dataset.text = said?.text ?? "";
    if (!said || !said.source.length) {
      for (const each of [this.source, this.target, this.matrix, this.heads]) each.replaceChildren();
      setText(this.note, words.type_first);
      this.drawLines();
      return;
    }
    this.source.replaceChildren(...sourcePieces(said, words));
    this.pieces = said.target.map((piece, i) => h("button.pc-piece", { type: "button", translate: "no",
      "data-cell": i, onmouseenter: () => this.point(i), onfocus: () => this.point(i), onclick: () => this.point(i) },
    piece));
    const strange = said.source.filter((_, i) => said.unknown[i]);
    const deaf = !said.mean;
    setText(this.note, deaf ? words.deaf : strange.length
      ? fill(words.unknown, { words: strange.join(", ") }) : words.point);
    this.note.classList.toggle("pc-warns", deaf || strange.length > 0);
    this.target.replaceChildren(...this.pieces);
    roving(this.target);
    this.showHeads();
    if (still || same || STILL.matches) this.point(null);
    else this.write(0);
  }

  /** The pieces appear one after the other, each with where it looks. */
  write(i) {
    this.pieces.forEach((piece, at) => piece.classList.toggle("pc-away", at > i));
    this.point(i);
    if (i < this.pieces.length) this.writing = setTimeout(() => this.write(i + 1), PACE);
    else this.point(null);
  }

  point(i) {
    this.pointed = i;
    this.pieces?.forEach((piece, at) => piece.classList.toggle("pc-pointed", at === i));
    this.drawLines();
  }

  showHeads() {
    const { words } = this.data;
    const { heads, mean } = this.said;
    this.title.hidden = this.matrixSays.hidden = !mean;
    const chips = heads.flatMap((layer, l) => layer.map((_, n) => [`${l}.${n}`,
      fill(heads.length > 1 ? words.layer_head : words.head, { layer: l + 1, n: n + 1 })]));
    if (!["mean", ...chips.map(([name]) => name)].includes(this.head)) this.head = "mean";
    this.heads.replaceChildren(...(mean ? [["mean", words.mean], ...chips] : []).map(([name, text]) => {
      const chip = h("button.pc-button", { type: "button", "data-cell": name, onclick: () => {
        this.head = name;
        this.showHeads();
        this.drawLines();
      } }, text);
      chip.setAttribute("aria-pressed", String(this.head === name));
      return chip;
    }));
    this.heads.setAttribute("aria-label", words.which_head);
    this.weights = this.attention();
    setText(this.told, "");
    this.matrix.replaceChildren(...(this.weights ? [attentionTable(this.said, this.weights, {
      look: this.look, words, say: this.say }, this.told)] : []));
  }

  attention() {
    const { heads, mean, source } = this.said;
    const [layer, n] = this.head.split(".").map(Number);
    return unpackAttention(this.head === "mean" ? mean : heads[layer][n], source.length);
  }

  drawLines() {
    const weights = this.pointed == null ? null : this.weights?.[this.pointed];
    const pieces = [...this.source.children];
    pieces.forEach((piece, i) => {
      const share = weights ? weights[i] : 0;
      piece.style.background = share > 0.02
        ? css(mix(this.look.background, this.look.accent, 0.55 * share)) : "";
    });
    if (this.look) attentionLines(this.lines, this.between, this.pieces?.[this.pointed], pieces, weights, this.look);
  }

  speak(text) {
    if (!text) return;
    const says = new SpeechSynthesisUtterance(text);
    says.lang = SCRIPTS.find(([letters]) => letters.test(text))?.[1] ?? "en";
    globalThis.speechSynthesis.cancel();
    globalThis.speechSynthesis.speak(says);
  }
}

export default component("translate", (root, live) => new Translate(root, live));
