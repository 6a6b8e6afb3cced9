import AxeBuilder from '@axe-core/playwright';
import { expect, open, signIn, test } from './fixtures';
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
