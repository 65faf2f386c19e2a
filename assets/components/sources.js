// after: live.js
// Where a picture comes from: a pad to draw on, a file, the camera. Each has `element`, the place
// where it stands, and `input()`, what a model is asked about (null while there is nothing).

const DRAWING = 112; // px a side that a drawing or a camera picture is sent with
const PAD = 448; // px a side of the pad itself
const INK = 0.075; // the pen's width as a share of the pad
const CAMERA_GAP = 200; // ms between two pictures of the camera
const ACCEPT = "image/png,image/jpeg,image/webp,image/bmp,image/gif";

/** The pad: bright ink on black, smooth, for mouse, pen and finger. */
class Pad {
  constructor(onChange) {
    this.onChange = onChange;
    this.canvas = h("canvas.pc-pad", { width: PAD, height: PAD, role: "img" });
    this.hint = h("p.pc-pad-hint");
    this.eraser = button("eraser", () => this.erase(!this.erasing), "quiet");
    this.wipe = button("clear", () => this.clear(), "quiet");
    this.element = h("div.pc-pad-side", {},
      h("div.pc-square", {}, this.canvas, this.hint),
      h("div.pc-buttons", {}, this.eraser, this.wipe));
    this.pen = this.canvas.getContext("2d", { willReadFrequently: true });
    this.erase(false);
    this.clear();
    this.canvas.addEventListener("pointerdown", (event) => this.begin(event));
    this.canvas.addEventListener("pointermove", (event) => this.move(event));
    for (const end of ["pointerup", "pointercancel"]) {
      this.canvas.addEventListener(end, () => { this.last = null; });
    }
  }

  words(words) {
    setText(this.hint, words.draw_here);
    setWord(this.eraser, words.eraser);
    setWord(this.wipe, words.clear);
    this.canvas.setAttribute("aria-label", words.draw_here);
  }

  erase(on) {
    this.erasing = on;
    this.eraser.setAttribute("aria-pressed", String(on));
  }

  clear() {
    this.pen.fillStyle = "#000";
    this.pen.fillRect(0, 0, PAD, PAD);
    this.hint.hidden = false;
    this.empty = true;
    this.erase(false);
    this.onChange();
  }

  place(event) {
    const box = this.canvas.getBoundingClientRect();
    const scale = PAD / box.width;
    return [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale];
  }

  begin(event) {
    if (event.button) return;
    this.canvas.setPointerCapture(event.pointerId);
    this.hint.hidden = true;
    this.empty = false;
    this.last = this.middle = this.place(event);
    this.stroke(this.last);
    this.onChange();
  }

  move(event) {
    if (!this.last) return;
    const steps = event.getCoalescedEvents?.() ?? [];
    for (const step of steps.length ? steps : [event]) this.stroke(this.place(step));
    this.onChange();
  }

  /** A curve through the middles between points: a fast hand does not draw corners. */
  stroke(to) {
    const { pen, last, middle } = this;
    const next = last.map((value, i) => (value + to[i]) / 2);
    pen.strokeStyle = this.erasing ? "#000" : "#fff";
    pen.lineWidth = PAD * INK * (this.erasing ? 1.8 : 1);
    pen.lineCap = pen.lineJoin = "round";
    pen.beginPath();
    pen.moveTo(...middle);
    pen.quadraticCurveTo(...last, ...next);
    pen.stroke();
    this.last = to;
    this.middle = next;
  }

  input() {
    if (this.empty) return null;
    const bytes = pixels(this.canvas, DRAWING, 1);
    return { pixels: toBase64(bytes), width: DRAWING, height: DRAWING, kind: "drawing" };
  }
}

/** A picture from the visitor's disk: dropped, pasted or chosen. */
class Upload {
  constructor(live, onInput, onError) {
    Object.assign(this, { live, onInput, onError });
    const chosen = () => this.take(this.file.files[0]);
    this.file = h("input", { type: "file", accept: ACCEPT, onchange: chosen });
    this.text = h("span.pc-drop-text");
    this.says = h("small");
    this.preview = h("img.pc-preview", { hidden: true, alt: "" });
    this.zone = h("label.pc-drop.pc-square", {},
      this.file, icon("upload"), this.text, this.says, this.preview);
    this.examples = h("div.pc-examples");
    this.element = h("div.pc-upload", {}, this.zone, this.examples);
    this.zone.addEventListener("dragover", (event) => this.over(event, true));
    this.zone.addEventListener("dragleave", (event) => this.over(event, false));
    this.zone.addEventListener("drop", (event) => {
      this.over(event, false);
      this.take(event.dataTransfer.files[0]);
    });
  }

  over(event, on) {
    event.preventDefault();
    this.zone.classList.toggle("pc-over", on);
  }

