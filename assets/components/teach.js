// after: sounds.js zip.js
// Teach it your words: record each a few times. The recordings stay in the browser until the
// visitor has them trained on.

const MOST = { classes: 12, recordings: 300 };
const LEAST = { classes: 2, recordings: 3 }; // what training needs
const WAIT = 4; // s that a recording waits for a word

/** A folder's name: what the visitor typed, without what would make it another folder. */
function folder(name) {
  return name.replace(/[\\/:\s\u0000-\u001f]+/g, " ").replace(/^[\s.]+|\s+$/g, "").slice(0, 40);
}

/** One word: its name and its recordings. */
class Word {
  constructor(owner, number) {
    Object.assign(this, { owner, number, recordings: [] });
    this.name = h("input.pc-class-name", { type: "text", maxlength: 40,
      oninput: () => owner.changed() });
    this.count = h("span.pc-class-count");
    this.remove = button("end", () => owner.drop(this), "quiet");
    this.say = button("mic", () => owner.record(this), "primary");
    this.takes = h("div.pc-takes");
    this.element = h("section.pc-class", {},
      h("header", {}, this.name, this.count, this.remove), this.say, this.takes);
  }

  get called() {
    return folder(this.name.value) || this.name.placeholder;
  }

  show(words, say, look) {
    this.name.placeholder = fill(words.word_n, { n: this.number });
    this.name.setAttribute("aria-label", words.word_name);
    setWord(this.remove, words.remove);
    setWord(this.say, this.owner.recording === this ? words.speak_now : words.record);
    setText(this.count, fill(words.recordings, { n: say.whole(this.recordings.length) }));
    this.takes.replaceChildren(...this.recordings.map((values, place) => {
      const canvas = h("canvas", { width: 120, height: 40 });
      drawWave(canvas, values, look);
      return h("span.pc-take", {},
        h("button", { type: "button", title: words.play, "aria-label": words.play,
          onclick: () => play(values) }, canvas),
        h("button.pc-forget", { type: "button", title: words.forget, "aria-label": words.forget,
          onclick: () => { this.recordings.splice(place, 1); this.owner.changed(); } }, "×"));
    }));
  }
}

class Teach {
  constructor(root, live) {
    Object.assign(this, { root, live, words: [], made: 0, recording: null });
    this.list = h("div.pc-classes");
    this.another = button("draw", () => this.add());
    this.use = button("resume", () => this.send(), "primary");
    this.save = button("latest", () => this.saveZip(), "quiet");
    this.note = h("p.pc-note", { role: "status" });
    this.level = h("span.pc-level", {}, h("span"));
    root.append(h("div.pc-teach", {}, this.list, this.level,
      h("div.pc-buttons", {}, this.another, this.use, this.save), this.note));
    this.microphone = new Microphone((piece) => this.piece(piece));
  }

  close() {
    this.rest();
  }

  update(data, outward) {
    Object.assign(this, { data, outward, say: numbers(data.lang), look: theme(this.root) });
    for (const name of ["another", "use", "save"]) setWord(this[name], data.words[name]);
    while (this.words.length < LEAST.classes) this.add();
    this.changed();
  }

  add() {
    const one = new Word(this, this.made += 1);
    this.words.push(one);
    this.list.append(one.element);
    this.changed();
  }

  drop(one) {
    this.words = this.words.filter((each) => each !== one);
    one.element.remove();
    if (this.words.length < LEAST.classes) this.add();
    this.changed();
  }

  get total() {
    return this.words.reduce((sum, { recordings }) => sum + recordings.length, 0);
  }

  /** The recordings of each name: two words of one name are one. */
  byName() {
    const found = new Map();
    for (const { called, recordings } of this.words) {
      if (recordings.length) found.set(called, [...(found.get(called) ?? []), ...recordings]);
    }
    return found;
  }

  changed() {
    const groups = [...this.byName().values()];
    const enough = groups.length >= LEAST.classes
      && groups.every(({ length }) => length >= LEAST.recordings);
    this.use.disabled = !enough || Boolean(this.sending) || Boolean(this.recording);
    this.save.disabled = !groups.length;
    this.another.disabled = this.words.length >= MOST.classes;
    for (const each of this.words) {
      each.show(this.data.words, this.say, this.look);
      each.say.disabled = this.total >= MOST.recordings
        || Boolean(this.recording && this.recording !== each);
      each.remove.hidden = this.words.length <= LEAST.classes;
      each.element.classList.toggle("pc-recording", this.recording === each);
    }
    this.level.classList.toggle("pc-away", !this.recording);
    this.root.dataset.recordings = this.total;
  }

  /* ---- the microphone: one word a press, over when it has been said ---- */

  async record(word) {
    if (this.recording) {
      this.rest();
      return;
    }
    this.recording = word;
    this.ear = new Ear();
    setText(this.note, "");
    this.changed();
    try {
      await this.microphone.open(this.data.words);
      this.clock = setTimeout(() => this.rest(this.data.words.heard_nothing), WAIT * 1000);
    } catch (error) {
      this.rest(error.message);
    }
  }

  rest(sentence = "") {
    clearTimeout(this.clock);
    this.microphone.close();
    this.recording = null;
    if (this.data) this.changed();
    setText(this.note, sentence);
  }

  piece(values) {
    if (!this.recording) return;
    const ended = this.ear.hear(values, this.microphone.rate);
    this.level.firstElementChild.style.transform =
      `scaleX(${Math.min(1, Math.sqrt(this.ear.level) * 2)})`;
    if (ended) this.keep(this.recording, this.microphone.last(this.ear.length));
  }

  async keep(word, values) {
    const { rate } = this.microphone;
    this.rest();
    word.recordings.push(await atRate(values, rate));
    this.changed();
  }

  /* ---- away with them ---- */

  archive() {
    const files = [...this.byName()].flatMap(([name, recordings]) => recordings.map(
      (values, i) => [`${name}/${String(i + 1).padStart(3, "0")}.wav`, wavFile(values)]));
    return new Blob(zipped(files), { type: "application/zip" });
  }

  async send() {
    const { words, lang } = this.data;
    this.sending = true;
    this.changed();
    setText(this.note, words.sending);
    const query = new URLSearchParams({ kind: "recordings", lang });
    const { upload, error } = await fetch(`${this.live.base}live/upload?${query}`, {
      method: "POST", body: this.archive(), headers: { "X-Filename": "words.zip" },
    }).then((reply) => reply.json()).catch(() => ({}));
    this.sending = false;
    this.changed();
    setText(this.note, upload ? "" : (error ?? words.no_upload));
    if (upload) this.outward.setTriggerValue("uploaded", upload);
  }

  saveZip() {
    const url = URL.createObjectURL(this.archive());
    h("a", { href: url, download: "words.zip" }).click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  }
}

export default component("teach", (root, live) => new Teach(root, live));
