// Plain-key shortcuts are off until a person turns them on, on this machine: localStorage "keys" is "on".
export function watchKeys(find) {
  if (!find || localStorage.getItem("keys") !== "on") return;
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select");
    if (event.key === "/" && !typing) {
      event.preventDefault();
      find.focus();
    }
  });
}
