// A server of the release over a scratch installation, with people in it.

import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { settle } from './town.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const binary = path.resolve(root, process.env.NAMEPLATE_BINARY ?? 'target/release/nameplate');
const home = path.join(root, 'target/demo');
const listen = `127.0.0.1:${process.env.NAMEPLATE_PORT ?? 3000}`;

/** Where it is. */
export const base = `http://${listen}`;

/** Serves, lets people move in, and does something with them; then ends, unless it answers that the server stays. */
export async function inhabit(work) {
  const server = start();
  const end = () => server.kill('SIGTERM');
  process.on('SIGINT', end).on('SIGTERM', end);
  let stays = false;
  try {
    await ready(server);
    ({ stays = false } = (await work(await settle(base))) ?? {});
  } finally {
    if (!stays) end();
  }
}

/** Over an empty data directory. */
function start() {
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  const env = {
    ...process.env,
    NAMEPLATE__SERVER__LISTEN: listen,
    NAMEPLATE__SERVER__TRUSTED_PROXIES: '127.0.0.1',
    NAMEPLATE__DATA_DIR: path.join(home, 'data'),
    NAMEPLATE__LOG__LEVEL: 'warn',
  };
  // Not from the repository's root, whose nameplate.toml is somebody's own.
  return spawn(binary, ['serve'], { cwd: home, env, stdio: 'inherit' });
}

async function ready(server) {
  for (let tries = 0; tries < 200; tries += 1) {
    if (server.exitCode !== null) throw new Error('the server ended');
    if (await fetch(`${base}/readyz`).then(({ ok }) => ok, () => false)) return;
    await sleep(100);
  }
  throw new Error('the server does not get ready');
}
