import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { setUpApp } from './authenticator';
import { expect, open, rename, signIn, test } from './fixtures';
import { expectHeading, expectRefused, expectSignIn, fillSignIn, signOut } from './forms';
import { freshEmail, freshPhone } from './rest';

const said = (page: Page, words: string | RegExp) => expect(page.getByRole('main')).toContainText(words);

test('the score leads to what is missing', { tag: '@every' }, async ({ own: page }) => {
  await open(page, '/security');
  await expect(page.getByRole('img', { name: '40 of 100, Weak' })).toBeVisible();
  await page.getByRole('link', { name: /Verify your mobile number/ }).click();
  await expectHeading(page, 'Mobile number');
  const phone = freshPhone();
  await page.getByLabel('New mobile number').fill(phone.written);
  await page.getByRole('button', { name: 'Send a code' }).click();
  await expectHeading(page, 'Check your phone');
  await page.getByRole('link', { name: 'Mobile number' }).click();
  await said(page, phone.e164);
  await page.getByRole('link', { name: 'Enter the code' }).click();
  await expectHeading(page, 'Check your phone');
});

test('a mobile number is verified by its code', async ({ own: page, mailbox }) => {
  const phone = freshPhone();
  await open(page, '/security/phone');
  await page.getByLabel('New mobile number').fill(phone.written);
  await page.getByRole('button', { name: 'Send a code' }).click();
  await page.getByLabel('Six-digit code').fill(await mailbox.code(phone.e164));
  await page.getByRole('button', { name: 'Confirm' }).click();
  await expect(page.getByRole('status')).toContainText('Mobile number verified');
  await open(page, '/security');
  await expect(page.getByRole('img', { name: '65 of 100, Medium' })).toBeVisible();
});

test('another address waits for its code, and can be taken back by the old one', async ({ own: page, account, mailbox, anotherBrowser }) => {
  const email = freshEmail();
  await open(page, '/security/email');
  await page.getByLabel('New e-mail address').fill('nowhere');
  await page.getByRole('button', { name: 'Change and send the code' }).click();
  const field = page.getByLabel('New e-mail address');
  await expectRefused(field, 'Write the whole address, like name@example.com.');
  await expect(field).toHaveValue('nowhere');
  await field.fill(email);
  await page.getByRole('button', { name: 'Change and send the code' }).click();
  await expectHeading(page, 'Check your e-mail');
  await page.getByLabel('Six-digit code').fill(await mailbox.code(email));
  await page.getByRole('button', { name: 'Confirm' }).click();
  await expect(page.getByRole('status')).toContainText('E-mail address verified');

  const link = async () => {
    const messages = await mailbox.messages(account.email);
    return messages.map(({ text }) => /\/undo\?token=\S+/.exec(text)?.[0]).find(Boolean);
  };
  await expect.poll(link).toBeTruthy();
  const owner = await anotherBrowser();
  await owner.goto((await link())!);
  await expectHeading(owner, 'Take the change back?');
  await owner.getByRole('button', { name: 'Take it back' }).click();
  await expectHeading(owner, 'Taken back');
  await page.goto('/security');
  await expectSignIn(page);
  await owner.goto((await link())!);
  await expectHeading(owner, 'This link no longer works');
  await owner.getByRole('link', { name: 'Sign in' }).last().click();
  await fillSignIn(owner, account.email, account.password);
  await owner.goto('/security/email');
  await said(owner, account.email);
});

test('a change that waits can be cancelled', async ({ own: page, account }) => {
  const email = freshEmail();
  await open(page, '/security/email');
  await page.getByLabel('New e-mail address').fill(email);
  await page.getByRole('button', { name: 'Change and send the code' }).click();
  await page.getByRole('button', { name: 'Cancel the change' }).click();
  await expect(page.getByRole('status')).toContainText('The change is cancelled');
  await said(page, account.email);
  await expect(page.getByRole('main')).not.toContainText(email);
});

test('a username is looked up when the field is left', { tag: '@script' }, async ({ page, account, rest }) => {
  const username = await rename(page.context(), await rest.register());
  await signIn(page.context(), account);
  await open(page, '/security/username');
  const field = page.getByLabel('New username');
  await field.fill('countess-of-lovelace');
  await field.blur();
  await expect(page.getByRole('status')).toHaveText('countess-of-lovelace is free.');
  await field.fill('admin');
  await field.blur();
  await expect(page.getByRole('status')).toContainText('That name is reserved.');
  await field.fill(username);
  await field.blur();
  await expect(page.getByRole('status')).toContainText('That username is taken.');
  await expect(page.getByRole('status').getByRole('link')).toHaveCount(5);
  await page.getByRole('status').getByRole('link').first().click();
  await expect(page.getByRole('status')).toContainText('is free.');
});

