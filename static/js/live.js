/* Keeps the live parts honest. When a part of the page could not be fetched again, a banner says
   since when the page stands still; when the session has ended, the page itself is loaded again, so
   that the sign-in page does not appear inside a panel. */

const stale = document.getElementById("stale");

function standStill() {
  if (!stale || !stale.hidden) return;
  const at = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
  stale.querySelector("h2").textContent = `You see this page as it was at ${at}`;
  stale.hidden = false;
}

document.addEventListener("htmx:sendError", standStill);
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status === 423) return; // Locked: lock.js covers the page.
  /* What is no longer there must not stay on the screen: a wall whose address was ended, a removed site. */
  if (event.detail.xhr.status === 404 && event.detail.elt.hasAttribute("data-gone-reloads")) window.location.reload();
  else standStill();
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful && stale) stale.hidden = true;
});

document.addEventListener("htmx:beforeSwap", (event) => {
  const answer = event.detail.xhr;
  if (/^\s*<!doctype html/i.test(answer.responseText)) {
    event.detail.shouldSwap = false;
    window.location.reload();
  }
});
