// What every browser module is built from: elements, theme, colours, numbers, packed pictures.

/** An element: h("button.pc-button", { type: "button", onclick }, "Stop"). */
function h(selector, attributes = {}, ...children) {
  const [tag, ...classes] = selector.split(".");
  const element = document.createElement(tag || "div");
  element.classList.add(...classes);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child != null));
  return element;
}

const ICONS = {
  pause: '<path d="M9 5v14M15 5v14"/>',
  resume: '<path d="M8 5l11 7-11 7z"/>',
  step: '<path d="M6 5l9 7-9 7zM18 5v14"/>',
  step_epoch: '<path d="M4 5l7 7-7 7zM12 5l7 7-7 7zM21 5v14"/>',
  stop: '<rect x="6" y="6" width="12" height="12" rx="1.5"/>',
  latest: '<path d="M5 12h13M13 6l6 6-6 6"/>',
  again: '<path d="M4 12a8 8 0 1 0 2.5-5.8M4 4v4.5h4.5"/>',
  draw: '<path d="M4 20l1-4L16.5 4.5a2.1 2.1 0 0 1 3 3L8 19z"/>',
  upload: '<path d="M12 16V5M7.5 9L12 4.5 16.5 9M4 16v4h16v-4"/>',
  camera: '<path d="M4 8h3.5L9 5.5h6L16.5 8H20v11H4z"/><circle cx="12" cy="13" r="3.6"/>',
  eraser: '<path d="M8.5 19L3.5 14 13 4.5l7 7-7.5 7.5zM8.5 9l7 7M8 19h12"/>',
  clear: '<path d="M5 7h14M10 7V4.5h4V7M7 7l1 13h8l1-13"/>',
  turn: '<path d="M4 9h13l-3-3.5M20 15H7l3 3.5"/>',
  print: '<path d="M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z"/>',
  before: '<path d="M19 12H6M11 6l-6 6 6 6"/>',
  next: '<path d="M5 12h13M13 6l6 6-6 6"/>',
  mic: '<rect x="9" y="3.5" width="6" height="10.5" rx="3"/><path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3"/>',
  wave: '<path d="M4 10v4M8 6v12M12 9v6M16 4v16M20 10v4"/>',
  end: '<path d="M6 6l12 12M18 6L6 18"/>',
};

/** An inline picture beside a word; it says nothing by itself. */
function icon(name) {
  const holder = h("span.pc-icon", { "aria-hidden": "true" });
  holder.innerHTML =
    '<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" ' +
    `stroke-linecap="round" stroke-linejoin="round">${ICONS[name]}</svg>`;
  return holder;
}

/** A button with a picture and a word. The word is changed by `setWord`. */
function button(name, onclick, kind = "") {
  const classes = `button.pc-button${kind && `.pc-${kind}`}`;
  return h(classes, { type: "button", "data-do": name, onclick }, icon(name), h("span"));
}

function setWord(element, word) {
  setText(element.lastElementChild, word);
}

/** Writes only what changed, so that nothing flickers and no screen reader speaks twice. */
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Hides or shows where that is a change: each writing has the whole page's style looked at anew. */
function setHidden(element, hidden) {
  if (element.hidden !== hidden) element.hidden = hidden;
}

/** Stands where there is no number yet. */
const NOTHING = "–";

