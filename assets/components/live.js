// after: kit.js
// The live channel: one WebSocket a page, shared by all modules on it. Where a network blocks
// WebSockets, the same messages go through Streamlit (slower; the visitor sees the same thing).

const OPEN_WITHIN = 4000; // ms until an attempt to open the socket counts as failed
const BACKOFF = [500, 8000]; // ms between attempts: the first, and the longest after doubling
const TRY_AGAIN = 30000; // ms between attempts in the background once sockets seem blocked
const IDLE = 10000; // ms that a socket without any module on the page stays open
const ANSWER_WITHIN = 30000; // ms until a question counts as lost
const REVIVED = "perceptorium.revived"; // in the session storage: when the page was last revived
const REVIVE_REST = 15000; // ms between two revivals

/** The app's address path: the page's own without its last segment. A proxy may add a prefix. */
function basePath(page, pathname) {
  const trimmed = pathname.replace(/\/+$/, "");
  const onPage = page && trimmed.endsWith(`/${page}`);
  return onPage ? trimmed.slice(0, -page.length) : `${trimmed}/`;
}

/** What the modules of a page share: the socket, its state and the way to open it again. */
class Hub {
  clients = new Set();
  ids = 0;
  mode = "connecting"; // "socket" while it is open, "poll" while it seems blocked
  opened = false;
  failures = 0;
  delay = BACKOFF[0];
  socket = null;

  join(client, data) {
    clearTimeout(this.idle);
    this.clients.add(client);
    // Once a page load: while Streamlit changes pages, address and module may not agree.
    this.base ??= basePath(data.page, location.pathname);
    if (this.lang === data.lang && this.url) return;
    this.lang = data.lang;
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    this.url = `${scheme}//${location.host}${this.base}live/socket?lang=${data.lang}`;
    this.open();
  }

  leave(client) {
    this.clients.delete(client);
    if (this.clients.size) return;
    this.idle = setTimeout(() => {
      this.url = null;
      this.drop();
      this.change("connecting");
    }, IDLE);
  }

  drop() {
    clearTimeout(this.retry);
    clearTimeout(this.patience);
    const old = this.socket;
    this.socket = null; // whatever it still says is no longer heard
    old?.close();
  }

  open() {
    this.drop();
    if (this.mode === "socket") this.change("connecting");
    const socket = new WebSocket(this.url);
    this.socket = socket;
    this.patience = setTimeout(() => this.lost(socket), OPEN_WITHIN);
    socket.onopen = () => this.ready(socket);
    socket.onclose = () => this.lost(socket);
    socket.onmessage = (event) => {
      if (this.socket === socket) this.receive(JSON.parse(event.data));
    };
  }

  ready(socket) {
    if (this.socket !== socket) return;
    clearTimeout(this.patience);
    this.opened = true;
    this.failures = 0;
    this.delay = BACKOFF[0];
    this.change("socket");
  }

  lost(socket) {
    if (this.socket !== socket) return;
    this.drop();
    this.failures += 1;
    const blocked = !this.opened && this.failures >= 2;
    this.change(blocked ? "poll" : "connecting");
    this.retry = setTimeout(() => this.open(), blocked ? TRY_AGAIN : this.delay);
    this.delay = Math.min(this.delay * 2, BACKOFF[1]);
  }

  change(mode) {
    if (this.mode === mode) return;
    this.mode = mode;
    for (const client of this.clients) client.changed();
  }

  receive(message) {
    for (const client of this.clients) client.receive(message);
  }

  send(message) {
    this.socket.send(JSON.stringify(message));
  }
}

// The class of the module that came first serves all: they carry the same text.
const hub = ((globalThis.__perceptorium ??= {}).hub ??= new Hub());

/**
 * Streamlit's page turns white for good when it is told to draw in a place that it does not have.
 * Loaded again it is as it was: its link says it all.
 */
function revive(problem) {
  const since = Date.now() - Number(sessionStorage.getItem(REVIVED));
  if (!/delta path/.test(problem) || since < REVIVE_REST) return;
  sessionStorage.setItem(REVIVED, Date.now());
  location.reload();
}

if (!globalThis.__perceptorium.guarded) {
  globalThis.__perceptorium.guarded = true;
  addEventListener("error", ({ message }) => revive(message));
  addEventListener("unhandledrejection", ({ reason }) => revive(reason?.message));
}

/** One module's end of the live channel. */
class Live {
  followers = new Set();
  pending = new Map(); // id → {message, sent, resolve, reject, timer}
  outbox = [];
  seen = 0; // the last message of the inbox that was read

  constructor(onMode) {
    this.onMode = onMode;
  }

  get mode() {
    return hub.mode;
  }

  /** The socket was open and is not now. */
  get away() {
    return hub.opened && hub.mode === "connecting";
  }

  get base() {
    return hub.base;
  }

  /** New data from Python: where the page is, words, and what came for us while polling. */
  update(data, outward) {
    this.words = data.words;
    this.outward = outward;
    hub.join(this, data);
    this.tellTransport();
    this.posted();
    const inbox = data.inbox ?? [];
    if (inbox.length && inbox.at(-1).n < this.seen) this.seen = 0; // Python began a new session
    for (const message of inbox) {
      if (message.n <= this.seen) continue;
      this.seen = message.n;
      this.receive(message);
    }
  }

  close() {
    for (const follower of [...this.followers]) this.unfollow(follower);
    for (const question of this.pending.values()) clearTimeout(question.timer);
    clearTimeout(this.posting);
    hub.leave(this);
  }

