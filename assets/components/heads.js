// after: looker.js text.js
// Inside a transformer: who looks at whom, in every head; one head with all its numbers; and what
// the network would say after each layer.

const PARTS = ["query", "key", "value", "scores", "weights", "found"];
const FIRST = 8; // values of a vector that are written out
const KEYS = 8; // tokens looked at most that are listed
const COLUMNS = 32; // tokens of which the beliefs are shown
const STAGES = ["scores", "masked", "weights"];

class Heads extends Looker {
  constructor(root, live) {
    super(root, live);
    Object.assign(this, { layer: 0, head: 0, row: null, key: null, needs: true });
    this.tokens = h("div.pc-tokens", { role: "group", translate: "no" });
    this.picture = h("canvas.pc-patches", { role: "img", onclick: (event) => this.pickPatch(event) });
    this.samples = h("div.pc-buttons", { role: "group" });
    this.looksAt = h("p.pc-looks-at", { role: "status" });
    this.wallTitle = h("h4.pc-curve-title");
    this.wall = h("div.pc-wall", { role: "group" });
    this.stages = STAGES.map((name) => {
      const canvas = h("canvas.pc-matrix", { role: "img", onclick: (event) => this.pickCell(event) });
      const mark = h("span.pc-row-mark");
      return { name, canvas, mark, caption: h("figcaption"),
        element: h("figure.pc-stage-one", {}, h("div.pc-matrix-frame", {}, canvas, mark)) };
    });
    for (const stage of this.stages) stage.element.append(stage.caption);
    this.headTitle = h("h4.pc-curve-title");
    this.keys = h("ol.pc-keys");
    this.sum = h("p.pc-formula");
    this.vectors = h("table.pc-vectors");
    this.vectorsSay = h("p.pc-note");
    this.lensTitle = h("h4.pc-curve-title");
    this.lensSays = h("p.pc-note");
    this.lens = h("div.pc-beliefs", { tabindex: "0" });
    root.append(this.samples, h("div.pc-given", {}, this.picture, this.tokens), this.looksAt,
      h("div.pc-heads", {},
        h("div", {}, this.wallTitle, this.wall),
        h("div", {}, this.headTitle, h("div.pc-stages", {}, ...this.stages.map((s) => s.element)))),
      h("div.pc-numbers", {}, h("div", {}, this.keys),
        h("div", {}, this.sum, h("div.pc-scroll", { tabindex: "0" }, this.vectors), this.vectorsSay)),
      this.lensTitle, this.lensSays, this.lens, this.message);
    this.listen("perceptorium:text", ({ room, text }) => room === this.data?.room && this.take(text));
    this.listen("perceptorium:picture", ({ room, input }) => {
      if (room !== this.data?.room) return;
      this.input = input;
      this.needs = true;
      this.changed();
    });
    this.textSoon = debounced(() => this.changed(), 250);
  }

  renewed() { this.needs = true; }

  update(data, outward) {
    const other = data.model !== this.data?.model;
    if (other) Object.assign(this, { row: null, key: null, input: null, told: null, numbers: null });
    if (other || this.text == null) {
      const told = globalThis.__perceptorium?.text;
      this.text = told?.room === data.room && !other ? told.text : data.prompt;
    }
    super.update(data, outward);
    const { words } = data;
    this.tokens.setAttribute("aria-label", words.tokens);
    setText(this.wallTitle, words.wall);
    this.wall.setAttribute("aria-label", words.wall);
    setText(this.lensTitle, words.lens);
    if (data.task === "see" && !this.samples.children.length) {
      this.samples.append(...Array.from({ length: 8 }, (_, i) => h("button.pc-button", {
        type: "button", "data-sample": i,
        onclick: () => { this.input = { index: i }; this.needs = true; this.changed(); },
      }, String(i + 1))));
    }
    this.samples.hidden = data.task !== "see";
    this.samples.setAttribute("aria-label", words.samples);
    if (this.told && this.numbers) this.show();
  }

  take(text) {
    this.text = text;
    this.needs = true;
    this.row = null;
    this.stale = true;
    if (this.visible) this.textSoon();
  }

  get given() {
    const params = { text: this.text || " ", layer: String(this.layer), head: String(this.head) };
    return this.data.task === "see" ? { ...(this.input ?? { index: 0 }), params } : { params };
  }

