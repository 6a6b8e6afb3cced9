// What the security pages gain from script: recovery codes are copied and printed, a username is looked up when its field
// is left.

document.addEventListener("click", async ({ target }) => {
  const button = target.closest?.("[data-copy], [data-print]");
  if (!button) return;
  if ("print" in button.dataset) return print();
  const { copy, done } = button.dataset;
  const lines = [...document.getElementById(copy).children].map((line) => line.textContent.trim());
  await navigator.clipboard.writeText(lines.join("\n"));
  button.classList.add("is-done");
  button.querySelector("span").textContent = done;
  document.getElementById("copied").textContent = done;
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