  /**
   * Hears a run's events after number `since`, each once and in order, over any interruption.
   * `onEvents(events, mine)`; `onError(sentence)`. Returns the function that ends it.
   */
  follow(run, since, onEvents, onError) {
    const follower = { run, since, onEvents, onError, id: (hub.ids += 1) };
    this.followers.add(follower);
    this.sendFollow(follower);
    return () => this.unfollow(follower);
  }

  /** Hears where the presenter of a session is, now and after each move: `heard(message)`. */
  attend(session, heard) {
    this.attended = { session, heard };
    this.sendAttend();
  }

  sendAttend() {
    if (this.attended) {
      this.send({ id: (hub.ids += 1), op: "attend", session: this.attended.session });
    }
  }

  unfollow(follower) {
    if (!this.followers.delete(follower)) return;
    const heard = (client) => [...client.followers].some(({ run }) => run === follower.run);
    if ([...hub.clients].some(heard)) return;
    this.send({ id: (hub.ids += 1), op: "unfollow", run: follower.run });
  }

  control(run, action, values = {}) {
    return this.request({ op: "control", run, action, values });
  }

  /** The answer of a model; rejects with the server's sentence. */
  ask(room, model, what, input) {
    return this.request({ op: "ask", room, model, what, input });
  }

  request(content) {
    const message = { id: (hub.ids += 1), ...content };
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => this.settle(message.id, { error: this.words.no_answer }), ANSWER_WITHIN);
      this.pending.set(message.id, { message, resolve, reject, timer });
      this.sendPending(message.id);
    });
  }

  sendFollow({ id, run, since }) {
    this.send({ id, op: "follow", run, since });
  }

  sendPending(id) {
    const question = this.pending.get(id);
    question.sent = this.send(question.message) || question.sent;
  }

  /** True if it went out now. Otherwise `changed` sends what is still wanted later. */
  send(message) {
    if (hub.mode === "socket") hub.send(message);
    if (hub.mode === "poll") this.post(message);
    return hub.mode !== "connecting";
  }

  changed() {
    this.tellTransport();
    if (hub.mode !== "connecting") {
      this.sendAttend();
      for (const follower of this.followers) this.sendFollow(follower);
      for (const [id, { message, sent }] of this.pending) {
        // A question may be asked twice, a command («one batch») must not be given twice.
        if (message.op === "ask" || !sent) this.sendPending(id);
      }
    }
    this.onMode?.(hub.mode);
  }

  receive(message) {
    if (message.session) {
      if (this.attended?.session === message.session) this.attended.heard(message);
    } else if (message.events) {
      for (const follower of this.followers) {
        if (follower.run === message.run) this.deliver(follower, message);
      }
    } else if (this.pending.has(message.id)) {
      this.settle(message.id, message);
    } else {
      const follower = [...this.followers].find(({ id }) => id === message.id);
      if (message.error) follower?.onError(message.error);
      else follower?.onEvents([], message.answer.mine);
    }
  }

  deliver(follower, { events, mine }) {
    const fresh = events.filter(({ seq }) => seq > follower.since);
    if (fresh.length) follower.since = fresh.at(-1).seq;
    follower.onEvents(fresh, mine);
  }

  settle(id, { answer, error }) {
    const { resolve, reject, timer } = this.pending.get(id);
    clearTimeout(timer);
    this.pending.delete(id);
    if (error) reject(new Error(error));
    else resolve(answer);
  }

  /* Polling: Python hears us through a trigger, and each trigger is a run of its script. What is
     to be said therefore waits until the last batch was heard (new data came) or 1 s is over. */

  tellTransport() {
    const transport = hub.mode === "poll" ? "poll" : "socket";
    if (hub.mode === "connecting" || transport === (this.transport ?? "socket")) return;
    this.transport = transport;
    this.outward.setStateValue("transport", transport);
  }

  post(message) {
    this.outbox.push(message);
    this.posting ??= setTimeout(() => this.flush(), 30);
  }

  flush() {
    this.outward.setTriggerValue("message", this.outbox.splice(0));
    this.posting = setTimeout(() => this.posted(), 1000);
  }

  posted() {
    clearTimeout(this.posting);
    this.posting = this.outbox.length ? setTimeout(() => this.flush(), 30) : null;
  }
}

/** Plotly, loaded once a page from the app's own server. */
function plotly() {
  const shared = globalThis.__perceptorium;
  shared.plotly ??= new Promise((resolve, reject) => {
    const script = h("script", {
      src: `${hub.base}live/plotly.min.js`,
      onload: () => resolve(globalThis.Plotly),
      onerror: () => {
        shared.plotly = null; // the next module that wants it tries again
        reject(new Error("plotly.min.js did not load"));
      },
    });
    document.head.append(script);
  });
  return shared.plotly;
}

/**
 * What Streamlit calls with every change of data. `build(root, live)` makes the module once per
 * place: {update(data, outward), mode?(mode), close()}.
 */
function component(name, build) {
  const places = new WeakMap();

  function settle(parentElement) {
    const root = h("section.pc-root", { "data-module": name });
    parentElement.append(root);
    const live = new Live((mode) => place.module.mode?.(mode));
    const place = { root, live, turn: 0 };
    place.module = build(root, live);
    places.set(parentElement, place);
    return place;
  }

  return ({ data, parentElement, setStateValue, setTriggerValue }) => {
    const place = places.get(parentElement) ?? settle(parentElement);
    const turn = (place.turn += 1);
    const outward = { setStateValue, setTriggerValue };
    place.root.lang = data.lang;
    place.live.update(data, outward);
    place.module.update(data, outward);
    // Streamlit also cleans up after a call that a newer one overtook: only the last one counts.
    return () => setTimeout(() => {
      if (place.turn !== turn) return;
      place.live.close();
      place.module.close();
      place.root.remove();
      places.delete(parentElement);
    });
  };
}