  async ask() {
    const { given, layer, head } = this;
    if (this.needs) {
      const told = await this.get("looks", given);
      if (this.closed) return;
      this.needs = given.params.text !== (this.text || " ");
      this.told = told;
      this.key = null; // whoever was chosen stands elsewhere now
      this.maps = told.weights.map(toBytes);
      this.layer = Math.min(this.layer, told.layers - 1);
      this.head = Math.min(this.head, told.heads - 1);
      if (this.row == null || this.row >= told.count) {
        const side = Math.sqrt(told.count); // of a picture: a patch in the middle
        this.row = told.task === "see" ? Math.floor(side / 2) * (side + 1) : told.count - 1;
      }
    }
    const packed = await this.get("head", given);
    if (this.closed || layer !== this.layer || head !== this.head) return this.changed();
    this.numbers = { count: packed.count, size: packed.size };
    for (const part of PARTS) {
      this.numbers[part] = new Float32Array(toBytes(packed[part]).buffer);
    }
    if (this.numbers.count === this.told.count) this.show();
  }

  /* ---- choosing ---- */

  choose(layer, head) {
    Object.assign(this, { layer, head, key: null });
    this.changed();
    this.showWall();
  }

  pickRow(row) {
    Object.assign(this, { row, key: null });
    this.show();
  }

  pickCell({ offsetX, offsetY, currentTarget: { clientWidth, clientHeight } }) {
    const at = (offset, all) => Math.min(this.told.count - 1,
      Math.floor((offset / all) * this.told.count));
    this.row = at(offsetY, clientHeight);
    const key = at(offsetX, clientWidth);
    this.key = this.told.causal && key > this.row ? null : key;
    this.show();
  }

  pickPatch({ offsetX, offsetY, currentTarget: { clientWidth } }) {
    const side = Math.sqrt(this.told.count);
    const at = (offset) => Math.min(side - 1, Math.floor((offset / clientWidth) * side));
    this.pickRow(at(offsetY) * side + at(offsetX));
  }

  /* ---- showing ---- */

  name(at) {
    const { words } = this.data;
    if (this.told.task !== "see") return shownSign(this.told.tokens[at]);
    const side = Math.sqrt(this.told.count);
    return fill(words.patch, { row: Math.floor(at / side) + 1, column: (at % side) + 1 });
  }

  weight(row, key) { return this.numbers.weights[row * this.told.count + key]; }

  show() {
    const { told, numbers: { count } } = this;
    this.row = Math.min(this.row ?? count - 1, count - 1);
    const order = Array.from({ length: count }, (_, i) => i)
      .filter((i) => !told.causal || i <= this.row)
      .sort((a, b) => this.weight(this.row, b) - this.weight(this.row, a));
    this.key = Math.min(this.key ?? order[0], count - 1);
    this.best = order[0];
    Object.assign(this.root.dataset, { layer: this.layer + 1, head: this.head + 1, row: this.row,
      count, task: told.task });
    this.showTokens();
    this.showPicture();
    this.showWall();
    this.showStages();
    this.showKeys(order.slice(0, KEYS));
    this.showVectors();
    this.showLens();
  }

  showTokens() {
    const { told, look, data: { words } } = this;
    this.tokens.hidden = told.task === "see";
    if (this.tokens.hidden) return;
    const made = JSON.stringify(told.tokens);
    if (this.madeTokens !== made) {
      this.madeTokens = made;
      this.tokens.classList.toggle("pc-signs", told.task === "write");
      this.tokens.replaceChildren(...told.tokens.map((token, at) => h("button.pc-token", {
        type: "button", "data-cell": at, onclick: () => this.pickRow(at) }, shownSign(token))));
      roving(this.tokens);
    }
    [...this.tokens.children].forEach((chip, at) => {
      const share = this.weight(this.row, at);
      const back = mix(look.background, look.accent, Math.sqrt(share) * 0.9);
      chip.style.background = css(back);
      chip.style.color = css(ink(back));
      chip.setAttribute("aria-pressed", String(at === this.row));
      chip.title = fill(words.share_of, { share: this.say.percent(share) });
    });
    setText(this.looksAt, this.looking());
  }

  /** In words: the chosen pair of the chosen head. */
  looking() {
    const { words } = this.data;
    return fill(this.key === this.best ? words.looks_at : words.looks_too, {
      from: this.name(this.row), to: this.name(this.key),
      share: this.say.percent(this.weight(this.row, this.key)), layer: this.layer + 1,
      head: this.head + 1 });
  }

