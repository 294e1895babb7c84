/* The board under the keyboard: arrows go from visit to visit. Links are links without it. */

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
