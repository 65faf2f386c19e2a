// after: live.js
// What a classifier answers: the winner in large letters, a bar a class, and what it received.

const FEW = 12; // up to so many classes keep their order; of more, the most probable are shown

class Answers {
  constructor() {
    this.winner = h("p.pc-winner");
    this.share = h("p.pc-winner-share");
    this.message = h("p.pc-note", { role: "status" });
    this.bars = h("ol.pc-bars");
    this.received = h("canvas.pc-received", { role: "img", width: 28, height: 28 });
    this.caption = h("figcaption");
    this.element = h("div.pc-answers", {},
      h("figure.pc-receives", {}, h("div.pc-square", {}, this.received), this.caption),
      h("div.pc-verdict", {}, this.winner, this.share, this.message), this.bars);
  }

  update(data, look, say, root) {
    const spoken = JSON.stringify(this.names) !== JSON.stringify(data.names ?? {});
    Object.assign(this, { words: data.words, names: data.names ?? {}, look, say, root });
    if (spoken && this.latest) this.show(this.latest);
    const unknown = this.message.textContent && "unknown";
    const said = { waiting: "nothing_yet", blank: "blank", answered: unknown }[root.dataset.state];
    if (said) setText(this.message, data.words[said]); // the language may be another one
    setText(this.caption, data.words.received);
    this.received.setAttribute("aria-label", data.words.received);
    if (this.bars.children.length || !data.classes) return;
    // The classes stand there before the first answer: nothing jumps when it comes.
    this.fillBars(data.classes.slice(0, FEW).map((name) => ({ name, share: 0 })));
    this.clear();
  }

  /** Nothing to answer to: an empty pad, or a tab just opened. */
  clear() {
    this.latest = null;
    if (!this.words) return;
    this.state("waiting", this.words.nothing_yet);
    this.zero();
    paint(this.received, { width: 1, height: 1, bytes: new Uint8Array(1) });
  }

  fail(sentence) {
    this.latest = null;
    this.state("error", sentence);
    this.zero();
  }

  zero() {
    delete this.root.dataset.top;
    setText(this.winner, "");
    setText(this.share, "");
    for (const row of this.bars.children) {
      this.setBar(row, 0, false);
      setText(row.lastElementChild, "");
    }
  }

  state(name, message) {
    this.root.dataset.state = name;
    setText(this.message, message);
  }

  show(answer) {
    this.latest = answer;
    const { classes, probabilities, received, blank, unknown } = answer;
    paint(this.received, unpack(received)[0]);
    if (blank) {
      this.state("blank", this.words.blank);
      this.zero();
      return;
    }
    const all = classes.map((name, i) => (
      { name: this.names[name] ?? name, share: probabilities[i] }));
    const top = all.reduce((best, one) => (one.share > best.share ? one : best));
    this.state("answered", unknown ? this.words.unknown : "");
    this.winner.classList.toggle("pc-guess", Boolean(unknown));
    this.root.dataset.top = top.name;
    setText(this.winner, top.name);
    setText(this.share, this.say.percent(top.share));
    const best = () => [...all].sort((a, b) => b.share - a.share).slice(0, FEW);
    this.fillBars(all.length <= FEW ? all : best(), top);
  }

  fillBars(rows, top) {
    while (this.bars.children.length > rows.length) this.bars.lastElementChild.remove();
    while (this.bars.children.length < rows.length) {
      this.bars.append(h("li.pc-bar", {},
        h("span.pc-bar-name"), h("span.pc-bar-track", {}, h("span")), h("span.pc-bar-share")));
    }
    rows.forEach(({ name, share }, i) => {
      const row = this.bars.children[i];
      setText(row.firstElementChild, name);
      this.setBar(row, share, name === top?.name);
    });
  }

  setBar(row, share, wins) {
    row.classList.toggle("pc-wins", wins);
    row.querySelector(".pc-bar-track > span").style.transform = `scaleX(${share})`;
    setText(row.lastElementChild, this.say.percent(share));
  }
}
