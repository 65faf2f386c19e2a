// after: looker.js hues.js
// The last hidden layer in the plane: a point for each picture, coloured by its true class. The
// main directions (PCA) come at once, t-SNE when it is asked for; a point shows its picture.

const REACH = 18; // px within which the pointer finds a point
const DOT = 3.4; // px, the radius of a point
const MARGIN = 26; // px around the points
const MOVES = 600; // ms in which points go from one plane to another

class Cloud extends Looker {
  constructor(root, live) {
    super(root, live);
    this.canvas = h("canvas.pc-cloud", { role: "img", tabindex: "0" });
    this.names = h("div.pc-cloud-names", { "aria-hidden": "true" });
    this.card = h("figure.pc-cloud-card", { hidden: true }, h("canvas"), h("figcaption"));
    this.modes = Object.fromEntries([["pca", () => this.show("pca")], ["tsne", () => this.tsne()]]
      .map(([name, press]) => [name, h("button.pc-button", { type: "button", onclick: press })]));
    this.says = h("p.pc-note");
    root.append(h("div.pc-buttons", {}, ...Object.values(this.modes)), this.message,
      h("div.pc-cloud-frame", {}, this.canvas, this.names, this.card), this.says);
    this.sight = new ResizeObserver(() => this.draw());
    this.sight.observe(this.canvas);
    for (const name of ["pointermove", "pointerdown"]) {
      this.canvas.addEventListener(name, (event) => this.point(event));
    }
    this.canvas.addEventListener("pointerleave", () => this.choose(null));
    this.canvas.addEventListener("keydown", (event) => this.walk(event));
    this.pictures = new Map();
    this.fetch = newest((at) => this.fetchPicture(at));
  }

  close() {
    super.close();
    this.sight.disconnect();
  }

  update(data, outward) {
    super.update(data, outward);
    const { words, tsne } = data;
    setText(this.modes.pca, words.pca);
    setText(this.modes.tsne, this.waits ? words.tsne_soon : words.tsne);
    this.canvas.setAttribute("aria-label", words.cloud);
    const news = JSON.stringify([tsne, data.problem]);
    if (news !== this.news) this.waits = false;
    if (data.problem) setText(this.message, data.problem);
    if (tsne && news !== this.news) {
      this.known = tsne;
      if (tsne.model === this.model) this.show("tsne");
    }
    this.news = news;
    this.showModes();
    this.draw();
  }

  renewed() {
    this.plane = "pca";
    this.waits = false;
    this.pictures.clear();
    this.choose(null);
  }

  async ask() {
    const told = await this.get("projection");
    this.told = told;
    this.show("pca");
  }

  tsne() {
    if (this.known?.model === this.model && this.known.points.length === this.told?.points.length) {
      this.show("tsne");
    } else {
      this.waits = true;
      this.outward.setTriggerValue("tsne", this.model);
    }
    this.showModes();
  }

  show(mode) {
    if (!this.told) return;
    const points = mode === "tsne" ? this.known.points : this.told.points;
    if (points.length !== this.told.points.length) return;
    this.plane = mode;
    this.root.dataset.plane = mode;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const from = this.at?.length === points.length && !still ? this.at : points;
    const began = performance.now();
    const step = (now) => {
      if (this.closed || this.points !== points) return;
      const done = Math.min(1, Math.max(0, (now - began) / MOVES));
      const eased = 1 - (1 - done) ** 3;
      this.at = points.map((to, i) => to.map((value, axis) => (
        from[i][axis] + (value - from[i][axis]) * eased)));
      this.draw();
      if (done < 1) requestAnimationFrame(step);
    };
    this.points = points;
    this.at = from;
    step(began);
    requestAnimationFrame(step);
    this.showModes();
  }

  showModes() {
    const { words } = this.data;
    for (const [name, element] of Object.entries(this.modes)) {
      element.setAttribute("aria-pressed", String(this.plane === name));
    }
    this.modes.tsne.disabled = Boolean(this.waits) || !this.told;
    setText(this.modes.tsne, this.waits ? words.tsne_soon : words.tsne);
    const share = this.told && this.say.percent(this.told.explained);
    setText(this.says, this.plane === "tsne" ? words.tsne_says : fill(words.pca_says, { share }));
    this.says.classList.toggle("pc-away", !this.told);
  }