  showPicture() {
    const { told, look, data: { words } } = this;
    this.picture.hidden = told.task !== "see";
    if (this.picture.hidden) return;
    const [packed] = unpack(told.picture);
    const side = Math.sqrt(told.count);
    const scale = Math.max(8, Math.round(336 / packed.width));
    const { picture } = this;
    picture.width = picture.height = packed.width * scale;
    const pen = picture.getContext("2d");
    const small = new OffscreenCanvas(1, 1);
    paint(small, packed);
    pen.imageSmoothingEnabled = false;
    pen.drawImage(small, 0, 0, picture.width, picture.height);
    const cell = picture.width / side;
    for (let at = 0; at < told.count; at += 1) {
      const share = this.weight(this.row, at);
      pen.fillStyle = css(look.second, Math.min(0.85, Math.sqrt(share) * 1.1));
      const [x, y] = [(at % side) * cell, Math.floor(at / side) * cell];
      pen.fillRect(x + 1, y + 1, cell - 2, cell - 2);
      if (at !== this.row) continue;
      pen.strokeStyle = css(look.accent);
      pen.lineWidth = 5;
      pen.strokeRect(x + 3, y + 3, cell - 6, cell - 6);
    }
    const sentence = [told.label ? fill(words.labelled, { name: this.called(told.label) }) : "",
      this.looking()].join(" ").trim();
    picture.setAttribute("aria-label", sentence);
    setText(this.looksAt, sentence);
  }

  showWall() {
    const { told, look, data: { words } } = this;
    if (!told) return;
    const shape = `${told.layers}×${told.heads}`;
    if (this.wallShape !== shape) {
      this.wallShape = shape;
      this.wall.style.setProperty("--pc-heads", told.heads);
      this.wall.replaceChildren(...Array.from({ length: told.layers * told.heads }, (_, at) => {
        const [layer, head] = [Math.floor(at / told.heads), at % told.heads];
        return h("button.pc-wall-one", { type: "button", "data-cell": at,
          onclick: () => this.choose(layer, head) }, h("canvas"), h("span"));
      }));
      roving(this.wall);
    }
    const colours = Array.from({ length: 256 }, (_, byte) =>
      mix(look.surface, look.accentInk, Math.sqrt(byte / 255)));
    [...this.wall.children].forEach((one, at) => {
      const [layer, head] = [Math.floor(at / told.heads), at % told.heads];
      const { count } = told;
      const bytes = this.maps[layer].subarray(head * count * count, (head + 1) * count * count);
      paint(one.firstElementChild, { width: count, height: count, bytes }, colours);
      const caption = fill(words.head, { layer: layer + 1, head: head + 1 });
      setText(one.lastElementChild, caption);
      one.setAttribute("aria-pressed", String(layer === this.layer && head === this.head));
    });
    setText(this.headTitle, fill(words.one_head, { layer: this.layer + 1, head: this.head + 1 }));
  }

  showStages() {
    const { told, numbers, look, data: { words } } = this;
    const { count, scores, weights, size } = numbers;
    const seen = (at) => !told.causal || at % count <= Math.floor(at / count);
    const kept = scores.filter((_, at) => seen(at));
    const most = kept.reduce((top, value) => Math.max(top, Math.abs(value)), 1e-9);
    const signed = Uint8Array.from(scores, (value) => Math.max(0, Math.min(255,
      Math.round(127.5 + (127.5 * value) / most))));
    const shares = Uint8Array.from(weights, (value) => Math.round(255 * value));
    const warm = ramp(look, -1, 1);
    const deep = Array.from({ length: 256 }, (_, byte) =>
      mix(look.surface, look.accentInk, Math.sqrt(byte / 255)));
    for (const { name, canvas, caption, mark } of this.stages) {
      paint(canvas, { width: count, height: count,
        bytes: name === "weights" ? shares : signed }, name === "weights" ? deep : warm);
      if (name === "masked" && told.causal) {
        const pen = canvas.getContext("2d");
        pen.fillStyle = css(look.background);
        for (let row = 0; row < count; row += 1) pen.fillRect(row + 1, row, count, 1);
      }
      setText(caption, fill(words[name === "masked" && !told.causal ? "unmasked" : name],
        { size }));
      canvas.setAttribute("aria-label", caption.textContent);
      Object.assign(mark.style, { top: `${(100 * this.row) / count}%`, height: `${100 / count}%` });
    }
  }

