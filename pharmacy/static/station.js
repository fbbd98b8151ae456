// The station: one sound for right and one for stop, which can be muted, and a scan field that keeps the focus.
const KEY = "station-muted";
const TONES = { good: [[880, 0, 0.12]], stop: [[220, 0, 0.25], [180, 0.3, 0.4]] };

export function start() {
  const band = document.querySelector("[data-sound]");
  const mute = addMute(document.querySelector(".station .bar"));
  if (band && !isMuted()) play(TONES[band.dataset.sound]);
  mute?.addEventListener("click", () => {
    localStorage.setItem(KEY, isMuted() ? "" : "1");
    mute.textContent = words();
  });
  const field = document.querySelector(".station-step input:not([type=hidden])");
  field?.focus();
  document.addEventListener("click", (event) => {
    if (field && !event.target.closest("a, button, input, select, label")) field.focus();
  });
}

function isMuted() { return Boolean(localStorage.getItem(KEY)); }

function words() { return isMuted() ? "Sound is off" : "Sound is on"; }

function addMute(bar) {
  if (!bar) return null;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-outline-light";
  button.textContent = words();
  bar.append(button);
  return button;
}

function play(tones) {
  const audio = new AudioContext();
  for (const [pitch, from, until] of tones) {
    const tone = audio.createOscillator();
    tone.frequency.value = pitch;
    tone.connect(audio.destination);
    tone.start(audio.currentTime + from);
    tone.stop(audio.currentTime + until);
  }
}
