// Where pictures lie: each shows up in its place, then its place is asked for. Two rounds.

import { answer, button, clear, el, picture, say, wait } from "./stage.js";

const WIDE = 4;
const SHOWN_MS = 2000;
const BETWEEN_MS = 400;
const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -WIDE, ArrowDown: WIDE };

export async function play(stage, form, { words, practice, run }) {
  const board = build(stage, words);
  let position = 0;
  for (const [round, shown] of form.shown.entries()) {
    board.top.textContent = practice
      ? words.practice
      : words.round.replace("{number}", round + 1).replace("{count}", form.shown.length);
    await learn(board, shown, words, run);
    for (const one of form.asked[round]) {
      await ask(board, one, words, run, practice ? form.answers[position] : null);
      position += 1;
    }
    clean(board);
  }
}

async function learn(board, shown, words, run) {
  board.asked.replaceChildren();
  board.said.textContent = words.look;
  board.grid.classList.add("shows");
  await wait(1500, run.signal);
  for (const [name, place] of shown) {
    const [, cell] = board.cells[place];
    cell.append(picture(name));
    await wait(SHOWN_MS, run.signal);
    cell.replaceChildren();
    await wait(BETWEEN_MS, run.signal);
  }
  board.grid.classList.remove("shows");
}

async function ask(board, name, words, run, right) {
  board.asked.replaceChildren(picture(name));
  board.said.textContent = words.where;
  board.cells[board.at][1].focus({ preventScroll: true });
  const shown = run.now();
  for (;;) {
    const given = await answer(run.signal, board.cells, () => null);
    const [place, by] = given;
    point(board, place);
    if (right === null) {
      run.note(place, shown, by);
      await wait(250, run.signal);
      return;
    }
    clean(board);
    board.said.textContent = place === right ? words.right : words.wrong_places;
    board.cells[right][1].classList.add("lay");
    if (place === right) {
      await wait(700, run.signal);
      clean(board);
      return;
    }
  }
}

function build(stage, words) {
  clear(stage);
  const top = el("p", "task-left");
  const asked = el("div", "places-asked");
  const said = say("", "task-hint");
  const grid = el("div", "places-grid");
  const board = { top, asked, said, grid, at: 0, cells: [] };
  for (let place = 0; place < WIDE * WIDE; place += 1) {
    const cell = button("place");
    const row = Math.floor(place / WIDE) + 1;
    const column = (place % WIDE) + 1;
    cell.setAttribute("aria-label", words.cell.replace("{row}", row).replace("{column}", column));
    cell.tabIndex = place === 0 ? 0 : -1;
    board.cells.push([place, cell]);
    grid.append(cell);
  }
  grid.addEventListener("keydown", (event) => step(board, event));
  const head = el("div", "places-head");
  head.append(asked, said);
  stage.append(top, head, grid);
  return board;
}

function step(board, event) {
  const by = STEPS[event.key];
  if (by === undefined) return;
  event.preventDefault();
  const to = board.at + by;
  const leaves = Math.abs(by) === 1 && Math.floor(to / WIDE) !== Math.floor(board.at / WIDE);
  if (to < 0 || to >= WIDE * WIDE || leaves) return;
  move(board, to);
  board.cells[to][1].focus();
}

function move(board, to) {
  board.cells[board.at][1].tabIndex = -1;
  board.cells[to][1].tabIndex = 0;
  board.at = to;
}

function point(board, place) {
  clean(board);
  move(board, place);
  board.cells[place][1].classList.add("chosen");
}

function clean(board) {
  for (const [, cell] of board.cells) cell.classList.remove("chosen", "lay");
}
