// `/` finds. Other plain-key shortcuts are off until a person turns them on.
export function watchKeys(find) {
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select");
    if (event.key === "/" && !typing && find) {
      event.preventDefault();
      find.focus();
    }
  });
}
