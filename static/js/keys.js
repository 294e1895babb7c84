/* Single keys, and the list of them under "?".

   A key belongs to the element that does the thing: data-key="b" on a link or a button follows or
   presses it, on a radio button chooses it, on a field goes to it. So a key can never do what the
   mouse could not, and the list is read from the page itself. data-key-name says it in other words
   than the element's own.

   Keys rest while a field has the focus, while a dialog is open, and when a person has switched
   them off (WCAG 2.2, 2.1.4), which this browser remembers. */

const root = document.documentElement;
const dialog = document.getElementById("keys");
const choice = document.getElementById("keys-on");

/* Where lines have the same button, a key means the one in the line that has the focus, else the first. */

const keysAreOn = () => root.classList.contains("js-keys");
const isShown = (element) => element.getClientRects().length > 0;
const isTyped = (element) =>
  element instanceof HTMLElement &&
  (element.isContentEditable || element.matches("textarea, select, input:not([type=radio], [type=checkbox])"));

function bearers() {
  return [...document.querySelectorAll("[data-key]")].filter(
    (element) => isShown(element) && element.getAttribute("aria-disabled") !== "true",
  );
}

function act(element) {
  if (element.matches("input[type=radio]")) {
    element.checked = true;
    element.dispatchEvent(new Event("change", { bubbles: true }));
    element.focus();
    element.closest(".proposal")?.scrollIntoView({ block: "nearest" });
  } else if (element.matches("input, select, textarea")) {
    element.focus();
    element.select?.();
  } else {
    element.click();
  }
}

/* Enter in a row of radio buttons presses the first button of the form, which need not be the main
   one; where a main button bears the key, it is the one that is meant. */
function meansEnter(event) {
  const at = document.activeElement;
  return !at || at === document.body || at.id === "main" || at.matches("input[type=radio]");
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (!keysAreOn() || document.querySelector("dialog:modal") || isTyped(event.target)) return;
  if (event.key === "Enter" && !meansEnter(event)) return;
  const able = bearers().filter((element) => element.dataset.key.toLowerCase() === event.key.toLowerCase());
  const line = document.activeElement?.closest("[data-line]");
  const bearer = able.find((element) => line?.contains(element)) ?? able[0];
  if (!bearer) return;
  event.preventDefault();
  act(bearer);
});

/* The list. */

function nameOf(element) {
  if (element.dataset.keyName) return element.dataset.keyName;
  const spoken = (element.labels?.[0] ?? element).cloneNode(true);
  spoken.querySelectorAll("kbd, svg, .why, .strip").forEach((part) => part.remove());
  return (spoken.querySelector(".name") ?? spoken).textContent.replace(/\s+/g, " ").trim();
}

function listKeys() {
  const firsts = bearers().filter(
    (element, at, all) => !element.closest("[data-line]") || all.findIndex((other) => other.dataset.key === element.dataset.key) === at,
  );
  const rows = firsts.map((element) => {
    const row = document.createElement("li");
    const key = document.createElement("kbd");
    key.textContent = { escape: "Esc" }[element.dataset.key.toLowerCase()] ?? element.dataset.key.replace(/^./, (c) => c.toUpperCase());
    row.append(key, nameOf(element));
    return row;
  });
  dialog.querySelector(".key-list").replaceChildren(...rows);
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  const opened = opener && document.getElementById(opener.dataset.opens);
  if (!(opened instanceof HTMLDialogElement)) return;
  if (event.ctrlKey || event.metaKey || event.shiftKey) return; // A link opens in a tab of its own then.
  event.preventDefault();
  if (opened === dialog) {
    listKeys();
    choice.checked = keysAreOn();
  }
  opened.showModal();
});

choice?.addEventListener("change", () => {
  root.classList.toggle("js-keys", choice.checked);
  try {
    localStorage.setItem("sixfold.keys", choice.checked ? "on" : "off");
  } catch {
    /* A browser that keeps nothing still obeys for this page. */
  }
});

/* What the person must read first gets the focus: an error summary, a banner that answers them. */
document.querySelector("[data-focus]")?.focus();
