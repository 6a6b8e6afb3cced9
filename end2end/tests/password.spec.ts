import type { Page } from '@playwright/test';
import { expectAccepted, expectProfile, expectRefused, expectSignIn, fillSignIn } from './forms';
import { expect, open, signIn, test } from './fixtures';
import { NEW_PASSWORD } from './rest';

function fields(page: Page) {
  return {
    current: page.getByLabel('Current password', { exact: true }),
    next: page.getByLabel('New password', { exact: true }),
    again: page.getByLabel('New password again', { exact: true }),
  };
}

async function change(page: Page, current: string, next: string, again = next): Promise<void> {
  const form = fields(page);
  await form.current.fill(current);
  await form.next.fill(next);
  await form.again.fill(again);
  await page.getByRole('button', { name: 'Change password' }).click();
}

test('a change signs out everywhere and is told by mail', async ({ own: page, anotherBrowser, account, rest, mailbox }) => {
  const other = await anotherBrowser();
  await signIn(other.context(), account);
  await open(other, '/profile');
  await expectProfile(other);

  await open(page, '/profile');
  await change(page, account.password, NEW_PASSWORD);
  await expectSignIn(page);
  await expect(page.getByRole('status')).toContainText('Password changed. Sign in with the new one.');

  await other.goto('/profile');
  await expectSignIn(other);
  expect(await rest.signIn(account, account.password)).toBe(403);
  await mailbox.expectMessage(account.email, 'Your Nameplate password was changed');
  await fillSignIn(page, account.email, NEW_PASSWORD);
  await expectProfile(page);
});

test('a wrong current password changes nothing', async ({ own: page, account, rest }) => {
  await open(page, '/profile');
  await change(page, 'Not-the-password-7', NEW_PASSWORD);
  await expectRefused(fields(page).current, 'That is not your current password.');
  await expectProfile(page);
  expect(await rest.signIn(account, NEW_PASSWORD)).toBe(403);
});

test('what is wrong with a new password stands beside it', async ({ own: page, account }) => {
  await open(page, '/profile');
  await change(page, account.password, 'short');
  await expectRefused(fields(page).next, 'Use at least 8 characters.');

  await change(page, account.password, account.password);
  await expectRefused(fields(page).next, 'That is your present password.');

  await change(page, account.password, NEW_PASSWORD, `${NEW_PASSWORD}!`);
  await expectRefused(fields(page).again, 'The two entries differ.');
  await expectAccepted(fields(page).next);

  await change(page, '', '', '');
  await expectRefused(fields(page).current, 'Enter your password.');
  await expectRefused(fields(page).next, 'Enter a new password.');
});

test('fifteen characters of anything are enough', async ({ own: page, account, rest }) => {
  const phrase = 'uzun bir yol ve dört kuş';
  await open(page, '/profile');
  await change(page, account.password, phrase);
  await expectSignIn(page);
  expect(await rest.signIn(account, phrase)).toEqual(expect.any(String));
});

test('the page says while one types how good a password is', { tag: '@script' }, async ({ own: page, account }) => {
  await open(page, '/profile');
  const { next, again } = fields(page);
  const met = (rule: string) => page.getByRole('listitem').filter({ hasText: rule });
  await next.pressSequentially('quiet');
  await expect(met('A lower case letter')).toHaveClass(/is-met/);
  await expect(met('8 characters or more')).not.toHaveClass(/is-met/);
  await expect(page.getByText('Very weak')).toBeVisible();

  await next.fill(NEW_PASSWORD);
  for (const rule of ['8 characters or more', 'An upper case letter', 'A digit', 'A special character']) {
    await expect(met(rule)).toHaveClass(/is-met/);
  }
  await expect(page.getByText('Strong', { exact: true })).toBeVisible();

  // What only the server knows is said before anything is sent for good.
  await next.fill(`${account.email}A1!`);
  await expectRefused(next, 'Leave out your name');

  await next.fill(NEW_PASSWORD);
  await again.fill('Something else');
  await expect(page.getByText('The two new passwords differ.')).toBeVisible();
  await again.fill(NEW_PASSWORD);
  await expect(page.getByText('Both are the same.')).toBeVisible();
});

test('each password can be shown and hidden', { tag: '@script' }, async ({ own: page }) => {
  await open(page, '/profile');
  const toggles = page.getByRole('button', { name: 'Show password' });
  await expect(toggles).toHaveCount(3);
  for (const [index, field] of Object.values(fields(page)).entries()) {
    await field.fill('Visible?');
    await toggles.nth(index).click();
    await expect(field).toHaveAttribute('type', 'text');
    await toggles.nth(index).click();
    await expect(field).toHaveAttribute('type', 'password');
  }
});
