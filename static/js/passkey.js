/* Passkeys: the browser makes or proves one, and its answer goes into the form like anything else that is sent.
   The forms are hidden in the page, so that nobody without scripts or passkeys sees a button that does nothing. */

const toBytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const named = (list = []) => list.map((one) => ({ ...one, id: toBytes(one.id) }));

const SAID = {
  InvalidStateError: "This device holds a passkey of yours already.",
  NotAllowedError: "Nothing was sent: the passkey was not used, or it took too long. Try again.",
  SecurityError: "Passkeys work only at the clinic's own address. Open Sixfold there.",
};

async function answered(kind, options) {
  const asked = { ...options, challenge: toBytes(options.challenge) };
  if (kind === "create") {
    asked.user = { ...options.user, id: toBytes(options.user.id) };
    asked.excludeCredentials = named(options.excludeCredentials);
    return navigator.credentials.create({ publicKey: asked });
  }
  asked.allowCredentials = named(options.allowCredentials);
  return navigator.credentials.get({ publicKey: asked });
}

function written(credential) {
  const { response } = credential;
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature"];
  const told = parts.filter((part) => response[part]).map((part) => [part, toText(response[part])]);
  return JSON.stringify({
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    response: Object.fromEntries(told),
  });
}

async function send(event) {
  const form = event.target;
  const { credential } = form.elements;
  event.preventDefault();
  const said = form.querySelector("[data-said]");
  said.textContent = "";
  try {
    credential.value = written(await answered(form.dataset.passkey, JSON.parse(form.dataset.options)));
    form.submit();
  } catch (error) {
    said.textContent = SAID[error.name] ?? "The browser could not use a passkey. Use the app, or try another browser.";
  }
}

if (window.PublicKeyCredential) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", send);
  }
  for (const part of document.querySelectorAll("[data-with-passkey]")) part.hidden = false;
}
