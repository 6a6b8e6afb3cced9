import { existsSync } from 'node:fs';

/** The browser of this machine; where there is none, the one that a tool brings. */
export const browserPath = [
  '/usr/bin/google-chrome',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
].find(existsSync);
