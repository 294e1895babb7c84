/* Walking through what the search field found. htmx fetches the list while one types; without
   scripts the form leads to the same people on a page of their own. */

const field = document.getElementById("find");
const list = document.getElementById("found");
const said = document.getElementById("found-said");

const links = () => [...list.querySelectorAll("a")];

function close() {
  list.replaceChildren();
  said.textContent = "";
}

function step(from, by) {
  const all = links();
  const next = all.indexOf(from) + by;
  if (next < 0) field.focus();
  else all[Math.min(next, all.length - 1)]?.focus();
}

if (field) {
  field.form.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!links().length) return;
      event.preventDefault();
      if (event.target === field) links().at(event.key === "ArrowDown" ? 0 : -1).focus();
      else step(event.target, event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Escape") {
      if (event.target === field && !list.hasChildNodes()) field.blur();
      else field.focus();
      close();
      event.preventDefault();
    }
  });

  field.form.addEventListener("focusout", (event) => {
    if (!field.form.contains(event.relatedTarget)) close();
  });

  list.addEventListener("htmx:beforeSwap", (event) => {
    // An answer that arrives after the field was left or emptied would open a list nobody asked for.
    if (!field.value.trim() || !field.form.contains(document.activeElement)) event.detail.shouldSwap = false;
    // Nor may one take the line away that somebody has walked to meanwhile.
    if (list.contains(document.activeElement)) event.detail.shouldSwap = false;
    if (!field.value.trim()) close();
  });

  list.addEventListener("htmx:afterSwap", () => {
    const count = links().length;
    said.textContent = count ? `${count} found. Arrow down to choose.` : "Nobody found.";
  });
}
