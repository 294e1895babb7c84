/* The board under hand and keyboard: arrows go from visit to visit, M and dragging move one. Without it every
   visit is a link, and its page offers the same move. */

const blocks = () => [...document.querySelectorAll("#board-live .block > a")];
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/* The nearest visit in the direction of an arrow; what lies askew counts as farther away. */
function nearest(from, [x, y]) {
  const here = from.getBoundingClientRect();
  let best = null;
  let least = Infinity;
  for (const link of blocks()) {
    const there = link.getBoundingClientRect();
    const across = there.left - here.left;
    const down = there.top - here.top;
    const ahead = x * across + y * down;
    if (link === from || ahead < 4) continue;
    const askew = Math.abs(x ? down : across);
    const distance = ahead + 4 * askew;
    if (distance < least) [best, least] = [link, distance];
  }
  return best;
}

document.addEventListener("keydown", (event) => {
  const way = ARROWS[event.key];
  const from = document.activeElement;
  if (!way || event.ctrlKey || event.metaKey || event.altKey || !from?.matches("#board-live .block > a")) return;
  event.preventDefault();
  nearest(from, way)?.focus();
});

/* Moving. M on a visit, or dragging it to another time, chair or day, leads to the page that moves it; nothing is
   saved before that page has said what it means. Escape lets a drag go. A finger has to rest on the visit first:
   whoever swipes means to scroll. Where a narrow screen shows lists in place of the hours, nothing is dragged. */

const SLOT = 10;
const REST = 450;
const SLIP = 10;
const EDGE = 48;
let drag = null;
let dropped = false;

const moveOf = (link) => link.dataset.move;
const two = (number) => String(number).padStart(2, "0");
const clock = (minute) => `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && drag) {
    event.preventDefault();
    endDrag();
  }
  const chosen = document.activeElement?.closest("#board-live [data-move]");
  const alone = !event.ctrlKey && !event.metaKey && !event.altKey;
  if (event.key.toLowerCase() === "m" && chosen && alone && document.documentElement.classList.contains("js-keys")) {
    event.preventDefault();
    window.location.assign(moveOf(chosen));
  }
});

/* Where the pointer is: the lane under it, and the ten minutes at which the visit would begin there. */
function targetAt(x, y) {
  const track = document.elementsFromPoint(x, y).find((element) => element.matches?.("#board-live [data-chair]"));
  if (!track) return null;
  const box = track.getBoundingClientRect();
  const slots = Number(track.closest("[data-slots]").dataset.slots);
  const width = box.width / slots;
  const slot = Math.max(0, Math.min(slots - 1, Math.round((x - drag.grip - box.left) / width)));
  const minute = Number(track.closest("[data-slots]").dataset.first) + slot * SLOT;
  return { track, left: box.left + slot * width, top: box.top, height: box.height, time: clock(minute) };
}

function showGhost(x, y) {
  const target = targetAt(x, y);
  drag.target = target;
  drag.ghost.hidden = !target;
  if (!target) return;
  drag.ghost.textContent = `${target.time} ${target.track.dataset.where}`;
  Object.assign(drag.ghost.style, {
    left: `${target.left}px`, top: `${target.top}px`, width: `${drag.width}px`, height: `${target.height}px`,
  });
}

function endDrag() {
  window.clearTimeout(drag.timer);
  drag.ghost?.remove();
  document.body.classList.remove("is-dragging");
  drag = null;
}

function lift() {
  drag.ghost = document.createElement("div");
  drag.ghost.className = "block-ghost";
  document.body.append(drag.ghost);
  document.body.classList.add("is-dragging");
  showGhost(drag.x, drag.y);
}

/* What lies beyond the edge comes nearer while a visit is held there. */
function scrollAtEdge(x, y) {
  const inside = document.querySelector(".week-scroll") ?? document.scrollingElement;
  const box = inside === document.scrollingElement
    ? { left: 0, top: 0, right: window.innerWidth, bottom: window.innerHeight }
    : inside.getBoundingClientRect();
  const step = (at, low, high) => (at < low + EDGE ? -EDGE / 4 : at > high - EDGE ? EDGE / 4 : 0);
  inside.scrollBy(step(x, box.left, box.right), step(y, Math.max(box.top, 0), Math.min(box.bottom, window.innerHeight)));
}

document.addEventListener("dragstart", (event) => {
  if (event.target.closest?.("#board-live .block")) event.preventDefault();
});

document.addEventListener("pointerdown", (event) => {
  const link = event.target.closest("#board-live [data-move]");
  if (!link || event.button !== 0 || !event.isPrimary) return;
  if (getComputedStyle(link.closest(".track")).display !== "grid") return;
  const box = link.closest(".block").getBoundingClientRect();
  const touch = event.pointerType === "touch";
  drag = { link, touch, x: event.clientX, y: event.clientY, grip: event.clientX - box.left, width: box.width, ghost: null };
  if (touch) drag.timer = window.setTimeout(lift, REST);
});

document.addEventListener("pointermove", (event) => {
  if (!drag) return;
  if (!drag.ghost) {
    const slipped = Math.hypot(event.clientX - drag.x, event.clientY - drag.y);
    if (drag.touch && slipped > SLIP) endDrag();
    if (!drag || drag.touch || slipped < 6) return;
    lift();
  }
  scrollAtEdge(event.clientX, event.clientY);
  showGhost(event.clientX, event.clientY);
});

/* A lifted visit follows the finger; the page under it stays, and no menu opens on the link. */
document.addEventListener("touchmove", (event) => {
  if (drag?.ghost && event.cancelable) event.preventDefault();
}, { passive: false });
document.addEventListener("contextmenu", (event) => {
  if (drag?.touch) event.preventDefault();
});

document.addEventListener("pointerup", () => {
  if (!drag) return;
  const { link, target, ghost } = drag;
  endDrag();
  if (!ghost) return;
  dropped = true;
  window.setTimeout(() => { dropped = false; });
  if (!target) return;
  const { day, chair } = target.track.dataset;
  window.location.assign(`${moveOf(link)}?${new URLSearchParams({ day, time: target.time, chair })}`);
});

/* The click that ends a drag opens nothing. */
document.addEventListener("click", (event) => dropped && event.preventDefault(), true);

document.addEventListener("pointercancel", () => drag && endDrag());

/* A board that is being dragged on is not exchanged under the hand; it asks again five seconds later. */
document.addEventListener("htmx:beforeSwap", (event) => {
  if (drag && event.detail.target.id === "board-live") event.detail.shouldSwap = false;
});
