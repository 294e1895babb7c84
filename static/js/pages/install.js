// On a device that the patient called their own: set up the script that keeps when and where. It is told to
// keep the page at once, so that the first time without a connection finds it.

const set = async () => {
  const found = await navigator.serviceWorker.register("/my/worker.js", { scope: "/my" });
  const ready = await navigator.serviceWorker.ready;
  (ready.active ?? found.active)?.postMessage("keep");
};

if ("serviceWorker" in navigator && window.isSecureContext) set().catch(() => {});
