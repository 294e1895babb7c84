/* The work that a form for everybody asks of a browser (data-work: how many zero bits): to find the number with
   which the hash of the form's ticket begins with them. It is done while somebody types. Whoever is faster
   waits a moment; where a browser can't do it, the form goes without, and the clinic counts more strictly. */

const AT_ONCE = 256;
const encoder = new TextEncoder();

function zeros(digest) {
  const words = new DataView(digest);
  return Math.clz32(words.getUint32(0));
}

async function find(ticket, bits) {
  for (let from = 0; ; from += AT_ONCE) {
    const tries = Array.from({ length: AT_ONCE }, (_, at) => crypto.subtle.digest("SHA-256", encoder.encode(`${ticket}:${from + at}`)));
    const found = (await Promise.all(tries)).findIndex((digest) => zeros(digest) >= bits);
    if (found >= 0) return from + found;
  }
}

function prepare(form) {
  const field = form.elements.namedItem("work");
  field.value = ""; // A browser that goes back writes in what an earlier form of this page had worked for.
  let waiting = null;
  find(form.elements.namedItem("ticket").value, Number(form.dataset.work)).then((number) => {
    field.value = String(number);
    if (!waiting) return;
    waiting.button.textContent = waiting.words;
    waiting.button.removeAttribute("aria-busy");
    form.requestSubmit(waiting.button);
  });
  form.addEventListener("submit", (event) => {
    if (field.value) return;
    event.preventDefault();
    const button = event.submitter ?? form.querySelector("button");
    waiting ??= { button, words: button.textContent };
    button.setAttribute("aria-busy", "true");
    button.textContent = button.dataset.busy;
  });
}

if (globalThis.crypto?.subtle) document.querySelectorAll("form[data-work]").forEach(prepare);
