import type { Page } from '@playwright/test';
import { setUpApp } from './authenticator';
import { act, expect, open, test } from './fixtures';
import { expectProfile, expectRefused, expectSignIn, fillSignIn, signOut } from './forms';

const heading = (page: Page) => page.getByRole('heading', { level: 1, name: 'One more step' });

async function turnOnByMail(page: Page) {
  await open(page, '/security/two-factor');
  await page.getByRole('button', { name: 'Turn on two-step verification' }).click();
  await expect(page.getByRole('status')).toContainText('Two-step verification is on.');
  await signOut(page);
}

async function answer(page: Page, label: string, code: string) {
  await page.getByLabel(label, { exact: true }).fill(code);
  await page.getByRole('button', { name: 'Continue' }).click();
}

test('a mailed code completes signing in, and leads to the page that was asked for', async ({ own: page, account, mailbox }) => {
  await turnOnByMail(page);
  await page.goto('/security');
  await fillSignIn(page, account.email, account.password);
  await expect(heading(page)).toBeVisible();
  const code = page.getByLabel('Code', { exact: true });
  await expect(code).toHaveAttribute('autocomplete', 'one-time-code');
  await expect(page.getByRole('main')).toContainText(`${account.email.slice(0, 2)}***@example.com`);
  await expect(page.getByRole('main')).toContainText('5 tries left.');
  await expect(page.getByRole('main')).toContainText('The code works for another');

  await page.goto('/profile');
  await expect(heading(page)).toBeVisible();
  await page.goto('/login?next=%2Fsecurity');
  await answer(page, 'Code', '000000');
  await expectRefused(code, 'That is not the code. 4 tries left.');
  await expect(code).toHaveValue('');

  await page.getByRole('button', { name: 'Send a new code' }).click();
  await expect(page.getByRole('main')).toContainText('5 tries left.');
  await expect
    .poll(async () => (await mailbox.messages(account.email)).filter(({ text }) => /\b\d{6}\b/.test(text)).length)
    .toBeGreaterThanOrEqual(3);
  await answer(page, 'Code', await mailbox.code(account.email));
  await expect(page).toHaveURL('/security');
});

test('an app, a recovery code, and once only', async ({ own: page, account, mailbox }) => {
  const { app, codes } = await setUpApp(page);
  expect(codes).toHaveLength(10);
  await signOut(page);
  await fillSignIn(page, account.email, account.password);
  await expect(page.getByRole('main')).toContainText('Enter the code that your authenticator app shows.');
  await answer(page, 'Code', app.code());
  await expectProfile(page);

  const recover = async () => {
    await signOut(page);
    await fillSignIn(page, account.email, account.password);
    await page.getByRole('link', { name: 'Use a recovery code' }).click();
    await answer(page, 'Recovery code', codes[0]!.toUpperCase());
  };
  await recover();
  await expectProfile(page);
  await mailbox.expectMessage(account.email, /recovery code/i);
  await recover();
  await expectRefused(page.getByLabel('Recovery code', { exact: true }), 'That is not the code.');
  await page.getByRole('button', { name: 'Send a code by e-mail' }).click();
  await answer(page, 'Code', await mailbox.code(account.email));
  await expectProfile(page);
});

test('one can leave the second step', async ({ own: page, account }) => {
  await turnOnByMail(page);
  await fillSignIn(page, account.email, account.password);
  await page.getByRole('button', { name: 'Sign in as someone else' }).click();
  await expectSignIn(page);
  await page.goto('/profile');
  await expectSignIn(page);
});

test('an archived account comes back after the second step', async ({ own: page, account, mailbox }) => {
  await turnOnByMail(page);
  await fillSignIn(page, account.email, account.password);
  await answer(page, 'Code', await mailbox.code(account.email));
  await expectProfile(page);
  await act(page.context(), 'archive-profile', { confirmation: 'ARCHIVE MY ACCOUNT' });
  await page.goto('/profile');
  await expectSignIn(page);

  await fillSignIn(page, account.email, account.password);
  await page.getByRole('button', { name: 'Restore my account' }).click();
  await expect(heading(page)).toBeVisible();
  await expect(page.getByRole('main')).toContainText('Then your archived account comes back');
  await answer(page, 'Code', await mailbox.code(account.email));
  await expectProfile(page);
});
