// after: live.js
// A measure's curve over the epochs: thin per batch, clear per epoch, labelled at its end.

const CURVE_GAP = 100; // ms between two drawings at least
const CURVE_REST = 19; // a curve takes a twentieth of the time at most: living pictures need it
const LABEL_GAP = 1.35; // lines of text between two labels at least
const WILD = 4; // a batch so many times above nearly all others does not stretch the axis
const FEW_POINTS = 16; // so many epochs get dots, more would hide the line
const KEPT_POINTS = 2000; // more points per batch than this are thinned: no screen shows them

/** At most about `limit` points; which ones stay does not change as more come: nothing jitters. */
function thin(points, limit = KEPT_POINTS) {
  const stride = 2 ** Math.max(0, Math.ceil(Math.log2(points.length / limit)));
  return points.filter((_, i) => i % stride === 0 || i === points.length - 1);
}

/** Where two labels go that belong at heights `a` and `b` (px): `gap` apart, above the axis. */
function apart(a, b, gap) {
  const lack = Math.max(0, gap - Math.abs(a - b)) / 2;
  const [low, high] = a < b ? [a - lack, b + lack] : [b - lack, a + lack];
  const lift = Math.max(0, gap / 2 - low);
  const raised = Math.max(high, low + lift + gap);
  return a < b ? [low + lift, raised] : [raised, low + lift];
}

/** The y axis: everything, but where the loss leaps, only up to what 98 % of the batches reach. */
function reach(metric, batches, epochs) {
  const sorted = batches.map(([, y]) => y).sort((a, b) => a - b);
  const tame = sorted[Math.ceil(sorted.length * 0.98) - 1];
  const top = sorted.at(-1) > WILD * tame ? tame : sorted.at(-1);
  const values = [...epochs, sorted[0], top].filter(Number.isFinite);
  if (!values.length) return [0, 1];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (metric.percent) return [Math.max(0, Math.floor(low * 10 - 0.2) / 10), 1.02];
  return [Math.min(0, low), high * 1.08 || 1];
}

class Curve {
  constructor(onPick) {
    this.heading = h("h4.pc-curve-title");
    this.plot = h("div.pc-plot", { role: "img" });
    this.element = h("figure.pc-curve", {}, this.heading, this.plot);
    this.onPick = onPick;
    this.refresh = throttled(() => this.paint(), CURVE_GAP, CURVE_REST);
    this.resized = new ResizeObserver(() => this.refresh());
    this.resized.observe(this.plot);
  }

  close() {
    this.resized.disconnect();
    if (this.drawn) globalThis.Plotly.purge(this.plot);
  }

  /** `view`: {metric, story, epoch (chosen), look, words, say (numbers), titles}. */
  draw(view) {
    this.view = view;
    setText(this.heading, view.metric.title);
    this.describe(view);
    const begun = view.story.batches(view.metric.name).length > 0;
    if (begun && !this.begun) this.refresh.now(); // the first point is waited for
    else this.refresh();
    this.begun = begun;
  }

  async paint() {
    const Plotly = await plotly().catch(() => null);
    const { view } = this;
    if (!Plotly || !view || !this.plot.clientWidth) return;
    await Plotly.react(this.plot, this.traces(view), this.layout(view), {
      displayModeBar: false, responsive: false, scrollZoom: false, doubleClick: false,
    });
    if (!this.drawn) this.plot.on("plotly_click", ({ points }) => this.onPick(points[0].x));
    this.drawn = true;
  }

  describe({ metric, story, words, say }) {
    const last = story.epochs.at(-1);
    const part = (name, word) => Number.isFinite(last?.values[name])
      ? `${word} ${display(metric, last.values[name], say)}` : null;
    const parts = [part(metric.name, words.train), part(`val_${metric.name}`, words.validation)];
    const text = [metric.title, ...parts.filter(Boolean)].join(", ");
    if (this.plot.getAttribute("aria-label") !== text) this.plot.setAttribute("aria-label", text);
  }

  traces({ metric, story, look, words, say }) {
    const batches = thin(story.batches(metric.name));
    const line = (name, word, colour, width, back = 0) => {
      const points = story.epochs.filter(({ values }) => Number.isFinite(values[name]));
      return {
        x: points.map(({ epoch }) => epoch - back),
        y: points.map(({ values }) => values[name]),
        mode: "lines+markers",
        line: { color: css(colour), width },
        marker: { color: css(colour), size: points.length > FEW_POINTS ? 0.1 : 5 },
        hovertemplate: `${words.epoch} %{customdata} · ${word} %{text}<extra></extra>`,
        customdata: points.map(({ epoch }) => epoch),
        text: points.map(({ values }) => display(metric, values[name], say)),
        hoverlabel: hoverLabel(look, colour),
        cliponaxis: false,
      };
    };
    return [
      {
        x: batches.map(([x]) => x),
        y: batches.map(([, y]) => y),
        mode: "lines",
        line: { color: css(look.second, 0.45), width: 1 },
        hovertemplate: `${words.epoch} %{x:.2f} · ${words.train} %{text}<extra></extra>`,
        text: batches.map(([, y]) => display(metric, y, say)),
        hoverlabel: hoverLabel(look, look.second),
      },
      // The mean over an epoch's batches belongs to its middle, validation to its end.
      line(metric.name, words.train, look.second, 1.5, 0.5),
      line(`val_${metric.name}`, words.validation, look.accent, 2),
    ].map((trace) => ({ type: "scatter", showlegend: false, ...trace }));
  }

