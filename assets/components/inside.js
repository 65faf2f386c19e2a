// after: looker.js network.js
// Look inside: one picture goes through the network as it is drawn; an opened layer shows all its
// maps, the first convolution also the kernels that made them, at any epoch that was kept.

const THUMBS = 24;
const NAMED = 12; // a dense layer with at most so many units gets the classes' names

class Inside extends Looker {
  constructor(root, live) {
    super(root, live);
    this.strip = h("div.pc-strip", { role: "listbox" });
    this.stripTitle = h("h4.pc-curve-title");
    this.net = new Network((name) => this.openLayer(name));
    this.past = this.makePast();
    this.layers = h("div.pc-layers");
    this.lens = h("div.pc-lens", { "aria-hidden": "true" }, h("canvas"), h("span"));
    this.own = this.thumb(() => this.choose({ own: this.ownInput }));
    this.newest = 0;
    root.append(this.stripTitle, this.strip, this.message, this.net.element, this.past.element,
      this.layers, this.lens);
    this.listen("perceptorium:picture", (detail) => this.takePicture(detail));
    this.listen("perceptorium:lead", ({ run, layer }) => { // a presenter opened a layer
      const { model } = this.data;
      const same = run ? model === `run:${run}` : !model.startsWith("run:");
      if (layer && same) this.openLayer(layer);
    });
  }

  update(data, outward) {
    if (data.model !== this.data?.model) this.newest = 0;
    super.update(data, outward);
    const { words, epochs = 0, lang, names } = data;
    setText(this.stripTitle, words.samples);
    this.strip.setAttribute("aria-label", words.samples);
    this.own.title = words.own_picture;
    setWord(this.past.latest, words.latest);
    this.past.slider.setAttribute("aria-label", words.epoch_slider);
    this.newest = Math.max(this.newest, epochs);
    this.showPast();
    const looks = JSON.stringify([this.look, lang, names]);
    if (this.looks && this.looks !== looks) this.redraw();
    this.looks = looks;
  }

  renewed(other) {
    this.needs = { samples: other || this.needs.samples, kernels: true, maps: true };
    if (other) this.epoch = null;
  }

  /* ---- epochs: the run's own module knows which one is shown, and all others follow it ---- */

  makePast() {
    const slider = h("input.pc-range", { type: "range", min: 1, max: 1, step: 1, value: 1,
      oninput: () => this.goTo(Number(slider.value)) });
    const label = h("span.pc-epoch-label");
    const latest = button("latest", () => this.goTo(null), "quiet");
    const element = h("div.pc-epochs.pc-inside-epochs", {}, h("label", {}, label, slider), latest);
    return { slider, label, latest, element };
  }

  goTo(epoch) {
    const detail = { run: this.data.model.replace("run:", ""), epoch };
    document.dispatchEvent(new CustomEvent("perceptorium:lead", { detail }));
  }

  showPast() {
    const { slider, label, latest, element } = this.past;
    element.hidden = !this.data.model.startsWith("run:") || this.newest < 2;
    slider.max = this.newest;
    slider.value = this.epoch ?? this.newest;
    setText(label, `${this.data.words.epoch} ${this.say.whole(Number(slider.value))}`);
    latest.classList.toggle("pc-away", !this.epoch);
  }

  follow({ run, epoch, latest }) {
    super.follow({ run, epoch, latest });
    if (this.data.model !== `run:${run}`) return;
    this.newest = Math.max(this.newest, epoch);
    this.epoch = latest ? null : epoch;
    this.showPast();
  }

  takePicture({ room, input }) {
    if (room !== this.data.room) return;
    this.ownInput = input;
    this.flows = !this.picture?.own; // a pen that moves on is no new picture
    this.pick({ own: input });
  }

  choose(picture) {
    this.flows = true;
    this.pick(picture);
  }

  pick(picture) {
    this.picture = picture;
    this.needs.maps = true;
    this.changed();
  }

