// A wedge scanner sends the group separator as Ctrl+] which an input drops; put it back into the text.
export function keepGroupSeparators(field) {
  field.addEventListener("keydown", (event) => {
    if (event.ctrlKey && (event.code === "BracketRight" || event.key === "]")) {
      event.preventDefault();
      field.setRangeText("\x1d", field.selectionStart, field.selectionEnd, "end");
    }
  });
}
