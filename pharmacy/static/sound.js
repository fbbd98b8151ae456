// The answer to a scan as one sound for right and another for stop, which can be muted on this machine.
const KEY = "sound-muted";
const TONES = { good: [[880, 0, 0.12]], stop: [[220, 0, 0.25], [180, 0.3, 0.7]] };

export function start() {
  addMute(document.querySelector(".bar"));
  sound();
}

// Sound the answer that the page shows now.
export function sound() {
  const answer = document.querySelector("[data-sound]");
  if (answer && !isMuted()) play(answer);
}

function isMuted() { return Boolean(localStorage.getItem(KEY)); }

function words() { return isMuted() ? "Sound is off" : "Sound is on"; }

function addMute(bar) {
  if (!bar) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-outline-light";
  button.textContent = words();
  button.addEventListener("click", () => {
    localStorage.setItem(KEY, isMuted() ? "" : "1");
    button.textContent = words();
  });
  bar.append(button);
}

function play(answer) {
  const audio = new AudioContext();
  for (const [pitch, from, until] of TONES[answer.dataset.sound]) {
    const tone = audio.createOscillator();
    tone.frequency.value = pitch;
    tone.connect(audio.destination);
    tone.start(audio.currentTime + from);
    tone.stop(audio.currentTime + until);
  }
  answer.dataset.sounded = answer.dataset.sound;
}
