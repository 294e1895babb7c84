/* Puts what a colleague wrote into the page around what is being typed here.

   A row or a form in which somebody works is never touched: it keeps its place, its focus and its words.
   Everything else that is new takes the place of what stood there. */

export const isTyped = (field) =>
  field.type === "checkbox" || field.type === "radio"
    ? field.checked !== field.defaultChecked
    : field.type === "hidden" || field.tagName === "SELECT" || field.tagName === "BUTTON"
      ? false
      : field.value !== field.defaultValue;

const isBusy = (node) =>
  node.contains(document.activeElement) ||
  Boolean(node.querySelector("details[open], [aria-invalid], [data-said] li")) ||
  [...node.querySelectorAll("input, textarea, select")].some(isTyped);

/* The children of `place` become `fresh`, but those that somebody works in, and `always`, stay where they are
   and are never taken out of the page: that would take the focus from them. */
function merge(place, fresh, always, adopt) {
  const stays = new Set([...place.children].filter((node) => node.id === always || isBusy(node)));
  const own = (node) => node.id && [...stays].find((one) => one.id === node.id);
  const order = fresh.map(own).filter(Boolean);
  if (order.some((node, at) => at && node.compareDocumentPosition(order[at - 1]) & Node.DOCUMENT_POSITION_FOLLOWING)) return;
  let at = place.firstElementChild;
  const pass = (until) => {
    while (at && at !== until) {
      const gone = at;
      at = at.nextElementSibling;
      if (!stays.has(gone)) gone.remove();
    }
  };
  for (const node of fresh) {
    const mine = own(node);
    if (mine) {
      pass(mine);
      at = mine.nextElementSibling;
    } else {
      place.insertBefore(node, at);
      node.querySelectorAll("form[data-chart]").forEach(adopt);
    }
  }
  pass(null);
}

function bringLines(section, fresh, adopt) {
  replace(section, fresh, ":scope > header");
  const [list, news] = [section.querySelector(":scope > ul"), fresh.querySelector(":scope > ul")];
  if (list && news) merge(list, [...news.children], null, adopt);
  else if (news) {
    section.querySelector(":scope > details").before(news);
    news.querySelectorAll("form[data-chart]").forEach(adopt);
  }
}

function replace(page, fresh, selector, before) {
  const [old, next] = [page.querySelector(selector), fresh.querySelector(selector)];
  if (old && next) {
    if (old.open) next.open = true;
    old.replaceWith(next);
  } else if (old) old.remove();
  else if (next) before ? before.before(next) : page.append(next);
}

function bring(template, adopt) {
  const fresh = document.importNode(template.content, true);
  const [page, news] = [document.getElementById("vitals"), fresh.querySelector("#vitals")];
  merge(document.getElementById("holds"), [...fresh.querySelector("#holds").children], null, adopt);
  const label = page.querySelector("#vitals-entry [data-label]");
  label.innerHTML = news.querySelector("#vitals-entry [data-label]").innerHTML;
  merge(page.querySelector("tbody"), [...news.querySelector("tbody").children], "vitals-entry", adopt);
  replace(page, news, ":scope > header");
  replace(page, news, ":scope > [data-gone]", page.querySelector("[data-trend]"));
  replace(page, news, ":scope > [data-trend]");
  for (const kind of ["events", "rescue", "pauses"]) bringLines(document.getElementById(kind), fresh.querySelector(`#${kind}`), adopt);
  for (const part of fresh.querySelectorAll("[data-live]")) {
    document.querySelector(`main [data-live="${part.dataset.live}"]`)?.replaceChildren(...part.childNodes);
  }
  if (template.dataset.told) document.getElementById("news").textContent = template.dataset.told;
}

/* `adopt` gets each form that came; `done` is called when all is in its place. */
export function watchBeside(adopt, done) {
  document.addEventListener("htmx:afterSwap", () => {
    const template = document.querySelector("#beside > template");
    if (!template) return;
    bring(template, adopt);
    template.remove();
    done();
  });
}