test('another username signs out everywhere', async ({ own: page, account }) => {
  const name = `lovelace${Date.now().toString(36)}`;
  await open(page, '/security/username');
  await page.getByLabel('New username').fill(name);
  await page.getByRole('button', { name: 'Change username' }).click();
  await expectSignIn(page);
  await expect(page.getByRole('status')).toContainText(`You are ${name} now.`);
  await fillSignIn(page, account.email, account.password);
  await open(page, '/security');
  await said(page, name);
});

test('recovery codes are shown once, to be copied, downloaded and printed', async ({ own: page, account }) => {
  const scripted = test.info().project.use.javaScriptEnabled ?? true;
  const { codes } = await setUpApp(page);
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download' }).click()]);
  expect(download.suggestedFilename()).toBe('recovery-codes.txt');
  const file = await readFile(await download.path(), 'utf8');
  for (const code of codes) expect(file).toContain(code);

  await expect(page.getByRole('button', { name: 'Print' })).toBeVisible({ visible: scripted });
  if (scripted) {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy' }).click();
    await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(codes.join('\n'));
  }
  await page.getByRole('link', { name: 'I have kept them' }).click();
  await said(page, '10 of 10 left');
  await page.goto('/security/two-factor/codes');
  await expect(page).toHaveURL('/security/two-factor');

  await page.getByRole('button', { name: 'Make new codes: Recovery codes' }).click();
  await expectHeading(page, 'Your recovery codes');
  expect(await page.locator('.codes li').allTextContents()).not.toContain(codes[0]);

  await page.goto('/security/two-factor/off');
  await page.getByLabel('Password', { exact: true }).fill(account.password);
  await page.getByRole('button', { name: 'Turn off' }).click();
  await expect(page.getByRole('status')).toContainText('Two-step verification is off');
});

test('sessions elsewhere are ended from here', async ({ own: page, account, anotherBrowser }) => {
  const elsewhere = await anotherBrowser();
  await signIn(elsewhere.context(), account);
  await open(page, '/security');
  const sessions = page.getByRole('region', { name: 'Where you are signed in' });
  await expect(sessions.getByText('This session')).toHaveCount(1);
  await sessions.getByRole('button', { name: /^End session: Chrome/ }).click();
  await expect(page.getByRole('status')).toContainText('Session ended');
  await elsewhere.goto('/profile');
  await expectSignIn(elsewhere);

  await signIn(elsewhere.context(), account);
  await page.reload();
  await sessions.getByRole('button', { name: 'End all other sessions' }).click();
  await expect(page.getByRole('status')).toContainText('All other sessions ended');
  await expect(sessions.getByRole('button')).toHaveCount(0);
  await elsewhere.goto('/profile');
  await expectSignIn(elsewhere);
});

test('deactivating takes the password, and keeps what was typed', async ({ own: page, account }) => {
  await open(page, '/security');
  await page.getByRole('link', { name: 'Deactivate my account…' }).click();
  const password = page.getByLabel('Password', { exact: true });
  await page.getByLabel('Why?').fill('Too many letters.');
  await password.fill('Not-the-password-7');
  await page.getByRole('button', { name: 'Deactivate account' }).click();
  await expectRefused(password, 'That is not your current password.');
  await expect(page.getByLabel('Why?')).toHaveValue('Too many letters.');
  await password.fill(account.password);
  await page.getByRole('button', { name: 'Deactivate account' }).click();
  await expectSignIn(page);
  await expect(page.getByRole('status')).toContainText('Your account is deactivated.');
  await fillSignIn(page, account.email, account.password);
  await expect(page.getByRole('alert')).toContainText('This account is locked.');
});

test('the password in between keeps its page', { tag: '@once' }, async ({ own: page, account }) => {
  await open(page, '/step-up?next=%2Fsecurity%2Fphone');
  const password = page.getByLabel('Password', { exact: true });
  await password.fill('Not-the-password-7');
  await page.getByRole('button', { name: 'Continue' }).click();
  await expectRefused(password, 'That is not your current password.');
  await password.fill(account.password);
  await page.getByRole('button', { name: 'Continue' }).click();
  await expectHeading(page, 'Mobile number');
  await signOut(page);
});
