// after: looker.js text.js
// A network that judges a sentence: its verdict while one types, and what each word does to it.

class Verdict extends Looker {
  constructor(root, live) {
    super(root, live);
    this.input = h("textarea.pc-sentence-input", { rows: 2, maxlength: 1000, spellcheck: "false",
      oninput: () => this.typed() });
    this.examples = h("div.pc-buttons", { role: "group" });
    this.shuffleButton = button("turn", () => this.shuffle());
    this.winner = h("p.pc-winner");
    this.scale = h("div.pc-scale", { role: "img" }, h("span"), h("b"));
    this.sides = h("div.pc-sides", {}, h("span"), h("output"), h("span"));
    this.words = h("p.pc-chips", { translate: "no" });
    this.legend = h("p.pc-note");
    this.before = h("p.pc-moved", { role: "status" });
    root.append(h("div.pc-verdict-desk", {},
      h("div.pc-desk", {}, this.input, this.examples, h("div.pc-buttons", {}, this.shuffleButton),
        this.before, this.message),
      h("div.pc-desk", {}, this.winner, this.sides, this.scale, this.words, this.legend)));
  }

  renewed(other) {
    if (other && !this.touched) this.input.value = this.data.prompt;
    if (other) tellText(this.data.room, this.input.value);
    this.last = null;
    setText(this.before, "");
  }

  update(data, outward) {
    super.update(data, outward);
    const { words, examples } = data;
    this.input.setAttribute("aria-label", words.sentence);
    setWord(this.shuffleButton, words.shuffle);
    const made = JSON.stringify(examples);
    if (this.made !== made) {
      this.made = made;
      this.examples.replaceChildren(...examples.map((text) => h("button.pc-button.pc-example-text",
        { type: "button", translate: "no", onclick: () => this.take(text) }, text)));
    }
    if (this.told) this.show(this.told);
  }

  take(text) {
    this.input.value = text;
    this.typed();
  }

  typed() {
    this.touched = true;
    this.last = null;
    setText(this.before, "");
    tellText(this.data.room, this.input.value);
    this.changed();
  }

  /** The same words in another order; the full stop stays where it is. */
  shuffle() {
    const words = this.input.value.trim().replace(/[.。]$/, "").match(/[㐀-鿿]|[\w']+|[^\s\w]/g) ?? [];
    const before = words.join(" ");
    for (let tries = 0; tries < 10 && words.join(" ") === before; tries += 1) {
      for (let i = words.length - 1; i > 0; i -= 1) {
        const j = Math.floor(Math.random() * (i + 1));
        [words[i], words[j]] = [words[j], words[i]];
      }
    }
    this.touched = true;
    this.last = this.told?.probabilities[1];
    this.input.value = `${words.join(" ").replace(/ ([,;:!?])/g, "$1")}${/[.。]$/.test(this.input.value.trim()) ? "." : ""}`;
    tellText(this.data.room, this.input.value);
    this.changed();
  }

  async ask() {
    const told = await this.get("judge", { params: { text: this.input.value } });
    if (!this.closed && told.task === "judge") this.show(told);
  }

  show(told) {
    this.told = told;
    const { look, say, data: { words } } = this;
    const [against, favour] = told.classes.map((name) => this.called(name));
    const share = told.probabilities[1];
    const wins = share >= 0.5;
    const empty = !told.words.length;
    setText(this.winner, empty ? NOTHING : wins ? favour : against);
    this.winner.style.color = css(wins ? look.accentInk : look.secondInk);
    this.root.dataset.top = empty ? "" : told.classes[Number(wins)];
    setText(this.sides.children[0], against);
    setText(this.sides.children[1], empty ? NOTHING : say.percent(share));
    setText(this.sides.children[2], favour);
    this.scale.setAttribute("aria-label", `${favour}: ${say.percent(share)}`);
    this.scale.firstElementChild.style.background =
      `linear-gradient(90deg, ${css(look.second)}, ${css(look.surface)}, ${css(look.accent)})`;
    this.scale.lastElementChild.style.left = `${100 * (empty ? 0.5 : share)}%`;
    this.words.replaceChildren(...told.words.map((word, i) => {
      const effect = told.effects[i];
      const colour = effect < 0 ? look.second : look.accent;
      const back = mix(look.background, colour, Math.min(1, Math.abs(effect) * 1.4) * 0.75);
      const says = told.known[i]
        ? fill(effect < 0 ? words.pulls_down : words.pushes_up, {
          word, points: say.percent(Math.abs(effect)) }) : fill(words.unknown, { word });
      const chip = h(`span.pc-chip${told.known[i] ? "" : ".pc-unknown"}`, { title: says,
        "aria-label": says }, word);
      chip.style.background = css(back);
      chip.style.color = css(ink(back));
      return chip;
    }));
    setText(this.legend, words.legend);
    if (this.last == null) return;
    const moved = Math.abs(share - this.last);
    setText(this.before, fill(moved < 0.0005 ? words.same : words.moved, {
      before: say.percent(this.last), after: say.percent(share) }));
    this.root.dataset.moved = String(moved >= 0.0005);
  }
}

export default component("verdict", (root, live) => new Verdict(root, live));
