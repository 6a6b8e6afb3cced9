// Makes the files of the site from the bindings of WebAssembly, style/ and public/:
//
//   node .ci/site.mjs BINDINGS SITE
//
// With `--names SITE` it prints the names in the site instead, joined by commas: `main.rs` is compiled anew when they change.
// A file whose content is the same is left as it is, so that nothing is compiled for it.
import browserslist from 'browserslist';
import { transform } from 'esbuild';
import { browserslistToTargets, bundle } from 'lightningcss';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** Compressed already. */
const STORED = /\.(png|jpe?g|webp|woff2)$/;

async function filesOf(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name))).sort();
}

async function smallScript(code) {
  return Buffer.from((await transform(code, { minify: true, target: 'es2022', format: 'esm' })).code);
}

async function contents(bindings) {
  const files = new Map();
  for (const name of await filesOf('public')) {
    const content = await readFile(path.join('public', name));
    files.set(name, /^[^/]*\.js$/.test(name) ? await smallScript(content.toString()) : content);
  }
  const targets = browserslistToTargets(browserslist('defaults'));
  files.set('pkg/nameplate.css', Buffer.from(bundle({ filename: 'style/main.css', minify: true, targets }).code));
  files.set('pkg/nameplate.js', await smallScript(await readFile(path.join(bindings, 'nameplate.js'), 'utf8')));
  files.set('pkg/nameplate.wasm', await readFile(path.join(bindings, 'nameplate.wasm')));
  return files;
}

async function compressed(name, content) {
  if (STORED.test(name)) return [];
  const quality = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
  const encodings = [
    [`${name}.br`, await promisify(brotliCompress)(content, { params: quality })],
    [`${name}.gz`, await promisify(gzip)(content, { level: 9 })],
  ];
  return encodings.filter(([, encoded]) => encoded.length < content.length);
}

async function writeIfNew(file, content) {
  const old = await readFile(file).catch(() => undefined);
  if (old?.equals(content)) return;
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, content);
}

const [first, site] = process.argv.slice(2);
if (first === '--names') {
  console.log((await filesOf(site)).join(','));
} else {
  const written = new Set();
  for (const [name, content] of await contents(first)) {
    for (const [file, bytes] of [[name, content], ...(await compressed(name, content))]) {
      await writeIfNew(path.join(site, file), bytes);
      written.add(path.normalize(file));
    }
  }
  for (const name of (await filesOf(site)).filter((name) => !written.has(name))) await rm(path.join(site, name));
}
