// The station: its one field keeps the focus, so that a scan or a typed number always lands there, and its
// forms are sent so that a lost connection loses nothing.
import { keepGroupSeparators } from "./scan.js";
import { keepSending } from "./sending.js";
import { sound } from "./sound.js";

// An Enter that comes this soon after a page is the end of the scan before it, or a key that is held down.
const TOO_SOON = 400;

export function start() {
  guardAgainstSecondEnter();
  document.addEventListener("click", (event) => {
    if (!event.target.closest("a, button, input, select, textarea, label, figure")) findField()?.focus();
  });
  prepare(document.querySelector("main"));
}

// Make the page, or what a refused step has put in its place, ready for the next scan.
function prepare(root) {
  keepSending(root, (fresh) => {
    for (const field of fresh.querySelectorAll("[data-scan]")) keepGroupSeparators(field);
    sound();
    prepare(fresh);
  });
  findField()?.focus();
  for (const file of root.querySelectorAll(".station-step input[type=file]")) {
    file.addEventListener("change", () => findField()?.focus());
  }
}

function findField() {
  const fields = ".station-step input:not([type=hidden]):not([type=file])";
  return document.querySelector("[aria-invalid=true]") ?? document.querySelector(fields);
}

function guardAgainstSecondEnter() {
  const opened = performance.now();
  document.addEventListener("keydown", (event) => {
    const confirms = event.target.matches?.("[data-scan]") && !event.target.value;
    if (event.key === "Enter" && confirms && (event.repeat || performance.now() - opened < TOO_SOON)) {
      event.preventDefault();
    }
  }, { capture: true });
}