  openLayer(name) {
    this.opened = name;
    const run = this.data.model.startsWith("run:") ? this.data.model.slice(4) : "";
    const detail = { run, layer: name };
    document.dispatchEvent(new CustomEvent("perceptorium:layer", { detail }));
    this.needs.maps = true;
    this.changed();
  }

  async ask() {
    try {
      // Without the data set there are no samples, but one's own picture goes through all the same.
      const problem = this.take("samples") && await this.get("samples", { count: THUMBS })
        .then((told) => this.showSamples(told), (error) => error);
      if (problem && !this.picture?.own) throw problem;
      // A network without a convolution has no kernels to show, but maps all the same.
      if (this.take("kernels")) this.kernels = await this.get("kernels").catch(() => null);
      if (this.take("maps")) {
        const { own, index = 0 } = this.picture ?? {};
        const layer = this.opened ?? "";
        this.showMaps(await this.get("maps", { ...(own ?? { index }), layer }));
      }
      if (problem) throw problem;
    } catch (error) {
      // Not every run has its network yet: the next epoch, or the next choice, asks again.
      this.needs = { samples: !this.strip.children.length, kernels: true, maps: true };
      throw error;
    }
  }

  take(what) {
    const needed = this.needs[what];
    this.needs[what] = false;
    return needed;
  }

  redraw() {
    for (const thumb of this.strip.children) {
      const { label } = thumb.dataset;
      if (label) thumb.setAttribute("aria-label", thumb.title = this.called(label));
    }
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
      thumb.title = this.called(label);
      Object.assign(thumb.dataset, { index, label });
      thumb.setAttribute("aria-label", thumb.title);
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
    const { layers } = answer;
    const input = unpack(answer.input)[0];
    this.markThumb(input);
    const first = layers.find(({ kind }) => kind === "conv") ?? layers[1];
    const layer = layers.find(({ name }) => name === this.opened) ?? first;
    this.net.show(layers, { input, opened: layer.name, look: this.look, words: this.data.words,
      flows: this.flows });
    this.flows = false;
    if (this.opened !== layer.name) { // another network, or the first look: its first layer opens
      this.opened = layer.name;
      this.needs.maps = true;
      this.changed();
    }
    this.showLayer(layer, input, answer.classes.map((name) => this.called(name)));
  }

  /** The opened layer in full; the first convolution right below its kernels. */
  showLayer(layer, input, classes) {
    const kernels = this.kernels?.layer === layer.name ? this.kernels : null;
    const { name, count, shape } = layer;
    const key = JSON.stringify([this.data.lang, kernels?.count, name, count, shape]);
    if (this.layers.dataset.shape !== key) this.buildLayer(layer, kernels, key);
    if (kernels) this.drawLayer(this.layers.firstElementChild, kernels, classes);
    if (layer.kind === "input") paint(this.layers.querySelector("canvas"), input);
    else this.drawLayer(this.layers.lastElementChild, layer, classes);
  }

  buildLayer(layer, kernels, key) {
    const { words } = this.data;
    this.layers.dataset.shape = key;
    const kind = layer.kind === "input" ? words.input : words[`kind_${layer.kind}`] ?? layer.kind;
    const content = layer.kind === "input"
      ? h("div.pc-tiles.pc-single", {}, h("canvas")) : this.tiles(layer);
    this.layers.replaceChildren(
      // Right above the layer's maps: each kernel stands over the map that it makes.
      ...(kernels ? [this.block(kernels.layer, words.kernels,
        [kernels.height, kernels.width, kernels.count], this.tiles(kernels))] : []),
      this.block(layer.kind === "input" ? "" : layer.name, kind, layer.shape, content));
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
    const names = named ? classes : [];
    if (units.dataset.names === names.join("\n")) return;
    units.dataset.names = names.join("\n");
    units.replaceChildren(...names.map((name) => h("span", { title: name }, name)));
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
