// after: story.js curves.js pairs.js sliders.js snapshots.js
// The living picture of one run: state, numbers, curves, snapshots, and the hands on it.

const ENDED = ["finished", "stopped", "failed", "lost"];
const DRAW_GAP = 100; // ms between two drawings at least

class RunView {
  constructor(root, live) {
    this.root = root;
    this.live = live;
    this.story = new Story();
    this.curves = new Map();
    this.chosen = null; // an epoch the visitor went to; null follows the newest
    this.updates = 0;
    this.refresh = throttled(() => this.draw(), DRAW_GAP);
    this.head = h("p.pc-state", { role: "status" });
    this.note = h("p.pc-note");
    this.bar = h("div.pc-progress", { role: "progressbar" }, h("span"));
    this.figures = h("dl.pc-figures");
    this.buttons = this.makeButtons();
    this.sliders = h("div.pc-sliders");
    const buttons = h("div.pc-buttons", {}, ...Object.values(this.buttons));
    this.hands = h("div.pc-hands", {}, buttons, this.sliders);
    const again = () => this.outward.setTriggerValue("again", this.story.end.suggestion);
    this.again = button("again", again, "primary");
    this.charts = h("div.pc-charts");
    this.past = this.makePast();
    this.onLead = ({ detail }) => { // a presenter looks at an epoch
      const mine = detail.run === this.data?.run && detail.epoch !== undefined;
      if (mine) this.choose(detail.epoch || null);
    };
    document.addEventListener("perceptorium:lead", this.onLead);
    root.append(
      h("header.pc-run-head", {},
        h("div.pc-says", {}, this.head, this.note, this.again), this.hands),
      this.bar, this.figures,
      h("div.pc-living", {}, this.charts, this.past.element),
    );
  }

  makeButtons() {
    const made = (action) => [action, button(action, () => this.press(action))];
    return Object.fromEntries(["pause", "resume", "step", "step_epoch", "stop"].map(made));
  }

  makePast() {
    const slider = h("input.pc-range", {
      type: "range", min: 1, max: 1, step: 1, value: 1,
      oninput: () => this.choose(Number(slider.value)),
    });
    const label = h("span.pc-epoch-label");
    const latest = button("latest", () => this.choose(null), "quiet");
    const bar = h("div.pc-epochs", {}, h("label", {}, label, slider), latest);
    const heading = h("h4.pc-curve-title");
    const host = h("div.pc-snapshot");
    const soon = h("p.pc-soon");
    const element = h("div.pc-past", {}, heading, host, soon, bar);
    return { slider, label, latest, bar, heading, host, soon, element };
  }

  update(data, outward) {
    const other = data.run !== this.data?.run;
    this.data = data;
    this.outward = outward;
    this.say = numbers(data.lang);
    this.look = theme(this.root);
    this.titles = data.titles ?? {};
    if (other) this.open(data);
    if (data.says && this.story.end) this.story.end.says = data.says; // in the language of now
    this.mine = data.mine;
    this.showWords();
    this.showSliders();
    this.drawNow();
  }

  /** Another run: everything of the last one goes, its frame stays. */
  open({ run }) {
    this.unfollow?.();
    this.story = new Story();
    this.chosen = null;
    this.shownEpoch = null;
    this.sliders.replaceChildren();
    this.past.host.replaceChildren();
    delete this.past.host.pcClasses;
    this.unfollow = null;
    if (!run) return;
    this.unfollow = this.live.follow(run, this.story.seq,
      (events, mine) => { this.mine = mine ?? this.mine; this.tell(events); },
      (sentence) => this.fail(sentence));
  }

  fail(sentence) {
    this.problem = sentence;
    this.wished = null;
    this.refresh();
  }

  tell(events) {
    const before = this.story.seq;
    for (const event of events) this.story.add(event);
    if (this.story.seq === before) return;
    this.problem = null;
    for (const { type, name, value } of events) {
      if (type === "change") this.moveSlider(name, value);
      if (type === "state" || type === "end") this.wished = null;
    }
    this.showWhatFollows();
    this.refresh();
  }

  /** The page was drawn before the run's end: it reruns, once, to show what comes after it. */
  showWhatFollows() {
    const { run, says } = this.data;
    if (!this.story.end || says || this.ended === run) return;
    this.ended = run;
    this.outward.setTriggerValue("ended", run);
  }

  mode() {
    this.refresh();
  }

  close() {
    document.removeEventListener("perceptorium:lead", this.onLead);
    this.unfollow?.();
    for (const curve of this.curves.values()) curve.close();
    this.closed = true;
  }

  /* ---- hands ---- */

  press(action) {
    this.wished = action;
    this.refresh();
    this.live.control(this.data.run, action).then(
      () => { this.wished = null; this.refresh(); }, (error) => this.fail(error.message));
  }

  choose(epoch) {
    this.chosen = epoch;
    this.drawNow();
  }