  update({ words, limits, examples = [] }) {
    this.limit = limits?.bytes ?? Infinity;
    this.words = words;
    setText(this.text, words.drop);
    setText(this.says, words.drop_says);
    const key = examples.map(({ url }) => url).join();
    if (this.examples.dataset.key === key) return;
    this.examples.dataset.key = key;
    this.examples.replaceChildren(...examples.map(({ url, title }) => h("button.pc-example", {
      type: "button", title, onclick: () => this.fetchExample(url, title),
    }, h("img", { src: this.live.base + url, alt: title }))));
  }

  async fetchExample(url, title) {
    const blob = await (await fetch(this.live.base + url)).blob();
    await this.take(new File([blob], title, { type: blob.type }));
  }

  async take(file) {
    this.file.value = ""; // the same file may be chosen again
    if (!file) return;
    if (file.size > this.limit) {
      this.onError(this.words.too_big);
      return;
    }
    URL.revokeObjectURL(this.preview.src);
    this.preview.src = URL.createObjectURL(file);
    this.preview.hidden = false;
    try {
      this.latest = await this.send(file);
      this.onInput();
    } catch (error) {
      this.onError(error.message);
    }
  }

  async send(file) {
    if (this.live.mode === "poll") {
      return { file: toBase64(new Uint8Array(await file.arrayBuffer())), kind: "photo" };
    }
    const { upload, error } = await fetch(`${this.live.base}live/upload?kind=picture`, {
      method: "POST", body: file, headers: { "X-Filename": encodeURIComponent(file.name) },
    }).then((reply) => reply.json()).catch(() => ({}));
    if (!upload) throw new Error(error ?? this.words.no_upload);
    return { upload, kind: "photo" };
  }

  input() {
    return this.latest ?? null;
  }
}

/** The camera: the middle square of what it sees, until the shutter freezes it. */
class Camera {
  constructor(onInput, onError) {
    Object.assign(this, { onInput, onError });
    this.video = h("video.pc-video", { playsinline: true, muted: true });
    this.video.muted = true; // the attribute alone does not mute an element made by a script
    this.shutter = button("camera", () => this.freeze(), "primary");
    this.turn = button("turn", () => this.switchSide(), "quiet");
    this.turn.hidden = true;
    this.element = h("div.pc-camera", {},
      h("div.pc-square", {}, this.video), h("div.pc-buttons", {}, this.shutter, this.turn));
    this.side = "environment";
  }

  update({ words }) {
    this.words = words;
    setWord(this.turn, words.turn_camera);
    this.showShutter();
  }

  showShutter() {
    const frozen = this.stream && this.video.paused;
    setWord(this.shutter, frozen ? this.words.camera_go_on : this.words.shutter);
    this.shutter.disabled = !this.stream;
  }

  async start() {
    if (!globalThis.isSecureContext) {
      this.onError(this.words.needs_https);
      return;
    }
    this.wanted = true;
    try {
      const video = { facingMode: this.side };
      const stream = await navigator.mediaDevices.getUserMedia({ video });
      if (!this.wanted) stream.getTracks().forEach((track) => track.stop());
      else await this.show(stream);
    } catch (error) {
      if (!this.wanted) return;
      const refused = error.name === "NotAllowedError";
      this.onError(refused ? this.words.camera_refused : this.words.no_camera);
    }
  }

  async show(stream) {
    this.stream = stream;
    this.video.srcObject = stream;
    const { facingMode } = stream.getVideoTracks()[0].getSettings();
    this.video.classList.toggle("pc-mirrored", facingMode !== "environment");
    await this.video.play();
    const devices = await navigator.mediaDevices.enumerateDevices();
    this.turn.hidden = devices.filter(({ kind }) => kind === "videoinput").length < 2;
    this.showShutter();
    clearInterval(this.clock);
    this.clock = setInterval(() => !document.hidden && this.onInput(), CAMERA_GAP);
  }

  stop() {
    this.wanted = false;
    clearInterval(this.clock);
    this.stream?.getTracks().forEach((track) => track.stop());
    this.stream = null;
    this.video.srcObject = null;
  }

  freeze() {
    if (this.video.paused) this.video.play();
    else this.video.pause();
    this.showShutter();
  }

  async switchSide() {
    this.side = this.side === "user" ? "environment" : "user";
    this.stop();
    await this.start();
  }

  input() {
    const { videoWidth: width, videoHeight: height } = this.video;
    if (!this.stream || !width) return null;
    const size = Math.min(width, height);
    const middle = { x: (width - size) / 2, y: (height - size) / 2, size };
    const bytes = pixels(this.video, DRAWING, 3, middle);
    return { rgb: toBase64(bytes), width: DRAWING, height: DRAWING, kind: "photo" };
  }
}
