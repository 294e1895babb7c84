/* What was written and is not saved yet: one after the other, kept on the tablet until the clinic has it.

   A part of the log has one place in the line, for its newest state: the server compares it with what its
   writer saw. A row has a place of its own and a key, so that sending it twice adds it once. */

const WAIT = [2_000, 5_000, 10_000, 20_000];

export class Queue {
  constructor(store, items, told) {
    this.store = store;
    this.items = items;
    this.told = told;
    this.tries = 0;
    this.running = null;
    this.state = "";
    window.addEventListener("online", () => this.flush());
    document.addEventListener("visibilitychange", () => document.hidden || this.flush());
  }

  put(item) {
    const at = item.auto ? this.items.findIndex((other) => other.url === item.url && other !== this.sending) : -1;
    if (at < 0) this.items.push(item);
    else this.items[at] = { ...item, body: withSeen(item.body, this.items[at].body) };
    this.told.changed(this);
    return this.store.write(this.items);
  }

  /* What waits for the same part was written by the same hands on top of what was just saved. */
  follow(url, version) {
    for (const item of this.items.filter((one) => one.auto && one.url === url)) {
      item.body = item.body.map((pair) => (pair[0] === "seen" ? ["seen", version] : pair));
    }
  }

  flush() {
    clearTimeout(this.timer);
    this.running ??= this.work().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  async work() {
    while (this.items.length) {
      this.sending = this.items[0];
      const answer = await send(this.sending, this.tries > 0);
      if (!answer.over) {
        this.sending = null;
        this.state = answer.state;
        this.told.changed(this);
        this.timer = setTimeout(() => this.flush(), WAIT[Math.min(this.tries++, WAIT.length - 1)]);
        return;
      }
      const item = this.items.shift();
      this.sending = null;
      this.tries = 0;
      this.state = "";
      await this.store.write(this.items);
      this.told.answered(item, answer.told, this);
    }
    this.told.changed(this);
  }
}

/* What waits was written on top of the version its writer saw, and stays so whatever was typed since. */
function withSeen(body, older) {
  const seen = older.find(([name]) => name === "seen");
  return body.map((pair) => (pair[0] === "seen" && seen ? seen : pair));
}

/* A later try comes from the clock and not from a person: it must not keep a log-in from locking. */
async function send(item, again) {
  const token = document.querySelector("input[name=csrf_token]").value;
  const body = new URLSearchParams(item.body.map(([name, value]) => [name, name === "csrf_token" ? token : value]));
  let answer;
  try {
    answer = await fetch(item.url, { method: "POST", body, redirect: "manual", headers: { Accept: "application/json", ...(again && { "X-Sixfold-Polling": "1" }) } });
  } catch {
    return { state: "away" };
  }
  if (answer.type === "opaqueredirect") return { state: "signed-out" };
  if (answer.status === 423) {
    document.dispatchEvent(new Event("sixfold:locked"));
    return { state: "locked" };
  }
  if (answer.status >= 500) return { state: "away" };
  if (!answer.ok || !answer.headers.get("Content-Type")?.startsWith("application/json")) return { state: "stuck" };
  return { over: true, told: await answer.json() };
}
