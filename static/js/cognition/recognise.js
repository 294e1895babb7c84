// Pictures you have seen: one after the other, yes or no.

import { answer, button, clear, el, picture, say, wait } from "./stage.js";

const SHOWN_MS = 2000;
const BETWEEN_MS = 250;
const KEYS = { ArrowLeft: 1, ArrowRight: 0 };

export async function play(stage, form, { words, practice, run }) {
  const board = build(stage, words);
  if (practice) await look(board, form.shown, words, run);
  board.pad.hidden = false;
  for (const [at, name] of form.asked.entries()) {
    board.top.textContent = practice ? words.practice : `${at + 1} / ${form.asked.length}`;
    board.card.replaceChildren(picture(name));
    if (at === 0 || !practice) board.said.textContent = words.among;
    await ask(board, words, run, practice ? form.answers[at] : null);
    board.card.replaceChildren();
    await wait(BETWEEN_MS, run.signal);
  }
}

async function look(board, names, words, run) {
  board.top.textContent = words.practice;
  board.said.textContent = words.look_at;
  for (const name of names) {
    board.card.replaceChildren(picture(name));
    await wait(SHOWN_MS, run.signal);
    board.card.replaceChildren();
    await wait(BETWEEN_MS, run.signal);
  }
}

async function ask(board, words, run, right) {
  const shown = run.now();
  for (;;) {
    const [given, by] = await answer(run.signal, board.choices, (event) => KEYS[event.key]);
    if (right === null) {
      run.note(given, shown, by);
      return;
    }
    board.said.textContent = given === right ? words.right : right ? words.wrong_yes : words.wrong_no;
    if (given === right) return;
  }
}

function build(stage, words) {
  clear(stage);
  const top = el("p", "task-left");
  const card = el("div", "pairs-card seen-card");
  const said = say("", "task-hint");
  const pad = el("div", "seen-pad");
  const choices = [
    [1, button("pad-key", words.yes)],
    [0, button("pad-key", words.no)],
  ];
  pad.append(...choices.map(([, made]) => made));
  pad.hidden = true;
  stage.append(top, card, said, pad);
  return { top, card, said, pad, choices };
}
