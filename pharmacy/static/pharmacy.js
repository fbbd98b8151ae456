// What helps at the keyboard and the scanner; every page works without it.
import { keepGroupSeparators } from "./scan.js";
import { watchIdle } from "./idle.js";
import { watchKeys } from "./keys.js";

for (const field of document.querySelectorAll("[data-scan]")) {
  keepGroupSeparators(field);
  field.focus();
}
const find = document.getElementById("find");
if (find) keepGroupSeparators(find);
document.querySelector(".error-summary")?.focus();
if (document.querySelector("[data-scan], [data-sound]")) {
  import("./sound.js").then((sound) => sound.start());
}
watchIdle(document.body);
watchKeys(find);
if (document.querySelector(".signature-pad")) {
  import("./signature_pad.js").then((pad) => pad.start());
}
if (document.querySelector("body.station")) {
  import("./station.js").then((station) => station.start());
}
