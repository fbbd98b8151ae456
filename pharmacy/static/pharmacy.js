// What helps at the keyboard and the scanner; every page works without it.
import { findScanField, keepFocus, keepGroupSeparators, warnOfCapsLock, watchScans } from "./scan.js";
import { watchIdle } from "./idle.js";
import { watchKeys } from "./keys.js";

const find = document.getElementById("find");
for (const field of document.querySelectorAll("[data-scan], #find")) keepGroupSeparators(field);
document.querySelector(".error-summary")?.focus();
warnOfCapsLock();
keepFocus();
watchScans((text) => {
  const field = findScanField() ?? find;
  if (!field) return;
  field.value = text;
  field.form.requestSubmit();
});
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
