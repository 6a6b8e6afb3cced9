import type { Page } from '@playwright/test';
import { expect, islands, open, test } from './fixtures';
import { QUADRANTS, picture } from './picture';
import { archiveDialog, chooseToCrop, expectSaid, profileForm, saved } from './profile-page';
import { NEW_PASSWORD } from './rest';

/** Sees that the forms of the page work as plain ones: what only islands do is not offered. */
async function expectPlainForms(page: Page): Promise<void> {
  await expect(page.getByLabel('Picture file')).toBeVisible();
  await expect(page.getByLabel('Choose a picture')).toBeHidden();
  await expect(archiveDialog(page).getByRole('button', { name: 'Archive account' })).toBeVisible();
  const { bio } = profileForm(page);
  await bio.fill('Saved by a plain form.');
  await Promise.all([page.waitForEvent('domcontentloaded'), page.getByRole('button', { name: 'Save changes' }).click()]);
  await expectSaid(page, /^Saved$/);
  await expect(bio).toHaveValue('Saved by a plain form.');
}

test.describe('when something fails in the browser', { tag: ['@script', '@once'] }, () => {
  test('without WebAssembly the forms are plain ones', async ({ own: page, tolerated }) => {
    tolerated.push(/404/, /WebAssembly|HTTP status/);
    await page.route('**/assets/nameplate*.wasm', (route) => route.fulfill({ status: 404 }));
    await page.goto('/profile');
    await expect(page.locator('html')).toHaveAttribute('data-islands', 'missing');
    await expectPlainForms(page);
  });

  test('an island that fails leaves its plain form, and the others work', async ({ own: page, tolerated }) => {
    tolerated.push(/is not a function/);
    await page.route('**/profile', async (route) => {
      const answer = await route.fetch();
      const body = (await answer.text()).replace(/data-component="(AvatarUploader|ArchiveDialog)/g, 'data-component="Missing$1');
      await route.fulfill({ response: answer, body });
    });
    await open(page, '/profile');
    await expect(page.getByLabel('Choose a picture')).toBeHidden();
    await expect(archiveDialog(page).getByRole('button', { name: 'Archive account' })).toBeVisible();
    await profileForm(page).bio.fill('Saved by an island.');
    await saved(page);
    await page.getByLabel('Picture file').setInputFiles(picture(QUADRANTS));
    await expect(page.getByRole('dialog', { name: 'Crop your picture' })).toBeHidden();
    await page.getByRole('button', { name: 'Save picture' }).click();
    await expectSaid(page, 'New picture saved');
  });

  test('a page that was changed before its islands came still has them all', async ({ own: page, account }) => {
    let changed = () => {};
    const done = new Promise<void>((resolve) => { changed = resolve; });
    await page.route('**/assets/boot*.js', async (route) => {
      await done;
      await route.continue();
    });
    await page.goto('/profile', { waitUntil: 'commit' });
    await page.locator('footer.site-footer').waitFor();
    // As translators and extensions do.
    await page.evaluate(() => {
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      const texts: Node[] = [];
      while (walker.nextNode()) if (walker.currentNode.textContent?.trim()) texts.push(walker.currentNode);
      for (const text of texts.filter(({ parentElement }) => !parentElement?.closest('script, style, textarea, option'))) {
        const font = document.createElement('font');
        text.parentNode!.replaceChild(font, text);
        font.append(document.createElement('font'));
        font.firstElementChild!.append(text);
      }
      for (const input of document.querySelectorAll('input, textarea')) {
        input.setAttribute('data-extension', 'true');
        input.insertAdjacentElement('afterend', document.createElement('extension-button'));
      }
      for (const form of document.querySelectorAll('form')) form.setAttribute('data-extension-form', 'true');
      document.body.prepend(document.createElement('extension-root'));
    });
    changed();
    await islands(page);
    await profileForm(page).bio.fill('Changed by others, saved by me.');
    await saved(page);
    const dialog = await chooseToCrop(page, picture(QUADRANTS));
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Archive my account…' }).click();
    await page.keyboard.press('Escape');
    await page.getByLabel('Current password').fill(account.password);
    await page.getByLabel('New password', { exact: true }).fill(NEW_PASSWORD);
    await page.getByLabel('New password again').fill(NEW_PASSWORD);
    await page.getByRole('button', { name: 'Change password' }).click();
    await expect(page).toHaveURL(/\/login/);
  });

  test('slow WebAssembly leaves the forms usable meanwhile', async ({ own: page }) => {
    await page.route('**/assets/nameplate*.wasm', () => {}); // Never arrives.
    await page.goto('/profile', { waitUntil: 'commit' });
    await profileForm(page).bio.fill('Not waiting.');
    await Promise.all([page.waitForEvent('domcontentloaded'), page.getByRole('button', { name: 'Save changes' }).click()]);
    await expectSaid(page, /^Saved$/);
  });

  test('whoever stays when asked can send the form again', async ({ own: page }) => {
    await open(page, '/profile');
    await profileForm(page).bio.fill('Not saved yet.');
    page.once('dialog', (dialog) => dialog.dismiss());
    await page.getByRole('button', { name: /^Account menu/ }).click();
    const signOut = page.getByRole('button', { name: 'Sign out' });
    await signOut.click();
    await expect(page).toHaveURL(/\/profile/);
    await expect(profileForm(page).bio).toHaveValue('Not saved yet.');
    if (await signOut.isHidden()) await page.getByRole('button', { name: /^Account menu/ }).click();
    page.once('dialog', (dialog) => dialog.accept());
    await expect(async () => {
      await signOut.click({ timeout: 1_000 });
      await expect(page).toHaveURL(/\/login/, { timeout: 2_000 });
    }).toPass();
  });

  test('a form that was stopped on its way can be sent again', async ({ page }) => {
    await page.goto('/login');
    await page.getByLabel('E-mail').fill('nobody@example.com');
    await page.getByLabel('Password', { exact: true }).fill('Some wrong password 12');
    let sent = 0;
    await page.route('**/fn/sign-in', (route) => {
      sent += 1;
      return sent > 1 ? route.continue() : undefined; // The first is held until it is stopped.
    });
    const button = page.getByRole('button', { name: 'Sign in' });
    await button.click({ noWaitAfter: true });
    await expect.poll(() => sent).toBe(1);
    await (await page.context().newCDPSession(page)).send('Page.stopLoading');
    await expect(async () => {
      await button.click({ timeout: 1_000 });
      await expect(page.getByRole('alert').first()).toBeVisible({ timeout: 2_000 });
    }).toPass();
  });

  test('a double click sends a form once', async ({ page }) => {
    await page.goto('/login');
    await page.getByLabel('E-mail').fill('nobody@example.com');
    await page.getByLabel('Password', { exact: true }).fill('Some wrong password 12');
    let sent = 0;
    await page.route('**/fn/sign-in', async (route) => {
      sent += 1;
      await new Promise((resolve) => { setTimeout(resolve, 300); });
      await route.continue();
    });
    await page.getByRole('button', { name: 'Sign in' }).dblclick({ noWaitAfter: true });
    await expect(page.getByRole('alert').first()).toBeVisible();
    expect(sent).toBe(1);
  });

  test('the way back brings a form that can be sent', async ({ page }) => {
    await page.goto('/login');
    await page.getByLabel('E-mail').fill('nobody@example.com');
    await page.getByLabel('Password', { exact: true }).fill('Some wrong password 12');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByRole('alert').first()).toBeVisible();
    await page.goto('/register');
    await page.goBack();
    const button = page.getByRole('button', { name: 'Sign in' });
    await expect(button).not.toHaveAttribute('aria-busy', 'true');
    await page.getByLabel('Password', { exact: true }).fill('Some wrong password 13');
    await button.click();
    await expect(page.getByRole('alert').first()).toBeVisible();
  });
});

test('without script the archive section is a part of the page', { tag: '@no-script' }, async ({ own: page }) => {
  await open(page, '/profile');
  const dialog = (await archiveDialog(page).boundingBox())!;
  const footer = (await page.locator('footer.site-footer').boundingBox())!;
  expect(dialog.y + dialog.height).toBeLessThanOrEqual(footer.y);
});
