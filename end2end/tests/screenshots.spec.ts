import path from 'node:path';
import { type Page } from '@playwright/test';
import { signIn, test } from './fixtures';
import { SCENES, SCRIPTED_SCENES } from './scenes';
import { inTurkish } from './turkish';

const FOLDER = path.join(import.meta.dirname, '..', 'results', 'screens');
const WIDTHS = [1280, 768, 390];
const LANGUAGES: Record<string, (page: Page) => Page> = { en: (page) => page, tr: inTurkish };

for (const [language, speaking] of Object.entries(LANGUAGES)) {
  test.describe(language, () => {
    test.use({ locale: language === 'tr' ? 'tr-TR' : 'en-GB' });
    for (const [name, play] of Object.entries({ ...SCENES, ...SCRIPTED_SCENES })) {
      test(`pictures of "${name}"`, { tag: '@script' }, async ({ page, account, rest }) => {
        await play(speaking(page), { account, rest, enter: () => signIn(page.context(), account) });
        for (const width of WIDTHS) {
          await page.setViewportSize({ width, height: 800 });
          for (const colorScheme of ['light', 'dark'] as const) {
            await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
            const file = `${name.replaceAll(' ', '-')}-${width}-${colorScheme}-${language}.png`;
            await page.screenshot({ path: path.join(FOLDER, file), fullPage: true, animations: 'disabled' });
          }
        }
      });
    }
  });
}
