// after: looker.js text.js
// A network that writes on a text: piece by piece, from probabilities that one may bend or overrule.

const PIECE = 6; // signs of one question
const AT_ONCE = 120; // signs that are written by themselves when the page opens
const RUN = 600; // signs after which it stops by itself
const SHOWN = 10; // next signs that are shown
const DRAWING = { temperature: [0, 2, 0.05, 0.8], top_k: [0, 40, 1, 0], top_p: [0.05, 1, 0.05, 1] };

/** Probabilities (most probable first) as they are drawn from; 0 for what is cut off. */
function bent(shares, { temperature, top_k: topK, top_p: topP }) {
  if (temperature === 0) return shares.map((_, i) => (i ? 0 : 1));
  const powers = shares.map((share) => share ** (1 / temperature));
  const all = powers.reduce((sum, power) => sum + power, 0);
  let before = 0;
  const kept = powers.map((power, i) => {
    const share = power / all;
    const inside = (!topK || i < topK) && before < topP;
    before += share;
    return inside ? share : 0;
  });
  const rest = kept.reduce((sum, share) => sum + share, 0);
  return kept.map((share) => share / rest);
}

class Writer extends Looker {
  constructor(root, live) {
    super(root, live);
    this.wishes = Object.fromEntries(Object.entries(DRAWING).map(([name, each]) => [name, each[3]]));
    this.seed = Math.floor(Math.random() * 1e6);
    this.paper = h("textarea.pc-paper", { rows: 9, spellcheck: "false", maxlength: 4000,
      oninput: () => this.typed() });
    this.go = button("draw", () => this.toggle(), "primary");
    this.clear = button("clear", () => this.begin(), "quiet");
    this.unknown = h("p.pc-note");
    this.sliders = Object.entries(DRAWING).map(([name, [low, high, step]]) => {
      const output = h("output");
      const input = h("input.pc-range", { type: "range", min: low, max: high, step,
        value: this.wishes[name], "data-wish": name, oninput: () => {
          this.wishes[name] = Number(input.value);
          this.showNext();
        } });
      const word = h("span");
      return { name, word, output, input, says: h("small"),
        element: h("label.pc-wish", {}, h("span", {}, word, output), input) };
    });
    this.title = h("h4.pc-curve-title");
    this.bars = h("ol.pc-next");
    this.hint = h("p.pc-note");
    root.append(h("div.pc-writer", {},
      h("div.pc-desk", {}, this.paper, h("div.pc-buttons", {}, this.go, this.clear), this.unknown,
        this.message),
      h("div.pc-wishes", {}, ...this.sliders.map(({ element }) => element), this.title, this.bars,
        this.hint)));
    this.soonNext = debounced(() => this.changed(), 150);
  }

  close() {
    super.close();
    this.writing = false;
  }

  update(data, outward) {
    const first = !this.data;
    super.update(data, outward);
    const { words } = data;
    this.paper.setAttribute("aria-label", words.paper);
    this.paper.setAttribute("placeholder", words.placeholder);
    setWord(this.clear, words.clear);
    setText(this.title, words.next);
    setText(this.hint, words.next_says);
    this.showGo();
    for (const { name, word } of this.sliders) setText(word, words[name]);
    if (first) this.left = AT_ONCE;
    this.showNext();
  }

  renewed(other) {
    if (!other) return;
    if (!this.touched) this.begin();
  }

  /** The text with which this network begins. */
  begin() {
    this.touched = false;
    this.writing = false;
    this.paper.value = this.data.prompt;
    this.showGo();
    this.tell();
    this.changed();
  }

  typed() {
    this.touched = true;
    this.left = 0;
    this.tell();
    this.soonNext();
  }

  tell() {
    tellText(this.data.room, this.paper.value);
  }

  showGo() {
    const { words } = this.data;
    setWord(this.go, this.writing ? words.stop : words.go);
    this.go.setAttribute("aria-pressed", String(Boolean(this.writing)));
    this.root.dataset.writing = String(Boolean(this.writing));
  }

  toggle() {
    this.touched = true;
    this.left = RUN;
    if (this.writing) this.writing = false;
    else this.run();
    this.showGo();
  }

  /** Asked whenever what may come next has changed; the first time it writes by itself. */
  async ask() {
    if (this.writing) return;
    await this.piece(0);
    if (this.left && !this.touched && this.visible) this.run();
  }

  async run() {
    this.writing = true;
    this.showGo();
    try {
      while (this.writing && this.left > 0 && !this.closed && this.paper.value.length < 4000) {
        await this.piece(PIECE);
      }
      setText(this.message, "");
    } catch (error) {
      setText(this.message, error.message);
    }
    this.writing = false;
    this.left = 0;
    this.showGo();
  }

  /** Writes `count` signs more, and shows what may come then. */
  async piece(count) {
    const { value } = this.paper;
    const asked = Object.fromEntries(Object.entries(this.wishes).map(([k, v]) => [k, String(v)]));
    this.seed += 1;
    const told = await this.get("write", { count, params: { ...asked, text: value,
      seed: String(this.seed) } });
    if (this.closed || told.task !== "write") return;
    if (count && !this.writing) return; // it was stopped meanwhile
    if (this.paper.value === value && told.text) {
      this.paper.value += told.text;
      this.paper.scrollTop = this.paper.scrollHeight;
      this.left -= count;
      this.tell();
    }
    this.next = told.next;
    this.root.dataset.length = this.paper.value.length;
    setText(this.unknown, told.unknown.length ? fill(this.data.words.unknown, {
      signs: told.unknown.slice(0, 12).join(" ") }) : "");
    this.showNext();
  }

  showNext() {
    const { data: { words }, say, wishes } = this;
    for (const { name, output } of this.sliders) {
      const off = (name === "top_k" && !wishes.top_k) || (name === "top_p" && wishes.top_p === 1);
      setText(output, off ? words.off : say.short(wishes[name]));
    }
    if (!this.next) return;
    const shares = bent(this.next.map(([, share]) => share), wishes);
    const rows = this.next.slice(0, SHOWN);
    while (this.bars.children.length > rows.length) this.bars.lastElementChild.remove();
    while (this.bars.children.length < rows.length) {
      const at = this.bars.children.length;
      this.bars.append(h("li", {}, h("button.pc-next-one", { type: "button", "data-cell": at,
        onclick: () => this.overrule(at) },
      h("span.pc-sign"), h("span.pc-bar-track", {}, h("i"), h("b")), h("span.pc-bar-share"))));
    }
    rows.forEach(([sign, share], i) => {
      const [name, track, figure] = this.bars.children[i].firstElementChild.children;
      setText(name, shownSign(sign));
      track.firstElementChild.style.width = `${100 * share}%`;
      track.lastElementChild.style.width = `${100 * shares[i]}%`;
      setText(figure, shares[i] ? say.percent(shares[i]) : words.cut);
      this.bars.children[i].classList.toggle("pc-cut", !shares[i]);
      this.bars.children[i].firstElementChild.setAttribute("aria-label",
        fill(words.take, { sign: spokenSign(sign, words), share: say.percent(shares[i]) }));
    });
    roving(this.bars);
  }

  /** The visitor chooses what comes next. */
  overrule(at) {
    this.paper.value += this.next[at][0];
    this.paper.scrollTop = this.paper.scrollHeight;
    this.typed();
  }
}

export default component("writer", (root, live) => new Writer(root, live));
