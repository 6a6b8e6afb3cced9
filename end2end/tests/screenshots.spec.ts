import path from 'node:path';
import { signIn, test } from './fixtures';
import { SCENES, SCRIPTED_SCENES } from './scenes';

const FOLDER = path.join(import.meta.dirname, '..', 'results', 'screens');

for (const [name, play] of Object.entries({ ...SCENES, ...SCRIPTED_SCENES })) {
  test(`picture of "${name}"`, { tag: '@script' }, async ({ page, account, rest }, { project }) => {
    await play(page, { account, rest, enter: () => signIn(page.context(), account) });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const file = `${name.replaceAll(' ', '-')}-${project.name}-${colorScheme}.png`;
      await page.screenshot({ path: path.join(FOLDER, file), fullPage: true, animations: 'disabled' });
    }
  });
}
