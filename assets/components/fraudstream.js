// after: fraudkit.js
// A live stream: payments the network never learned from, judged one after another, and the money
// that this loses, saves and costs.

const BLOCK = 200; // payments that are asked for at once
const SHOWN = 240; // payments in the picture
const NOTED = 12; // events in the list
const TICK = 50; // ms
const CALM = matchMedia("(prefers-reduced-motion: reduce)");

class FraudStream extends Asking {
  constructor(root, live) {
    super(root, live);
    this.hands = new Hands(() => this.told && this.recount());
    this.pause = button("pause", () => this.toggle());
    this.again = button("again", () => this.restart());
    this.speedLabel = h("span");
    this.speed = h("input.pc-range", { type: "range", min: 0, max: 3, step: 0.05, value: 1.5,
      "data-hand": "speed", oninput: () => this.showSpeed() });
    this.figures = h("dl.pc-fraud-money");
    this.canvas = h("canvas.pc-fraud-stream", { role: "img" });
    this.clock = h("p.pc-fraud-clock");
    this.sample = h("p.pc-fraud-clock");
    this.notes = h("ol.pc-fraud-notes");
    this.notesTitle = h("h4.pc-curve-title");
    this.why = h("div.pc-fraud-why", { hidden: true });
    this.hint = h("p.pc-note");
    this.whyTitle = h("h4.pc-curve-title");
    this.whySays = h("p.pc-note");
    this.moved = h("ol.pc-table-moved");
    this.why.append(this.whyTitle, this.whySays, this.moved);
    root.append(
      this.figures,
      h("div.pc-fraud-live", {},
        h("figure", {}, this.canvas, this.clock, this.sample),
        h("div.pc-fraud-panel", {},
          h("div.pc-buttons", {}, this.pause, this.again),
          h("label.pc-table-choice", {}, this.speedLabel, this.speed), this.hands.element)),
      h("div.pc-fraud-below", {},
        h("div", {}, this.notesTitle, this.notes), h("div", {}, this.hint, this.why)),
      this.message);
    this.running = !CALM.matches;
    this.forget();
    this.timer = setInterval(() => this.tick(), TICK);
    this.resized = new ResizeObserver(() => this.told && this.draw());
    this.resized.observe(this.canvas);
  }

  close() {
    super.close();
    clearInterval(this.timer);
    this.resized.disconnect();
    this.hands.close();
  }

  showWords(words) {
    setWord(this.pause, this.running ? words.pause : words.resume);
    setWord(this.again, words.again);
    setText(this.notesTitle, words.notes);
    setText(this.hint, this.why.hidden ? words.hint : "");
    this.showSpeed();
  }

  redraw() {
    if (this.told) this.recount();
    if (this.explained) this.showWhy();
  }

  /** Nothing has been judged yet. */
  forget() {
    this.at = 0; // payments that have passed
    this.due = 0;
    this.seen = { amounts: [], scores: [], frauds: [], at: [] };
    this.total = null;
    this.sums = null;
  }

  restart() {
    this.forget();
    this.running = true;
    this.showWords(this.data.words);
    this.changed();
  }

  toggle() {
    this.running = !this.running;
    this.root.dataset.running = this.running;
    this.showWords(this.data.words);
  }

  async load() {
    if (this.known !== this.data.model) {
      this.forget();
      this.explained = null;
      this.asked = false;
      this.why.hidden = true;
    }
    this.known = this.data.model;
    // What has been judged ahead was judged by the network as it was.
    for (const list of Object.values(this.seen)) list.length = Math.min(list.length, this.at);
    this.told = await this.get("report");
    await this.fetch();
    this.root.dataset.running = this.running;
    this.recount();
  }

  async fetch() {
    const start = this.seen.scores.length;
    const more = await this.get("stream", { start, count: BLOCK });
    if (start !== this.seen.scores.length) return; // it began anew meanwhile
    this.total = more.total;
    for (const name of ["amounts", "scores", "frauds"]) this.seen[name].push(...more[name]);
    this.seen.at.push(...(more.at ?? more.scores.map(() => null)));
  }

  /** Lets as many payments pass as are due; asks for more before they run out. */
  tick() {
    if (!this.running || !this.visible || !this.told || document.hidden) return;
    this.due += (this.perSecond * TICK) / 1000;
    const count = Math.min(Math.floor(this.due), this.seen.scores.length - this.at);
    this.due -= Math.floor(this.due);
    const ahead = this.seen.scores.length - this.at - count;
    if (ahead < Math.max(BLOCK / 2, this.perSecond) && !this.asking && this.total !== null
        && this.seen.scores.length < this.total) {
      this.asking = true;
      this.fetch().catch((error) => setText(this.message, error.message))
        .finally(() => { this.asking = false; });
    }
    if (!count) {
      if (this.at === this.total) this.finish();
      return;
    }
    this.count(this.at, this.at + count);
    this.at += count;
    this.show();
    this.begin();
  }

