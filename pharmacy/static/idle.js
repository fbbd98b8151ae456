// Before the session ends, say so; when it has ended, cover the page. Only the server says whether to go on.
const CHECK_EVERY = 5000;
const TELL_EVERY = 60000;

export function watchIdle(body) {
  const minutes = Number(body.dataset.idleMinutes);
  if (!minutes) return;
  let last = Date.now();
  let told = last;
  let used = false;
  let ended = false;
  const veil = makeVeil(body, goOn);

  for (const kind of ["keydown", "pointerdown"]) {
    document.addEventListener(kind, () => {
      if (veil.box.open) return;
      last = Date.now();
      used = true;
      tell();
    });
  }
  setInterval(() => {
    tell();
    const left = minutes * 60 - (Date.now() - last) / 1000;
    if (left > 60) return;
    if (left <= 0) ended = true;
    veil.show(ended);
  }, CHECK_EVERY);

  // Somebody who only types sends no page: tell the server that they are there, once a minute at most.
  async function tell() {
    if (!used || veil.box.open || Date.now() - told < TELL_EVERY) return;
    used = false;
    told = Date.now();
    if ((await ask()) === "ended") cover();
  }

  async function goOn() {
    const answer = await ask();
    if (answer === "awake") {
      ended = false;
      last = told = Date.now();
      veil.hide();
    } else if (answer === "ended") {
      cover();
    } else {
      veil.say("The pharmacy cannot be reached. Try again.");
    }
  }

  function cover() {
    ended = true;
    last = 0;
    veil.show(true);
  }
}

async function ask() {
  try {
    const answer = await fetch("/awake", { redirect: "manual", cache: "no-store" });
    if (answer.status === 204) return "awake";
    return answer.type === "opaqueredirect" ? "ended" : "unknown";
  } catch {
    return "unknown";
  }
}

// A modal box: nothing behind it can be reached or read, with the mouse or the keyboard.
function makeVeil(body, goOn) {
  const box = document.createElement("dialog");
  box.className = "idle-veil";
  box.setAttribute("aria-labelledby", "idle-title");
  const title = document.createElement("h2");
  title.id = "idle-title";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-primary";
  button.textContent = "Go on";
  const link = document.createElement("a");
  link.href = "/sign-in";
  link.textContent = "Sign in";
  box.append(title, button, link);
  body.append(box);
  button.addEventListener("click", goOn);
  box.addEventListener("cancel", (event) => {
    event.preventDefault();
    goOn();
  });
  // A browser closes the box at a second Escape, whatever the page says: open it again.
  let allowed = true;
  box.addEventListener("close", () => { if (!allowed) box.showModal(); });
  const say = (words) => { if (title.textContent !== words) title.textContent = words; };
  return {
    box,
    say,
    show(ended) {
      say(ended
        ? "Your session has ended. Sign in to go on."
        : "Your session ends in less than a minute.");
      link.hidden = !ended;
      allowed = false;
      if (!box.open) {
        box.showModal();
        button.focus();
      }
    },
    hide() {
      allowed = true;
      box.close();
    },
  };
}
