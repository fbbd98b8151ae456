// Forms of the station are sent so that a lost connection loses nothing: what was typed stays, the page says
// in words that it is not saved yet, and it is sent again until the server answers. The form says at which
// turn its page was made, so that sending it twice does nothing twice.
const TRY_AGAIN = 2000;
const EACH_TRY = 20000;

export function keepSending(root, shown) {
  for (const form of root.querySelectorAll("form[data-step]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (form.dataset.sending) return;
      form.dataset.sending = "1";
      send(form, shown);
    });
  }
}

async function send(form, shown) {
  const body = new FormData(form);
  const lock = (on) => { for (const one of form.querySelectorAll("button")) one.disabled = on; };
  lock(true);
  for (;;) {
    const answer = await post(form.action, body);
    if (answer) {
      const page = await text(answer);
      if (page !== null) {
        sayNotSaved("");
        delete form.dataset.sending;
        lock(false);
        show(answer, page, shown);
        return;
      }
    }
    sayNotSaved("Not saved yet: the pharmacy's computer cannot be reached. Do not go on. It is sent again by itself.");
    await new Promise((later) => { setTimeout(later, TRY_AGAIN); });
  }
}

async function post(address, body) {
  try {
    const answer = await fetch(address, { method: "POST", body, signal: AbortSignal.timeout(EACH_TRY) });
    // A server that stands behind another and is away: the one in front answers for it.
    return [502, 503, 504].includes(answer.status) ? null : answer;
  } catch {
    return null;
  }
}

async function text(answer) {
  try {
    return await answer.text();
  } catch {
    return null;
  }
}

// After an accepted step the next page is opened; a refusal is shown where the step stood.
function show(answer, page, shown) {
  if (answer.redirected) {
    location.assign(answer.url);
    return;
  }
  const found = new DOMParser().parseFromString(page, "text/html");
  document.querySelector("main").replaceWith(found.querySelector("main"));
  document.title = found.title;
  shown(document.querySelector("main"));
}

function sayNotSaved(words) {
  let box = document.querySelector(".not-saved");
  if (!box && words) {
    box = document.createElement("div");
    box.className = "not-saved";
    box.setAttribute("role", "alert");
    document.body.append(box);
  }
  if (box) {
    box.textContent = words;
    box.hidden = !words;
  }
}
