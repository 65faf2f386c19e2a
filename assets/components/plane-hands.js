// after: story.js
// The hands on a run, beside its network: pause, one batch, one epoch, and how far it is.

const ACTIONS = ["pause", "resume", "step", "step_epoch", "stop"];

class HandsView {
  constructor(live, onError) {
    Object.assign(this, { live, onError, story: new Story() });
    this.buttons = Object.fromEntries(ACTIONS.map((action) => [
      action, h("button.pc-button.pc-hand", { type: "button", "data-do": action,
        onclick: () => this.press(action) }, icon(action))]));
    this.epoch = h("span.pc-epoch-now");
    this.element = h("div.pc-plane-hands", {}, ...Object.values(this.buttons), this.epoch);
  }

  /** Another run, or none. */
  open(run) {
    this.run = run;
    this.story = new Story();
  }

  press(action) {
    this.live.control(this.run, action).catch((error) => this.onError(error.message));
  }

  show({ mine }, words, say) {
    const { state } = this.story.state ?? {};
    const going = this.run && mine && !this.story.end;
    for (const [action, element] of Object.entries(this.buttons)) {
      element.hidden = !going || action === (state === "paused" ? "pause" : "resume");
      element.disabled = !["running", "paused"].includes(state);
      element.setAttribute("aria-label", words[action]);
      element.title = words[action];
    }
    const known = this.run && this.story.begin;
    setText(this.epoch, known ? fill(words.epoch_now, { epoch: say.whole(this.story.epoch) }) : "");
  }
}
