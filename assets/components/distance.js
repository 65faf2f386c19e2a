// after: live.js
// How the error of a forecast grows with the number of steps ahead, for the epoch slider.

/** A bar for each step ahead, and as a line whoever repeats the last value. */
function drawDistance(host, { errors, naive }, { look, words, say }) {
  if (host.pcClasses !== "forecast") {
    host.pcClasses = "forecast";
    host.replaceChildren(h("canvas.pc-suspicion", { role: "img", width: 720, height: 480 }),
      h("p.pc-sentence", { "aria-live": "polite" }));
  }
  const canvas = host.querySelector("canvas");
  const pen = canvas.getContext("2d");
  const { width, height } = canvas;
  const ground = height - 48;
  const tallest = Math.max(...errors, ...naive, 1e-9);
  const tall = (value) => ((value ?? 0) / tallest) * (ground - 70);
  const step = width / errors.length;
  pen.fillStyle = css(look.surface);
  pen.fillRect(0, 0, width, height);
  pen.fillStyle = css(look.accent, 0.85);
  errors.forEach((value, i) => pen.fillRect(i * step + step * 0.12, ground - tall(value),
    step * 0.76, tall(value)));
  pen.strokeStyle = css(look.second);
  pen.lineWidth = 5;
  pen.beginPath();
  naive.forEach((value, i) => {
    pen.moveTo(i * step + 2, ground - tall(value));
    pen.lineTo((i + 1) * step - 2, ground - tall(value));
  });
  pen.stroke();
  pen.font = `600 26px ${look.font}`;
  pen.fillStyle = css(look.accentInk);
  pen.fillText(words.distance_network, 14, 34);
  pen.fillStyle = css(look.secondInk);
  pen.textAlign = "right";
  pen.fillText(words.distance_naive, width - 14, 34);
  pen.font = `24px ${look.font}`;
  pen.fillStyle = css(look.soft);
  pen.textAlign = "center";
  const every = Math.ceil(errors.length / 12);
  errors.forEach((_, i) => {
    if (i % every === 0) pen.fillText(String(i + 1), (i + 0.5) * step, height - 14);
  });
  pen.textAlign = "left";
  const better = errors.filter((value, i) => value < naive[i]).length;
  const sentence = fill(words.distance_says, { one: say.short(errors[0]), n: say.whole(better),
    all: say.whole(errors.length) });
  canvas.setAttribute("aria-label", sentence);
  setText(host.querySelector(".pc-sentence"), sentence);
}