  /* ---- drawing ---- */

  /** Where a point stands, in CSS pixels. */
  place([x, y]) {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    return [MARGIN + ((x + 1) / 2) * (width - 2 * MARGIN),
      MARGIN + ((1 - y) / 2) * (height - 2 * MARGIN)];
  }

  draw() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (!this.at || !width) return;
    const dense = globalThis.devicePixelRatio || 1;
    this.canvas.width = width * dense;
    this.canvas.height = height * dense;
    const pen = this.canvas.getContext("2d");
    pen.scale(dense, dense);
    const { labels, called } = this.told;
    const colours = new Map([...new Set(labels)].map((label) => [label, hue(label)]));
    this.at.forEach((point, i) => {
      const [x, y] = this.place(point);
      pen.beginPath();
      pen.arc(x, y, i === this.chosen ? DOT * 2 : DOT, 0, 2 * Math.PI);
      pen.fillStyle = css(colours.get(labels[i]), 0.78);
      pen.fill();
      if (labels[i] === called[i] && i !== this.chosen) return;
      pen.lineWidth = 1.6; // what the network gets wrong has a rim
      pen.strokeStyle = css(this.look.text);
      pen.stroke();
    });
    this.drawNames(colours);
  }

  /** Each class's name in the middle of its points. */
  drawNames(colours) {
    const { labels, classes } = this.told;
    const sums = new Map();
    labels.forEach((label, i) => {
      const [x, y] = this.place(this.at[i]);
      const [a, b, n] = sums.get(label) ?? [0, 0, 0];
      sums.set(label, [a + x, b + y, n + 1]);
    });
    const names = [...sums].map(([label, [x, y, n]]) => {
      const name = h("span", {}, this.called(classes[label]));
      const ink = readable(colours.get(label), this.look.background, this.look.text);
      Object.assign(name.style, { left: `${x / n}px`, top: `${y / n}px`, color: css(ink) });
      return name;
    });
    this.names.replaceChildren(...names);
  }

  /* ---- one point ---- */

  point({ offsetX: x, offsetY: y }) {
    if (!this.at) return;
    let [nearest, least] = [null, REACH ** 2];
    this.at.forEach((each, i) => {
      const [a, b] = this.place(each);
      const far = (a - x) ** 2 + (b - y) ** 2;
      if (far < least) [nearest, least] = [i, far];
    });
    this.choose(nearest);
  }

  walk(event) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step || !this.at) return;
    event.preventDefault();
    this.choose(((this.chosen ?? -step) + step + this.at.length) % this.at.length);
  }

  choose(index) {
    if (index === this.chosen) return;
    this.chosen = index;
    this.card.hidden = index == null;
    if (index != null) this.fetch(index);
    this.draw();
  }

  async fetchPicture(index) {
    const { model } = this;
    try {
      const known = this.pictures.get(index) ?? await this.get("picture", { index });
      if (model !== this.model) return;
      this.pictures.set(index, known);
      if (index === this.chosen) this.showCard(known);
    } catch (error) {
      setText(this.message, error.message);
    }
  }

  showCard({ picture, label, called, probability }) {
    const { words } = this.data;
    const [canvas, caption] = this.card.children;
    paint(canvas, unpack(picture)[0]);
    const [a, b] = [label, called].map((each) => this.called(this.told.classes[each]));
    const template = label === called ? words.point_right : words.point_wrong;
    setText(caption, fill(template, { a, b, share: this.say.percent(probability) }));
    const [x, y] = this.place(this.at[this.chosen]);
    const { clientWidth: width } = this.canvas;
    const wide = this.card.offsetWidth;
    this.card.style.left = `${Math.max(0, Math.min(x - wide / 2, width - wide))}px`;
    const above = y - this.card.offsetHeight - 12;
    this.card.style.top = `${above < 0 ? y + 12 : above}px`;
  }
}

export default component("cloud", (root, live) => new Cloud(root, live));
