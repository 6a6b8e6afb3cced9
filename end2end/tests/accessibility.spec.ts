import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, open, signIn, test } from './fixtures';
import { QUADRANTS, picture } from './picture';
import { chooseToCrop, profileForm } from './profile-page';
import { NEW_PASSWORD } from './rest';
import { SCENES, SCRIPTED_SCENES } from './scenes';
import { colours, covered, faint, moving, outOfSight, spread, unmarked } from './sight';

for (const [name, play] of Object.entries({ ...SCENES, ...SCRIPTED_SCENES })) {
  test(`nothing of "${name}" keeps anybody out`, { tag: ['@script', '@every'] }, async ({ page, account, rest, isMobile }) => {
    await play(page, { account, rest, enter: () => signIn(page.context(), account) });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const { violations } = await new AxeBuilder({ page }).analyze();
      const found = violations.map(({ id, nodes }) => `${colorScheme} ${id}: ${nodes.map(({ html }) => html).join(', ')}`);
      expect(found).toEqual([]);
    }
    if (!isMobile) await lookClosely(page);
  });
}

/** Looks at a page as those do who have set their browser up for their eyes. */
async function lookClosely(page: Page) {
  const see = async (how: string, look: () => string[]) => expect.soft(await page.evaluate(look), how).toEqual([]);
  await see('without motion', moving);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ forcedColors: 'active', colorScheme });
    await expectContrast(page);
  }
  await page.emulateMedia({ forcedColors: 'none' });
  // A window of 1280 by 800 pixels at 200 %.
  await page.setViewportSize({ width: 640, height: 400 });
  await see('at 200 %', outOfSight);
  await see('at 200 %, with the focus', covered);
  await page.setViewportSize({ width: 320, height: 640 });
  await see('320 pixels wide', outOfSight);
  await page.evaluate(spread);
  await see('320 pixels wide, with its text spread', outOfSight);
}

/** Sees that everything is told from what is behind it, and the stop that has the focus from the others. */
async function expectContrast(page: Page) {
  // As with the keyboard, the focus then shows.
  await page.keyboard.press('Tab');
  const around = await page.evaluateHandle(colours);
  expect.soft(await page.evaluate(faint, around), 'in forced colours').toEqual([]);
  expect.soft(await page.evaluate(unmarked, around), 'in forced colours, with the focus').toEqual([]);
}

test('in forced colours too one sees how strong a password is, and how far an upload', { tag: ['@script', '@once'] }, async ({
  own: page,
}) => {
  await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' });
  await open(page, '/profile');
  const bar = page.locator('.meter__bar').first();
  const empty = await bar.screenshot();
  await page.getByLabel('New password', { exact: true }).fill(NEW_PASSWORD);
  await expect(page.getByText('Strong', { exact: true })).toBeVisible();
  expect((await bar.screenshot()).equals(empty)).toBe(false);
  await profileForm(page).isPrivate.check();
  await expectContrast(page);

  const dialog = await chooseToCrop(page, picture(QUADRANTS));
  await page.route('**/fn/upload-avatar', () => {}); // Never arrives.
  await dialog.getByRole('button', { name: 'Upload picture' }).click();
  const progress = dialog.getByRole('progressbar');
  const begun = await progress.screenshot();
  await progress.evaluate((element: HTMLProgressElement) => (element.value = 0.5));
  expect((await progress.screenshot()).equals(begun)).toBe(false);
  await expectContrast(page);
});

for (const [name, play] of Object.entries(SCENES)) {
  test(`"${name}" has one main part, one title and a language`, { tag: '@no-script' }, async ({ page, account, rest }) => {
    await play(page, { account, rest, enter: () => signIn(page.context(), account) });
    await expect(page.getByRole('main')).toHaveCount(1);
    await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
    await expect(page).toHaveTitle(/.+ · Nameplate$/);
    await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  });
}

test('a screen reader finds its way on the profile', { tag: '@once' }, async ({ own: page }) => {
  await open(page, '/profile');
  await expect(page.getByRole('banner')).toMatchAriaSnapshot(`
    - banner:
      - link "Nameplate":
        - /url: /
      - 'button "Account menu: Ada Byron Lovelace"'
  `);
  await expect(page.getByRole('main')).toMatchAriaSnapshot({ name: 'profile.aria.yml' });
});

test('the first stop leads past the head of the page', { tag: '@once' }, async ({ own: page }) => {
  await open(page, '/profile');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toBeFocused();
});
