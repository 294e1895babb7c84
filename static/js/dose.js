/* The dose works itself out while it is written. The server works it out again, exactly, when it is saved. */

const panel = document.querySelector("[data-dose]");
const POUND = 0.45359237;

function number(name) {
  const text = panel.querySelector(`[name="${name}"]`).value.trim().replace(",", ".");
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : null;
}

const said = (value, unit) => (Number.isFinite(value) ? `${Math.round(value * 100) / 100} ${unit}` : "–");

function show(name, words) {
  panel.querySelector(`[data-out="${name}"]`).textContent = words;
}

function work() {
  const weight = number("weight_g");
  const perKg = number("dose_ug_per_kg");
  const perMl = number("concentration_ug_per_ml");
  const minutes = number("minutes");
  const known = weight !== null && perKg !== null;
  const dose = known ? weight * ("pounds" in panel.dataset ? POUND : 1) * perKg : NaN;
  show("dose", said(dose, "mg"));
  show("volume", known && perMl ? said(dose / perMl, "mL") : "");
  show("rate", said(minutes ? (dose * 60) / minutes : NaN, "mg/h"));
}

panel?.addEventListener("input", work);
