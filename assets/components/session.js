// after: live.js
// A presenter's session. The presenter's page tells which epoch and layer it looks at; a
// follower's page goes along, until its visitor goes somewhere else by hand, and back on a click.

const TRIES = 20; // looks, half a second apart, whether there is a layer to be opened
const MINE = "perceptorium.along"; // in the browser's session storage: a reload changes nothing

/** Where a page is, in one word: two places with the same word need no journey. */
const spot = ({ page, run }) => `${page} ${run}`;

class Session {
  constructor(root, live) {
    this.root = root;
    this.live = live;
    this.asked = new Set(); // spots to which this page was sent, so that arriving is no surprise
    this.looked = ""; // the spot at whose epoch this page has been made to look
    this.shown = ""; // the run of which this page has shown an epoch
    this.along = h("input", { type: "checkbox", onchange: () => this.setAlong(this.along.checked) });
    this.word = h("span");
    this.where = h("span.pc-session-where", { "aria-live": "polite" });
    this.back = button("resume", () => this.setAlong(true), "primary");
    root.append(h("label.pc-session-along", {}, this.along, this.word), this.where, this.back);
    this.listen("perceptorium:epoch", (at) => this.epoch(at));
    this.listen("perceptorium:layer", (at) => this.layer(at));
  }

  listen(name, heard) {
    const listener = ({ detail }) => heard(detail);
    document.addEventListener(name, listener);
    this.deaf = [...(this.deaf ?? []), () => document.removeEventListener(name, listener)];
  }

  close() {
    clearTimeout(this.later);
    for (const stop of this.deaf) stop();
  }

  get here() {
    return { page: this.data.page, run: this.data.run };
  }

  get there() {
    const { page, run } = this.place;
    return { page, run: run || (page === this.data.page ? this.data.run : "") };
  }

  update(data, outward) {
    const before = this.data;
    this.data = data;
    this.outward = outward;
    theme(this.root);
    this.root.hidden = data.leads;
    this.root.dataset.leads = data.leads;
    if (data.session !== before?.session) this.attend(data.session);
    else if (spot(data) !== spot(before)) this.moved();
    this.show();
  }

  attend(session) {
    this.place = null;
    this.asked.clear();
    if (this.data.leads) return;
    this.along.checked = sessionStorage.getItem(MINE) !== `not ${session}`;
    this.live.attend(session, (message) => this.heard(message));
  }

  heard({ place, over }) {
    if (over) this.outward.setTriggerValue("over", true);
    if (over || this.data.leads) return;
    const { epoch, layer, run } = this.place ?? {};
    const sameLook = place.epoch === epoch && place.layer === layer && place.run === run;
    this.place = place;
    if (!sameLook) this.looked = "";
    this.obey();
    this.show();
  }

  /* ---- a follower ---- */

  setAlong(along) {
    this.along.checked = along;
    sessionStorage.setItem(MINE, along ? "yes" : `not ${this.data.session}`);
    this.asked.clear();
    this.looked = this.shown = "";
    this.obey();
    this.show();
  }

  /** This page is somewhere else now: sent by us, or by its visitor, who then goes alone. */
  moved() {
    this.looked = this.shown = "";
    if (this.data.leads || !this.place) return;
    const sent = this.asked.has(spot(this.here)) || spot(this.here) === spot(this.there);
    if (!sent && this.along.checked) this.setAlong(false);
    this.obey();
  }

  obey() {
    if (!this.along.checked || !this.place) return;
    const { there } = this;
    if (spot(there) === spot(this.here)) {
      this.asked.clear();
      this.look();
    } else if (!this.asked.has(spot(there))) { // asked once: a run that is gone makes no circle
      this.asked.add(spot(there));
      this.outward.setTriggerValue("moved", there);
    }
  }

  /** The same epoch and layer, once: who then turns to another one is left alone. */
  look() {
    const { run, epoch, layer } = this.place;
    if (this.looked === spot(this.place)) return;
    this.looked = spot(this.place);
    if (run) this.lead({ run, epoch });
    this.lookInside({ run, layer }, TRIES);
  }

  /** The layer, as soon as the page has come so far that it can be opened. */
  lookInside(detail, tries) {
    clearTimeout(this.later);
    if (!detail.layer || !tries) return;
    if (document.querySelector("[data-module=inside]")) this.lead(detail);
    else this.later = setTimeout(() => this.lookInside(detail, tries - 1), 500);
  }

  lead(detail) {
    document.dispatchEvent(new CustomEvent("perceptorium:lead", { detail }));
  }

  /* ---- both: what happens on this page ---- */

  epoch({ run, epoch, latest }) {
    if (this.data?.leads) this.tell({ run, epoch: latest ? 0 : epoch });
    else this.arrived(run);
  }

  layer({ run, layer }) {
    if (this.data?.leads) this.tell({ run, layer });
  }

  /** The run's own module shows its first epoch only now: it had not heard where to look. */
  arrived(run) {
    if (this.shown === run || run !== this.place?.run) return;
    this.shown = run;
    this.looked = "";
    queueMicrotask(() => this.obey());
  }

  tell(at) {
    const said = JSON.stringify(at);
    if (this.said === said) return;
    this.said = said;
    const message = { op: "look", session: this.data.session, ...at };
    this.live.request(message).catch(() => { this.said = ""; }); // the next one tells again
  }

  show() {
    const { words, titles, leads } = this.data;
    if (leads) return;
    const along = this.along.checked;
    const away = this.place && spot(this.there) !== spot(this.here);
    setText(this.word, words.along);
    setWord(this.back, words.back);
    this.back.hidden = along || !away;
    const title = titles[this.place?.page] ?? "";
    setText(this.where, along || !away ? "" : fill(words.elsewhere, { page: title }));
    this.root.dataset.along = along;
    this.root.dataset.at = this.place ? this.place.page : "";
  }
}

export default component("session", (root, live) => new Session(root, live));
