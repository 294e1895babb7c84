// Bringing a run to the server, again and again until it is there. The server counts the same run once.

import { forget, keepAs } from "./run.js";
import { until, wait } from "./stage.js";

const RETRY = [2, 5, 10, 20, 40];

// The server's answer, or null where there is no connection.
export async function post(address, facts, root) {
  const body = new FormData();
  body.set("csrf_token", root.querySelector("input[name=csrf_token]").value);
  for (const [name, value] of Object.entries(facts)) body.set(name, String(value));
  try {
    return await fetch(address, { method: "POST", body, keepalive: true, signal: AbortSignal.timeout(20_000) });
  } catch {
    return null;
  }
}

// What the run counts as; null where the page is to be opened afresh.
export async function send(root, kept, stopped, words, trouble) {
  const facts = { key: kept.key, responses: JSON.stringify(kept.responses), lasted: kept.lasted, stopped };
  for (let tries = 0; ; tries += 1) {
    const answer = await post(root.dataset.end, facts, root);
    if (answer?.ok) {
      forget(root.dataset.keep);
      return (await answer.json()).state;
    }
    if (answer && answer.status < 500 && answer.status !== 429) {
      // A stale page has lost its proof against forged requests: opened afresh, it sends what is kept, once.
      if (answer.status === 400 && !kept.again) keepAs(root.dataset.keep, { ...kept, again: true });
      else forget(root.dataset.keep);
      return null;
    }
    trouble(navigator.onLine ? words.again : words.kept);
    await Promise.race([wait(RETRY[Math.min(tries, RETRY.length - 1)] * 1000), online()]);
  }
}

function online() {
  return until(null, (done) => {
    window.addEventListener("online", done, { once: true });
    return () => window.removeEventListener("online", done);
  });
}