/** "true {a}, called {b}" with values in place. */
function fill(template, values) {
  return (template ?? "").replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/* ---- Colours: [r, g, b] with 0..255 ------------------------------------------------------- */

const swatch = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

function rgb(colour) {
  swatch.clearRect(0, 0, 1, 1);
  swatch.fillStyle = colour;
  swatch.fillRect(0, 0, 1, 1);
  return [...swatch.getImageData(0, 0, 1, 1).data.slice(0, 3)];
}

const css = (colour, alpha = 1) => `rgba(${colour.map(Math.round).join(",")},${alpha})`;

const mix = (from, to, share) => from.map((value, i) => value + (to[i] - value) * share);

/** WCAG contrast ratio, 1..21. */
function contrast(one, other) {
  const light = (colour) => {
    const [r, g, b] = colour
      .map((value) => value / 255)
      .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/** `colour`, moved towards `text` as little as makes it readable on `background` (AA, 4.5:1). */
function readable(colour, background, text) {
  let share = 0;
  while (share < 1 && contrast(mix(colour, text, share), background) < 4.6) share += 0.05;
  return mix(colour, text, Math.min(share, 1));
}

/** Black or white, whichever is easier to read on `background`. */
function ink(background) {
  const [black, white] = [[0, 0, 0], [255, 255, 255]];
  return contrast(white, background) >= contrast(black, background) ? white : black;
}

/** The page's colours and letters as Streamlit has them now; also written to the root for CSS. */
function theme(root) {
  const style = getComputedStyle(root);
  const read = (name, otherwise) => style.getPropertyValue(name).trim() || otherwise;
  const text = rgb(read("--st-text-color", "#31333f"));
  const background = rgb(read("--st-background-color", "#ffffff"));
  const accent = rgb(read("--st-primary-color", "#1f6feb"));
  const second = rgb(read("--st-orange-color", "#e8710a"));
  const look = {
    text, background, accent, second,
    surface: rgb(read("--st-secondary-background-color", "#f0f2f6")),
    soft: readable(mix(text, background, 0.45), background, text),
    border: mix(background, text, 0.16),
    accentInk: readable(accent, background, text),
    secondInk: readable(second, background, text),
    font: read("--st-font", "sans-serif"),
    size: parseFloat(style.fontSize) || 16,
  };
  root.style.setProperty("--pc-accent-ink", css(look.accentInk));
  root.style.setProperty("--pc-second-ink", css(look.secondInk));
  root.style.setProperty("--pc-on-accent", css(ink(accent)));
  return look;
}

/** 256 colours for bytes that stand for low..high: 0 is the surface, plus accent, minus second. */
function ramp(look, low, high) {
  const reach = Math.max(Math.abs(low), Math.abs(high)) || 1;
  const deep = (colour) => mix(colour, look.text, 0.7);
  return Array.from({ length: 256 }, (_, byte) => {
    const share = (low + ((high - low) * byte) / 255) / reach;
    const colour = share < 0 ? look.second : look.accent;
    const amount = Math.abs(share) ** 0.75; // weak answers stay visible beside strong ones
    if (amount < 0.7) return mix(look.surface, colour, amount / 0.7);
    return mix(colour, deep(colour), (amount - 0.7) / 0.3);
  });
}

const GREY = Array.from({ length: 256 }, (_, value) => [value, value, value]);

/* ---- Packed pictures: {width, height, channels, data: base64 of uint8, row by row} --------- */

function toBytes(base64) {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i += 1) bytes[i] = text.charCodeAt(i); // thirty times a second
  return bytes;
}

function toBase64(bytes) {
  let text = "";
  // One call per 32 kB: a longer argument list overflows the stack.
  for (let at = 0; at < bytes.length; at += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  }
  return btoa(text);
}

/** Draws `bytes` (height × width × channels) pixel for pixel; CSS enlarges it without blur. */
function paint(canvas, { width, height, channels = 1, bytes }, colours = GREY) {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const image = new ImageData(width, height);
  const { data } = image;
  for (let at = 0; at < width * height; at += 1) {
    const colour = channels === 3 ? bytes : colours[bytes[at * channels]];
    const first = channels === 3 ? at * 3 : 0;
    for (let i = 0; i < 3; i += 1) data[at * 4 + i] = colour[first + i];
    data[at * 4 + 3] = 255;
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
}

/** A packed picture with its bytes read; `count` pictures stacked vertically become a list. */
function unpack(packed, count = 1) {
  const bytes = toBytes(packed.data);
  const { width, channels = 1 } = packed;
  const size = bytes.length / count;
  const height = size / (width * channels);
  return Array.from({ length: count }, (_, i) => (
    { width, height, channels, bytes: bytes.subarray(i * size, (i + 1) * size) }));
}

/** The grey (channels 1) or colour (3) bytes of what `source` shows, as `side` × `side` pixels. */
function pixels(source, side, channels, crop) {
  const scratch = new OffscreenCanvas(side, side).getContext("2d", { willReadFrequently: true });
  scratch.imageSmoothingQuality = "high";
  const { x = 0, y = 0, size = source.width } = crop ?? {};
  scratch.drawImage(source, x, y, size, size, 0, 0, side, side);
  const { data } = scratch.getImageData(0, 0, side, side);
  const bytes = new Uint8Array(side * side * channels);
  for (let i = 0; i < bytes.length; i += 1) {
    bytes[i] = data[Math.floor(i / channels) * 4 + (i % channels)];
  }
  return bytes;
}

/* ---- Numbers in the visitor's language ----------------------------------------------------- */

function numbers(lang) {
  const style = (options) => new Intl.NumberFormat(lang, options);
  const digits = (count) => ({ minimumFractionDigits: count, maximumFractionDigits: count });
  const percent = style({ style: "percent", ...digits(1) });
  const whole = style({ maximumFractionDigits: 0 });
  const small = style(digits(3));
  const middle = style(digits(2));
  const short = style({ maximumSignificantDigits: 3 });
  const money = style({ style: "currency", currency: "EUR", ...digits(0) });
  const cents = style({ style: "currency", currency: "EUR" });
  const unit = (name) => style({ style: "unit", unit: name, maximumFractionDigits: 0 });
  const [second, minute, hour] = ["second", "minute", "hour"].map(unit);
  return {
    percent: (value) => percent.format(value),
    whole: (value) => whole.format(value),
    short: (value) => short.format(value),
    money: (value) => money.format(value),
    cents: (value) => cents.format(value),
    /** A loss: three decimals while it is small, fewer when it is large. */
    loss(value) {
      if (Math.abs(value) >= 100) return short.format(value);
      return (Math.abs(value) < 10 ? small : middle).format(value);
    },
    duration(seconds) {
      const s = Math.max(0, Math.round(seconds));
      if (s < 60) return second.format(s);
      if (s < 3600) return `${minute.format(Math.floor(s / 60))} ${second.format(s % 60)}`;
      return `${hour.format(Math.floor(s / 3600))} ${minute.format(Math.floor((s % 3600) / 60))}`;
    },
  };
}

/* ---- Doing things at the right time -------------------------------------------------------- */

/** A function that does `work` once at a time; of what comes meanwhile, the newest is next. */
function newest(work, gap = 0) {
  let busy = false;
  let waiting = null;
  return async function run(...given) {
    waiting = given;
    if (busy) return;
    busy = true;
    try {
      while (waiting) {
        const now = waiting;
        waiting = null;
        const pause = new Promise((done) => setTimeout(done, gap));
        await work(...now);
        await pause;
      }
    } finally {
      busy = false;
    }
  };
}

/** `work` after `delay` ms of quiet. */
function debounced(work, delay) {
  let timer;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => work(...given), delay);
  };
}

const LONGEST_REST = 1500; // ms

/**
 * `work` at once, and then at most once in `gap` ms however often it is called. After work that
 * was dear (on a slow machine, say) it rests `rest` times as long as that took, LONGEST_REST at
 * most. `work` may return a promise; it never overlaps itself. `.now()` does not wait for the gap
 * or the rest: for what the visitor did.
 */
function throttled(work, gap, rest = 0) {
  let busy = false;
  let resting = null; // the timer that ends gap and rest
  let wanted = false;
  let urgent = false;
  const start = async () => {
    clearTimeout(resting);
    busy = true;
    wanted = urgent = false;
    const began = performance.now();
    try {
      await work();
    } finally {
      const pause = Math.min(LONGEST_REST, rest * (performance.now() - began));
      busy = false;
      resting = setTimeout(turn, urgent ? 0 : Math.max(gap, pause));
    }
  };
  const turn = () => {
    resting = null;
    if (wanted) start();
  };
  const soon = () => {
    wanted = true;
    if (!busy && resting === null) start();
  };
  soon.now = () => {
    wanted = urgent = true;
    if (!busy) start();
  };
  return soon;
}

/**
 * Arrow keys walk over the `[data-cell]` elements of a grid or row; only one is a tab stop.
 * To be called again when the elements were made anew.
 */
function roving(grid) {
  const shown = () => [...grid.querySelectorAll("[data-cell]:not([hidden])")];
  shown().forEach((cell, i) => cell.setAttribute("tabindex", i ? "-1" : "0"));
  if (grid.pcRoving) return;
  grid.pcRoving = true;
  grid.addEventListener("keydown", (event) => {
    const cells = shown();
    const from = cells.indexOf(event.target);
    if (from < 0) return;
    const { top } = cells[0].getBoundingClientRect();
    const columns = cells.filter((cell) => cell.getBoundingClientRect().top === top).length;
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[event.key];
    const to = cells[from + step];
    if (!to) return;
    event.preventDefault();
    cells[from].setAttribute("tabindex", "-1");
    to.setAttribute("tabindex", "0");
    to.focus();
  });
}
