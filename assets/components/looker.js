// after: live.js
// A piece that asks the page's network about itself: only while somebody looks at it, and as the
// network was at the epoch that the page shows. A class that extends it has `renewed(other)`,
// called when another network (or the same one at another epoch) is to be asked, and `ask()`.

const TRIES = 4; // a large data set may take longer to read than a question may take
const TRY_AFTER = 5000; // ms

class Looker {
  constructor(root, live) {
    Object.assign(this, { root, live });
    this.message = h("p.pc-note", { role: "status" });
    this.question = newest(() => this.answer(), 60);
    this.soon = debounced(() => this.question(), 80);
    this.listen("perceptorium:epoch", (detail) => this.follow(detail));
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

  update(data, outward) {
    const other = data.model !== this.data?.model;
    Object.assign(this, { data, outward, look: theme(this.root), say: numbers(data.lang) });
    if (other) this.turnTo(data.model, true);
  }

  follow({ run, epoch, latest }) {
    if (this.data.model !== `run:${run}`) return;
    this.turnTo(latest ? this.data.model : `${this.data.model}@${epoch}`, false);
  }

  turnTo(model, other) {
    this.model = model;
    this.tries = TRIES;
    if (other) this.root.dataset.state = "asking";
    this.renewed(other);
    this.changed();
  }

  changed() {
    this.stale = true;
    if (this.visible) this.soon();
  }

  async answer() {
    this.stale = false;
    try {
      await this.ask();
      this.tries = TRIES;
      setText(this.message, "");
      this.root.dataset.state = "answered";
    } catch (error) {
      this.root.dataset.state = "error";
      setText(this.message, error.message);
      this.tries -= 1;
      if (this.tries > 0) setTimeout(() => !this.closed && this.changed(), TRY_AFTER);
    }
  }

  get(what, input = {}) {
    return this.live.ask(this.data.room, this.model, what, input);
  }

  /** A class as the visitor's language calls it. */
  called(name) {
    return this.data.names?.[name] ?? name;
  }
}
