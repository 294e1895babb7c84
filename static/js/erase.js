/* Drafts on a tablet end with the log-in that wrote them. */

document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || !event.target.matches("form[action$='/sign-out']")) return;
  try {
    for (const place of [localStorage, sessionStorage]) {
      for (const name of Object.keys(place)) if (name.startsWith("sixfold.draft.")) place.removeItem(name);
    }
  } catch {
    /* A browser that keeps nothing has nothing to erase. */
  }
});
