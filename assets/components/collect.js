// after: sources.js zip.js
// Pictures taken with the camera, class by class: hold a button, and each class fills up. They stay
// in the browser, small and packed, until the visitor has them trained on.

const GAP = 120; // ms between two pictures while the button is held
const QUALITY = 0.85; // of a picture, as JPEG
const THUMBS_A_PAGE = 12;
const MOST = { classes: 12, pictures: 2000 };
const LEAST = { classes: 2, pictures: 3 }; // what training needs

/** A folder's name: what the visitor typed, without what would make it another folder. */
function folder(name) {
  return name.replace(/[\\/:\s\u0000-\u001f]+/g, " ").replace(/^[\s.]+|\s+$/g, "").slice(0, 40);
}

/** One class: its name, its pictures (JPEG), the page of them that is shown. */
class PictureClass {
  constructor(owner, number) {
    Object.assign(this, { owner, number, pictures: [], page: 0, urls: [] });
    this.name = h("input.pc-class-name", { type: "text", maxlength: 40,
      oninput: () => owner.changed() });
    this.count = h("span.pc-class-count");
    this.hold = button("camera", () => {}, "primary");
    this.remove = button("end", () => owner.drop(this), "quiet");
    this.thumbs = h("div.pc-class-thumbs");
    this.back = button("before", () => this.turn(-1), "quiet");
    this.next = button("next", () => this.turn(1), "quiet");
    this.pages = h("div.pc-buttons", {}, this.back, this.next);
    this.element = h("section.pc-class", {},
      h("header", {}, this.name, this.count, this.remove), this.hold, this.thumbs, this.pages);
    this.hold.addEventListener("pointerdown", ({ pointerId }) => {
      this.hold.setPointerCapture(pointerId); // the finger may slip, and the page may move
      owner.record(this);
    });
    for (const name of ["pointerup", "pointercancel", "blur", "keyup"]) {
      this.hold.addEventListener(name, () => owner.rest(this));
    }
    this.hold.addEventListener("contextmenu", (event) => event.preventDefault());
    this.hold.addEventListener("keydown", ({ key, repeat }) => {
      if ([" ", "Enter"].includes(key) && !repeat) owner.record(this);
    });
  }

  get called() {
    return folder(this.name.value) || this.name.placeholder;
  }

  words(words, say) {
    this.name.placeholder = fill(words.class_n, { n: this.number });
    this.name.setAttribute("aria-label", words.class_name);
    setWord(this.hold, words.hold);
    setWord(this.remove, words.remove);
    setWord(this.back, words.back);
    setWord(this.next, words.next);
    Object.assign(this, { said: words, say });
    this.show();
  }

  add(picture) {
    this.pictures.push(picture);
    this.page = 0; // the newest come first
    this.show();
  }

  turn(pages) {
    this.page += pages;
    this.show();
  }

  /** Only one page of pictures is ever in the document, however many there are. */
  show() {
    const { pictures, said, say } = this;
    const pages = Math.ceil(pictures.length / THUMBS_A_PAGE);
    this.page = Math.max(0, Math.min(this.page, pages - 1));
    setText(this.count, fill(said.pictures, { n: say.whole(pictures.length) }));
    this.urls.forEach((url) => URL.revokeObjectURL(url));
    const end = pictures.length - this.page * THUMBS_A_PAGE;
    const places = Array.from({ length: Math.min(THUMBS_A_PAGE, end) }, (_, i) => end - 1 - i);
    this.urls = places.map((place) => URL.createObjectURL(pictures[place]));
    this.thumbs.replaceChildren(...places.map((place, i) => h("button.pc-class-thumb", {
      type: "button", title: said.forget, "aria-label": said.forget,
      onclick: () => { this.pictures.splice(place, 1); this.owner.changed(); this.show(); },
    }, h("img", { src: this.urls[i], alt: "" }))));
    this.back.disabled = !this.page;
    this.next.disabled = this.page >= pages - 1;
    this.pages.classList.toggle("pc-away", pages < 2);
  }
}

class Collect {
  constructor(root, live) {
    this.root = root;
    this.live = live;
    this.camera = new Camera(() => {}, (sentence) => setText(this.note, sentence));
    this.camera.shutter.hidden = true;
    this.start = button("camera", () => this.open(), "primary");
    this.stage = h("div.pc-collect-stage", {}, this.start);
    this.list = h("div.pc-classes");
    this.another = button("draw", () => this.add());
    this.use = button("resume", () => this.send(), "primary");
    this.save = button("latest", () => this.saveZip(), "quiet");
    this.note = h("p.pc-note", { role: "status" });
    root.append(h("div.pc-collect", {}, this.stage, h("div.pc-collect-side", {}, this.list,
      h("div.pc-buttons", {}, this.another, this.use, this.save), this.note)));
    this.classes = [];
    this.made = 0;
    this.letGo = () => this.record(null);
    globalThis.addEventListener("blur", this.letGo);
  }

