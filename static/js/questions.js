// One question a screen, and nothing lost on a bad line.
//
// Without this file the questions are one long form that is sent once. With it, one stands on the screen at a
// time; each answer is kept on the phone until the server has said that it has them all. What was not sent
// goes again when the connection is back. The server counts the same answers once, so sending twice is safe.

const form = document.getElementById("sheet");
const RETRY = [2, 5, 10, 20, 40];
const store = {
  name: form?.dataset.keep ? `sixfold-${form.dataset.keep}` : "",
  read() {
    try {
      return JSON.parse(localStorage.getItem(this.name) ?? "{}");
    } catch {
      return {};
    }
  },
  write(kept) {
    try {
      if (this.name) localStorage.setItem(this.name, JSON.stringify(kept));
    } catch {
      // A full or forbidden store: the page still holds the answers as long as it is open.
    }
  },
  drop() {
    try {
      if (this.name) localStorage.removeItem(this.name);
    } catch {
      // Nothing was kept.
    }
  },
};

function begin() {
  const screens = [...form.querySelectorAll(".screen")];
  const kept = { answers: {}, left: [], at: 0, ...store.read() };
  const state = { screens, kept, here: 0, tries: 0, timer: 0 };
  screens.forEach((screen, at) => dress(screen, at, state));
  restore(state);
  form.classList.add("one");
  form.addEventListener("submit", (event) => submitted(event, state));
  form.addEventListener("change", () => keep(state));
  window.addEventListener("online", () => kept.wanted && send(state));
  show(state, firstOpen(state), false);
  if (kept.wanted) send(state);
}

function dress(screen, at, state) {
  const { dataset } = form;
  const progress = document.createElement("progress");
  progress.max = state.screens.length;
  progress.value = at;
  progress.setAttribute("aria-label", dataset.answered.replace("#", String(at)));
  screen.querySelector(".progress-l").after(progress);
  const last = at === state.screens.length - 1;
  const next = button("btn btn-main btn-wide", last ? dataset.send : dataset.next);
  next.addEventListener("click", () => forward(state, last));
  const after = document.createElement("p");
  after.className = "after";
  if (at > 0) {
    const back = button("btn btn-plain", dataset.back);
    back.addEventListener("click", () => show(state, at - 1));
    after.append(back);
  }
  const leave = button("btn btn-plain", dataset.leave);
  leave.addEventListener("click", () => leaveOut(state, screen, last));
  after.append(leave);
  screen.append(next, after);
  line(screen, state);
}

function button(kind, words) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = kind;
  made.textContent = words;
  return made;
}

// A plain line to point at takes the place of the number; it says nothing until it was touched.
function line(screen, state) {
  const range = screen.querySelector(".line");
  if (!range) return;
  const number = screen.querySelector("input[data-number]");
  range.hidden = false;
  for (const part of screen.querySelectorAll("[data-number]")) part.hidden = true;
  const take = () => {
    number.value = range.value;
    range.classList.add("set");
    keep(state);
  };
  for (const kind of ["input", "click", "keydown"]) range.addEventListener(kind, (event) => {
    if (kind !== "keydown" || event.key === "Enter" || event.key === " ") take();
  });
  screen.addEventListener("restored", () => {
    if (number.value === "") return;
    range.value = number.value;
    range.classList.add("set");
  });
}

function value(screen) {
  const checked = screen.querySelector("input[type=radio]:checked");
  return checked ? checked.value : (screen.querySelector("input[data-number]")?.value ?? "");
}

function restore(state) {
  for (const screen of state.screens) {
    const known = state.kept.answers[screen.dataset.name];
    if (known === undefined || value(screen) !== "") continue;
    const radio = screen.querySelector(`input[type=radio][value="${CSS.escape(known)}"]`);
    if (radio) radio.checked = true;
    const number = screen.querySelector("input[data-number]");
    if (number) number.value = known;
  }
  for (const screen of state.screens) screen.dispatchEvent(new Event("restored"));
}

