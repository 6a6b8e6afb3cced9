// Takes exports out of a WebAssembly module that nothing calls, so that wasm-opt can drop what is behind them:
//
//   node .ci/trim.mjs IN.wasm OUT.wasm
//
// Leptos brings streams for server functions whose answers are streams. We have none, but wasm-bindgen exports their classes.
import { readFile, writeFile } from 'node:fs/promises';
import binaryen from 'binaryen';

const UNUSED = /^(__wbg_)?intounderlying(source|sink|bytesource)_/;

const [input, output] = process.argv.slice(2);
const module = binaryen.readBinary(await readFile(input));
const exports = Array.from({ length: module.getNumExports() }, (_, at) => binaryen.getExportInfo(module.getExportByIndex(at)).name);
for (const name of exports.filter((name) => UNUSED.test(name))) module.removeExport(name);
await writeFile(output, module.emitBinary());
