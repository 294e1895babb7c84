/* A tick is saved when it is set, without the page going away. Without this script each line has a button.
   A tick that could not be saved goes back to what the clinic knows, and the page says so. */

const trouble = document.getElementById("ready-said");

async function save(form, box) {
  trouble.hidden = true;
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" });
    if (answer.type !== "opaqueredirect") throw new Error(String(answer.status));
  } catch {
    box.checked = !box.checked;
    trouble.hidden = false;
  }
}

for (const form of document.querySelectorAll("form[data-ready]")) {
  const box = form.querySelector("input[type=checkbox]");
  let last = Promise.resolve();
  box.addEventListener("change", () => {
    last = last.then(() => save(form, box));
  });
}
