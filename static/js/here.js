// A navigation or a row of tabs that is wider than the window is scrolled sideways to where the person is.
for (const here of document.querySelectorAll("nav [aria-current=page]")) {
  const row = here.closest("nav");
  const at = here.getBoundingClientRect().left - row.getBoundingClientRect().left;
  row.scrollLeft += at - (row.clientWidth - here.offsetWidth) / 2;
}