  /** Explains the first fraud by itself, so that one sees what the list is for. */
  begin() {
    const first = this.events.find((i) => this.seen.frauds[i]);
    if (this.asked || first === undefined) return;
    this.asked = true;
    this.tell(first);
  }

  finish() {
    this.running = false;
    this.root.dataset.running = false;
    setWord(this.pause, this.data.words.resume);
    setText(this.message, this.data.words.over);
  }

  get perSecond() {
    return 10 ** Number(this.speed.value);
  }

  showSpeed() {
    setText(this.speedLabel, fill(this.data.words.speed, { n: this.say.short(this.perSecond) }));
  }

  /** From the first payment on: with another threshold all of it would have come out otherwise. */
  recount() {
    this.wager = this.hands.now(this.told.val, this.data.fee);
    this.sums = { lost: 0, saved: 0, fees: 0, caught: 0, frauds: 0, alarms: 0 };
    this.events = [];
    this.count(0, this.at);
    this.hands.show(this.wager, this.data.words, this.say, this.data.lang);
    const stands = this.told.stands_for;
    setText(this.sample, stands > 1 ? fill(this.data.words.stands_for, {
      n: this.say.short(stands) }) : "");
    this.show();
  }

  count(from, to) {
    const { sums, wager: { threshold, fee }, seen, told: { stands_for: stands } } = this;
    for (let i = from; i < to; i += 1) {
      const stopped = seen.scores[i] >= threshold;
      const fraud = seen.frauds[i] === 1;
      if (fraud) sums.frauds += 1;
      if (fraud && stopped) {
        sums.caught += 1;
        sums.saved += seen.amounts[i];
      } else if (fraud) sums.lost += seen.amounts[i];
      else if (stopped) {
        sums.alarms += stands;
        sums.fees += fee * stands;
      }
      if (fraud || stopped) this.events.push(i);
    }
    if (this.events.length > 4 * NOTED) this.events.splice(0, this.events.length - NOTED);
  }

  show() {
    this.showMoney();
    this.showNotes();
    this.draw();
    const now = this.seen.at[this.at - 1];
    setText(this.clock, fill(now == null ? this.data.words.count : this.data.words.clock, {
      time: now == null ? "" : clock(now), day: now == null ? "" : Math.floor(now / 86400) + 1,
      n: this.say.whole(this.at), total: this.say.whole(this.total ?? 0) }));
    Object.assign(this.root.dataset, { judged: this.at, caught: this.sums.caught,
      alarms: Math.round(this.sums.alarms) });
  }

  showMoney() {
    const { sums, say, data: { words } } = this;
    const n = { caught: say.whole(sums.caught), frauds: say.whole(sums.frauds),
      missed: say.whole(sums.frauds - sums.caught), alarms: say.whole(sums.alarms) };
    const parts = [
      ["saved", words.saved, sums.saved, fill(words.saved_says, n)],
      ["lost", words.lost, sums.lost, fill(words.lost_says, n)],
      ["fees", words.fees, sums.fees, fill(words.fees_says, n)],
      ["cost", words.cost, sums.lost + sums.fees, words.cost_says]];
    if (!this.figures.children.length) {
      this.figures.append(...parts.map(([name]) => h(`div.pc-fraud-${name}`, {},
        h("dt"), h("dd"), h("small"))));
    }
    parts.forEach(([, title, money, says], i) => {
      const [dt, dd, small] = this.figures.children[i].children;
      setText(dt, title);
      setText(dd, say.money(money));
      setText(small, says);
    });
  }

  kind(i) {
    const stopped = this.seen.scores[i] >= this.wager.threshold;
    if (!this.seen.frauds[i]) return "alarm";
    return stopped ? "caught" : "missed";
  }

  showNotes() {
    const { words, lang } = this.data;
    const newest = this.events.slice(-NOTED).reverse();
    const key = JSON.stringify([newest, this.wager, lang, this.explained?.index]);
    if (key === this.noted) return;
    this.noted = key;
    this.notes.replaceChildren(...newest.map((i) => {
      const kind = this.kind(i);
      const row = h(`button.pc-fraud-note.pc-${kind}`, { type: "button", "data-cell": i,
        onclick: () => this.explain(i) }, h("span", {}, words[kind]),
      h("span", {}, this.say.cents(this.seen.amounts[i])),
      h("span", {}, share(lang, this.seen.scores[i])));
      row.setAttribute("aria-pressed", String(this.explained?.index === i));
      return h("li", {}, row);
    }));
    roving(this.notes);
  }

