// Fills a scratch installation with believable people and serves it; with `--pictures FOLDER` photographs it for the
// README and ends. Everything goes through the doors that everybody uses.

import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { settle } from './town.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const binary = path.resolve(root, process.env.NAMEPLATE_BINARY ?? 'target/release/nameplate');
const home = path.join(root, 'target/demo');
const listen = `127.0.0.1:${process.env.NAMEPLATE_PORT ?? 3000}`;
const base = `http://${listen}`;

/** Starts a server over an empty data directory, and waits until it is ready. */
async function serve() {
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
  const server = spawn(binary, ['serve'], { cwd: home, env, stdio: 'inherit' });
  for (let tries = 0; tries < 200; tries += 1) {
    if (server.exitCode !== null) throw new Error('the server ended');
    if (await fetch(`${base}/readyz`).then(({ ok }) => ok, () => false)) return server;
    await sleep(100);
  }
  throw new Error('the server does not get ready');
}

/** Photographs pages for the README. */
async function photograph([maya, , , , ingrid], folder) {
  const { chromium } = await import('@playwright/test');
  const executablePath = ['/usr/bin/google-chrome', '/usr/bin/chromium'].find(existsSync);
  const browser = await chromium.launch({ ...(executablePath && { executablePath }), args: ['--no-sandbox'] });
  mkdirSync(folder, { recursive: true });
  const scenes = [
    { name: 'public-profile', who: ingrid, page: await maya.profile(), colorScheme: 'light', height: 900 },
    { name: 'people', who: maya, page: '/people', colorScheme: 'dark', height: 860 },
  ];
  for (const { name, who, page, colorScheme, height } of scenes) {
    const context = await browser.newContext({ baseURL: base, colorScheme, viewport: { width: 1120, height } });
    await context.addCookies(who.cookies());
    const tab = await context.newPage();
    await tab.goto(page, { waitUntil: 'networkidle' });
    await tab.screenshot({ path: path.join(folder, `${name}.png`), animations: 'disabled' });
    await context.close();
  }
  await browser.close();
}

const server = await serve();
const end = () => server.kill('SIGTERM');
process.on('SIGINT', end).on('SIGTERM', end);
try {
  const people = await settle(base);
  const [, , flag, folder] = process.argv;
  if (flag === '--pictures') {
    await photograph(people, path.resolve(folder ?? path.join(root, 'docs')));
    end();
  } else {
    const [maya] = people;
    console.log(`\n  ${people.length} people live at ${base} until Ctrl-C. Their password: ${maya.password}`);
    console.log(`  Sign in as ${maya.email}, or look at ${base}${await maya.profile()} as a stranger.\n`);
  }
} catch (error) {
  end();
  throw error;
}
