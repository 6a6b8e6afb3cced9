import path from 'node:path';
import { defineConfig, type ViewportSize } from '@playwright/test';
import { browserPath, firefoxPath, webkitPath } from './browser.mjs';

const here = import.meta.dirname;
const results = path.join(here, 'results');
export const binary = path.resolve(here, '..', process.env['NAMEPLATE_BINARY'] ?? 'target/release/nameplate');
const listen = `127.0.0.1:${process.env['NAMEPLATE_PORT'] ?? 3900}`;
export const baseURL = `http://${listen}`;
/** How the server under test is configured. */
export const environment = {
  NAMEPLATE__SERVER__LISTEN: listen,
  // Each test comes from an address of its own, so that limits per address do not add up.
  NAMEPLATE__SERVER__TRUSTED_PROXIES: '127.0.0.1',
  NAMEPLATE__DATA_DIR: path.join(results, 'data'),
  NAMEPLATE__LOG__LEVEL: 'warn',
};

/** In the short form a phone runs only what is tagged `@every` or `@touch`; `MATRIX=full` runs everything everywhere, and so do screenshots. */
const SHORT = process.env['MATRIX'] !== 'full' && !process.env['SCREENSHOTS'];

/** `@once`: small tests that ask nothing of the browser's size or scripts. */
function project(name: string, viewport: ViewportSize, script: boolean) {
  const phone = viewport.width < 600;
  const skipped = [script ? '@no-script' : '@script', ...(phone || !script ? ['@once'] : []), ...(phone ? [] : ['@touch'])];
  return {
    name: script ? name : `${name}, no script`,
    grepInvert: new RegExp(skipped.join('|')),
    testIgnore: [WEBKIT, ...(process.env['SCREENSHOTS'] ? [] : ['screenshots.spec.ts'])],
    ...(phone && SHORT && { grep: /@every|@touch/ }),
    use: { viewport, javaScriptEnabled: script, isMobile: phone, hasTouch: phone },
  };
}

/** Tests that drive WebKit by themselves. */
const WEBKIT = 'webkit.spec.ts';

/**
 * Firefox, in which the tests tagged `@engines` run; with `MATRIX=full` the journeys that run everywhere, too. Of what a
 * device can be told to be like, its protocol knows less than that of Chromium.
 */
function firefox(script: boolean) {
  return {
    name: script ? 'firefox' : 'firefox, no script',
    grep: /@engines|@every/,
    grepInvert: new RegExp(script ? '@no-script' : '@script'),
    testIgnore: WEBKIT,
    use: {
      browserName: 'firefox' as const,
      channel: 'moz-firefox',
      viewport: { width: 1280, height: 800 },
      javaScriptEnabled: script,
      trace: 'off' as const,
      launchOptions: { executablePath: path.join(here, 'firefox.mjs') },
    },
  };
}

/**
 * The other engines, with `MATRIX=full` and where they are installed: `MATRIX=full .ci/setup test` installs them on Debian.
 * Not all of what they run passes in them yet.
 */
const others = SHORT || process.env['SCREENSHOTS']
  ? []
  : [
      ...(firefoxPath ? [firefox(true), firefox(false)] : []),
      ...(webkitPath ? [{ name: 'webkit', testMatch: WEBKIT }] : []),
    ];

export default defineConfig({
  testDir: 'tests',
  outputDir: path.join(results, 'traces'),
  snapshotPathTemplate: '{testDir}/snapshots/{arg}{ext}',
  reporter: 'list',
  fullyParallel: true,
  forbidOnly: true,
  workers: 2,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  use: {
    baseURL,
    locale: 'en-GB',
    timezoneId: 'UTC',
    trace: { mode: 'retain-on-failure', screenshots: false, sources: false },
    launchOptions: {
      ...(browserPath && { executablePath: browserPath }),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        // A test pattern in place of a camera.
        '--use-fake-device-for-media-stream',
      ],
    },
  },
  projects: [
    project('desktop', { width: 1280, height: 800 }, true),
    project('desktop', { width: 1280, height: 800 }, false),
    project('phone', { width: 390, height: 844 }, true),
    project('phone', { width: 390, height: 844 }, false),
    ...others,
  ],
  webServer: {
    // Not from the repository's root, whose nameplate.toml is somebody's own.
    cwd: here,
    command: `rm -rf results/data && exec "${binary}" serve`,
    env: environment,
    url: `${baseURL}/readyz`,
    timeout: 30_000,
    reuseExistingServer: false,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 5_000 },
  },
});
