// Sliders for what may be changed while a network trains.

/** A slider's place 0..1 for a value, and back; `log` ones move by factors. */
function toPlace({ low, high, log }, value) {
  return log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
}

function toValue({ low, high, step, log }, place) {
  if (log) return Number((low * (high / low) ** place).toPrecision(2));
  const value = low + place * (high - low);
  return step ? Number((Math.round(value / step) * step).toPrecision(6)) : value;
}

/** A slider for one hyperparameter; `set(value)` hears of it when the hand rests a moment. */
function liveSlider(knob, say, set) {
  const send = debounced(set, 150);
  const output = h("output");
  const input = h("input.pc-range", { type: "range", min: 0, max: 1000, step: 1 });
  const show = (value) => {
    setText(output, say.short(value));
    input.setAttribute("aria-valuetext", output.textContent);
  };
  input.addEventListener("input", () => {
    const value = toValue(knob, input.value / 1000);
    show(value);
    send(value);
  });
  const label = h("label.pc-slider", { "data-knob": knob.name },
    h("span", {}, knob.title, output), input);
  label.pcMove = (value) => {
    if (input.matches(":active")) return;
    input.value = Math.round(toPlace(knob, value) * 1000);
    show(value);
  };
  label.pcMove(knob.value);
  return label;
}
