// One task from its first page to its end: practice, the run that counts, sending it.
//
// The run needs no connection once it has begun. It is kept on the phone with every answer, so that a page that
// dies in the middle can still say how far it came; the server alone says what it counts as. Without scripts
// the page can only be left out, and says so.

import { play as pairs } from "./pairs.js";
import { play as places } from "./places.js";
import { play as recognise } from "./recognise.js";
import { Run, recall } from "./run.js";
import { post, send } from "./send.js";
import { button, clear, el, name, say, wait } from "./stage.js";

const root = document.querySelector(".task");
const PLAYS = { pairs, places, recognise };
const COUNT_DOWN = [3, 2, 1];
const { task } = root.dataset;
const words = JSON.parse(root.dataset.words);
const practice = JSON.parse(root.dataset.practice);
const intro = root.querySelector(".task-intro");
const stage = root.querySelector(".task-stage");
let practised = 0;
name(words[task]);

async function open() {
  const kept = recall(root.dataset.keep);
  if (kept) {
    await settle(kept, kept.done ? "" : "reload");
    return;
  }
  const go = root.querySelector("[data-go]");
  go.hidden = false;
  if (Number(root.dataset.rest) > 0) await rest(go);
  go.addEventListener("click", Number(root.dataset.rest) > 0 ? () => location.reload() : practise);
}

async function rest(go) {
  const place = root.querySelector(".task-rest");
  const until = performance.now() + Number(root.dataset.rest) * 1000;
  place.hidden = false;
  go.hidden = true;
  for (let left = 1; left > 0; ) {
    left = Math.max(0, Math.ceil((until - performance.now()) / 1000));
    place.querySelector("progress").value = Number(root.dataset.rest) - left;
    place.querySelector("[data-left]").textContent = left
      ? words.seconds.replace("{number}", left)
      : words.rest_over;
    await wait(left ? 1000 : 0);
  }
  go.hidden = false;
}

async function practise() {
  practised += 1;
  show();
  await PLAYS[task](stage, practice, { words, practice: true, run: new Run() });
  ready();
}

function ready(trouble = "") {
  const page = message(words.practice_over, words.practice_over_text);
  if (trouble) page.append(say(trouble));
  const start = button("btn btn-main btn-wide", words.begin);
  start.addEventListener("click", () => begin(start));
  const again = button("btn btn-plain btn-wide", words.practise_again);
  again.addEventListener("click", practise);
  page.append(start, again);
}

async function begin(start) {
  start.setAttribute("aria-busy", "true");
  const run = new Run(root.dataset.keep);
  const said = {
    task,
    key: run.key,
    practised,
    width: window.innerWidth,
    height: window.innerHeight,
    touch: matchMedia("(pointer: coarse)").matches ? 1 : 0,
  };
  const answer = await post(root.dataset.begin, said, root);
  if (answer === null || answer.status >= 500 || answer.status === 429) {
    ready(words.not_begun);
    return;
  }
  if (!answer.ok) {
    location.assign(root.dataset.page); // Something else comes next by now: the page says what.
    return;
  }
  await take(run, await answer.json());
}

async function take(run, form) {
  try {
    run.watch();
    await countDown(run);
    run.start();
    await PLAYS[task](stage, form, { words, practice: false, run });
    run.finish();
  } catch (error) {
    if (error.name !== "AbortError") throw error;
  }
  await settle(run.kept, run.stopped);
}

async function countDown(run) {
  show();
  const number = el("p", "task-count");
  stage.append(el("p", "quiet", words.beginning), number);
  for (const left of COUNT_DOWN) {
    number.textContent = left;
    await wait(1000, run.signal);
  }
}

// Send a run until it has arrived, then say what happened.
async function settle(kept, stopped) {
  show();
  stage.append(say(words.sending, "quiet"));
  const state = await send(root, kept, stopped, words, (trouble) => {
    clear(stage).append(say(trouble));
  });
  if (state === null) {
    location.assign(root.dataset.page);
    return;
  }
  const is_done = state === "complete";
  const page = message(
    is_done ? words.over : words.stopped,
    is_done ? words.over_text : (words[`stopped_${stopped}`] ?? words.restarted),
  );
  const on = button("btn btn-main btn-wide", is_done ? words.go_on : words.start_afresh);
  on.addEventListener("click", () => location.assign(root.dataset.page));
  page.append(on);
}

function show() {
  intro.hidden = true;
  stage.hidden = false;
  clear(stage);
  window.scrollTo(0, 0);
}

function message(title, text) {
  show();
  stage.replaceChildren();
  const page = el("div", "task-said");
  const heading = el("h1", "", title);
  heading.tabIndex = -1;
  page.append(heading, el("p", "measure", text));
  stage.append(page);
  heading.focus();
  return page;
}

open();
