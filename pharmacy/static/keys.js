// Plain-key shortcuts are off until a person turns them on, on this machine: localStorage "keys" is "on".
import { PAUSE_MS, isInField } from "./scan.js";

// No code begins with a key that is a shortcut: one that follows another at once is part of a scan.
export function watchKeys(find) {
  if (!find || localStorage.getItem("keys") !== "on") return;
  let last = -PAUSE_MS;
  document.addEventListener("keydown", (event) => {
    const isAlone = event.timeStamp - last >= PAUSE_MS;
    last = event.timeStamp;
    if (event.key !== "/" || isInField(event.target)) return;
    event.preventDefault();
    if (isAlone) find.focus();
  });
}
