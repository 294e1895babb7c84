/* The log saves by itself, and nothing that was written is lost: not by a dropped connection, not by a closed
   tablet, not by somebody else who charts the same visit. Without this script every part has its button. */

import { isTyped, watchBeside } from "./beside.js";
import { openStore } from "./drafts.js";
import { Queue } from "./queue.js";

const kept = document.getElementById("kept");
const forms = [...document.querySelectorAll("form[data-chart]")];
const pathOf = (form) => form.getAttribute("action"); // Not form.action: a field may be called so.
const clashes = new Map(forms.map((form) => [form, new Set()]));
const posted = new Map();
const troubled = new Map();
const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/* A tablet's own clock may be wrong: what it counts since the page came is right. */
const skew = Date.parse(kept.dataset.now) - Date.now();
const clinicNow = () => Date.now() + skew;

/* The clock on the clinic's wall, with the word that tells an hour from its twin when the clocks go back. */
function wall(moment) {
  const clock = (at) => new Intl.DateTimeFormat("en-GB", { timeZone: kept.dataset.tz, hour: "2-digit", minute: "2-digit" }).format(at);
  const hour = 3_600_000;
  const which = clock(moment) === clock(moment + hour) ? "first" : clock(moment) === clock(moment - hour) ? "second" : "";
  return { clock: clock(moment), which };
}

function textOf(form, name) {
  const field = form.elements[name];
  const which = form.elements[`${name}_which`]?.value;
  return field?.value && which ? `${field.value} ${which}` : field?.value ?? "";
}

function write(form, name, text) {
  const [clock, which] = text.split(" ");
  const twin = form.elements[`${name}_which`];
  if (!form.elements[name]) return;
  form.elements[name].value = twin ? clock : text;
  if (twin) twin.value = which ?? "";
}

function bodyOf(form) {
  const body = [...new FormData(form)].filter(([name]) => !clashes.get(form).has(name.replace(/_which$/, "")));
  const stamp = form.dataset.stamps;
  if (stamp && !textOf(form, stamp)) {
    const { clock, which } = wall(clinicNow());
    return [...body.filter(([name]) => name !== "now" && name !== stamp), [stamp, clock], ...(which ? [[`${stamp}_which`, which]] : [])];
  }
  return body;
}

function nameOf(form, body) {
  const title = form.closest("section")?.querySelector("h2, h3")?.textContent ?? "An entry";
  const at = body.find(([name]) => name === form.dataset.stamps)?.[1];
  return at ? `${title} ${at}` : title;
}

function say(queue) {
  const count = queue.items.length;
  const names = [...new Set(queue.items.map((item) => item.what))].join(", ");
  const where = queue.store.lasts ? "kept on this tablet" : "kept while this page stays open";
  const ends = {
    away: "It goes out by itself when the connection is back.",
    "signed-out": "Sign in again in another tab, then it goes out by itself.",
    locked: "It goes out by itself when the page is unlocked.",
    stuck: "The clinic did not take it. Open this page again; it is tried once more.",
  };
  const marked = forms.filter((form) => troubled.get(form)).map((form) => nameOf(form, []));
  if (!count && marked.length) kept.textContent = `Not saved yet, and marked there: ${marked.join(", ")}.`;
  else if (!count) kept.textContent = "Everything is saved.";
  else if (queue.state) kept.textContent = `Not saved yet, ${where}: ${names}. ${ends[queue.state]}`;
  else kept.textContent = "Saving.";
  kept.classList.toggle("is-care", Boolean((count && queue.state) || (!count && marked.length)));
}

/* What somebody else wrote into other fields of the part takes its place on the page; what was typed since it
   was sent stays, on top of the version that its writer saw. */
function bringUp(queue, form, told, sent) {
  const refused = new Set(told.fields);
  let behind = false;
  for (const [name, stands] of Object.entries(told.texts ?? {})) {
    const was = sent.get(name);
    if (was === undefined || refused.has(name)) continue;
    if (textOf(form, name) === was) write(form, name, stands);
    else if (stands !== was) behind = true;
  }
  if (behind) return;
  form.elements.seen.value = told.version;
  queue.follow(pathOf(form), String(told.version));
}

/* Two values wait for a choice however often the rest of the part is saved meanwhile. */
function showProblems(form, told) {
  const place = form.querySelector("[data-said]");
  const open = [...place.querySelectorAll("[data-clash]")].filter((line) => !told.fields.includes(line.dataset.clash));
  if (!open.length || told.fields.length) {
    place.innerHTML = told.said;
    place.querySelector("ul")?.append(...open);
  }
  for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  for (const name of told.fields) form.elements[name]?.setAttribute?.("aria-invalid", "true");
  troubled.set(form, (told.saved ? 0 : told.fields.length || 1) + open.length);
  clashes.set(form, new Set([...form.querySelectorAll("[data-clash]")].map((line) => line.dataset.clash)));
}

function refill(form, body) {
  for (const [name, value] of body) {
    const field = form.elements[name];
    if (name !== "csrf_token" && field && "value" in field && field.type !== "checkbox") field.value = value;
  }
  form.closest("details")?.setAttribute("open", "");
}

