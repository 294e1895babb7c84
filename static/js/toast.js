/* A toast leaves after ten seconds, but not while somebody reads it with the pointer or the focus
   on it. What it says is always on the page as well, so nothing is lost with it. */

const TEN_SECONDS = 10_000;

function leaveLater(toast) {
  let timer = 0;
  const wait = () => {
    timer = window.setTimeout(() => toast.remove(), TEN_SECONDS);
  };
  const stay = () => window.clearTimeout(timer);
  for (const kind of ["pointerenter", "focusin"]) toast.addEventListener(kind, stay);
  for (const kind of ["pointerleave", "focusout"]) toast.addEventListener(kind, wait);
  wait();
}

document.querySelectorAll(".toasts > .toast").forEach(leaveLater);

document.addEventListener("click", (event) => {
  const closer = event.target.closest("[data-close]");
  closer?.closest(closer.dataset.close)?.remove();
});
