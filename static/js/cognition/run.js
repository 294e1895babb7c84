// One run: its answers with their times, kept as they are given, and what stops it.

const name = (keep) => `sixfold-task-${keep}`;

export function recall(keep) {
  try {
    return keep ? JSON.parse(localStorage.getItem(name(keep))) : null;
  } catch {
    return null;
  }
}

export function keepAs(keep, kept) {
  try {
    if (keep) localStorage.setItem(name(keep), JSON.stringify(kept));
  } catch {
    // A full or forbidden store: the page still holds the answers as long as it is open.
  }
}

export function forget(keep) {
  try {
    localStorage.removeItem(name(keep));
  } catch {
    // Nothing was kept.
  }
}

export class Run {
  constructor(keep = "") {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    this.key = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    this.keep = keep;
    this.kept = { key: this.key, responses: [], lasted: 0, done: false };
    this.stopped = "";
    this.began = performance.now();
    this.controller = new AbortController();
    this.signal = this.controller.signal;
  }

  // From here on, leaving the page, a dark screen or a lost connection end the run.
  watch() {
    this.save();
    const over = { signal: this.signal };
    document.addEventListener("visibilitychange", () => document.hidden && this.stop("hidden"), over);
    window.addEventListener("pagehide", () => this.stop("hidden"), over);
    window.addEventListener("offline", () => this.stop("connection"), over);
    if (document.hidden) this.stop("hidden");
  }

  start() {
    this.began = performance.now();
  }

  now() {
    return Math.round(performance.now() - this.began);
  }

  note(answer, shown, by) {
    this.kept.responses.push([this.kept.responses.length, answer, shown, this.now(), by]);
    this.kept.lasted = this.now();
    this.save();
  }

  finish() {
    this.kept.lasted = this.now();
    this.kept.done = true;
    this.save();
    this.controller.abort();
  }

  stop(why) {
    if (this.kept.done || this.stopped) return;
    this.stopped = why;
    this.kept.lasted = this.now();
    this.save();
    this.controller.abort();
  }

  save() {
    keepAs(this.keep, this.kept);
  }
}
