// Keeps when and where for times without a connection: one page, its stylesheet and its sign, nothing else.
// Whatever the server answers is passed on untouched. What is kept goes as soon as the server says that the
// pages are closed here, or when the time is over for which this device is remembered.

const SHELF = "when-and-where";
const PAGE = "/my/offline";

const forget = async () => {
  await caches.delete(SHELF);
  await self.registration.unregister();
};

const keep = async () => {
  const answer = await fetch(PAGE, { credentials: "same-origin", cache: "no-store" });
  if (answer.headers.get("X-Pages") === "closed" || answer.status === 404) return forget();
  if (!answer.ok) return;
  const shelf = await caches.open(SHELF);
  const text = await answer.clone().text();
  await shelf.put(PAGE, answer);
  const beside = [...text.matchAll(/<link rel="(?:stylesheet|icon)"[^>]* href="([^"]+)"/g)].map((found) => found[1]);
  await Promise.all(beside.map(async (path) => (await shelf.match(path)) ?? shelf.add(path)));
};

const kept = async () => {
  const shelf = await caches.open(SHELF);
  const page = await shelf.match(PAGE);
  if (page && Number(page.headers.get("X-Kept-Until")) < Date.now()) {
    await caches.delete(SHELF);
    return undefined;
  }
  return page;
};

const open = async (event) => {
  try {
    const answer = await fetch(event.request);
    if (answer.headers.get("X-Pages") === "closed") event.waitUntil(forget());
    else if (answer.ok) event.waitUntil(keep().catch(() => {}));
    return answer;
  } catch (error) {
    const page = event.request.method === "GET" ? await kept() : undefined;
    if (page) return page;
    throw error;
  }
};

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => event.waitUntil(keep().catch(() => {})));
self.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET" && event.request.mode !== "navigate") return;
  if (event.request.mode === "navigate") event.respondWith(open(event));
  else if (["style", "image"].includes(event.request.destination)) {
    event.respondWith(fetch(event.request).catch(async () => (await caches.match(event.request)) ?? Response.error()));
  }
});
