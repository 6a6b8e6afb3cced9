// What the security pages gain from script: recovery codes are copied and printed, a username is looked up when its field
// is left.

document.addEventListener("click", async ({ target }) => {
  const button = target.closest?.("[data-copy], [data-print]");
  if (!button) return;
  if ("print" in button.dataset) return print();
  const { copy, done, failed } = button.dataset;
  const lines = [...document.getElementById(copy).children].map((line) => line.textContent.trim());
  // Not there on a page that came over plain HTTP; and a browser may refuse.
  const isCopied = await navigator.clipboard?.writeText(lines.join("\n")).then(() => true, () => false);
  button.classList.toggle("is-done", Boolean(isCopied));
  button.querySelector("span").textContent = isCopied ? done : failed;
  document.dispatchEvent(new CustomEvent("announce", { detail: isCopied ? done : failed }));
});

const verdict = document.getElementById("verdict");
const username = verdict && document.getElementById("username");

username?.addEventListener("input", () => verdict.replaceChildren());

// The page itself says whether a name is free.
username?.addEventListener("change", async () => {
  const wanted = username.value.trim();
  if (!wanted) return;
  const answer = await fetch(`?username=${encodeURIComponent(wanted)}`, { headers: { accept: "text/html" } });
  if (!answer.ok || answer.redirected || wanted !== username.value.trim()) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  verdict.replaceChildren(...(page.getElementById("verdict")?.childNodes ?? []));
});
