/* One press, one deed. The button that sent a form says what is happening (data-busy="Booking")
   and the form cannot be sent again until the page comes back: after an answer, after Back, or when
   htmx is done. The server refuses a second copy too; this only spares the person the question. */

const CLOCK = "M8 1.8a6.2 6.2 0 110 12.4A6.2 6.2 0 018 1.8zM8 4.6V8l2.3 1.6";

function begin(form, button) {
  form.dataset.sent = "";
  if (!button) return;
  button.setAttribute("aria-busy", "true");
  if (!button.dataset.busy) return;
  const mark = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  mark.setAttribute("class", "i");
  mark.setAttribute("viewBox", "0 0 16 16");
  mark.setAttribute("aria-hidden", "true");
  mark.append(document.createElementNS("http://www.w3.org/2000/svg", "path"));
  mark.firstChild.setAttribute("d", CLOCK);
  const kept = document.createElement("span");
  kept.hidden = true;
  kept.className = "was";
  kept.append(...button.childNodes);
  button.append(mark, ` ${button.dataset.busy}`, kept);
}

function end(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[aria-busy]")) {
    button.removeAttribute("aria-busy");
    const kept = button.querySelector(":scope > .was");
    if (kept) button.replaceChildren(...kept.childNodes);
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if ((event.submitter?.formMethod || form.getAttribute("method")) === "dialog") return;
  if ("sent" in form.dataset) event.preventDefault();
  else if (!event.defaultPrevented) begin(form, event.submitter);
});

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target instanceof HTMLFormElement) begin(event.target, event.detail.requestConfig.triggeringEvent?.submitter);
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.target instanceof HTMLFormElement) end(event.target);
});
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(end));
