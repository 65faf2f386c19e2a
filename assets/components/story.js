// What the events of a run tell: its state, its numbers, its curves.

/** All that is known of a run, from its events. */
class Story {
  seq = 0;
  state = null; // the last `state` event; after the end, the `end` event
  begin = null;
  end = null;
  batch = null; // the last one
  download = null; // the last `progress` event, until the training runs
  frame = null; // the newest living picture
  epochs = [];
  changes = [];
  snapshots = new Map(); // epoch → event
  points = {}; // metric → [[epoch, value], …]

  add(event) {
    if (event.seq <= this.seq) return;
    this.seq = event.seq;
    this[`on_${event.type}`]?.(event);
  }

  on_begin(event) { this.begin = event; }

  on_state(event) {
    if (this.end) return;
    this.state = event;
    this.download = null;
  }

  on_frame(event) { this.frame = event; }

  on_progress(event) { this.download = event; }

  on_epoch(event) { this.epochs.push(event); }

  on_snapshot(event) { this.snapshots.set(event.epoch, event); }

  on_end(event) { this.end = this.state = event; }

  on_change(event) {
    this.changes.push({ ...event, x: event.step / (this.begin?.steps_per_epoch ?? 1) });
  }

  on_batch(event) {
    this.batch = event;
    for (const [name, value] of Object.entries(event.values)) {
      if (Number.isFinite(value)) (this.points[name] ??= []).push([event.epoch, value]);
    }
  }

  batches(name) { return this.points[name] ?? []; }

  /** The epoch that is being trained, counted from 1. */
  get epoch() {
    return Math.max(1, Math.ceil((this.batch?.epoch ?? 0) - 1e-6));
  }

  /** How much is done, 0..1. */
  get progress() {
    if (!this.begin) return 0;
    const step = Math.max(this.batch?.step ?? 0, this.epochs.at(-1)?.step ?? 0);
    return Math.min(1, step / this.begin.steps);
  }
}
