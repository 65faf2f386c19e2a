// after: tablekit.js
// What the modules on fraud share: the threshold and the fee under the visitor's hands, the same
// on the whole page, and what a threshold costs.

const REACH = 12; // log-odds to either side
const STEP = 0.25; // of the thresholds of which the server tells the outcome
const NEVER = 1.01; // a threshold above every score: nothing is stopped
const ODDS = (share) => Math.log(share / (1 - share));
const SHARE_OF = (odds) => 1 / (1 + Math.exp(-odds));

const onGrid = (odds) => Number(SHARE_OF(odds).toPrecision(6));

/** What is lost and paid at each threshold of `told` ({thresholds, missed, alarms}). */
const costs = (told, fee) => told.missed.map((lost, i) => lost + fee * told.alarms[i]);

/** The threshold that costs least; of several alike the highest. */
function cheapest(told, fee) {
  const all = costs(told, fee);
  const least = all.reduce((a, b) => Math.min(a, b));
  return told.thresholds[all.lastIndexOf(least)];
}

/** What the visitor has chosen on this page; `threshold` null: the cheapest on validation. */
const wager = ((globalThis.__perceptorium ??= {}).wager ??= { fee: null, threshold: null });

/** Sliders for the threshold and the fee. `onchange` is called wherever on the page they moved. */
class Hands {
  constructor(onchange) {
    this.thresholdLabel = h("span");
    this.feeLabel = h("span");
    this.threshold = h("input.pc-range", { type: "range", min: -REACH, max: REACH + STEP, step: STEP,
      "data-hand": "threshold", oninput: () => this.choose({
        threshold: this.threshold.value > REACH ? NEVER : onGrid(Number(this.threshold.value)) }) });
    this.fee = h("input.pc-range", { type: "range", min: 0, max: 100, step: 1, "data-hand": "fee",
      oninput: () => this.choose({ fee: Number(this.fee.value) }) });
    this.best = h("button.pc-button", { type: "button", "data-do": "best",
      onclick: () => this.choose({ threshold: null }) });
    this.element = h("div.pc-fraud-hands", {},
      h("label.pc-table-choice", {}, this.thresholdLabel, this.threshold),
      h("label.pc-table-choice", {}, this.feeLabel, this.fee), this.best);
    this.heard = () => onchange();
    document.addEventListener("perceptorium:wager", this.heard);
  }

  close() {
    document.removeEventListener("perceptorium:wager", this.heard);
  }

  choose(values) {
    Object.assign(wager, values);
    document.dispatchEvent(new CustomEvent("perceptorium:wager"));
  }

  /** The fee and the threshold that count now. `told`: what thresholds do on validation. */
  now(told, usual) {
    const fee = wager.fee ?? usual;
    return { fee, threshold: wager.threshold ?? cheapest(told, fee) };
  }

  show({ fee, threshold }, words, say, lang) {
    const never = threshold > 1;
    setText(this.thresholdLabel, never ? words.never : fill(words.stop_from, {
      share: share(lang, threshold) }));
    setText(this.feeLabel, fill(words.fee, { money: say.money(fee) }));
    setText(this.best, words.best);
    this.best.setAttribute("aria-pressed", String(wager.threshold === null));
    this.fee.value = fee;
    this.threshold.value = never ? REACH + STEP : Math.max(-REACH, Math.min(REACH, ODDS(threshold)));
  }
}

/** A share with three digits that count: suspicions may be as small as 0.00012 %. */
const share = (lang, value) => new Intl.NumberFormat(lang, {
  style: "percent", maximumSignificantDigits: 3 }).format(value);
