// after: live.js
// Look inside: what every layer makes of one picture, and the kernels that the first one learned.

const THUMBS = 24;
const NAMED = 12; // a dense layer with at most so many units gets the classes' names

class Inside {
  constructor(root, live) {
    this.root = root;
    this.live = live;
    this.strip = h("div.pc-strip", { role: "listbox" });
    this.stripTitle = h("h4.pc-curve-title");
    this.message = h("p.pc-note", { role: "status" });
    this.layers = h("div.pc-layers");
    this.lens = h("div.pc-lens", { "aria-hidden": "true" }, h("canvas"), h("span"));
    this.own = this.thumb(() => this.choose({ own: this.ownInput }));
    root.append(this.stripTitle, this.strip, this.message, this.layers, this.lens);
    this.question = newest(() => this.ask(), 60);
    this.soon = debounced(() => this.question(), 80);
    this.listen("perceptorium:epoch", (detail) => this.follow(detail));
    this.listen("perceptorium:picture", (detail) => this.takePicture(detail));
    // What nobody looks at is not asked for: a hundred watchers share one trainer.
    this.watcher = new IntersectionObserver(([entry]) => {
      this.visible = entry.isIntersecting;
      if (this.visible && this.stale) this.soon();
    }, { rootMargin: "200px" });
    this.watcher.observe(root);
  }

  listen(name, heard) {
    const listener = ({ detail }) => heard(detail);
    document.addEventListener(name, listener);
    this.deaf = [...(this.deaf ?? []), () => document.removeEventListener(name, listener)];
  }

  close() {
    this.closed = true;
    this.watcher.disconnect();
    for (const stop of this.deaf) stop();
  }

  update(data) {
    const other = data.model !== this.data?.model;
    this.data = data;
    this.look = theme(this.root);
    this.say = numbers(data.lang);
    const { words } = data;
    setText(this.stripTitle, words.samples);
    this.strip.setAttribute("aria-label", words.samples);
    this.own.title = words.own_picture;
    if (other) this.openModel(data.model);
    const looks = JSON.stringify([this.look, data.lang]);
    if (this.looks && this.looks !== looks) this.redraw();
    this.looks = looks;
  }

  openModel(model) {
    this.model = model;
    this.needs = { samples: true, kernels: true, maps: true };
    this.changed();
  }

  follow({ run, epoch, latest }) {
    if (this.data.model !== `run:${run}`) return;
    this.model = latest ? this.data.model : `${this.data.model}@${epoch}`;
    Object.assign(this.needs, { kernels: true, maps: true });
    this.changed();
  }

  takePicture({ room, input }) {
    if (room !== this.data.room) return;
    this.ownInput = input;
    this.choose({ own: input });
  }

  choose(picture) {
    this.picture = picture;
    this.needs.maps = true;
    this.changed();
  }

  changed() {
    this.stale = true;
    if (this.visible) this.soon();
  }

  async ask() {
    this.stale = false;
    try {
      if (this.take("samples")) this.showSamples(await this.get("samples", { count: THUMBS }));
      // A network without a convolution has no kernels to show, but maps all the same.
      if (this.take("kernels")) this.kernels = await this.get("kernels", {}).catch(() => null);
      if (this.take("maps")) {
        const { own, index = 0 } = this.picture ?? {};
        this.showMaps(await this.get("maps", own ?? { index }));
      }
      setText(this.message, "");
      this.root.dataset.state = "answered";
    } catch (error) {
      // Not every run has its network yet: the next epoch, or the next choice, asks again.
      this.needs = { samples: !this.strip.children.length, kernels: true, maps: true };
      this.root.dataset.state = "error";
      setText(this.message, error.message);
    }
  }

  take(what) {
    const needed = this.needs[what];
    this.needs[what] = false;
    return needed;
  }

  get(what, input) {
    return this.live.ask(this.data.room, this.model, what, input);
  }

  redraw() {
    if (this.maps) this.showMaps(this.maps);
  }

  /* ---- the strip of pictures ---- */

  thumb(onclick) {
    return h("button.pc-thumb", { type: "button", role: "option", onclick, "data-cell": "" },
      h("canvas", { width: 28, height: 28 }));
  }

  showSamples({ images, sheet }) {
    const pictures = unpack(sheet, images.length);
    const thumbs = images.map(({ index, label }, i) => {
      const thumb = this.thumb(() => this.choose({ index }));
      thumb.title = label;
      thumb.dataset.index = index;
      thumb.setAttribute("aria-label", label);
      paint(thumb.firstElementChild, pictures[i]);
      return thumb;
    });
    this.strip.replaceChildren(this.own, ...thumbs);
    this.picture ??= { index: images[0].index };
    roving(this.strip);
  }

  markThumb(input) {
    const { own, index } = this.picture ?? {};
    for (const thumb of this.strip.children) {
      const sample = !own && thumb.dataset.index === String(index);
      const chosen = thumb === this.own ? Boolean(own) : sample;
      thumb.setAttribute("aria-selected", String(chosen));
    }
    if (own) paint(this.own.firstElementChild, input);
    this.own.hidden = !this.ownInput;
  }