  layout(view) {
    const { metric, story, epoch, look } = view;
    const size = Math.round(look.size * 0.8);
    const epochs = Math.max(1, story.begin?.epochs ?? 5);
    const range = reach(metric, story.batches(metric.name), story.epochs.flatMap(
      ({ values }) => [values[metric.name], values[`val_${metric.name}`]]));
    const margin = { l: size * 3.2, r: this.labelRoom(view, size), t: size * 1.8, b: size * 2 };
    const axis = {
      gridcolor: css(mix(look.background, look.text, 0.1)), zeroline: false, fixedrange: true,
      tickfont: { color: css(look.soft) }, ticks: "", automargin: false,
    };
    const height = this.plot.clientHeight - margin.t - margin.b;
    const perUnit = height / (range[1] - range[0]);
    const width = this.plot.clientWidth - margin.l - margin.r;
    return {
      width: this.plot.clientWidth, height: this.plot.clientHeight, margin,
      paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
      font: { family: look.font, size, color: css(look.text) },
      hovermode: "closest", dragmode: false, showlegend: false,
      xaxis: {
        ...axis, range: [0, epochs], showgrid: false, nticks: Math.max(2, Math.floor(width / 60)),
        tickformat: "d", dtick: epochs <= 10 && width / epochs > 24 ? 1 : undefined,
        showline: true, linecolor: css(look.border),
      },
      yaxis: { ...axis, range, nticks: 6, tickformat: metric.percent ? ".0%" : undefined },
      shapes: [...marks(story, look), ...chosen(epoch, look)],
      annotations: [
        ...this.endLabels(view, range, perUnit, size), ...changeLabels(view, width / epochs, size),
        axisLabel(view, size),
      ],
    };
  }

  /** The right margin: as wide as the longest label, so that the last one is never cut. */
  labelRoom({ words, look }, size) {
    const pen = (this.pen ??= document.createElement("canvas").getContext("2d"));
    pen.font = `600 ${size}px ${look.font}`;
    const labels = [words.train, words.validation, words.epochs];
    return size * 1.4 + Math.max(...labels.map((label) => pen.measureText(label).width));
  }

  /** The names stand right of everything drawn so far, each at the height of its curve's end. */
  endLabels({ metric, story, look, words }, range, perUnit, size) {
    const last = story.epochs.at(-1);
    const recent = story.batches(metric.name).slice(-12);
    const mean = recent.reduce((sum, [, y]) => sum + y, 0) / recent.length;
    const x = Math.max(last?.epoch ?? 0, recent.at(-1)?.[0] ?? 0);
    const at = (y) => (Number.isFinite(y) ? { x, y } : null);
    const train = at(x > last?.epoch || !last ? mean : last.values[metric.name]);
    const validation = at(last?.values[`val_${metric.name}`]);
    const [low, gap] = [range[0], size * LABEL_GAP];
    const height = (place) => (place ? (place.y - low) * perUnit : Infinity);
    const heights = train && validation
      ? apart(height(train), height(validation), gap) : [train, validation].map(height);
    const label = (place, text, colour, yshift) => place && {
      x: place.x, y: low, text, yshift, xref: "x", yref: "y", xanchor: "left", yanchor: "middle",
      xshift: 5, showarrow: false, bgcolor: css(look.background, 0.75), borderpad: 1,
      font: { color: css(colour), size, weight: 600 },
    };
    return [
      label(train, words.train, look.secondInk, heights[0]),
      label(validation, words.validation, look.accentInk, heights[1]),
    ].filter(Boolean);
  }
}

/** A value of `metric` as the visitor reads it. */
function display(metric, value, say) {
  if (!Number.isFinite(value)) return NOTHING;
  return metric.percent ? say.percent(value) : say.loss(value);
}

const hoverLabel = (look, colour) => ({
  bgcolor: css(look.background), bordercolor: css(colour), font: { color: css(look.text) },
});

/** The x axis's word, after its last number. */
const axisLabel = ({ words, look, story }, size) => ({
  x: 1, y: 0, xref: "paper", yref: "paper", xanchor: "left", yanchor: "top",
  xshift: size * (0.4 + 0.3 * String(story.begin?.epochs ?? 5).length),
  yshift: -size * 0.3, text: words.epochs, showarrow: false, font: { color: css(look.soft), size },
});

/** Dotted lines where a value was changed by hand. */
function marks(story, look) {
  return story.changes.map(({ x }) => ({
    type: "line", x0: x, x1: x, y0: 0, y1: 1, yref: "paper", layer: "below",
    line: { color: css(look.soft), width: 1, dash: "dot" },
  }));
}

/** The line at the epoch whose snapshot is shown. */
function chosen(epoch, look) {
  if (!epoch) return [];
  return [{
    type: "line", x0: epoch, x1: epoch, y0: 0, y1: 1, yref: "paper", layer: "below",
    line: { color: css(look.text, 0.55), width: 1 },
  }];
}

/** What was changed, above its dotted line; of changes close together only the last is named. */
function changeLabels({ story, look, titles, say }, perEpoch, size) {
  const room = size * 11;
  const named = story.changes.filter(({ x }, i) => {
    const next = story.changes[i + 1];
    return !next || (next.x - x) * perEpoch > room;
  });
  return named.map(({ x, name, value }) => ({
    x, y: 1, xref: "x", yref: "paper", yanchor: "bottom", showarrow: false,
    xanchor: x * perEpoch > room / 2 ? "right" : "left",
    text: [titles[name] ?? name, ...(Number.isFinite(value) ? [say.short(value)] : [])].join(" "),
    font: { color: css(look.soft), size: Math.round(size * 0.92) },
  }));
}
