/* The command palette: Ctrl or Cmd and K, from anywhere. The lines come from /find, which is a page of its
   own without scripts. The focus stays in the field; arrows choose a line, Enter follows it. */

const dialog = document.getElementById("palette");
const field = document.getElementById("palette-q");
const list = document.getElementById("palette-list");
const said = document.getElementById("palette-said");

const lines = () => [...list.querySelectorAll("[role=option]")];
const chosen = () => list.querySelector("[aria-selected=true]");

function choose(line) {
  chosen()?.setAttribute("aria-selected", "false");
  if (line) {
    line.setAttribute("aria-selected", "true");
    line.scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", line.id);
  } else {
    field.removeAttribute("aria-activedescendant");
  }
}

function step(by) {
  const all = lines();
  const at = all.indexOf(chosen());
  choose(all[(at + by + all.length) % all.length]);
}

if (dialog) {
  const opener = document.querySelector("[data-opens=palette]");

  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    if (document.querySelector("dialog:modal")) return;
    event.preventDefault();
    opener.click();
  });

  opener.addEventListener("click", () => {
    field.select();
    htmx.trigger(field, "opened");
  });

  dialog.addEventListener("keydown", (event) => {
    if (event.target !== field || event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (lines().length) step(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && chosen()) {
      event.preventDefault();
      chosen().click();
    }
  });

  list.addEventListener("htmx:afterSwap", () => {
    const count = lines().length;
    choose(lines()[0]);
    field.setAttribute("aria-expanded", String(count > 0));
    said.textContent = count ? `${count} found. Arrow keys choose, Enter goes there.` : "Nothing fits. Write fewer letters.";
  });
}
