// after: live.js
// What the modules on tables share: they ask only what is looked at, follow the epoch that the
// page shows, and draw small charts.

/** A module that asks one network. `load()` asks for all that is shown and shows it. */
class Asking {
  constructor(root, live) {
    this.root = root;
    this.live = live;
    this.message = h("p.pc-note", { role: "status" });
    this.question = newest(() => this.answer(), 60);
    const follow = ({ detail }) => this.follow(detail);
    document.addEventListener("perceptorium:epoch", follow);
    this.deaf = () => document.removeEventListener("perceptorium:epoch", follow);
    // What nobody looks at is not asked for: a hundred watchers share one trainer.
    this.watcher = new IntersectionObserver(([entry]) => {
      this.visible = entry.isIntersecting;
      if (this.visible && this.stale) this.question();
    }, { rootMargin: "300px" });
    this.watcher.observe(root);
  }

  close() {
    this.closed = true;
    this.deaf();
    this.watcher.disconnect();
  }

  update(data) {
    const other = data.model !== this.data?.model;
    this.data = data;
    this.look = theme(this.root);
    this.say = numbers(data.lang);
    const looks = JSON.stringify([this.look, data.lang]);
    const redraw = this.looks && this.looks !== looks;
    this.looks = looks;
    this.showWords(data.words);
    if (other) this.model = data.model;
    if (other) this.changed();
    else if (redraw) this.redraw();
  }

  follow({ run, epoch, latest }) {
    if (this.data.model !== `run:${run}`) return;
    this.model = latest ? this.data.model : `${this.data.model}@${epoch}`;
    this.changed();
  }

  changed() {
    this.stale = true;
    if (this.visible) this.question();
  }

  async answer() {
    this.stale = false;
    try {
      await this.load();
      setText(this.message, "");
      this.root.dataset.state = "answered";
    } catch (error) {
      // Not every run has its network yet: the next epoch asks again.
      this.root.dataset.state = "error";
      setText(this.message, error.message);
    }
  }

  get(what, input = {}) {
    return this.live.ask(this.data.room, this.model, what, input);
  }

  /** A column or a class of a table that ships with the app, in the visitor's language. */
  named(name) {
    return typeof name === "number" ? this.value(name) : this.data.names[name] ?? name;
  }

  /** A number in the table's own unit. */
  value(number) {
    return number == null ? NOTHING : this.say.short(number);
  }
}

/** A menu of names; tells the number of the one that was chosen. */
function menu(onchange) {
  return h("select.pc-menu", { onchange: ({ target }) => onchange(target.selectedIndex) });
}

function fillMenu(select, names, chosen) {
  const known = [...select.options].map(({ text }) => text);
  if (known.join("\n") !== names.join("\n")) {
    select.replaceChildren(...names.map((name) => h("option", {}, name)));
  }
  select.selectedIndex = chosen;
}

/** A small chart. `axes`: {x, y} titles and ranges: {title, range, percent, ticks}. */
class Chart {
  constructor() {
    this.heading = h("h4.pc-curve-title");
    this.plot = h("div.pc-table-plot", { role: "img" });
    this.says = h("p.pc-note");
    this.element = h("figure.pc-table-chart", {}, this.heading, this.plot, this.says);
    this.resized = new ResizeObserver(throttled(() => this.last && this.draw(...this.last), 100));
    this.resized.observe(this.plot);
  }

  close() {
    this.resized.disconnect();
    if (this.drawn) globalThis.Plotly.purge(this.plot);
  }

  async draw(title, says, traces, axes, look) {
    this.last = [title, says, traces, axes, look];
    setText(this.heading, title);
    setText(this.says, says);
    this.plot.setAttribute("aria-label", [title, says].join(". "));
    const Plotly = await plotly().catch(() => null);
    if (!Plotly || !this.plot.clientWidth) return;
    await Plotly.react(this.plot, traces.map((trace) => ({
      type: "scatter", mode: "lines", showlegend: false, hoverinfo: "skip", ...trace })),
    this.layout(axes, look), { displayModeBar: false, responsive: false, doubleClick: false });
    this.drawn = true;
  }

  layout(axes, look) {
    const size = Math.round(look.size * 0.8);
    const axis = ({ title, range, percent, ticks }) => ({
      range, fixedrange: true, zeroline: false, gridcolor: css(mix(look.background, look.text, 0.1)),
      title: { text: plain(title), font: { size, color: css(look.soft) }, standoff: size * 0.6 },
      tickfont: { color: css(look.soft) }, tickformat: percent ? ".0%" : undefined,
      nticks: 6, automargin: true, ...(ticks ?? {}),
    });
    return {
      width: this.plot.clientWidth, height: this.plot.clientHeight,
      margin: { l: size * 3, r: size, t: size * 0.6, b: size * 3 },
      paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", dragmode: false,
      font: { family: look.font, size, color: css(look.text) },
      xaxis: axis(axes.x), yaxis: axis(axes.y),
    };
  }
}

/** A stranger's words, harmless in Plotly's little HTML. */
const plain = (text) => String(text)
  .replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

const SHARE = { range: [-0.02, 1.02], percent: true };

const MOST_MOVED = 10;

function bar(name, share, text, wins) {
  const fillElement = h("span");
  fillElement.style.width = `${100 * share}%`;
  const element = h("li.pc-table-bar", {}, h("span", { title: name }, name),
    h("span.pc-table-track", {}, fillElement), h("span", {}, text));
  element.classList.toggle("pc-wins", wins);
  return element;
}

/** A bar from the middle: to the right it speaks for the answer, to the left against it. */
function movedBar(name, share, text) {
  const element = bar(name, Math.abs(share) / 2, text, false);
  const track = element.querySelector(".pc-table-track > span");
  track.style.marginLeft = `${share < 0 ? 50 - 50 * Math.abs(share) : 50}%`;
  element.classList.add(share < 0 ? "pc-against" : "pc-for");
  return element;
}

/** The columns that moved an answer most, as bars in `list`; `says` names a column's place. */
function showMoved(list, moved, says, display, others) {
  const order = moved.map((value, place) => ({ value, place }))
    .filter(({ value }) => value)
    .sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
  const top = order.slice(0, MOST_MOVED);
  const most = Math.abs(top[0]?.value) || 1;
  const rows = top.map(({ value, place }) => movedBar(says(place), value / most, display(value)));
  const rest = order.slice(MOST_MOVED).reduce((sum, { value }) => sum + value, 0);
  if (order.length > MOST_MOVED) {
    rows.push(movedBar(fill(others, { n: order.length - MOST_MOVED }),
      Math.max(-1, Math.min(1, rest / most)), display(rest)));
  }
  list.replaceChildren(...rows);
}
