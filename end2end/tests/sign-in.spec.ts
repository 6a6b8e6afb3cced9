import { expectProfile, expectRefused, expectSignIn, fillSignIn, signOut } from './forms';
import { expect, open, test } from './fixtures';
import { NEW_PASSWORD, freshEmail } from './rest';

test('signing in opens the profile, signing out closes it', async ({ page, account }) => {
  await open(page, '/');
  await expectSignIn(page);
  await fillSignIn(page, account.email, account.password);
  await expectProfile(page);
  await open(page, '/');
  await expectProfile(page);

  await signOut(page);
  await page.goto('/profile');
  await expectSignIn(page);
});

test('upper case and spaces around an address do not matter', { tag: '@once' }, async ({ page, account }) => {
  await open(page, '/login');
  await fillSignIn(page, ` ${account.email.toUpperCase()} `, account.password);
  await expectProfile(page);
});

test('a wrong password and an unknown address get the same answer', async ({ page, account }) => {
  const answers: string[] = [];
  for (const email of [account.email, freshEmail()]) {
    await open(page, '/login');
    await fillSignIn(page, email, 'Not-the-password-7');
    await expect(page.getByRole('alert')).toHaveText(/That does not match/);
    await expect(page.getByLabel('E-mail address')).toHaveValue(email);
    await expect(page.getByLabel('Password', { exact: true })).toHaveValue('');
    answers.push((await page.getByRole('main').ariaSnapshot()).replace(email, 'an address'));
  }
  expect(answers[1]).toBe(answers[0]);
});

test('nothing typed is said beside the fields', async ({ page }) => {
  await open(page, '/login');
  await fillSignIn(page, '', '');
  await expectSignIn(page);
  await expectRefused(page.getByLabel('E-mail address'), 'Enter what you sign in with.');
  await expectRefused(page.getByLabel('Password', { exact: true }), 'Enter your password.');
});

test('the page that was asked for opens after signing in', async ({ page, account }) => {
  await page.goto('/profile?from=mail');
  await expectSignIn(page);
  // A mistake on the way does not forget it.
  await fillSignIn(page, account.email, 'Not-the-password-7');
  await expect(page.getByRole('alert')).toBeVisible();
  await fillSignIn(page, account.email, account.password);
  await expect(page).toHaveURL('/profile?from=mail');
});

for (const next of ['https://evil.example/', '//evil.example/', '/\\evil.example/', '/%09/evil.example', 'javascript:alert(1)']) {
  test(`signing in does not lead to ${next}`, { tag: '@once' }, async ({ page, account }) => {
    await open(page, `/login?next=${encodeURIComponent(next)}`);
    await fillSignIn(page, account.email, account.password);
    await expectProfile(page);
  });
}

test('a forgotten password is set anew with a code', async ({ page, account, rest, mailbox }) => {
  await open(page, '/login');
  await page.getByRole('link', { name: 'Forgot your password?' }).click();
  await page.getByLabel('E-mail address').fill(account.email);
  await page.getByRole('button', { name: 'Send the code' }).click();

  await expect(page.getByRole('heading', { level: 1, name: 'Choose a new password' })).toBeVisible();
  const [code, password] = [page.getByLabel('Six-digit code'), page.getByLabel('New password', { exact: true })];
  const digits = await mailbox.code(account.email);
  for (const [tried, refused] of [['short', true], [NEW_PASSWORD, false]] as const) {
    await code.fill(digits);
    await password.fill(tried);
    await page.getByRole('button', { name: 'Set new password' }).click();
    // A refused password leaves the code good.
    if (refused) await expectRefused(password, 'Use at least 8 characters.');
  }
  await expectSignIn(page);
  await expect(page.getByRole('status')).toContainText('Password changed. Sign in with the new one.');

  expect(await rest.signIn(account, account.password)).toBe(403);
  await fillSignIn(page, account.email, NEW_PASSWORD);
  await expectProfile(page);
  await mailbox.expectMessage(account.email, 'Your Nameplate password was reset');
});

test('asking for a forgotten password tells nothing about accounts', async ({ page, account }) => {
  const answers: string[] = [];
  for (const email of [account.email, freshEmail()]) {
    await open(page, '/forgot');
    await page.getByLabel('E-mail address').fill(email);
    await page.getByRole('button', { name: 'Send the code' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Choose a new password' })).toBeVisible();
    answers.push((await page.getByRole('main').ariaSnapshot()).replace(/\d+:\d\d|\d+ (minutes|seconds)/g, 'a while'));
  }
  expect(answers[1]).toBe(answers[0]);
});

test('a password can be shown and hidden', { tag: '@script' }, async ({ page }) => {
  await open(page, '/login');
  const password = page.getByLabel('Password', { exact: true });
  const toggle = page.getByRole('button', { name: 'Show password' });
  await password.fill('Not-the-password-7');
  await expect(password).toHaveAttribute('type', 'password');
  await toggle.click();
  await expect(password).toHaveAttribute('type', 'text');
  await expect(toggle).toHaveAttribute('aria-pressed', 'true');
  await toggle.press('Space');
  await expect(password).toHaveAttribute('type', 'password');
  await expect(password).toHaveValue('Not-the-password-7');
});
