import { existsSync } from 'node:fs';

/** The browser of this machine; where there is none, the one that a tool brings. */
export const browserPath = [
  '/usr/bin/google-chrome',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
].find(existsSync);

/** Firefox, where it is. */
export const firefoxPath = ['/usr/bin/firefox-esr', '/usr/bin/firefox', '/Applications/Firefox.app/Contents/MacOS/firefox'].find(
  existsSync,
);

/** The browser of WebKitGTK that can be driven, where it is. */
export const webkitPath = [
  '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser',
  '/usr/lib/aarch64-linux-gnu/webkit2gtk-4.1/MiniBrowser',
  '/usr/libexec/webkit2gtk-4.1/MiniBrowser',
].find((path) => existsSync(path) && existsSync('/usr/bin/WebKitWebDriver') && existsSync('/usr/bin/Xvfb'));
