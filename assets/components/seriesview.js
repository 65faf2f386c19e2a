// after: serieskit.js
// The living picture of a training on a series: the validation part with what the network says of
// it, one step ahead and far ahead, and below it the whole series.

class SeriesView {
  constructor(root, live) {
    Object.assign(this, { root, live, kept: new Map() });
    this.says = h("p.pc-series-says");
    this.chart = new SeriesChart("pc-series-focus");
    this.strip = new SeriesChart("pc-series-strip");
    root.append(this.says, this.chart.canvas, this.strip.canvas);
    this.refresh = throttled(() => this.draw(), 30);
    this.question = newest(() => this.ask(), 60);
    this.sight = new ResizeObserver(() => this.refresh());
    this.sight.observe(this.chart.canvas);
    this.onEpoch = ({ detail }) => this.turnTo(detail);
    document.addEventListener("perceptorium:epoch", this.onEpoch);
  }

  close() {
    this.closed = true;
    this.unfollow?.();
    this.sight.disconnect();
    document.removeEventListener("perceptorium:epoch", this.onEpoch);
  }

  update(data) {
    const other = data.run !== this.data?.run;
    Object.assign(this, { data, look: theme(this.root), say: numbers(data.lang) });
    const key = JSON.stringify([data.params, Boolean(data.run)]); // a run may have downloaded it
    if (key !== this.key) {
      this.key = key;
      this.question();
    }
    if (other) this.open();
    this.refresh();
  }

  async ask() {
    const { params, room } = this.data;
    this.series = this.problem = null;
    if (params) {
      try {
        const told = await this.live.ask(room, "", "picture", { params });
        this.series = told.away ? null : told;
        this.problem = told.away ? this.data.words.away : null;
      } catch (error) {
        this.problem = error.message;
      }
    }
    this.root.dataset.state = this.series ? "answered" : "";
    this.refresh();
  }

  open() {
    this.unfollow?.();
    this.unfollow = null;
    this.kept.clear();
    Object.assign(this, { now: null, latest: true, epoch: 0 });
    if (!this.data.run) return;
    this.unfollow = this.live.follow(this.data.run, 0, (events) => this.tell(events), () => {});
  }

  tell(events) {
    for (const event of events) {
      if (event.kind !== "forecast") continue;
      if (event.type === "snapshot") this.kept.set(event.epoch, event);
      if (this.latest) this.show(event);
      if (!this.series && this.problem) this.question(); // it was downloaded meanwhile
    }
    this.refresh();
  }

  show(event) {
    this.now = event;
    if (event.epoch) this.epoch = event.epoch;
    this.root.dataset.epoch = this.epoch;
    this.root.dataset.frames = Number(this.root.dataset.frames ?? 0) + 1;
  }

  turnTo({ run, epoch, latest }) {
    if (run !== this.data?.run) return;
    this.latest = latest;
    if (this.kept.has(epoch)) this.show(this.kept.get(epoch));
    this.refresh();
  }

  draw() {
    const { data: { words }, series, now, look, chart } = this;
    if (this.closed || !chart.canvas.clientWidth) return;
    setText(this.says, this.sentence());
    chart.canvas.setAttribute("aria-label", `${words.picture} ${this.sentence()}`);
    this.strip.canvas.setAttribute("aria-label", words.whole);
    if (!series) {
      for (const { canvas, pen } of this.problem ? [chart, this.strip] : []) {
        pen.clearRect(0, 0, canvas.width, canvas.height); // not of another series
      }
      return;
    }
    const { focus, since, ends, ticks } = series;
    const said = now ? [now.one, ...now.hairs.map(([, values]) => values)] : [];
    const truth = spanOf([focus], 0.12);
    const all = spanOf([focus, ...said], 0.12);
    const room = truth.high - truth.low; // what the network says in its first steps may be far off
    const range = { from: since, to: ends[1] - 1, low: Math.max(all.low, truth.low - room / 2),
      high: Math.min(all.high, truth.high + room / 2) };
    const pen = chart.begin(look, range, ticks);
    chart.stretch(Math.max(ends[0], since), ends[1] - 1, look.accent, 0.06);
    pen.save();
    pen.beginPath();
    pen.rect(chart.box.x, chart.box.y, chart.box.w, chart.box.h);
    pen.clip();
    chart.line(focus, since, look.text, 1.6, 0.9);
    if (now) chart.line(now.one, now.first, look.accent, 2.4);
    for (const [place, values] of now?.hairs ?? []) {
      const before = focus[place - 1 - since];
      chart.line([before, ...values.slice(0, ends[1] - place)], place - 1, look.second, 1.3, 0.75);
      chart.dot(place - 1, before, look.second, 2.4);
    }
    pen.restore();
    this.labels();
    this.drawStrip();
  }

  labels() {
    const { chart, look, now, data: { words } } = this;
    const { box, size, pen } = chart;
    let x = box.x + 6;
    const add = (text, colour) => {
      chart.word(text, x, box.y + size, colour, "left", "600");
      x += pen.measureText(text).width + size * 1.2;
    };
    add(words.truth, look.text);
    if (!now) return;
    add(words.one, look.accentInk);
    if (now.hairs.length) {
      add(fill(words.hairs, { n: this.say.whole(now.hairs[0][1].length) }), look.secondInk);
    }
  }

  drawStrip() {
    const { strip, look, data: { words }, series: { overview, ends } } = this;
    const values = overview.map(([, value]) => value);
    const total = ends[3];
    strip.begin(look, { from: 0, to: total - 1, ...spanOf([values], 0.1) }, [], false);
    strip.stretch(ends[0], ends[1], look.accent, 0.1);
    strip.stretch(ends[1], ends[2], look.second, 0.14);
    const { pen } = strip;
    pen.strokeStyle = css(look.text, 0.75);
    pen.lineWidth = 1;
    pen.beginPath();
    for (const [place, value] of overview) pen.lineTo(strip.x(place), strip.y(value));
    pen.stroke();
    const y = strip.box.y + strip.box.h + strip.size * 1.3;
    const middle = (a, b) => strip.x((a + b) / 2);
    const parts = [[0, ends[0], words.train, look.soft], [ends[0], ends[1], words.validation,
      look.accentInk], [ends[1], ends[2], words.test, look.secondInk]];
    for (const [from, to, text, colour] of parts) {
      const fits = pen.measureText(text).width < strip.x(to) - strip.x(from) + strip.size;
      if (fits) strip.word(text, middle(from, to), y, colour, "center", "600");
    }
  }

  sentence() {
    const { data: { words, run }, now } = this;
    if (this.problem) return this.problem;
    if (!run) return words.before;
    if (!now) return words.soon;
    const at = (step) => (now.errors[step] == null ? NOTHING : this.say.short(now.errors[step]));
    const last = now.errors.length;
    return fill(last > 1 ? words.says : words.says_one, { epoch: this.say.whole(this.epoch),
      one: at(0), n: this.say.whole(last), far: at(last - 1) });
  }
}

export default component("seriesview", (root, live) => new SeriesView(root, live));
