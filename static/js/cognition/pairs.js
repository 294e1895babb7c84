// Symbols and digits: the key above, one symbol in the middle, nine buttons below.

import { answer, button, clear, el, picture, say } from "./stage.js";

const STILL = matchMedia("(prefers-reduced-motion: reduce)").matches;

export async function play(stage, form, { words, practice, run }) {
  const board = build(stage, form, words, practice);
  const end = practice ? Infinity : form.ms;
  const clock = practice ? 0 : setInterval(() => tell(board, words, end - run.now(), end), 250);
  if (!practice) tell(board, words, end, end);
  try {
    for (const [at, symbol] of form.asked.entries()) {
      board.card.replaceChildren(picture(symbol));
      const shown = run.now();
      const given = await choose(board, words, run, end - shown, practice ? form.answers[at] : 0);
      if (given === null) break;
      if (!practice) run.note(given[0], shown, given[1]);
    }
  } finally {
    clearInterval(clock);
  }
}

async function choose(board, words, run, limit, right) {
  for (;;) {
    const given = await answer(run.signal, board.keys, ofKey, limit);
    if (given === null || !right) return given;
    const is_right = given[0] === right;
    board.said.textContent = is_right ? words.right : words.wrong_pairs.replaceAll("{number}", right);
    if (is_right) return given;
  }
}

function ofKey(event) {
  return /^[1-9]$/.test(event.key) ? Number(event.key) : null;
}

function build(stage, form, words, practice) {
  clear(stage);
  const top = el("div", "task-top");
  const bar = el("progress");
  const left = el("p", "task-left", practice ? words.practice : "");
  bar.setAttribute("aria-hidden", "true");
  bar.hidden = practice;
  top.append(left, bar);
  const key = el("ol", "pairs-key");
  key.setAttribute("aria-label", words.key);
  form.key.forEach((symbol, at) => {
    const one = el("li");
    one.append(picture(symbol), el("b", "", at + 1));
    key.append(one);
  });
  const card = el("div", "pairs-card");
  const said = say("", "task-hint");
  said.textContent = words.which;
  const pad = el("div", "pairs-pad");
  const keys = form.key.map((_, at) => [at + 1, button("pad-key", at + 1)]);
  pad.append(...keys.map(([, made]) => made));
  stage.append(top, key, card, said, pad);
  return { bar, left, card, said, keys };
}

// Who asked for less motion sees the bar move every ten seconds.
function tell(board, words, ms, all) {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const step = STILL ? 10 : 5;
  board.left.textContent = words.seconds.replace("{number}", Math.ceil(seconds / step) * step);
  board.bar.max = all;
  board.bar.value = STILL ? all - Math.ceil(seconds / step) * step * 1000 : all - Math.max(0, ms);
}
