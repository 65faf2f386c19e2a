// after: live.js
// A generator at work: numbers written, samples, a walk through the noise, a grid of two directions.

const STILL_GAP = 40; // ms between two questions while a slider moves
const FILM_AFTER = 350; // ms of quiet after which a film is asked for
const FRAME_TIME = 90; // ms
const AGAIN = 2000; // ms after which the first question is asked again, if nobody answered
const TRIES = 8;
const SEEDS = 999;
const LEAST = 3; // digits side by side for which there is room: a single one would be huge
const BIG = 3; // rows of the strip that the moving picture of a walk is high
const HIGH = 34; // em that all pictures together are high at most: they stay in sight
const KINDS = ["write", "samples", "walk", "grid"];
const FILMS = new Set(["write", "walk"]);

/** Fills `host` with `make(key, word)` of each pair, if they are others: else the focus stays. */
function filled(host, pairs, make) {
  const has = JSON.stringify(pairs);
  if (host.pcHas === has) return;
  host.pcHas = has;
  host.replaceChildren(...pairs.map(([key, word]) => make(key, word)));
}

class Sampler {
  constructor(root, live) {
    Object.assign(this, { root, live, kind: "write", at: 0, frame: 0, tries: 0, playing: true });
    this.values = { seed: 1, end: 2, truncation: 0.8, label: -1, text: "2026" };
    this.models = h("div.pc-buttons", { role: "group" });
    this.tabs = h("div.pc-tabs", { role: "tablist" });
    this.canvas = h("canvas.pc-made", { role: "img", width: 400, height: 100 });
    this.canvas.addEventListener("click", (event) => this.pick(event));
    this.says = h("p.pc-note", { role: "status" });
    this.near = h("div.pc-near");
    this.fields = this.makeFields();
    this.play = h("button.pc-button", { type: "button", onclick: () => this.toggle() }, h("span"));
    this.files = ["png", "gif"].map((ending) => h("button.pc-button", { type: "button",
      "data-do": ending, onclick: () => this.take(ending) }, h("span")));
    root.append(this.models, this.tabs, h("div.pc-sampler", {},
      h("div.pc-stage-made", {}, this.canvas, this.says, this.near),
      h("div.pc-wishes", {}, ...Object.values(this.fields).map(({ element }) => element),
        h("div.pc-buttons", {}, this.play, ...this.files))));
    // A film takes longer: what a slider asks for meanwhile does not wait for it.
    this.still = newest(() => this.ask(false), STILL_GAP);
    this.film = newest(() => this.ask(true));
    this.filmSoon = debounced(() => this.closed || this.film(), FILM_AFTER);
    this.strip = new OffscreenCanvas(1, 1);
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) this.playing = false;
    this.timer = setInterval(() => this.tick(), FRAME_TIME);
    this.sight = new ResizeObserver(() => this.draw());
    this.sight.observe(this.canvas);
  }

  makeFields() {
    const slider = (name, low, high, step) => {
      const output = h("output");
      const input = h("input.pc-range", { type: "range", min: low, max: high, step,
        value: this.values[name], "data-wish": name,
        oninput: () => this.wish(name, Number(input.value)) });
      const word = h("span");
      return { word, output, input,
        element: h("label.pc-wish", {}, h("span", {}, word, output), input) };
    };
    const word = h("span");
    const text = h("input.pc-number", { type: "text", inputmode: "numeric", maxlength: 8,
      value: this.values.text, "data-wish": "text",
      oninput: () => {
        text.value = text.value.replace(/\D/g, "");
        this.wish("text", text.value);
      } });
    const label = h("select.pc-number", { "data-wish": "label",
      onchange: () => this.wish("label", Number(label.value)) });
    const labelWord = h("span");
    return {
      text: { word, input: text, element: h("label.pc-wish", {}, word, text) },
      label: { word: labelWord, input: label, element: h("label.pc-wish", {}, labelWord, label) },
      seed: slider("seed", 1, SEEDS, 1), end: slider("end", 1, SEEDS, 1),
      truncation: slider("truncation", 0, 1.5, 0.05),
    };
  }

  close() {
    this.closed = true;
    clearInterval(this.timer);
    this.sight.disconnect();
  }

  update(data) {
    const refs = data.models.map(({ ref }) => ref).join();
    const other = this.refs !== refs;
    Object.assign(this, { data, look: theme(this.root), say: numbers(data.lang) });
    if (other) {
      this.refs = refs;
      const own = data.models.findIndex(({ ref }) => ref.startsWith("run:"));
      this.at = Math.max(own, 0); // what one has trained is what one wants to see
      this.open();
    }
    this.showWords();
    this.draw();
  }

  get model() { return this.data.models[this.at]; }

  /** Another network: what it cannot do is not offered. */
  open() {
    const { kinds } = this;
    if (!kinds.includes(this.kind)) this.kind = kinds[0];
    if (this.values.label >= this.model.classes.length) this.values.label = -1;
    this.show();
  }

  /** Something else than before: at once as it is in the end. */
  show() {
    this.near.replaceChildren();
    if (FILMS.has(this.kind)) this.film();
    else this.still();
  }

  get kinds() {
    return this.model.digits ? KINDS : KINDS.slice(1);
  }

  /* ---- words ---- */

  showWords() {
    const { words, models } = this.data;
    this.models.setAttribute("aria-label", words.network);
    filled(this.models, models.map(({ title }, i) => [i, title]), (i, title) => h(
      "button.pc-button", { type: "button",
        onclick: () => { this.at = i; this.open(); this.showWords(); } }, title));
    [...this.models.children].forEach((each, i) => {
      each.setAttribute("aria-pressed", String(i === this.at));
    });
    this.models.hidden = models.length < 2;
    filled(this.tabs, this.kinds.map((kind) => [kind, words[kind]]), (kind, word) => h(
      "button.pc-button.pc-tab", { type: "button", role: "tab", "data-cell": kind,
        onclick: () => this.choose(kind) }, word));
    for (const tab of this.tabs.children) {
      tab.setAttribute("aria-selected", String(tab.dataset.cell === this.kind));
    }
    roving(this.tabs);
    const { label } = this.fields;
    const names = this.model.classes.map((name, i) => [i, name]);
    if (this.kind === "samples") names.unshift([-1, words.each_class]);
    filled(label.input, names, (value, name) => h("option", { value }, name));
    label.input.value = this.wished;
    const shown = { text: this.kind === "write", end: this.kind === "walk",
      label: this.kind !== "write" && this.model.classes.length > 0, seed: true, truncation: true };
    for (const [name, field] of Object.entries(this.fields)) {
      setText(field.word, words[name]);
      field.element.hidden = !shown[name];
      if (field.output) setText(field.output, this.say.short(this.values[name]));
    }
    const film = FILMS.has(this.kind);
    this.play.hidden = this.files[1].hidden = !film;
    setText(this.play.firstElementChild, this.playing ? words.pause : words.play);
    this.play.setAttribute("aria-pressed", String(!this.playing));
    for (const file of this.files) setText(file.firstElementChild, words[file.dataset.do]);
    this.canvas.setAttribute("aria-label", `${words[this.kind]}: ${this.model.title}`);
    this.canvas.classList.toggle("pc-pickable", this.kind === "samples");
    if (!this.problem) setText(this.says, this.made ? words[`says_${this.kind}`] : words.waking);
  }

  choose(kind) {
    this.kind = kind;
    this.showWords();
    this.show();
  }

  /* ---- asking ---- */

  wish(name, value) {
    this.values[name] = value;
    this.near.replaceChildren();
    this.showWords();
    this.still();
    if (FILMS.has(this.kind)) this.filmSoon();
  }

  /** The class that is asked for; a walk is one through a single class. */
  get wished() {
    return this.kind === "samples" ? this.values.label : Math.max(this.values.label, 0);
  }

  get wishes() {
    const { seed, end, truncation, text } = this.values;
    return { kind: this.kind, seed: String(seed), end: String(end), text,
      truncation: String(truncation), label: String(this.wished) };
  }

  /** What is wanted, as text: two wishes are the same if this is. */
  get asked() { return JSON.stringify([this.model.ref, this.wishes]); }

  async ask(film) {
    const { ref } = this.model;
    const { asked } = this;
    const wishes = { ...this.wishes, moves: String(film) };
    const began = performance.now();
    try {
      const made = await this.live.ask(this.data.room, ref, "sample", { params: wishes });
      const late = film ? asked !== this.asked : asked === this.made?.asked;
      if (this.closed || late) return; // other things are wanted, or the whole film is there
      this.problem = null;
      this.made = { ...made, kind: wishes.kind, wishes, ref, asked };
      this.paintStrip();
      this.root.dataset.ms = Math.round(performance.now() - began);
      this.root.dataset.network = ref;
      this.root.dataset.shown = `${wishes.kind} ${made.count}×${made.frames}`;
      this.root.dataset.answers = Number(this.root.dataset.answers ?? 0) + 1;
      this.showWords();
      this.draw();
      this.root.dataset.asked = asked;
    } catch (error) {
      // A server that has just started loads its networks first: nobody has to press anything.
      const again = !this.made && (this.tries += 1) < TRIES;
      this.problem = again ? this.data.words.waking : error.message;
      setText(this.says, this.problem);
      if (again) setTimeout(() => this.closed || this.show(), AGAIN);
    }
  }

  /* ---- pictures ---- */

  toggle() {
    this.playing = !this.playing;
    this.showWords();
  }

  tick() {
    if (!this.playing || !(this.made?.frames > 1) || document.hidden) return;
    this.frame = (this.frame + 1) % this.made.frames;
    this.draw();
  }

  /** All pictures of an answer below each other: what is shown is cut from there. */
  paintStrip() {
    const { width, height, channels, count, frames, data } = this.made;
    if (!count) return;
    paint(this.strip, { width, height: height * count * frames, channels, bytes: toBytes(data) });
  }

  draw() {
    if (!this.made?.count || !this.canvas.clientWidth) return;
    const { made, canvas } = this;
    const walk = made.kind === "walk";
    const gap = made.kind === "write" ? 0 : 0.06;
    const columns = walk ? BIG + 8 : Math.max(made.columns, LEAST);
    const left = walk ? 0 : (columns - made.columns) / 2;
    const rows = walk ? BIG : Math.ceil(made.count / made.columns);
    canvas.style.maxWidth = `${(HIGH * columns) / rows}em`;
    const unit = Math.floor(canvas.clientWidth * devicePixelRatio / columns);
    if (canvas.width !== unit * columns || canvas.height !== unit * rows) {
      canvas.width = unit * columns;
      canvas.height = unit * rows;
    }
    const pen = canvas.getContext("2d");
    pen.imageSmoothingEnabled = false;
    pen.clearRect(0, 0, canvas.width, canvas.height);
    const { width, height } = made;
    const put = (i, column, row, span = 1) => pen.drawImage(
      this.strip, 0, i * height, width, height, (column + gap / 2) * unit, (row + gap / 2) * unit,
      (span - gap) * unit, (span - gap) * unit);
    const frame = made.frames > 1 ? this.frame % made.frames : 0;
    if (!walk) {
      for (let i = 0; i < made.count; i += 1) {
        put(frame * made.count + i, left + (i % made.columns), Math.floor(i / made.columns));
      }
      return;
    }
    put(frame, 0, 0, BIG);
    for (let i = 0; i < made.frames; i += 1) put(i, BIG + (i % 8), Math.floor(i / 8));
    pen.strokeStyle = css(this.look.accent);
    pen.lineWidth = 3 * devicePixelRatio;
    pen.strokeRect((BIG + (frame % 8)) * unit, Math.floor(frame / 8) * unit, unit, unit);
  }

  /* ---- is it a copy? ---- */

  pick({ offsetX, offsetY }) {
    if (this.made?.kind !== "samples") return;
    const unit = this.canvas.clientWidth / this.made.columns;
    const index = Math.floor(offsetY / unit) * this.made.columns + Math.floor(offsetX / unit);
    if (index < this.made.count) this.compare(index);
  }

  async compare(index) {
    const { words, room, names } = this.data;
    const { made } = this;
    const { wishes, ref } = made;
    this.near.replaceChildren(h("p.pc-note", {}, words.looking));
    try {
      const found = await this.live.ask(room, ref, "nearest", { params: wishes, index });
      if (this.closed || made !== this.made) return; // other pictures stand there by now
      const tiles = unpack(found, found.count);
      const figure = (i, caption) => {
        const canvas = h("canvas", { role: "img", "aria-label": caption });
        paint(canvas, tiles[i]);
        return h("figure", {}, canvas, h("figcaption", {}, caption));
      };
      const said = found.said && fill(words.recognised, {
        name: this.named(found.said), share: this.say.percent(found.sure) });
      this.near.replaceChildren(
        h("div.pc-near-row", {}, figure(0, words.made),
          ...found.distances.map((distance, i) => figure(i + 1, fill(words.trained_on, {
            n: this.say.short(distance) })))),
        h("p", {}, [said, fill(words.usual_distance, { n: this.say.short(found.usual) })]
          .filter(Boolean).join(" ")));
      this.root.dataset.nearest = String(index);
    } catch (error) {
      if (made === this.made) this.near.replaceChildren(h("p.pc-note", {}, error.message));
    }
  }

  named(name) { return this.data.names[name] ?? name; }

  /* ---- to take away ---- */

  take(ending) {
    if (ending === "png") {
      this.canvas.toBlob((blob) => this.save(blob, "png"));
      return;
    }
    this.live.ask(this.data.room, this.model.ref, "sample",
      { params: { ...this.wishes, moves: "true", gif: "true" } })
      .then(({ gif }) => this.save(new Blob([toBytes(gif)], { type: "image/gif" }), "gif"))
      .catch((error) => setText(this.says, error.message));
  }

  save(blob, ending) {
    const link = h("a", { href: URL.createObjectURL(blob), download: `made.${ending}` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }
}

export default component("sampler", (root, live) => new Sampler(root, live));
