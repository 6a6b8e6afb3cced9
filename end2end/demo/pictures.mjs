// Photographs the demonstration for the README.

import path from 'node:path';
import { chromium } from '@playwright/test';
import { browserPath } from '../browser.mjs';
import { base, inhabit } from './server.mjs';

const FOLDER = path.resolve(import.meta.dirname, '../../docs');

await inhabit(async ([maya, , , , ingrid]) => {
  const browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox'] });
  const scenes = [
    { name: 'public-profile', who: ingrid, page: await maya.profile(), colorScheme: 'light', height: 900 },
    { name: 'people', who: maya, page: '/people', colorScheme: 'dark', height: 860 },
  ];
  for (const { name, who, page, colorScheme, height } of scenes) {
    const context = await browser.newContext({ baseURL: base, colorScheme, viewport: { width: 1120, height } });
    await context.addCookies(who.cookies());
    const tab = await context.newPage();
    await tab.goto(page, { waitUntil: 'networkidle' });
    await tab.screenshot({ path: path.join(FOLDER, `${name}.png`), animations: 'disabled' });
    await context.close();
  }
  await browser.close();
});
