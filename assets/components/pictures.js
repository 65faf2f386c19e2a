// after: sources.js
// Which picture the window slides over: a sample, or one's own, which never leaves the browser
// unless it is to be part of the program that is taken home.

const SOURCE = 128; // px a side of every picture before it is made small

/** A file that the visitor's own browser decodes. */
class OwnFile extends Upload {
  async send(file) {
    try {
      const bitmap = await createImageBitmap(file);
      return pixels(bitmap, SOURCE, 3, middle(bitmap.width, bitmap.height));
    } catch {
      throw new Error(this.words.no_picture);
    }
  }
}

/** The square in the middle. */
function middle(width, height) {
  const size = Math.min(width, height);
  return { x: (width - size) / 2, y: (height - size) / 2, size };
}

class Pictures {
  /** `onPick(name)` for a sample; `onOwn(bytes, keep)` for one's own picture. */
  constructor(live, onPick, onOwn) {
    Object.assign(this, { onPick, onOwn });
    const fail = (sentence) => setText(this.message, sentence);
    const changed = () => this.changed();
    this.sources = { draw: new Pad(changed), upload: new OwnFile(live, changed, fail),
      camera: new Camera(changed, fail) };
    this.samples = h("div.pc-samples");
    this.buttons = Object.fromEntries(["draw", "upload", "camera"].map((name) => (
      [name, button(name, () => this.open(name))])));
    this.stage = h("div.pc-own", { hidden: true });
    this.message = h("p.pc-note", { role: "status" });
    this.element = h("div.pc-pictures", {},
      h("div.pc-pick", {}, this.samples, ...Object.values(this.buttons)), this.stage, this.message);
    this.onPaste = (event) => this.paste(event);
    document.addEventListener("paste", this.onPaste);
  }

  paste(event) {
    const file = [...(event.clipboardData?.files ?? [])].find(({ type }) => type.startsWith("image/"));
    if (!file) return;
    if (this.opened !== "upload") this.open("upload");
    this.sources.upload.take(file);
  }

  close() {
    this.sources.camera.stop();
    document.removeEventListener("paste", this.onPaste);
  }

  update(data) {
    const { words, samples, chosen } = data;
    this.sources.draw.words(words);
    this.sources.upload.update(data);
    this.sources.camera.update(data);
    for (const [name, each] of Object.entries(this.buttons)) setWord(each, words[name]);
    const key = samples.map(({ title }) => title).join();
    if (this.samples.dataset.key !== key) this.build(samples, key);
    for (const each of this.samples.children) {
      each.setAttribute("aria-pressed", String(!this.opened && each.dataset.sample === chosen));
    }
  }

  build(samples, key) {
    this.samples.dataset.key = key;
    this.samples.replaceChildren(...samples.map(({ name, title, picture }) => {
      const canvas = h("canvas");
      paint(canvas, unpack(picture)[0]);
      return h("button.pc-sample", { type: "button", "data-sample": name, title,
        "aria-label": title, onclick: () => { this.open(null); this.onPick(name); } }, canvas);
    }));
  }

  open(name) {
    const same = name === this.opened;
    if (this.opened === "camera") this.sources.camera.stop();
    this.opened = same ? null : name;
    setText(this.message, "");
    this.stage.hidden = !this.opened;
    for (const [each, element] of Object.entries(this.buttons)) {
      element.setAttribute("aria-pressed", String(each === this.opened));
    }
    if (!this.opened) return;
    this.stage.replaceChildren(this.sources[this.opened].element);
    if (this.opened === "camera") this.sources.camera.start();
    else this.changed();
  }

  changed() {
    const source = this.sources?.[this.opened];
    if (!source) return;
    if (this.opened === "draw" && !source.empty) this.take(pixels(source.canvas, SOURCE, 3), true);
    if (this.opened === "upload" && source.input()) this.take(source.input(), true);
    if (this.opened === "camera") this.takeFrame(source.video);
  }

  takeFrame(video) {
    const { videoWidth: width, videoHeight: height } = video;
    if (width) this.take(pixels(video, SOURCE, 3, middle(width, height)), video.paused);
  }

  take(bytes, keep) {
    setText(this.message, "");
    this.onOwn(bytes, keep);
  }
}