  showSliders() {
    const { live = [], run } = this.data;
    const titles = live.map(({ title }) => title).join();
    if (this.sliders.dataset.titles === titles && this.sliders.dataset.run === String(run)) return;
    Object.assign(this.sliders.dataset, { titles, run });
    this.sliders.replaceChildren(...live.map((knob) => liveSlider(knob, this.say, (value) => {
      this.live.control(this.data.run, "set", { [knob.name]: value })
        .catch((error) => this.fail(error.message));
    })));
    for (const { name, value } of this.story.changes) this.moveSlider(name, value);
  }

  moveSlider(name, value) {
    this.sliders.querySelector(`[data-knob="${name}"]`)?.pcMove(value);
  }

  /* ---- drawing ---- */

  get state() {
    if (!this.data.run) return "idle";
    return this.story.state?.state ?? (this.story.begin ? "running" : "starting");
  }

  /** What the visitor did is seen at once; what training brings, when there is time for it. */
  drawNow() {
    this.draw();
    for (const curve of this.curves.values()) curve.refresh.now();
  }

  draw() {
    if (this.closed) return;
    this.root.dataset.updates = this.updates += 1;
    this.root.dataset.run = this.data.run ?? "";
    this.root.dataset.state = this.state;
    this.root.dataset.seq = this.story.seq;
    this.showState();
    this.showHands();
    this.showFigures();
    this.showPast();
    this.showCurves();
  }

  showWords() {
    const { words } = this.data;
    for (const [action, element] of Object.entries(this.buttons)) setWord(element, words[action]);
    setWord(this.past.latest, words.latest);
    setText(this.past.heading, this.data.snapshot_title);
    setText(this.past.soon, this.data.snapshot_soon);
    this.bar.setAttribute("aria-label", words.progress);
    this.past.slider.setAttribute("aria-label", words.epoch_slider);
  }

  showState() {
    const { words } = this.data;
    const { state, story } = this;
    setText(this.head, story.end?.says ?? this.stateSentence());
    const watching = this.data.run && !this.mine && !story.end ? words.watching : null;
    const slow = this.live.mode === "poll" && this.data.run ? words.polling : null;
    const away = this.live.away ? words.connecting : null;
    const notes = [this.problem, watching, story.end ? null : slow ?? away];
    setText(this.note, notes.filter(Boolean).join(" "));
    const suggestion = story.end?.suggestion;
    this.again.hidden = !suggestion || !this.mine;
    const changes = this.changesText(suggestion ?? {});
    setWord(this.again, fill(words.again, { changes }));
    const share = state === "finished" ? 1 : story.progress;
    this.bar.firstElementChild.style.transform = `scaleX(${share})`;
    this.bar.setAttribute("aria-valuenow", Math.round(share * 100));
  }

  changesText(suggestion) {
    const shown = (value) => (typeof value === "number" ? this.say.short(value) : value);
    return Object.entries(suggestion)
      .map(([name, value]) => `${this.titles[name] ?? name} ${shown(value)}`).join(", ");
  }

  stateSentence() {
    const { words } = this.data;
    const { place, ahead_seconds: ahead } = this.story.state ?? {};
    if (this.state === "starting" && this.story.download) return this.downloadSentence();
    if (this.state !== "queued") return words[this.state] ?? this.state;
    if (place == null) return words.queued;
    if (ahead == null) return fill(words.queued_place, { place: this.say.whole(place) });
    const time = this.say.duration(ahead);
    return fill(words.queued_time, { place: this.say.whole(place), time });
  }

  downloadSentence() {
    const { name, done, total } = this.story.download;
    const megabytes = (bytes) => this.say.short(bytes / 1e6);
    return fill(this.data.words.downloading,
      { name, done: megabytes(done), total: megabytes(total) });
  }

  showHands() {
    const { state, wished } = this;
    const queued = state === "queued";
    const running = state === "running";
    const going = running || state === "paused";
    this.hands.hidden = !this.mine || !this.data.run || ENDED.includes(state);
    const can = { pause: running, resume: true, step: going, step_epoch: going, stop: true };
    const away = { pause: queued || state === "paused", resume: state !== "paused",
      step: queued, step_epoch: queued };
    for (const [action, element] of Object.entries(this.buttons)) {
      setHidden(element, away[action] ?? false);
    }
    setWord(this.buttons.stop, this.data.words[queued ? "leave" : "stop"]);
    this.sliders.hidden = queued;
    for (const [action, element] of Object.entries(this.buttons)) {
      element.disabled = !can[action] || wished === action;
    }
  }

  showFigures() {
    const { metrics = {} } = this.story.end ?? {};
    const figures = Object.keys(metrics).length ? this.lastFigures() : this.liveFigures();
    while (this.figures.children.length < figures.length) {
      this.figures.append(h("div.pc-figure", {}, h("dt"), h("dd")));
    }
    [...this.figures.children].forEach((element, i) => {
      element.hidden = !figures[i];
      if (!figures[i]) return;
      element.classList.toggle("pc-first", i === 0);
      setText(element.firstElementChild, figures[i][0]);
      setText(element.lastElementChild, figures[i][1]);
      element.classList.toggle("pc-empty", figures[i][1] === NOTHING);
    });
  }

