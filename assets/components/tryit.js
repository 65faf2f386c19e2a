// after: sources.js answers.js
// Try it: draw, upload or hold something before the camera, and see what the network says.

const ASK_GAP = 60; // ms between two questions at least

class TryIt {
  constructor(root, live) {
    this.root = root;
    this.live = live;
    const change = () => this.changed();
    const fail = (sentence) => this.answers.fail(sentence);
    this.answers = new Answers();
    this.sources = {
      draw: new Pad(change),
      upload: new Upload(live, change, fail),
      camera: new Camera(change, fail),
    };
    this.tabs = h("div.pc-tabs", { role: "tablist" });
    this.stage = h("div.pc-stage", { role: "tabpanel" });
    root.append(this.tabs, h("div.pc-try", {}, this.stage, this.answers.element));
    this.question = newest((mode) => this.ask(mode), ASK_GAP);
    this.onEpoch = ({ detail }) => this.follow(detail);
    document.addEventListener("perceptorium:epoch", this.onEpoch);
    this.onPaste = (event) => this.paste(event);
    document.addEventListener("paste", this.onPaste);
  }

  close() {
    this.closed = true;
    this.sources.camera.stop();
    document.removeEventListener("perceptorium:epoch", this.onEpoch);
    document.removeEventListener("paste", this.onPaste);
  }

  update(data) {
    const other = data.model !== this.data?.model;
    this.data = data;
    if (other) this.model = data.model;
    this.answers.update(data, theme(this.root), numbers(data.lang), this.root);
    this.sources.draw.words(data.words);
    this.sources.upload.update(data);
    this.sources.camera.update(data);
    this.showTabs();
    if (other) this.changed();
  }

  showTabs() {
    const { modes, words } = this.data;
    if (this.tabs.dataset.modes !== modes.join()) {
      this.tabs.dataset.modes = modes.join();
      this.tabs.replaceChildren(...modes.map((mode) => {
        const tab = button(mode, () => this.open(mode), "tab");
        tab.setAttribute("role", "tab");
        tab.dataset.cell = mode;
        return tab;
      }));
      roving(this.tabs);
      this.open(modes[0]);
    }
    for (const tab of this.tabs.children) setWord(tab, words[tab.dataset.do]);
    this.tabs.hidden = modes.length < 2;
  }

  open(mode) {
    if (mode === this.open_mode) return;
    if (this.open_mode === "camera") this.sources.camera.stop();
    this.open_mode = mode;
    for (const tab of this.tabs.children) {
      const chosen = tab.dataset.do === mode;
      tab.setAttribute("aria-selected", String(chosen));
      tab.setAttribute("tabindex", chosen ? "0" : "-1");
    }
    this.stage.replaceChildren(this.sources[mode].element);
    this.answers.clear();
    if (mode === "camera") this.sources.camera.start();
    this.changed();
  }

  paste(event) {
    const files = [...(event.clipboardData?.files ?? [])];
    const file = files.find(({ type }) => type.startsWith("image/"));
    if (!file || !this.data.modes.includes("upload")) return;
    this.open("upload");
    this.sources.upload.take(file);
  }

  /** A run's epoch slider moved: the model of that epoch answers. */
  follow({ run, epoch, latest }) {
    if (!this.data.follows_epoch || this.data.model !== `run:${run}`) return;
    this.model = latest ? this.data.model : `${this.data.model}@${epoch}`;
    this.changed();
  }

  changed() {
    if (this.open_mode) this.question(this.open_mode);
  }

  async ask(mode) {
    const { room } = this.data;
    const input = this.sources[mode].input();
    if (!input) {
      // An empty pad has no answer; without a camera, the sentence that says so stays.
      if (mode === "draw") this.answers.clear();
      return;
    }
    document.dispatchEvent(new CustomEvent("perceptorium:picture", { detail: { room, input } }));
    try {
      const answer = await this.live.ask(room, this.model, "classify", input);
      // The pad may have been cleared, or another tab opened, while the network was thinking.
      const stale = this.closed || mode !== this.open_mode || !this.sources[mode].input();
      if (!stale) this.answers.show(answer);
    } catch (error) {
      this.answers.fail(error.message);
    }
  }
}

export default component("tryit", (root, live) => new TryIt(root, live));
