// Small parts from which the tasks build their screens.

const SVG = "http://www.w3.org/2000/svg";
let pointer = "mouse";
let title = "";
document.addEventListener("pointerdown", (event) => (pointer = event.pointerType), true);

export function el(kind, name = "", text = "") {
  const made = document.createElement(kind);
  if (name) made.className = name;
  if (text !== "") made.textContent = text;
  return made;
}

export function button(name, text) {
  const made = el("button", name, text);
  made.type = "button";
  return made;
}

export function picture(id) {
  const drawn = document.createElementNS(SVG, "svg");
  drawn.setAttribute("class", "mark");
  drawn.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#${id}`);
  drawn.append(use);
  return drawn;
}

// What the screens of the run are called to a screen reader.
export function name(words) {
  title = words;
}

export function clear(place) {
  place.replaceChildren(el("h1", "vh", title));
  return place;
}

export function say(text, name = "error") {
  const made = el("p", name, text);
  made.setAttribute("role", "status");
  return made;
}

// By which input a button was pressed: a click that no pointer made comes from a keyboard.
export function inputOf(event) {
  if (event.type === "keydown" || event.detail === 0) return "keyboard";
  return pointer === "mouse" ? "mouse" : "touch";
}

export function wait(ms, signal) {
  return until(signal, (done) => {
    const timer = setTimeout(done, ms);
    return () => clearTimeout(timer);
  });
}

// A promise that `begin` settles by its argument; it gives back how to stop listening.
export function until(signal, begin) {
  return new Promise((resolve, reject) => {
    const gone = () => finish(() => reject(new DOMException("stopped", "AbortError")));
    if (signal?.aborted) {
      gone();
      return;
    }
    const stop = begin((value) => finish(() => resolve(value)));
    function finish(then) {
      stop?.();
      signal?.removeEventListener("abort", gone);
      then();
    }
    signal?.addEventListener("abort", gone);
  });
}

// The next answer: a press on one of the buttons, or a key that `ofKey` gives a value.
export function answer(signal, buttons, ofKey, limit = Infinity) {
  return until(signal, (done) => {
    const listening = new AbortController();
    for (const [value, made] of buttons) {
      made.addEventListener("click", (event) => done([value, inputOf(event)]), { signal: listening.signal });
    }
    document.addEventListener(
      "keydown",
      (event) => {
        const value = event.repeat || event.ctrlKey || event.metaKey || event.altKey ? null : ofKey(event);
        if (value === null || value === undefined) return;
        event.preventDefault();
        done([value, "keyboard"]);
      },
      { signal: listening.signal },
    );
    const timer = Number.isFinite(limit) ? setTimeout(() => done(null), Math.max(0, limit)) : 0;
    return () => {
      listening.abort();
      clearTimeout(timer);
    };
  });
}
