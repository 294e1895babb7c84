/* What could not be saved yet stays on this tablet, encrypted, until the clinic has it.

   The key comes with the page and only to whoever is signed in, so that what lies in the browser's store is
   of no use to anybody else; erase.js throws it away at log-out. A page that is not served securely has no
   encryption: then nothing is stored, and the page says so. */

const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const toText = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)));
const fromText = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));

async function read(place, key, name) {
  try {
    const kept = JSON.parse(place.getItem(name) ?? "null");
    if (!kept) return [];
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: fromText(kept.iv) }, key, fromText(kept.data));
    return JSON.parse(new TextDecoder().decode(plain));
  } catch {
    return []; // Another key's, or not ours at all.
  }
}

async function write(place, key, name, items) {
  if (!items.length) return place.removeItem(name);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, new TextEncoder().encode(JSON.stringify(items)));
  return place.setItem(name, JSON.stringify({ iv: toText(iv), data: toText(data) }));
}

export async function openStore(hexKey, name, place = localStorage) {
  if (!globalThis.crypto?.subtle) return { lasts: false, read: async () => [], write: async () => {} };
  const key = await crypto.subtle.importKey("raw", bytes(hexKey), "AES-GCM", false, ["encrypt", "decrypt"]);
  let last = Promise.resolve();
  return {
    lasts: true,
    read: () => read(place, key, name),
    write(items) {
      const now = structuredClone(items);
      last = last.then(() => write(place, key, name, now)).catch(() => {});
      return last;
    },
  };
}