  showKeys(order) {
    const { words } = this.data;
    const rows = order.includes(this.key) ? order : [...order.slice(0, -1), this.key];
    this.keys.replaceChildren(...rows.map((key) => {
      const share = this.weight(this.row, key);
      const bar = h("b");
      bar.style.width = `${100 * share}%`;
      const one = h("button.pc-key", { type: "button", "data-cell": key,
        onclick: () => { this.key = key; this.show(); } },
      h("span.pc-key-name", { translate: "no" }, this.name(key)), h("span.pc-bar-track", {}, bar),
      h("span.pc-bar-share", {}, this.say.percent(share)));
      one.setAttribute("aria-pressed", String(key === this.key));
      one.title = words.key_says;
      return h("li", {}, one);
    }));
    roving(this.keys);
  }

  /** q · k of the chosen pair, number by number, and what is taken along. */
  showVectors() {
    const { numbers, row, key, say, data: { words } } = this;
    const { size, count } = numbers;
    const of = (part, at) => numbers[part].subarray(at * size, (at + 1) * size);
    const [q, k, v, found] = [of("query", row), of("key", key), of("value", key),
      of("found", row)];
    const products = q.map((value, i) => value * k[i]);
    const dot = products.reduce((sum, value) => sum + value, 0);
    setText(this.sum, `q · k = ${say.short(dot)}   →   ÷ √${size} = `
      + `${say.short(numbers.scores[row * count + key])}   →   softmax = `
      + `${say.percent(this.weight(row, key))}`);
    const [from, to] = [this.name(row), this.name(key)];
    const rows = [["q", fill(words.query, { name: from }), q], ["k", fill(words.key, { name: to }), k],
      ["q·k", words.products, products], ["v", fill(words.value, { name: to }), v],
      ["Σ", words.found, found]];
    this.vectors.replaceChildren(h("tbody", {}, ...rows.map(([sign, says, values]) => {
      const most = values.reduce((top, value) => Math.max(top, Math.abs(value)), 1e-9);
      return h(`tr${sign === "q·k" || sign === "Σ" ? ".pc-sum" : ""}`, {},
        h("th", { scope: "row", title: says }, h("b", { lang: "en" }, sign), h("span", {}, says)),
        ...Array.from(values.subarray(0, FIRST), (value) => {
          const cell = h("td", {}, say.short(Math.abs(value) < 5e-4 ? 0 : value));
          cell.style.background = css(mix(this.look.background,
            value < 0 ? this.look.second : this.look.accent, 0.45 * (Math.abs(value) / most)));
          return cell;
        }));
    })));
    setText(this.vectorsSay, size > FIRST ? fill(words.first, { n: FIRST, size }) : "");
  }

  /** What the network would say if it ended after each layer. */
  showLens() {
    const { told, data: { words } } = this;
    setText(this.lensSays, words[`lens_${told.task}`]);
    const after = (layer) => (layer ? fill(words.after, { n: layer }) : words.at_first);
    if (told.task === "write") this.showSigns(after);
    else this.showClasses(after);
  }

  showSigns(after) {
    const { told, look, say, data: { words } } = this;
    const first = Math.max(0, told.count - COLUMNS);
    const places = Array.from({ length: told.count - first }, (_, i) => first + i);
    const head = h("tr", {}, h("th", { scope: "col" }, words.sign_here),
      ...places.map((at) => h("th", { scope: "col" }, shownSign(told.tokens[at]))));
    const rows = told.lens.map((layer, n) => h("tr", {}, h("th", { scope: "row" }, after(n)),
      ...places.map((at) => {
        const [[sign, share]] = layer[at];
        const back = mix(look.background, look.accent, 0.85 * share);
        const cell = h("td", { title: layer[at].map(([s, p]) =>
          `${shownSign(s)} ${say.percent(p)}`).join("  ") }, shownSign(sign));
        cell.style.background = css(back);
        cell.style.color = css(ink(back));
        cell.classList.toggle("pc-right", told.tokens[at + 1] === sign);
        return cell;
      }))).reverse();
    this.lens.replaceChildren(h("table.pc-lens-signs", {}, h("tbody", {}, ...rows),
      h("tfoot", {}, head)));
    this.lens.scrollLeft = this.lens.scrollWidth;
  }

  showClasses(after) {
    const { told, say } = this;
    this.lens.replaceChildren(h("ol.pc-lens-classes", {}, ...told.lens.map((shares, n) => {
      const top = shares.indexOf(Math.max(...shares));
      const bar = h("b");
      bar.style.width = `${100 * shares[top]}%`;
      return h("li", {}, h("span", {}, after(n)), h("span.pc-bar-track", {}, bar),
        h("span", {}, `${this.called(told.classes[top])} ${say.percent(shares[top])}`));
    }).reverse()));
  }
}

export default component("heads", (root, live) => new Heads(root, live));
