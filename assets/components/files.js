// after: live.js
// A place for the visitor's own file: chosen or dropped, sent with progress, cancelled if wished.
// The server's words about the file (what is wrong with it) come back as they are.

class Files {
  constructor(root, live) {
    this.root = root;
    this.live = live;
    this.file = h("input", { type: "file", onchange: () => this.take(this.file.files[0]) });
    this.text = h("span.pc-file-text");
    this.says = h("small");
    this.zone = h("label.pc-file", {},
      this.file, icon("upload"), h("span", {}, this.text, this.says));
    this.bar = h("progress.pc-file-bar", { max: 1, value: 0 });
    this.state = h("span.pc-file-state");
    this.cancel = button("clear", () => this.stop(), "quiet");
    this.moving = h("div.pc-file-moving", { hidden: true }, this.bar, this.state, this.cancel);
    this.note = h("p.pc-note", { role: "status" });
    root.append(this.zone, this.moving, this.note);
    this.zone.addEventListener("dragover", (event) => this.over(event, true));
    this.zone.addEventListener("dragleave", (event) => this.over(event, false));
    this.zone.addEventListener("drop", (event) => {
      this.over(event, false);
      this.take(event.dataTransfer.files[0]);
    });
  }

  update(data, outward) {
    const { words, limit, accept, name } = data;
    this.data = data;
    this.outward = outward;
    theme(this.root);
    const n = numbers(data.lang).short(limit / 1e6);
    this.file.accept = accept;
    this.file.setAttribute("aria-label", words.choose);
    setText(this.text, name ? fill(words.another, { name }) : words.choose);
    setText(this.says, `${data.says} ${fill(words.limit, { n })}`.trim());
    setWord(this.cancel, words.cancel);
  }

  over(event, on) {
    event.preventDefault();
    this.zone.classList.toggle("pc-over", on && !this.request);
  }

  take(file) {
    this.file.value = ""; // the same file may be chosen again
    if (!file || this.request) return;
    const { words, limit } = this.data;
    if (file.size > limit) setText(this.note, words.too_big);
    else this.send(file);
  }

  send(file) {
    const { kind, how, lang } = this.data;
    const query = new URLSearchParams({ kind, lang, ...how });
    const request = new XMLHttpRequest(); // fetch cannot tell how much has been sent
    this.request = request;
    request.open("POST", `${this.live.base}live/upload?${query}`);
    request.setRequestHeader("X-Filename", encodeURIComponent(file.name));
    request.responseType = "json";
    request.upload.onprogress = ({ loaded, total }) => this.progress(loaded / total);
    request.onloadend = () => this.done(request);
    this.progress(0);
    setText(this.note, "");
    request.send(file);
  }

  progress(share) {
    const { words, lang } = this.data;
    this.zone.hidden = true;
    this.moving.hidden = false;
    this.root.dataset.state = share < 1 ? "sending" : "reading";
    if (share < 1) this.bar.value = share;
    else this.bar.removeAttribute("value"); // now the server reads it: nobody knows how long
    setText(this.state, share < 1 ? numbers(lang).percent(share) : words.reading);
  }

  stop() {
    this.cancelled = true;
    this.request?.abort();
  }

  done(request) {
    const focused = this.moving.contains(this.root.getRootNode().activeElement);
    const { upload, error } = request.response ?? {};
    const { words } = this.data;
    this.request = null;
    this.zone.hidden = false;
    this.moving.hidden = true;
    this.root.dataset.state = upload ? "done" : "failed";
    if (focused) this.file.focus();
    if (upload) this.outward.setTriggerValue("uploaded", upload);
    else setText(this.note, this.cancelled ? words.cancelled : (error ?? words.no_upload));
    this.cancelled = false;
  }

  close() {
    this.request?.abort();
  }
}

export default component("files", (root, live) => new Files(root, live));
