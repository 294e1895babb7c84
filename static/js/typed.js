/* What stands in the fields of a page and is not saved: taken down when the page is locked, and brought back
   when it was loaded again meanwhile. Secrets, files and what the page itself put in are left out. */

const LEFT_OUT = ["password", "hidden", "file", "submit", "button", "reset", "image", "search"];
const LASTS = 12 * 3_600_000;

const isPicked = (field) => field.type === "checkbox" || field.type === "radio";
const was = (field) => {
  if (isPicked(field)) return field.defaultChecked;
  if (field instanceof HTMLSelectElement) return [...field.options].find((one) => one.defaultSelected)?.value ?? field.options[0]?.value;
  return field.defaultValue;
};
const is = (field) => (isPicked(field) ? field.checked : field.value);

function* fields() {
  for (const form of document.querySelectorAll("main form[method=post]")) {
    const seen = new Map();
    for (const field of form.elements) {
      if (!field.name || !("value" in field) || LEFT_OUT.includes(field.type)) continue;
      const name = isPicked(field) ? `${field.name}=${field.value}` : field.name;
      const at = seen.get(name) ?? 0;
      seen.set(name, at + 1);
      yield [`${form.getAttribute("action") ?? ""} ${form.id} ${name} ${at}`, field];
    }
  }
}

/* Every field that holds something else than the page came with: what it held, and what it holds. */
export function typedHere() {
  return [...fields()].filter(([, field]) => is(field) !== was(field)).map(([place, field]) => [place, was(field), is(field)]);
}

function say(changed) {
  const place = document.createElement("div");
  place.className = "banner due flash";
  place.setAttribute("role", "status");
  const words = ["What you had typed before the page locked is in its fields again. It is not saved yet."];
  for (const [label, value] of changed) words.push(`“${label}” was changed meanwhile; you had typed “${value}”.`);
  const inside = document.createElement("div");
  inside.append(...words.map((text) => Object.assign(document.createElement("p"), { textContent: text })));
  place.append(inside);
  document.getElementById("main").prepend(place);
}

export function bringBack({ at, forms }) {
  if (!forms.length || Date.now() - at > LASTS) return;
  const here = new Map(fields());
  const changed = [];
  let back = 0;
  for (const [place, before, typed] of forms) {
    const field = here.get(place);
    if (!field || is(field) === typed) continue;
    if (is(field) !== before) {
      changed.push([field.labels?.[0]?.textContent.trim() ?? field.name, typed]);
      continue;
    }
    if (isPicked(field)) field.checked = typed;
    else field.value = typed;
    field.closest("details")?.setAttribute("open", "");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    back += 1;
  }
  if (back || changed.length) say(changed);
}
