/* The lock, as the person on the page meets it. The server decides: a locked log-in is nobody's there. Here the
   page is covered when its time has come, so that nobody reads over an empty chair, and what was typed waits
   under the cover. The PIN goes to the server; only its yes takes the cover away.

   Work in one tab is work in all, and so are the lock and its opening. What a person does is told once a
   minute at most; what the page does by itself is not told and is no work (X-Sixfold-Polling). */

import { openStore } from "./drafts.js";
import { bringBack, typedHere } from "./typed.js";

const cover = document.getElementById("cover");
const form = cover.querySelector("form");
const field = form.elements.secret;
const said = document.getElementById("cover-said");
const { who, key } = cover.dataset;
const limit = Number(cover.dataset.seconds) * 1000;
const TELL = 60_000;
const tabs = new BroadcastChannel("sixfold-lock");
const store = await openStore(key, `sixfold.draft.page.${who}.${location.pathname}`, sessionStorage);

let used = Date.now();
let told = used;
let timer = 0;
let covered = null; // While covered: what comes back with the page.
let untold = null; // The form of a lock by hand that the server has not heard of yet.

const ask = (headers) => fetch("/lock/state", { headers: { Accept: "application/json", ...headers } });
const asPolling = { "X-Sixfold-Polling": "1" };

function wait(milliseconds) {
  clearTimeout(timer);
  timer = setTimeout(look, Math.max(milliseconds, 500));
}

/* The time is up as far as this tab knows: another one, or another window, may know better. */
async function look() {
  if (covered) return;
  const left = used + limit - Date.now();
  if (left > 0) return wait(left);
  try {
    const answer = await ask(asPolling);
    const state = answer.ok ? await answer.json() : null;
    if (state && String(state.who) === who && state.seconds > 1) {
      used = Date.now() + state.seconds * 1000 - limit;
      return wait(state.seconds * 1000);
    }
  } catch {
    /* Without a connection the page is covered all the same. */
  }
  put();
}

function put() {
  if (covered) return;
  covered = { title: document.title, focus: document.activeElement, top: window.scrollY };
  store.write([{ at: Date.now(), forms: typedHere() }]);
  document.documentElement.classList.add("is-locked");
  document.title = "Locked · Sixfold";
  said.textContent = "";
  cover.showModal();
  field.focus();
}

function take() {
  if (!covered) return;
  const { title, focus, top } = covered;
  covered = null;
  cover.close();
  document.documentElement.classList.remove("is-locked");
  document.title = title;
  field.value = "";
  store.write([]);
  window.scrollTo(0, top);
  focus?.focus?.();
  used = told = Date.now();
  wait(limit);
  window.dispatchEvent(new Event("online")); // What waited to be sent goes out now.
}

/* The server says it is open: to the same person, or to somebody else who gets a page of their own. */
function opened(state) {
  if (String(state.who) === who) take();
  else location.reload();
}

async function tell() {
  told = Date.now();
  tabs.postMessage({ did: "used", who });
  try {
    const answer = await ask({});
    if (answer.status === 423) put();
  } catch {
    /* It is told with the next key. */
  }
}

function use() {
  if (covered) return;
  const now = Date.now();
  if (now - used >= limit) return look(); // The machine slept: its time passed without a timer.
  used = now;
  if (now - told >= TELL) tell();
}

for (const kind of ["pointerdown", "keydown", "input", "wheel"]) {
  document.addEventListener(kind, use, { capture: true, passive: true });
}
window.addEventListener("keydown", (event) => covered && event.stopImmediatePropagation(), true);
cover.addEventListener("cancel", (event) => event.preventDefault());
cover.addEventListener("close", () => covered && cover.showModal());

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  event.stopPropagation();
  const body = new URLSearchParams(new FormData(form));
  field.value = "";
  said.textContent = "Looking.";
  try {
    if (untold) await lockThere();
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    if (answer.status === 400) return location.reload(); // Another log-in than the one of this page.
    const state = await answer.json();
    if (state.over) return location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);
    if (!state.open) said.textContent = state.said;
    else {
      tabs.postMessage({ did: "opened", who: String(state.who) });
      opened(state);
    }
  } catch {
    said.textContent = "The clinic can't be reached. What you typed is kept here; try again when the connection is back.";
  }
  field.focus();
});

async function lockThere() {
  const body = new URLSearchParams(new FormData(untold));
  await fetch(untold.action, { method: "POST", body, headers: { Accept: "application/json" } });
  untold = null;
}

for (const button of document.querySelectorAll("form[data-lock]")) {
  button.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    put();
    tabs.postMessage({ did: "locked", who });
    untold = button;
    try {
      await lockThere();
    } catch {
      said.textContent = "The clinic can't be reached, so only this page is covered.";
    }
  });
}

tabs.addEventListener("message", ({ data }) => {
  if (data.did === "locked" && data.who === who) put();
  else if (data.did === "used" && data.who === who) used = Math.max(used, Date.now());
  else if (data.did === "opened" && covered) opened(data);
});

/* A page from the browser's memory, or a tab that comes back to the front, asks before it is read. */
async function comeBack(event) {
  if (event.type === "pageshow" && !event.persisted) return;
  if (document.hidden) return;
  if (event.persisted || Date.now() - used >= limit) put();
  if (!covered || untold) return;
  try {
    const answer = await ask(asPolling);
    if (answer.ok) opened(await answer.json());
  } catch {
    /* It stays covered. */
  }
}
window.addEventListener("pageshow", comeBack);
document.addEventListener("visibilitychange", comeBack);

document.addEventListener("htmx:beforeRequest", (event) => covered && event.preventDefault());
document.addEventListener("htmx:responseError", (event) => event.detail.xhr.status === 423 && put());
document.addEventListener("sixfold:locked", () => put());

const [kept] = await store.read();
if (kept) {
  bringBack(kept);
  store.write([]);
}
wait(limit);
