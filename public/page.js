// What plain pages gain from script. Every one of them works without it.

const root = document.documentElement;
root.dataset.script = "";

// Show and hide a password: <button data-reveal="id of the input">.
document.addEventListener("click", ({ target }) => {
  const toggle = target.closest?.("[data-reveal]");
  const input = toggle && document.getElementById(toggle.dataset.reveal);
  if (!input) return;
  const hidden = input.type === "password";
  input.type = hidden ? "text" : "password";
  toggle.setAttribute("aria-pressed", hidden);
});

// A form that is on its way shows it, and is not sent twice. Forms that a script sends itself prevent the default.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if ("sending" in form.dataset) return event.preventDefault();
  form.dataset.sending = "";
  event.submitter?.classList.add("is-busy");
  event.submitter?.setAttribute("aria-busy", "true");
  // Shown passwords are hidden again, so that the browser does not offer them as ordinary text later.
  for (const toggle of form.querySelectorAll("[data-reveal][aria-pressed=true]")) toggle.click();
});

// The way back may show the page as it was left, on its way.
addEventListener("pageshow", ({ persisted }) => {
  if (!persisted) return;
  for (const form of document.querySelectorAll("[data-sending]")) delete form.dataset.sending;
  for (const button of document.querySelectorAll("[aria-busy]")) {
    button.classList.remove("is-busy");
    button.removeAttribute("aria-busy");
  }
});

// <b data-countdown="seconds" data-over="what the line says then" data-enables="id of a button">.
for (const clock of document.querySelectorAll("[data-countdown]")) {
  const { countdown, over, enables } = clock.dataset;
  const button = enables && document.getElementById(enables);
  const end = Date.now() + countdown * 1000;
  const tick = () => {
    const left = Math.ceil((end - Date.now()) / 1000);
    if (left > 0) {
      clock.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
      return;
    }
    clearInterval(timer);
    if (button) button.disabled = false;
    if (over) clock.parentElement.textContent = over;
    else clock.parentElement.remove();
  };
  if (button) button.disabled = true;
  const timer = setInterval(tick, 1000);
  tick();
}
