/* Runs before the page is drawn, so that key hints do not appear a moment later and push the words
   beside them. A browser without scripts never sees them: they would name keys that do nothing. */
document.documentElement.classList.add("js");
try {
  if (localStorage.getItem("sixfold.keys") !== "off") document.documentElement.classList.add("js-keys");
} catch {
  document.documentElement.classList.add("js-keys");
}
