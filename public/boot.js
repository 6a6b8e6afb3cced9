// Brings the page's islands to life, one by one: an island that fails leaves a plain form, and the others alone. The page
// shows what needs an island where `data-hydrated` is, and plain forms where `data-islands` says that none is to come.

const root = document.documentElement;

const [script, program] = document.querySelectorAll("link[data-islands]");

const alive = async () => {
  const module = await import(script.href);
  await module.default({ module_or_path: program.href });
  module.hydrate();
  for (const island of document.querySelectorAll("leptos-island")) {
    try {
      module[island.dataset.component](island);
      island.dataset.hydrated = "";
    } catch (error) {
      console.error(error);
    }
  }
  root.dataset.islands = "ready";
};

if (script) {
  alive().catch((error) => {
    root.dataset.islands = "missing";
    console.error(error);
  });
}
