// Before the session ends, say so; when it has ended, cover the page. Any key or touch asks the server to go on.
export function watchIdle(body) {
  const minutes = Number(body.dataset.idleMinutes);
  if (!minutes) return;
  let last = Date.now();
  for (const kind of ["keydown", "pointerdown"]) {
    document.addEventListener(kind, () => { if (!veil) last = Date.now(); });
  }
  let veil = null;
  setInterval(() => {
    const left = minutes * 60 - (Date.now() - last) / 1000;
    if (left > 60) return;
    if (!veil) {
      veil = document.createElement("div");
      veil.className = "idle-veil";
      veil.setAttribute("role", "alertdialog");
      veil.tabIndex = -1;
      document.body.append(veil);
      veil.focus();
      veil.addEventListener("click", () => { veil.remove(); veil = null; last = Date.now(); fetch("/awake"); });
    }
    veil.textContent = left > 0
      ? "Your session ends in less than a minute. Touch here to go on."
      : "Your session has ended. Touch here, and sign in again when asked; what you typed is kept.";
  }, 5000);
}
