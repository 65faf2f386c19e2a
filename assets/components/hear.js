// after: sounds.js answers.js
// Say something, and see which word the network hears: recorded, live, from a file, or an example.

const AGAIN = 200; // ms between two questions while it listens
const PATIENCE = 5; // s that a recording waits for a word
const HEARD = 12; // words that stay in the list
const DIGITS = 10;

class Hear {
  constructor(root, live) {
    Object.assign(this, { root, live, turn: 0 });
    this.answers = new Answers();
    this.tabs = h("div.pc-tabs", { role: "tablist" });
    this.wave = h("canvas.pc-wave", { width: 600, height: 120, role: "img" });
    this.level = h("span.pc-level", {}, h("span"));
    this.record = button("mic", () => this.toggle("record"), "primary");
    this.listen = button("mic", () => this.toggle("listen"), "primary");
    this.again = button("resume", () => play(this.values));
    this.file = h("input", { type: "file", accept: "audio/*,.m4a,.flac,.ogg,.wav,.mp3",
      onchange: () => this.takeFile(this.file.files[0]) });
    this.fileWord = h("span");
    this.fileSays = h("small");
    this.zone = h("label.pc-drop.pc-sound-file", {}, this.file, icon("upload"), this.fileWord,
      this.fileSays);
    this.hint = h("p.pc-note");
    this.list = h("ol.pc-heard", { "aria-live": "polite" });
    this.digits = h("div.pc-buttons.pc-digits", {}, ...Array.from({ length: DIGITS }, (_, digit) =>
      h("button.pc-button", { type: "button", "data-digit": digit,
        onclick: () => this.example(digit) }, String(digit))));
    this.stage = h("div.pc-stage", { role: "tabpanel" });
    this.sound = h("div.pc-sound", {}, this.wave, this.level);
    root.append(this.tabs, h("div.pc-try.pc-hear", {},
      h("div.pc-hear-side", {}, this.stage, this.sound,
        h("div.pc-buttons", {}, this.again), this.list), this.answers.element));
    this.microphone = new Microphone((piece) => this.piece(piece));
    this.question = newest((...given) => this.ask(...given), AGAIN);
    for (const [name, change] of [["dragover", true], ["dragleave", false], ["drop", false]]) {
      this.zone.addEventListener(name, (event) => {
        event.preventDefault();
        this.zone.classList.toggle("pc-over", change);
        if (name === "drop") this.takeFile(event.dataTransfer.files[0]);
      });
    }
    this.onEpoch = ({ detail }) => this.follow(detail);
    document.addEventListener("perceptorium:epoch", this.onEpoch);
    this.onSound = ({ detail }) => this.recall(detail);
    document.addEventListener("perceptorium:sound", this.onSound);
  }

  close() {
    this.closed = true;
    this.rest();
    document.removeEventListener("perceptorium:epoch", this.onEpoch);
    document.removeEventListener("perceptorium:sound", this.onSound);
  }

  update(data) {
    const other = data.model !== this.data?.model;
    this.data = data;
    if (other) this.model = data.model;
    const { words, lang } = data;
    this.look = theme(this.root);
    this.answers.update(data, this.look, numbers(lang), this.root);
    setText(this.fileWord, words.drop);
    setText(this.fileSays, words.drop_says);
    setWord(this.again, words.play);
    this.wave.setAttribute("aria-label", words.wave);
    this.list.setAttribute("aria-label", words.heard);
    for (const each of this.digits.children) {
      each.setAttribute("aria-label", fill(words.example, { digit: each.dataset.digit }));
    }
    this.showTabs();
    this.showHands();
    if (this.values) drawWave(this.wave, this.values, this.look);
    if (other && this.values && !this.active) this.question(this.values);
  }

  showTabs() {
    const { words } = this.data;
    if (!this.tabs.children.length) {
      const pictures = { examples: "resume", record: "mic", listen: "wave", upload: "upload" };
      this.tabs.replaceChildren(...Object.keys(pictures).map((name) => {
        const tab = button(pictures[name], () => this.open(name), "tab");
        tab.setAttribute("role", "tab");
        Object.assign(tab.dataset, { cell: name, tab: name });
        return tab;
      }));
      roving(this.tabs);
      this.answers.clear();
      this.open("examples");
    }
    for (const tab of this.tabs.children) setWord(tab, words[tab.dataset.tab]);
  }

  open(name) {
    this.rest();
    this.tab = name;
    for (const tab of this.tabs.children) {
      const chosen = tab.dataset.tab === name;
      tab.setAttribute("aria-selected", String(chosen));
      tab.setAttribute("tabindex", chosen ? "0" : "-1");
    }
    const shown = { examples: this.digits, upload: this.zone }[name] ?? this[name];
    this.stage.replaceChildren(shown, this.hint);
    this.list.hidden = name !== "listen";
    this.showHands();
  }

  showHands() {
    const { words } = this.data;
    setWord(this.record, this.active ? words.stop : words.start_record);
    setWord(this.listen, this.active ? words.stop : words.start_listen);
    this.again.disabled = !this.values || Boolean(this.active);
    setText(this.hint, this.active ? words[`${this.active}_now`] : words[`${this.tab}_says`]);
    this.level.hidden = !this.active;
    this.root.dataset.active = this.active ?? "";
  }

