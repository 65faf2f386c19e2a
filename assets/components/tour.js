// after: live.js
// One step of a walk: what to do and what to look at, at the foot of the page. It shows the place,
// and sees when the step is done. Nothing on the page is blocked.

const LOOK = 400; // ms between two looks whether the step is done
const POINTED = "pc-pointed";

class Tour {
  constructor(root) {
    this.root = root;
    this.count = h("span.pc-tour-count");
    this.do = h("strong");
    this.says = h("p");
    const press = (name) => button(name, () => this.outward.setTriggerValue(name, this.data.n));
    this.before = press("before");
    this.next = press("next");
    this.end = press("end");
    this.end.classList.add("pc-quiet");
    root.append(
      h("div.pc-tour-text", { "aria-live": "polite" },
        h("p.pc-tour-do", {}, this.count, this.do), this.says),
      h("div.pc-buttons", {}, this.end, this.before, this.next));
    this.timer = setInterval(() => this.look(), LOOK);
  }

  close() {
    clearInterval(this.timer);
    this.point(null);
  }

  update(data, outward) {
    const { words, n, count } = data;
    const other = n !== this.data?.n;
    this.data = data;
    this.outward = outward;
    theme(this.root);
    setText(this.count, fill(words.step, { n, count }));
    setText(this.do, data.do);
    setText(this.says, data.look);
    setWord(this.before, words.before);
    setWord(this.next, n === count ? words.finish : words.next);
    setWord(this.end, words.end);
    this.before.hidden = n === 1;
    this.end.hidden = n === count;
    this.root.dataset.step = n;
    if (other) this.wanted = true;
    this.look();
  }

  look() {
    const { at, done } = this.data ?? {};
    const place = at && document.querySelector(at);
    if (place && this.wanted) {
      this.wanted = false;
      const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
      place.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
    }
    this.point(place);
    const isDone = Boolean(done && document.querySelector(done));
    this.root.dataset.done = isDone;
    this.next.classList.toggle("pc-primary", isDone || !done);
  }

  point(place) {
    if (this.pointed !== place) this.pointed?.classList.remove(POINTED);
    place?.classList.add(POINTED); // again and again: Streamlit writes its classes anew
    this.pointed = place;
  }
}

export default component("tour", (root) => new Tour(root));
