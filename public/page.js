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
const PATIENCE = 5000; // milliseconds; who presses again after them has stopped the first try, or wonders

const rest = () => {
  for (const form of document.querySelectorAll("[data-sending]")) delete form.dataset.sending;
  for (const button of document.querySelectorAll(".is-busy[aria-busy]")) {
    button.classList.remove("is-busy");
    button.removeAttribute("aria-busy");
  }
};

let resting;
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if ("sending" in form.dataset) return event.preventDefault();
  form.dataset.sending = "";
  clearTimeout(resting);
  resting = setTimeout(rest, PATIENCE);
  event.submitter?.classList.add("is-busy");
  event.submitter?.setAttribute("aria-busy", "true");
  // Shown passwords are hidden again, so that the browser does not offer them as ordinary text later.
  for (const toggle of form.querySelectorAll("[data-reveal][aria-pressed=true]")) toggle.click();
});

// What is wrong with an input stands beside it until it is edited. Once an input is left, this is what any browser can
// tell; islands say what the server refused by a custom validity, and take it back with an event of their own, `valid`.
const part = ({ id }, name) => document.getElementById(`${id}-${name}`);

const describe = (input) => {
  const ids = ["error", "hint"].map((name) => part(input, name)?.id).filter(Boolean);
  if (ids.length) input.setAttribute("aria-describedby", ids.join(" "));
  else input.removeAttribute("aria-describedby");
};

const clear = ({ target: input }) => {
  input.setCustomValidity?.("");
  if (!input.hasAttribute?.("aria-invalid")) return;
  input.removeAttribute("aria-invalid");
  part(input, "error")?.remove();
  describe(input);
};

const mark = (input, sentence) => {
  const foot = input.closest(".field")?.querySelector(".field__foot");
  if (!foot || !sentence) return;
  if (!part(input, "error")) {
    foot.prepend(document.getElementById("field-error").content.cloneNode(true));
    foot.firstElementChild.id = `${input.id}-error`;
  }
  part(input, "error").lastElementChild.textContent = sentence;
  input.setAttribute("aria-invalid", "true");
  describe(input);
};

document.addEventListener("input", clear, true);
document.addEventListener("valid", clear, true);
document.addEventListener("invalid", (event) => {
  if (!event.target.form.noValidate) return;
  event.preventDefault();
  mark(event.target, event.target.validationMessage);
}, true);
document.addEventListener("change", ({ target: input }) => {
  const { valueMissing, typeMismatch, patternMismatch } = input.validity ?? {};
  mark(input, valueMissing ? input.dataset.missing : (typeMismatch || patternMismatch) && input.dataset.wrong);
});

// A menu does not lie over what has the focus (WCAG 2.2, 2.4.11).
document.addEventListener("focusin", ({ target }) => {
  const menu = document.querySelector(":popover-open");
  if (menu && !menu.contains(target) && target.popoverTargetElement !== menu) menu.hidePopover();
});

// What is typed is not lost by leaving without a word.
addEventListener("beforeunload", (event) => {
  if (document.querySelector("form[data-unsaved]")) event.preventDefault();
});

// The way back may show the page as it was left, on its way; and whoever stops it, or stays when asked, is here still.
addEventListener("pageshow", ({ persisted }) => persisted && rest());
window.navigation?.addEventListener("navigateerror", rest);

// A camera is offered where there is one.
const cameras = document.querySelectorAll("[data-camera]");
if (cameras.length) {
  navigator.mediaDevices?.enumerateDevices().then((devices) => {
    const none = !devices.some(({ kind }) => kind === "videoinput");
    for (const button of cameras) button.hidden = none;
  });
}

// What has no place of its own on the page is announced to those who do not see it.
const announce = (words) => {
  document.getElementById("announcer").textContent = words;
};
document.addEventListener("announce", ({ detail }) => announce(detail));

// <b data-countdown="seconds" data-over="what the line says then" data-then="what is announced then, where the line goes"
//    data-enables="id of a button">.
for (const clock of document.querySelectorAll("[data-countdown]")) {
  const { countdown, over, then, enables } = clock.dataset;
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
    if (countdown > 0) announce(over ?? then);
    if (over) clock.parentElement.textContent = over;
    else clock.parentElement.remove();
  };
  if (button) button.disabled = true;
  const timer = setInterval(tick, 1000);
  tick();
}

// Times are said in the time zone of the browser, until another one is chosen.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const [prefix, secure] = location.protocol === "https:" ? ["__Host-", "; Secure"] : ["", ""];
if (zone) document.cookie = `${prefix}zone=${zone}; Path=/; Max-Age=34560000; SameSite=Lax${secure}`;

// The time zones to choose from are those that the browser knows.
document.addEventListener("focusin", ({ target: { list } }) => {
  if (list?.id === "zones" && !list.firstChild) list.append(...Intl.supportedValuesOf("timeZone").map((name) => new Option(name)));
});
