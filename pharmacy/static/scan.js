// A wedge scanner types what it scanned. Whatever has the focus, the code arrives whole and is told from typing.

// The longest pause between two characters of a scanner, on a slow machine too, and the shortest text that can
// be a code. Somebody who types so fast outside a field meant the box that finds.
export const PAUSE_MS = 200;
const SHORTEST = 6;

// A scanner sends the group separator as Ctrl+], which an input drops; put it back into the text.
export function keepGroupSeparators(field) {
  field.addEventListener("keydown", (event) => {
    if (isGroupSeparator(event)) {
      event.preventDefault();
      field.setRangeText("\x1d", field.selectionStart, field.selectionEnd, "end");
    }
  });
}

// Say beside a scan field that Caps Lock is on: it swaps the letters of what the scanner types.
export function warnOfCapsLock() {
  document.addEventListener("keydown", (event) => {
    const field = event.target;
    if (!field.matches?.("[data-scan]")) return;
    let words = field.parentElement.querySelector(".caps-lock");
    if (!words) {
      words = document.createElement("p");
      words.className = "caps-lock";
      words.setAttribute("role", "status");
      field.after(words);
    }
    const isOn = event.getModifierState("CapsLock");
    words.textContent = isOn ? "Caps Lock is on. Turn it off: it changes the letters of a scan." : "";
  });
}

// What is typed or scanned beside any field goes into the page's scan field.
export function keepFocus() {
  findScanField()?.focus();
  document.addEventListener("keydown", (event) => {
    const isText = event.key.length === 1 && !event.altKey && !event.metaKey;
    const isFree = !isInField(event.target) && !event.target.closest("a, button, summary");
    if (isText && isFree) findScanField()?.focus();
  });
}

export function findScanField() {
  return [...document.querySelectorAll("[data-scan]")].at(-1);
}

// A scan outside a form: characters as fast as only a scanner types, ended by Enter. It fires no link, no button
// and no shortcut; `open` gets its text.
export function watchScans(open) {
  let text = "";
  let last = -PAUSE_MS;
  document.addEventListener("keydown", (event) => {
    if (isInField(event.target) || document.querySelector("dialog[open]")) return;
    const isFast = event.timeStamp - last < PAUSE_MS;
    last = event.timeStamp;
    if (event.key === "Enter" || event.key === "Tab") {
      const isScan = isFast && text.length >= SHORTEST;
      if (isScan) {
        event.preventDefault();
        event.stopImmediatePropagation();
        open(text);
      }
      text = "";
      return;
    }
    const character = isGroupSeparator(event) ? "\x1d" : event.key;
    if (character.length === 1) text = isFast ? text + character : character;
  }, { capture: true });
}

export function isInField(element) {
  return Boolean(element.closest("input, textarea, select, [contenteditable]"));
}

function isGroupSeparator(event) {
  return event.ctrlKey && (event.code === "BracketRight" || event.key === "]");
}
