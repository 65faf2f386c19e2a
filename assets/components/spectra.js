// after: sounds.js
// One sound, four ways to look at it: waveform, spectrogram, mel spectrogram, MFCC. Window and hop
// are moved, the pictures follow, and what they still hold of the sound can be heard.

const PICTURES = ["spectrogram", "mel", "mfcc"];
const USUAL = { window: 25, hop: 10 }; // ms
const BOUNDS = { window: [4, 100], hop: [2, 50] };
const FIRST = { label: 7, index: 1 };

class Spectra {
  constructor(root, live) {
    Object.assign(this, { root, live, how: { ...USUAL } });
    this.wave = h("canvas.pc-wave", { width: 900, height: 110, role: "img" });
    this.cursor = h("span.pc-cursor", { hidden: true });
    this.playIt = button("resume", () => this.listen(this.values));
    this.rows = Object.fromEntries(PICTURES.map((name) => [name, this.row(name)]));
    this.title = h("h4");
    this.sliders = Object.fromEntries(Object.keys(USUAL).map((name) => [name, this.slider(name)]));
    this.usual = button("again", () => this.back(), "quiet");
    this.note = h("p.pc-note", { role: "status" });
    root.append(
      h("div.pc-spectra-hands", {}, ...Object.values(this.sliders).map((each) => each.element),
        this.usual),
      this.note,
      h("div.pc-spectra", {},
        h("section.pc-spectrum", {}, h("header", {}, this.title, this.playIt),
          h("div.pc-timeline", {}, this.wave, this.cursor)),
        ...PICTURES.map((name) => this.rows[name].element)));
    this.redraw = newest(() => this.ask());
    this.onPicture = ({ detail }) => this.take(detail);
    document.addEventListener("perceptorium:picture", this.onPicture);
  }

  row(name) {
    const canvas = h("canvas", { role: "img", width: 1, height: 1 });
    const title = h("h4");
    const says = h("p.pc-note");
    const hear = button("wave", () => this.rebuilt(name));
    const element = h("section.pc-spectrum", { "data-picture": name },
      h("header", {}, title, hear), h("div.pc-timeline", {}, canvas), says);
    return { element, canvas, title, says, hear };
  }

  slider(name) {
    const [min, max] = BOUNDS[name];
    const input = h("input.pc-range", { type: "range", min, max, step: 1, value: USUAL[name],
      oninput: () => this.move(name, Number(input.value)) });
    const label = h("span");
    const says = h("small");
    return { input, label, says, element: h("label.pc-spectra-slider", {}, label, input, says) };
  }

  close() {
    this.closed = true;
    document.removeEventListener("perceptorium:picture", this.onPicture);
  }

  update(data) {
    const { words, lang } = data;
    Object.assign(this, { data, say: numbers(lang), look: theme(this.root) });
    setText(this.title, words.waveform);
    setWord(this.playIt, words.play);
    setWord(this.usual, words.usual);
    this.wave.setAttribute("aria-label", words.waveform);
    for (const name of PICTURES) {
      const { title, says, hear, canvas } = this.rows[name];
      setText(title, words[name]);
      setText(says, words[`${name}_says`]);
      setWord(hear, words.rebuild);
      hear.setAttribute("aria-label", `${words.rebuild}: ${words[name]}`);
      canvas.setAttribute("aria-label", words[name]);
    }
    this.labels();
    if (this.told) this.draw();
    if (!this.values && !this.asking) this.first();
  }

  labels() {
    const { words } = this.data;
    for (const [name, { label, says, input }] of Object.entries(this.sliders)) {
      setText(label, fill(words[name], { n: this.say.whole(this.how[name]) }));
      setText(says, words[`${name}_says`]);
      input.value = this.how[name];
    }
    const usual = Object.keys(USUAL).every((name) => this.how[name] === USUAL[name]);
    this.usual.classList.toggle("pc-away", usual);
    for (const each of [this.playIt, ...PICTURES.map((name) => this.rows[name].hear)]) {
      each.disabled = !this.values;
    }
  }

  async first() {
    this.asking = true;
    setText(this.note, this.data.words.first);
    try {
      const { sound } = await this.live.ask(this.data.room, "", "example", FIRST);
      if (!this.values) this.show(fromText(sound));
    } catch (error) {
      setText(this.note, error.message);
    }
    this.asking = false;
  }

  take({ room, values }) {
    if (room === this.data.room && values) this.show(values);
  }

  show(values) {
    this.values = values;
    drawWave(this.wave, values, this.look);
    this.labels();
    this.redraw();
  }

  move(name, value) {
    this.how[name] = value;
    this.labels();
    if (this.values) this.redraw();
  }

  back() {
    this.how = { ...USUAL };
    this.labels();
    this.redraw();
  }

  /** The library that draws takes a while to load on the server; each question whether it is there
   * is answered within a second or so. */
  async prepared() {
    while (!this.closed) {
      const { ready } = await this.live.ask(this.data.room, "", "ready", {});
      if (ready) break;
      setText(this.note, this.data.words.first);
    }
  }

  /** What the library makes of the sound. */
  async made(what, more = {}) {
    this.ready ??= this.prepared();
    await this.ready.catch((error) => {
      this.ready = null; // the next question tries again
      throw error;
    });
    const input = { ...asInput(this.values), ...this.how, ...more };
    return this.live.ask(this.data.room, "", what, input);
  }

  async ask() {
    try {
      const told = await this.made("spectra");
      if (this.closed) return;
      this.told = told;
      this.draw();
    } catch (error) {
      setText(this.note, error.message);
    }
  }

  draw() {
    const { told, data: { words }, say } = this;
    const colours = ramp(this.look, 0, 1);
    for (const name of PICTURES) paint(this.rows[name].canvas, unpack(told[name])[0], colours);
    if (this.values) drawWave(this.wave, this.values, this.look);
    setText(this.note, fill(words.told, { frames: say.whole(told.frames),
      bins: say.whole(told.bins), apart: say.short(RATE / told.fft) }));
    this.root.dataset.frames = told.frames;
  }

  async rebuilt(of) {
    const { hear } = this.rows[of];
    hear.disabled = true;
    setText(this.note, this.data.words.rebuilding);
    try {
      const { sound } = await this.made("rebuilt", { of });
      this.root.dataset.rebuilt = of;
      this.draw();
      await this.listen(fromText(sound));
    } catch (error) {
      setText(this.note, error.message);
    }
    hear.disabled = false;
  }

  /** Play a sound, while a line goes through the waveform. */
  async listen(values) {
    const began = performance.now();
    const move = () => {
      if (this.cursor.hidden) return;
      const share = ((performance.now() - began) / 1000) * (RATE / values.length);
      this.cursor.style.left = `${Math.min(100, 100 * share)}%`;
      requestAnimationFrame(move);
    };
    this.cursor.hidden = false;
    requestAnimationFrame(move);
    await play(values);
    this.cursor.hidden = true;
  }
}

export default component("spectra", (root, live) => new Spectra(root, live));
