// Plain-key shortcuts are off until a person turns them on, on this machine: localStorage "keys" is "on".
import { isInField } from "./scan.js";

// A scanner goes on at once, a person does not: a key with another one so near is part of a scan.
const ALONE_MS = 120;

export function watchKeys(find) {
  if (!find || localStorage.getItem("keys") !== "on") return;
  let waiting = 0;
  let before = -ALONE_MS;
  document.addEventListener("keydown", (event) => {
    const isAlone = event.timeStamp - before >= ALONE_MS;
    before = event.timeStamp;
    clearTimeout(waiting);
    if (event.key !== "/" || isInField(event.target)) return;
    event.preventDefault();
    if (isAlone) waiting = setTimeout(() => find.focus(), ALONE_MS);
  });
}