  liveFigures() {
    const { words, metrics } = this.data;
    const { story, say } = this;
    const [first] = metrics;
    const last = story.epochs.at(-1);
    const { steps_per_second: speed, seconds_left: left } = story.batch ?? {};
    const ended = Boolean(story.end);
    const measure = last?.values[`val_${first.name}`];
    const pairs = this.data.charts.flatMap(({ title, lines }) => lines.map((line) => [
      `${title} · ${line.title}`, display({}, story.batch?.values[line.name], say)]));
    return [
      [`${first.title} · ${words.validation}`, display(first, measure, say)],
      ...(pairs.length ? pairs
        : [[`${words.loss} · ${words.train}`, display({}, story.batch?.values.loss, say)]]),
      [words.epoch, this.outOf(story.epoch)],
      [words.steps_per_second, Number.isFinite(speed) && !ended ? say.short(speed) : NOTHING],
      [words.time_left, Number.isFinite(left) && !ended ? say.duration(left) : NOTHING],
    ];
  }

  /** After the end: the final measures; what was measured on the test split comes first. */
  lastFigures() {
    const { words, metrics } = this.data;
    const all = [...metrics, { name: "loss", title: words.loss }];
    const splits = [["test_", words.test], ["val_", words.validation]];
    const { metrics: values } = this.story.end;
    const found = splits.flatMap(([prefix, split]) => all
      .filter(({ name }) => Number.isFinite(values[prefix + name]))
      .map((metric) => [`${metric.title} · ${split}`,
        display(metric, values[prefix + metric.name], this.say)]));
    return [...found, [words.epoch, this.outOf(this.story.epochs.at(-1)?.epoch ?? 0)]];
  }

  outOf(epoch) {
    const { begin } = this.story;
    return begin ? `${this.say.whole(epoch)} / ${this.say.whole(begin.epochs)}` : NOTHING;
  }

  showPast() {
    const { past, story, data: { words } } = this;
    const known = [...story.snapshots.keys()];
    const newest = Math.max(0, ...known);
    const epoch = this.chosen ? known.findLast((e) => e <= this.chosen) ?? known[0] : newest;
    const living = this.chosen || story.end ? null : story.frame;
    const snapshot = living?.kind in SNAPSHOTS ? living : story.snapshots.get(epoch);
    past.soon.hidden = Boolean(snapshot);
    past.bar.classList.toggle("pc-away", !newest);
    past.slider.max = Math.max(newest, 1);
    past.slider.value = epoch || 1;
    past.slider.disabled = newest < 2;
    past.latest.classList.toggle("pc-away", !this.chosen);
    SNAPSHOTS[snapshot?.kind]?.(past.host, snapshot, { look: this.look, words, say: this.say,
      names: this.data.names, open: (label, called) => this.openCell(label, called) });
    if (!epoch) return;
    setText(past.label, `${words.epoch} ${this.say.whole(epoch)}`);
    this.tellEpoch(epoch);
  }

  /** A piece further down shows the pictures behind a cell. */
  openCell(label, called) {
    const detail = { run: this.data.run, label, called };
    document.dispatchEvent(new CustomEvent("perceptorium:cell", { detail }));
  }

  /** Other modules of the page show the same epoch. */
  tellEpoch(epoch) {
    const latest = !this.chosen;
    const now = `${epoch} ${latest}`;
    if (this.shownEpoch === now) return;
    this.shownEpoch = now;
    const detail = { run: this.data.run, epoch, latest };
    document.dispatchEvent(new CustomEvent("perceptorium:epoch", { detail }));
  }

  showCurves() {
    const { data, story, look, say, titles } = this;
    const pairs = data.charts.map((chart) => ({ ...chart, name: chart.lines[0].name }));
    const shown = pairs.length ? pairs
      : [{ name: "loss", title: data.words.loss }, data.metrics[0]];
    for (const [name, curve] of this.curves) {
      if (shown.some((metric) => metric.name === name)) continue;
      curve.close(); // other hyperparameters measure something else
      curve.element.remove();
      this.curves.delete(name);
    }
    for (const metric of shown) {
      if (!this.curves.has(metric.name)) {
        const Kind = metric.lines ? PairCurve : Curve;
        const curve = new Kind((x) => this.choose(Math.max(1, Math.round(x))));
        this.curves.set(metric.name, curve);
        this.charts.append(curve.element);
      }
      const epoch = this.chosen && Number(this.past.slider.value);
      const { words } = data;
      this.curves.get(metric.name).draw({ metric, story, look, say, titles, epoch, words });
    }
  }
}

export default component("run", (root, live) => new RunView(root, live));