const told = {
  changed: say,
  answered(item, answer, queue) {
    const form = forms.find((one) => pathOf(one) === item.url && ("auto" in one.dataset) === item.auto && sameRow(one, item));
    for (const [name, html] of Object.entries(answer.parts)) {
      const place = document.querySelector(`[data-live="${name}"]`);
      if (place) place.innerHTML = html;
    }
    if (!form) return;
    if (!answer.saved && !item.auto) refill(form, item.body);
    showProblems(form, answer);
    if (item.auto) bringUp(queue, form, answer, new Map(posted.get(item.url) ?? []));
    const state = form.querySelector("[data-state]");
    if (answer.saved && state) state.textContent = `Saved ${wall(clinicNow()).clock}.`;
    if (answer.saved && !queue.items.length && (!item.auto || item.restored)) showSaved(form, answer);
  },
};

/* The page is opened anew to show a row where it stands now; while another row is half written, only what is
   new is brought in around that. */
function showSaved(form, answer) {
  const beside = document.getElementById("beside");
  const half = forms.some((one) => one !== form && one.isConnected && !("auto" in one.dataset) && [...one.elements].some(isTyped));
  if (!half || !beside) return window.location.reload();
  const part = forms.find((one) => "auto" in one.dataset && pathOf(one) === pathOf(form));
  for (const [name, text] of Object.entries(part ? answer.texts : {})) {
    if (part.elements[name] && !isTyped(part.elements[name])) write(part, name, text);
  }
  if (part) part.elements.seen.value = answer.version;
  form.reset();
  if (form.contains(document.activeElement)) document.getElementById("main").focus({ preventScroll: true });
  form.closest("details")?.removeAttribute("open");
  if (form.elements.now) form.remove();
  beside.dispatchEvent(new Event("look"));
}

function sameRow(form, item) {
  const of = (name) => item.body.find(([each]) => each === name)?.[1] ?? "";
  return ["row", "replaces", "strike", "now"].every((name) => (form.elements[name]?.type === "hidden" ? form.elements[name].value : "") === of(name) || name === "now");
}

function enqueue(queue, form) {
  const body = bodyOf(form);
  const auto = "auto" in form.dataset;
  const url = pathOf(form);
  if (auto) posted.set(url, [...new Set(body.map(([name]) => name.replace(/_which$/, "")))].map((name) => [name, textOf(form, name)]));
  queue.put({ url, body, auto, what: nameOf(form, body) });
  return queue.flush();
}

function watch(queue, form) {
  let timer = 0;
  const soon = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(() => enqueue(queue, form), wait);
  };
  if ("auto" in form.dataset) {
    form.addEventListener("input", () => soon(900));
    form.addEventListener("change", () => soon(50));
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    const tried = enqueue(queue, form);
    if ("auto" in form.dataset) return;
    if (form.elements.key) form.elements.key.value = newKey();
    tried.then(() => queue.items.length && form.reset()); // What waits must not hold up the next row.
  });
  form.addEventListener("click", (event) => {
    const choice = event.target.closest("[data-keep]");
    if (!choice) return;
    const line = choice.closest("[data-clash]");
    if (choice.dataset.keep === "theirs") write(form, line.dataset.clash, line.dataset.theirs);
    clashes.get(form).delete(line.dataset.clash);
    line.remove();
    if (!form.querySelector("[data-said] li")) form.querySelector("[data-said]").replaceChildren();
    enqueue(queue, form);
  });
}

function tick() {
  const due = document.querySelector("[data-due]");
  if (!due) return;
  const minutes = Math.round((clinicNow() - Date.parse(due.dataset.due)) / 60_000);
  due.textContent = `${due.dataset.words}, ${minutes >= 0 ? `${minutes} min ago` : `in ${-minutes} min`}`;
  due.classList.toggle("is-care", minutes >= 0);
}

const store = await openStore(kept.dataset.key, `sixfold.draft.${kept.dataset.who}.${kept.dataset.infusion}`);
const left = (await store.read()).map((item) => ({ ...item, restored: true }));
const queue = new Queue(store, left, told);
for (const item of left.filter((one) => one.auto)) {
  const form = forms.find((one) => pathOf(one) === item.url && "auto" in one.dataset);
  if (form) {
    refill(form, item.body);
    posted.set(item.url, item.body);
  }
}
forms.forEach((form) => watch(queue, form));
document.querySelector("form[action$='/sign-out']")?.addEventListener("submit", (event) => {
  if (!queue.items.length || kept.dataset.warned) return;
  event.preventDefault();
  kept.dataset.warned = "1";
  kept.textContent = "Something is not saved yet and would be lost. Press Sign out again to leave all the same.";
  kept.scrollIntoView({ block: "center" });
});
window.addEventListener("beforeunload", (event) => {
  if (queue.items.length && !store.lasts) event.preventDefault();
});
watchBeside((form) => {
  forms.push(form);
  clashes.set(form, new Set());
  watch(queue, form);
}, tick);
setInterval(tick, 15_000);
tick();
if (left.length) queue.flush();