  /* ---- the microphone ---- */

  async toggle(what) {
    if (this.active) {
      if (this.active === "record") await this.recorded(this.microphone.last(LONGEST));
      this.rest();
      return;
    }
    this.answers.clear();
    this.turn += 1;
    this.active = what;
    this.ear = new Ear();
    this.list.replaceChildren();
    this.showHands();
    try {
      await this.microphone.open(this.data.words);
    } catch (error) {
      this.rest();
      this.answers.fail(error.message);
      return;
    }
    if (what === "listen") this.clock = setInterval(() => this.lookIn(), AGAIN);
    else this.clock = setTimeout(() => this.toggle(what), PATIENCE * 1000);
  }

  rest() {
    clearInterval(this.clock);
    this.microphone.close();
    this.active = null;
    if (this.data) this.showHands();
  }

  piece(values) {
    if (!this.active) return;
    const ended = this.ear.hear(values, this.microphone.rate);
    this.level.firstElementChild.style.transform =
      `scaleX(${Math.min(1, Math.sqrt(this.ear.level) * 2)})`;
    if (ended) this.wordEnded();
  }

  /** A word is over: a recording is complete; what is heard live goes into the list. */
  async wordEnded() {
    const word = this.microphone.last(this.ear.length);
    if (this.active === "record") {
      const length = this.recorded(word);
      this.rest();
      await length;
    } else {
      const values = await atRate(word, this.microphone.rate);
      const answer = await this.answer(values).catch(() => null);
      if (answer && !answer.blank && !this.closed) this.note(answer);
    }
  }

  note({ classes, probabilities, unknown }) {
    const best = probabilities.indexOf(Math.max(...probabilities));
    const name = this.data.names?.[classes[best]] ?? classes[best];
    const shown = unknown ? this.data.words.dont_know : name;
    this.list.append(h(unknown ? "li.pc-unknown" : "li", {}, shown));
    while (this.list.children.length > HEARD) this.list.firstElementChild.remove();
    this.root.dataset.heard = shown;
  }

  async recorded(values) {
    await this.show(await atRate(values, this.microphone.rate));
  }

  /** The last second goes to the network, again and again. */
  async lookIn() {
    if (document.hidden || !this.microphone.kept) return;
    const values = await atRate(this.microphone.last(WORD), this.microphone.rate);
    if (this.active !== "listen") return;
    this.values = values;
    drawWave(this.wave, values, this.look);
    this.question(values);
  }

  /* ---- files and examples ---- */

  async takeFile(file) {
    this.file.value = ""; // the same file may be chosen again
    if (!file) return;
    const { words, room, limits } = this.data;
    this.answers.clear();
    await this.latest(async () => {
      if (!file.size) throw new Error(words.empty);
      if (file.size > limits.bytes) throw new Error(words.too_big);
      return decodedHere(file).catch(() => decodedThere(file, this.live, room, this.data));
    }, async ({ values, cut }) => {
      await this.show(values);
      if (cut) setText(this.hint, fill(words.cut, { n: LONGEST }));
    });
  }

  /** Do something with what a visitor asked for, unless something newer was asked meanwhile. */
  async latest(fetch, use) {
    const turn = (this.turn += 1);
    try {
      const found = await fetch();
      if (turn === this.turn) await use(found);
    } catch (error) {
      if (turn === this.turn) this.answers.fail(error.message);
    }
  }

  example(digit) {
    return this.fetched("", "example", { label: digit, index: Math.floor(Math.random() * 24) });
  }

  /** A recording of the data set that was chosen elsewhere on the page. */
  recall({ room, model, index }) {
    if (room === this.data.room) this.fetched(model, "sound", { index });
  }

  async fetched(model, what, input) {
    const wanted = () => this.live.ask(this.data.room, model, what, input);
    await this.latest(wanted, async ({ sound }) => {
      if (!sound) return; // random numbers have nothing to hear
      const values = fromText(sound);
      play(values);
      await this.show(values);
    });
  }

  /* ---- questions ---- */

  async show(values) {
    this.values = values;
    drawWave(this.wave, values, this.look);
    this.showHands();
    const detail = { room: this.data.room, input: asInput(values), values };
    document.dispatchEvent(new CustomEvent("perceptorium:picture", { detail }));
    await this.question(values);
  }

  answer(values) {
    return this.live.ask(this.data.room, this.model, "recognize", asInput(values));
  }

  async ask(values) {
    try {
      const answer = await this.answer(values);
      const stale = this.values !== values && this.active !== "listen";
      if (!this.closed && !stale) this.answers.show(answer);
    } catch (error) {
      this.answers.fail(error.message);
    }
  }

  /** A run's epoch slider moved: the model of that epoch answers. */
  follow({ run, epoch, latest }) {
    if (!this.data.follows_epoch || this.data.model !== `run:${run}`) return;
    this.model = latest ? this.data.model : `${this.data.model}@${epoch}`;
    if (this.values && !this.active) this.question(this.values);
  }
}

export default component("hear", (root, live) => new Hear(root, live));