function keep(state) {
  for (const screen of state.screens) {
    const given = value(screen);
    if (given === "") continue;
    state.kept.answers[screen.dataset.name] = given;
    state.kept.left = state.kept.left.filter((name) => name !== screen.dataset.name);
  }
  state.kept.at = Date.now();
  store.write(state.kept);
}

function firstOpen(state) {
  const open = state.screens.findIndex(
    (screen) => value(screen) === "" && !state.kept.left.includes(screen.dataset.name),
  );
  return open < 0 ? state.screens.length - 1 : open;
}

function show(state, at, focus = true) {
  state.here = at;
  state.screens.forEach((screen, place) => screen.classList.toggle("here", place === at));
  say("");
  if (focus) {
    state.screens[at].querySelector("h2").focus();
    window.scrollTo(0, 0);
  }
}

function forward(state, last) {
  const screen = state.screens[state.here];
  if (value(screen) === "" && !state.kept.left.includes(screen.dataset.name)) {
    screen.querySelector("input:not([hidden])").focus();
    return;
  }
  if (last) want(state);
  else show(state, state.here + 1);
}

function leaveOut(state, screen, last) {
  for (const radio of screen.querySelectorAll("input[type=radio]")) radio.checked = false;
  const number = screen.querySelector("input[data-number]");
  if (number) number.value = "";
  screen.querySelector(".line")?.classList.remove("set");
  delete state.kept.answers[screen.dataset.name];
  state.kept.left.push(screen.dataset.name);
  store.write(state.kept);
  if (last) want(state);
  else show(state, state.here + 1);
}

function submitted(event, state) {
  event.preventDefault();
  forward(state, state.here === state.screens.length - 1);
}

function want(state) {
  const open = firstOpen(state);
  const screen = state.screens[open];
  if (value(screen) === "" && !state.kept.left.includes(screen.dataset.name)) {
    show(state, open);
    return;
  }
  keep(state);
  state.kept.wanted = true;
  store.write(state.kept);
  state.tries = 0;
  send(state);
}

async function send(state) {
  if (state.busy) return;
  clearTimeout(state.timer);
  state.busy = true;
  say("");
  busy(state, true);
  const body = new FormData(form);
  body.set("age", String(Math.max(0, Math.round((Date.now() - state.kept.at) / 1000))));
  body.set("without", "1");
  try {
    const answer = await fetch(form.action, { method: "POST", body, signal: AbortSignal.timeout(20_000) });
    await answered(state, answer);
  } catch {
    later(state, navigator.onLine ? form.dataset.again : form.dataset.kept);
  } finally {
    state.busy = false;
    busy(state, false);
  }
}

async function answered(state, answer) {
  // A stale page has lost its proof against forged requests: it is opened afresh, and the answers with it.
  if (answer.status === 400 && !state.kept.fresh) {
    state.kept.fresh = true;
    store.write(state.kept);
    location.reload();
    return;
  }
  if (answer.status >= 500 || answer.status === 429) {
    later(state, form.dataset.again);
    return;
  }
  if (answer.status !== 422 && answer.status !== 400) store.drop();
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (answer.ok && page.getElementById("sheet")) {
    location.assign(answer.url); // A tablet asks what comes next, with this script anew.
    return;
  }
  document.title = page.title;
  document.body.replaceWith(page.body);
  document.querySelector("h1")?.focus();
}

function later(state, words) {
  say(words);
  const wait = RETRY[Math.min(state.tries, RETRY.length - 1)];
  state.tries += 1;
  state.timer = setTimeout(() => send(state), wait * 1000);
}

function busy(state, is) {
  for (const made of state.screens[state.here].querySelectorAll("button")) {
    if (is) made.setAttribute("aria-busy", "true");
    else made.removeAttribute("aria-busy");
  }
}

function say(words) {
  const place = form.querySelector("[data-trouble]");
  place.hidden = words === "";
  place.querySelector("span").textContent = words;
}

if (form) begin();