  close() {
    this.record(null);
    this.camera.stop();
    globalThis.removeEventListener("blur", this.letGo);
    for (const each of this.classes) each.urls.forEach((url) => URL.revokeObjectURL(url));
  }

  update(data, outward) {
    const { words, lang } = data;
    Object.assign(this, { data, outward, say: numbers(lang) });
    theme(this.root);
    this.camera.update(data);
    for (const [element, word] of [[this.start, words.open], [this.another, words.another],
      [this.use, words.use], [this.save, words.save]]) setWord(element, word);
    while (this.classes.length < LEAST.classes) this.add();
    for (const each of this.classes) each.words(words, this.say);
    this.changed();
  }

  async open() {
    setText(this.note, "");
    this.stage.replaceChildren(this.camera.element);
    await this.camera.start();
    if (!this.camera.stream) this.stage.replaceChildren(this.start);
    this.changed();
  }

  add() {
    const one = new PictureClass(this, this.made += 1);
    this.classes.push(one);
    this.list.append(one.element);
    one.words(this.data.words, this.say);
    this.changed();
  }

  drop(one) {
    this.classes = this.classes.filter((each) => each !== one);
    one.element.remove();
    one.urls.forEach((url) => URL.revokeObjectURL(url));
    if (this.classes.length < LEAST.classes) this.add();
    this.changed();
  }

  get total() {
    return this.classes.reduce((sum, { pictures }) => sum + pictures.length, 0);
  }

  /** The pictures of each name: two classes of one name are one. */
  byName() {
    const found = new Map();
    for (const { called, pictures } of this.classes) {
      if (pictures.length) found.set(called, [...(found.get(called) ?? []), ...pictures]);
    }
    return found;
  }

  changed() {
    const { words } = this.data;
    const groups = [...this.byName().values()];
    const enough = groups.length >= LEAST.classes
      && groups.every(({ length }) => length >= LEAST.pictures);
    this.use.disabled = !enough || Boolean(this.sending);
    this.save.disabled = !groups.length;
    this.another.disabled = this.classes.length >= MOST.classes;
    for (const { hold, remove } of this.classes) {
      hold.disabled = !this.camera.stream || this.total >= MOST.pictures;
      remove.hidden = this.classes.length <= LEAST.classes;
    }
    this.root.dataset.pictures = this.total;
    if (this.total >= MOST.pictures) {
      setText(this.note, fill(words.full, { n: this.say.whole(MOST.pictures) }));
    }
  }

  /** While a class's button is held, its pictures come one after another. */
  record(one) {
    clearInterval(this.clock);
    this.recording = one;
    for (const each of this.classes) each.element.classList.toggle("pc-recording", each === one);
    if (!one) return;
    this.shoot(one);
    this.clock = setInterval(() => this.shoot(one), GAP);
  }

  /** A class's button was let go; the blur of one may come after another was pressed. */
  rest(one) {
    if (this.recording === one) this.record(null);
  }

  async shoot(one) {
    const { videoWidth: width, videoHeight: height } = this.camera.video;
    if (!this.camera.stream || !width || this.total >= MOST.pictures) return;
    const size = Math.min(width, height);
    const canvas = new OffscreenCanvas(DRAWING, DRAWING);
    canvas.getContext("2d").drawImage(this.camera.video, (width - size) / 2, (height - size) / 2,
      size, size, 0, 0, DRAWING, DRAWING);
    one.add(await canvas.convertToBlob({ type: "image/jpeg", quality: QUALITY }));
    this.changed();
  }

  /* ---- away with them ---- */

  async archive() {
    const files = [];
    for (const [name, pictures] of this.byName()) {
      for (const [i, picture] of pictures.entries()) {
        const bytes = new Uint8Array(await picture.arrayBuffer());
        files.push([`${name}/${String(i + 1).padStart(4, "0")}.jpg`, bytes]);
      }
    }
    return new Blob(zipped(files), { type: "application/zip" });
  }

  async send() {
    const { words, lang, how } = this.data;
    this.sending = true;
    this.changed();
    setText(this.note, words.sending);
    const query = new URLSearchParams({ kind: "archive", lang, ...how });
    const { upload, error } = await fetch(`${this.live.base}live/upload?${query}`, {
      method: "POST", body: await this.archive(), headers: { "X-Filename": "camera.zip" },
    }).then((reply) => reply.json()).catch(() => ({}));
    this.sending = false;
    this.changed();
    setText(this.note, upload ? "" : (error ?? words.no_upload));
    if (upload) this.outward.setTriggerValue("uploaded", upload);
  }

  async saveZip() {
    const url = URL.createObjectURL(await this.archive());
    h("a", { href: url, download: "pictures.zip" }).click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  }
}

export default component("collect", (root, live) => new Collect(root, live));
