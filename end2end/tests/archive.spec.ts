import type { Page } from '@playwright/test';
import { confirm, expectProfile, expectRefused, expectSignIn, fillRegistration, fillSignIn } from './forms';
import { expect, islands, open, signIn, test } from './fixtures';
import { archive, archiveDialog, oneMonthLater } from './profile-page';
import { type Account, NEW_PASSWORD } from './rest';

test('the page says what archiving means and names the day of deletion', async ({ own: page }) => {
  await open(page, '/profile');
  const consequences = page.getByRole('region', { name: 'Archive account' }).getByRole('listitem');
  await expect(consequences.filter({ hasText: `deleted for good on ${oneMonthLater()}` })).toBeVisible();
  await expect(consequences.filter({ hasText: 'For one month you can restore everything' })).toBeVisible();
});

for (const phrase of ['ARCHIVE MY ACCOUNT', 'ARCHİVE MY ACCOUNT']) {
  test(`the phrase ${phrase} archives`, async ({ own: page, anotherBrowser, account, mailbox }) => {
    const other = await anotherBrowser();
    await signIn(other.context(), account);

    await open(page, '/profile');
    await archive(page, phrase);
    await expectSignIn(page);
    await expect(page.getByRole('status')).toContainText(
      `Your account is archived. Sign in before ${oneMonthLater()} to restore it.`,
    );
    await other.goto('/profile');
    await expectSignIn(other);
    await mailbox.expectMessage(account.email, 'Your Nameplate account was archived');
  });
}

test('nothing but the phrase opens the button', { tag: '@script' }, async ({ own: page }) => {
  await open(page, '/profile');
  const dialog = archiveDialog(page);
  await expect(dialog).toBeHidden();
  const opener = page.getByRole('button', { name: 'Archive my account…' });
  await opener.click();
  const [field, button] = [dialog.getByRole('textbox'), dialog.getByRole('button', { name: 'Archive account' })];
  await expect(button).toBeDisabled();
  for (const other of ['archive my account', 'ARCHIVE MY ACCOUNT ', ' ARCHIVE MY ACCOUNT', 'ARCHIVE  MY ACCOUNT', 'ARCHIVE']) {
    await field.fill(other);
    await expect(button, other).toBeDisabled();
  }
  await field.fill('ARCHIVE MY ACCOUNT');
  await expect(button).toBeEnabled();
  await field.fill('ARCHİVE MY ACCOUNT');
  await expect(button).toBeEnabled();

  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(opener).toBeFocused();
  await opener.click();
  await dialog.getByRole('button', { name: 'Keep my account' }).click();
  await expect(dialog).toBeHidden();
  await expectProfile(page);
});

test('the server checks the phrase too', { tag: '@no-script' }, async ({ own: page }) => {
  await open(page, '/profile');
  await archive(page, 'archive my account');
  const field = archiveDialog(page).getByRole('textbox');
  await expectRefused(field, 'That is not the phrase.');
  await expect(field).toHaveValue('archive my account');
  await archive(page, 'ARCHIVE MY ACCOUNT');
  await expectSignIn(page);
});

test.describe('an archived account', () => {
  async function answerRestore(page: Page, account: Account) {
    await open(page, '/login');
    await fillSignIn(page, account.email, account.password);
    await expect(page.getByRole('heading', { level: 1, name: 'Restore your account?' })).toBeVisible();
  }

  test('asks whether to restore it, and comes back as it was', async ({ page, account, rest, mailbox }) => {
    await rest.archive(account);
    await answerRestore(page, account);
    await expect(page.getByText('Welcome back, Ada Byron Lovelace.')).toBeVisible();
    await expect(page.getByRole('definition').filter({ hasText: oneMonthLater() })).toContainText(/\d+ days left/);

    await page.getByRole('link', { name: 'Not now' }).click();
    await expectSignIn(page);
    await page.goto('/profile');
    await expectSignIn(page);

    await answerRestore(page, account);
    await page.getByRole('button', { name: 'Restore my account' }).click();
    await expectProfile(page);
    await islands(page);
    await expect(page.getByLabel('Middle name')).toHaveValue('Byron');
    await mailbox.expectMessage(account.email, 'Your Nameplate account was restored');
  });

  test('does not tell a stranger that it is archived', async ({ page, account, rest }) => {
    await rest.archive(account);
    await open(page, '/login');
    await fillSignIn(page, account.email, 'Not-the-password-7');
    await expect(page.getByRole('alert')).toHaveText(/That does not match/);
  });

  test('comes back by registration, with the new password, once the code is confirmed', async ({
    page,
    account,
    rest,
    mailbox,
  }) => {
    await rest.archive(account);
    await open(page, '/register');
    const { email } = account;
    await fillRegistration(page, { givenName: 'Eve', familyName: 'Else', email, password: NEW_PASSWORD });
    await expect(page.getByRole('heading', { level: 1, name: 'Check your e-mail' })).toBeVisible();
    expect(await rest.signIn(account, NEW_PASSWORD), 'before the code').toBe(403);

    await confirm(page, await mailbox.code(email));
    await expectProfile(page);
    await expect(page.getByLabel('Given name')).toHaveValue('Ada');
    expect(await rest.signIn(account, NEW_PASSWORD)).toEqual(expect.any(String));
    expect(await rest.signIn(account, account.password)).toBe(403);
  });
});