  /* ---- layers ---- */

  showMaps(answer) {
    this.maps = answer;
    const { classes } = answer;
    const layers = answer.layers.filter(({ kind }) => kind !== "input"); // it stands there anyway
    const input = unpack(answer.input)[0];
    this.markThumb(input);
    const shape = JSON.stringify([
      this.data.lang, this.kernels?.count, layers.map(({ name, count, shape: size }) => [name, count, size])]);
    if (this.layers.dataset.shape !== shape) this.buildLayers(input, layers, shape);
    paint(this.layers.querySelector("canvas"), input);
    const drawn = this.kernels ? [this.kernels, ...layers] : layers;
    drawn.forEach((layer, i) => this.drawLayer(this.layers.children[i + 1], layer, classes));
  }

  buildLayers(input, layers, shape) {
    const { data: { words }, kernels } = this;
    this.layers.dataset.shape = shape;
    const size = [input.height, input.width, input.channels];
    const kind = (layer) => words[`kind_${layer.kind}`] ?? layer.kind;
    this.layers.replaceChildren(
      this.block("", words.input, size, h("div.pc-tiles.pc-single", {}, h("canvas"))),
      // Right above the first layer's maps: each kernel stands over the map that it makes.
      ...(kernels ? [this.block(kernels.layer, words.kernels,
        [kernels.height, kernels.width, kernels.count], this.tiles(kernels))] : []),
      ...layers.map((layer) => this.block(layer.name, kind(layer), layer.shape, this.tiles(layer))));
  }

  block(name, kind, shape, content) {
    return h("section.pc-block", {},
      h("header", {}, h("b", {}, kind), h("span.pc-block-name", { lang: "en" }, name),
        h("span.pc-block-shape", {}, shape.join(" × "))),
      content);
  }

  tiles({ height, count }) {
    if (height === 1) return h("div.pc-strip-bars", {}, h("canvas"), h("div.pc-units"));
    const canvases = Array.from({ length: count }, (_, channel) => h("canvas", {
      "data-cell": channel, role: "img",
      "aria-label": fill(this.data.words.channel, { n: channel + 1 }),
      onmouseenter: ({ target }) => this.enlarge(target, channel),
      onfocus: ({ target }) => this.enlarge(target, channel),
      onmouseleave: () => this.enlarge(null),
      onblur: () => this.enlarge(null),
    }));
    const tiles = h("div.pc-tiles", {}, ...canvases);
    roving(tiles);
    return tiles;
  }

  drawLayer(block, layer, classes) {
    const colours = ramp(this.look, layer.low, layer.high);
    if (layer.height === 1) {
      this.drawUnits(block, layer, colours, classes);
      return;
    }
    const canvases = block.querySelectorAll("canvas");
    unpack(layer, layer.count).forEach((map, i) => paint(canvases[i], map, colours));
  }

  /** A dense layer: one bar a unit, up for positive and down for negative. */
  drawUnits(block, { width, low, high, data }, colours, classes) {
    const canvas = block.querySelector("canvas");
    const [bar, height] = [Math.max(2, Math.floor(512 / width)), 96];
    canvas.width = bar * width;
    canvas.height = height;
    const pen = canvas.getContext("2d");
    const top = Math.max(0, high);
    const scale = height / ((top - Math.min(0, low)) || 1);
    toBytes(data).forEach((byte, i) => {
      const value = low + ((high - low) * byte) / 255;
      pen.fillStyle = css(value < 0 ? this.look.second : this.look.accent);
      const length = Math.max(1, Math.abs(value) * scale);
      pen.fillRect(i * bar, (top - Math.max(0, value)) * scale, Math.max(1, bar - 1), length);
    });
    const named = width === classes.length && width <= NAMED;
    const units = block.querySelector(".pc-units");
    if (units.children.length !== (named ? width : 0)) {
      const names = named ? classes : [];
      units.replaceChildren(...names.map((name) => h("span", { title: name }, name)));
    }
  }

  /** The map under the pointer, large, with the channel's number. */
  enlarge(canvas, channel) {
    this.lens.classList.toggle("pc-shown", Boolean(canvas));
    if (!canvas) return;
    const [copy, caption] = this.lens.children;
    Object.assign(copy, { width: canvas.width, height: canvas.height });
    copy.getContext("2d").drawImage(canvas, 0, 0);
    setText(caption, fill(this.data.words.channel, { n: channel + 1 }));
    const [here, root] = [canvas.getBoundingClientRect(), this.root.getBoundingClientRect()];
    const size = this.lens.getBoundingClientRect();
    const left = here.left - root.left + here.width / 2 - size.width / 2;
    const above = here.top - root.top - size.height - 8;
    this.lens.style.left = `${Math.max(0, Math.min(left, root.width - size.width))}px`;
    this.lens.style.top = `${here.top - size.height < 8 ? here.bottom - root.top + 8 : above}px`;
  }
}

export default component("inside", (root, live) => new Inside(root, live));
