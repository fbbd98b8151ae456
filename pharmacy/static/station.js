// The station: its one field keeps the focus, so that a scan or a typed number always lands there.
export function start() {
  const field = document.querySelector(".station-step input:not([type=hidden])");
  field?.focus();
  document.addEventListener("click", (event) => {
    if (field && !event.target.closest("a, button, input, select, label")) field.focus();
  });
}
