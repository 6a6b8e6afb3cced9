import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { expectSignIn } from './forms';
import { expect, open, signIn, test } from './fixtures';
import { QUADRANTS, picture } from './picture';
import { archiveDialog, chooseToCrop, expectSaid } from './profile-page';
import { SCENES, SCRIPTED_SCENES } from './scenes';

for (const [name, play] of Object.entries({ ...SCENES, ...SCRIPTED_SCENES })) {
  test(`nothing of "${name}" keeps anybody out`, { tag: ['@script', '@every'] }, async ({ page, account, rest }) => {
    await play(page, { account, rest, enter: () => signIn(page.context(), account) });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const { violations } = await new AxeBuilder({ page }).analyze();
      const found = violations.map(({ id, nodes }) => `${colorScheme} ${id}: ${nodes.map(({ html }) => html).join(', ')}`);
      expect(found).toEqual([]);
    }
  });
}

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

test.describe('with the keyboard alone', { tag: '@once' }, () => {
  /** Goes on with Tab until something has the focus, and sees that one can see where that is. */
  async function tabTo(page: Page, target: Locator) {
    for (let stops = 0; stops < 80; stops += 1) {
      await page.keyboard.press('Tab');
      if (await target.evaluate((element) => element === document.activeElement)) {
        const outline = await target.evaluate((element) => {
          const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
          return outlineStyle !== 'none' && outlineWidth !== '0px' ? outlineStyle : boxShadow;
        });
        expect(outline, 'how the focus shows').not.toBe('none');
        return;
      }
    }
    throw new Error(`no Tab leads to ${target}`);
  }

  test('one archives the account', async ({ own: page }) => {
    await open(page, '/profile');
    const dialog = archiveDialog(page);
    const opener = page.getByRole('button', { name: 'Archive my account…' });
    await tabTo(page, opener);
    await page.keyboard.press('Enter');
    await expect(dialog).toBeVisible();

    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
    await expect(opener).toBeFocused();

    await page.keyboard.press('Enter');
    const field = dialog.getByRole('textbox');
    await expect(field).toBeFocused();
    await page.keyboard.type('ARCHIVE MY ACCOUNT');
    await tabTo(page, dialog.getByRole('button', { name: 'Archive account' }));
    await page.keyboard.press('Enter');
    await expectSignIn(page);
  });

  test('one crops and saves a picture', async ({ own: page, account, rest }) => {
    await open(page, '/profile');
    const dialog = await chooseToCrop(page, picture(QUADRANTS));
    const zoom = dialog.getByRole('slider', { name: 'Zoom' });
    await tabTo(page, dialog.getByRole('application', { name: 'Picture to crop' }));
    for (const key of ['+', '+', '+', 'ArrowLeft', 'ArrowUp', ']', '[', '-']) await page.keyboard.press(key);
    expect(Number(await zoom.inputValue())).toBeGreaterThan(0);
    await tabTo(page, zoom);
    const before = Number(await zoom.inputValue());
    await page.keyboard.press('ArrowRight');
    expect(Number(await zoom.inputValue())).toBeGreaterThan(before);
    await tabTo(page, dialog.getByRole('button', { name: 'Upload picture' }));
    await page.keyboard.press('Enter');
    await expectSaid(page, 'Uploaded. Save to use it.');
    await expect(page.getByRole('button', { name: 'Save picture' })).toBeFocused();
    await page.keyboard.press('Enter');
    await expectSaid(page, 'New picture saved');
    expect((await rest.user(account)).avatar).toMatch(/\.webp$/);
  });
});
