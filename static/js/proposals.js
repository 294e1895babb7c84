/* The sets of dates follow the wishes beside them (htmx fetches them anew after each change). This
   script keeps what the person had chosen, if a set of that name is still among them, and says to
   screen readers that the sets are new. Choosing, and the bar that follows it, need no script. */

const said = document.createElement("p");
said.className = "vh";
said.setAttribute("role", "status");
document.getElementById("main").append(said);

const sets = () => document.getElementById("sets");
const named = (radio) => radio.closest("label").querySelector(".name > span").firstChild.textContent.trim();

let chosen = null;

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id !== "sets") return;
  const radio = sets().querySelector(".proposal input[type=radio]:checked");
  chosen = radio ? named(radio) : "";
});

document.addEventListener("htmx:afterSettle", () => {
  if (chosen === null) return;
  const same = [...sets().querySelectorAll(".proposal input[type=radio]")].find((radio) => named(radio) === chosen);
  // A visit that is open for change belongs to the first set; that one stays chosen.
  if (same && !document.getElementById("change")) same.checked = true;
  said.textContent = sets().querySelector("h2").textContent;
  chosen = null;
});