  explain(index) {
    if (this.running) this.toggle();
    this.tell(index);
  }

  async tell(index) {
    try {
      this.explained = await this.get("explain", { index });
      setText(this.message, "");
      this.showWhy();
    } catch (error) {
      setText(this.message, error.message);
    }
  }

  showWhy() {
    const { explained: told, data: { words, lang }, say } = this;
    this.why.hidden = false;
    setText(this.hint, "");
    setText(this.whyTitle, fill(words.why, { money: say.cents(this.seen.amounts[told.index]) }));
    setText(this.whySays, fill(words.why_says, { usual: share(lang, told.usual),
      score: share(lang, told.score), truth: told.fraud ? words.is_fraud : words.is_normal }));
    const says = (place) => {
      const name = told.columns[place];
      const value = told.values[place];
      const text = { Time: () => clock(value), Amount: () => say.cents(value) }[name];
      return `${this.named(name)} = ${value == null ? NOTHING : text?.() ?? this.value(value)}`;
    };
    showMoved(this.moved, told.moved, says,
      (value) => `${value > 0 ? "+" : "−"}${share(lang, Math.abs(value))}`, words.others);
    this.root.dataset.explained = told.index;
    this.showNotes();
  }

  /** Payments flow from right to left; the higher, the more suspicious; the larger, the dearer. */
  draw() {
    const { canvas, look, wager: { threshold } } = this;
    const ratio = devicePixelRatio || 1;
    const [wide, high] = [canvas.clientWidth, canvas.clientHeight];
    if (!wide) return;
    if (canvas.width !== Math.round(wide * ratio)) canvas.width = Math.round(wide * ratio);
    if (canvas.height !== Math.round(high * ratio)) canvas.height = Math.round(high * ratio);
    const pen = canvas.getContext("2d");
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, wide, high);
    const y = (score) => {
      const odds = Math.max(-REACH, Math.min(REACH, ODDS(score)));
      return high * (0.5 - odds / (2.15 * REACH));
    };
    const line = threshold > 1 ? 4 : y(threshold);
    pen.fillStyle = css(look.second, 0.09);
    pen.fillRect(0, 0, wide, line);
    pen.strokeStyle = css(look.soft);
    pen.setLineDash([5, 5]);
    pen.beginPath();
    pen.moveTo(0, line);
    pen.lineTo(wide, line);
    pen.stroke();
    pen.setLineDash([]);
    const { words } = this.data;
    this.drawPayments(pen, wide, y);
    pen.font = `${Math.round(look.size * 0.8)}px ${look.font}`;
    pen.fillStyle = css(look.text);
    pen.strokeStyle = css(look.surface);
    pen.lineWidth = 4;
    for (const [word, place] of [[words.stopped, Math.max(line - 7, look.size)],
      [words.passed, Math.min(line + look.size * 1.1, high - 6)]]) {
      pen.strokeText(word, 8, place); // payments pass below it
      pen.fillText(word, 8, place);
    }
    pen.lineWidth = 1;
    const label = words.picture;
    if (canvas.getAttribute("aria-label") !== label) canvas.setAttribute("aria-label", label);
  }

  drawPayments(pen, wide, y) {
    const { look, seen, at } = this;
    const first = Math.max(0, at - SHOWN);
    for (let i = first; i < at; i += 1) {
      const x = wide * (1 - (at - i - 0.5) / SHOWN) - 8;
      const fraud = seen.frauds[i] === 1;
      const size = (fraud ? 3.5 : 2) + Math.min(9, Math.sqrt(seen.amounts[i]) / 2.6);
      pen.beginPath();
      pen.arc(x, y(seen.scores[i]), size, 0, 2 * Math.PI);
      pen.fillStyle = fraud ? css(look.second, 0.95) : css(look.accent, 0.4);
      pen.fill();
      if (fraud) { // a fraud is known by its rim, too, not by its colour alone
        pen.strokeStyle = css(look.text);
        pen.lineWidth = 1.5;
        pen.stroke();
        pen.lineWidth = 1;
      }
    }
  }
}

/** Seconds since midnight as 14:05. */
function clock(seconds) {
  const pad = (value) => String(Math.floor(value)).padStart(2, "0");
  return `${pad((seconds / 3600) % 24)}:${pad((seconds / 60) % 60)}`;
}

export default component("fraudstream", (root, live) => new FraudStream(root, live));
