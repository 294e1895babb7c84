/* A list of lines that is walked with J and K, and that keeps what a person has opened or typed in it
   while it is fetched again. The links and buttons in it keep the focus by their ids. */

const list = document.querySelector("[data-lines]");
const kept = { open: [], typed: new Map(), focus: "" };

function walk(step) {
  const lines = [...list.querySelectorAll("[data-line]")];
  const here = lines.indexOf(document.activeElement?.closest("[data-line]"));
  const there = here < 0 ? (step > 0 ? 0 : lines.length - 1) : here + step;
  lines[there]?.querySelector("a, button")?.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (!document.documentElement.classList.contains("js-keys") || document.querySelector("dialog:modal")) return;
  if (event.target.matches?.("input, select, textarea")) return;
  const step = { j: 1, k: -1 }[event.key.toLowerCase()];
  if (!list || !step) return;
  event.preventDefault();
  walk(step);
});

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.target !== list) return;
  kept.open = [...list.querySelectorAll("details[open][id]")].map((element) => element.id);
  kept.focus = list.contains(document.activeElement) ? document.activeElement.id : "";
  kept.typed = new Map([...list.querySelectorAll("input[id]")].map((field) => [field.id, field.value]));
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target !== list) return;
  for (const id of kept.open) document.getElementById(id)?.setAttribute("open", "");
  for (const [id, typed] of kept.typed) {
    const field = document.getElementById(id);
    if (field) field.value = typed;
  }
  /* A field in what was opened could not take the focus back before it was open again. */
  if (kept.focus) document.getElementById(kept.focus)?.focus({ preventScroll: true });
});
