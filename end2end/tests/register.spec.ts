import { confirm, expectAccepted, expectProfile, expectRefused, fillRegistration } from './forms';
import { expect, islands, open, test } from './fixtures';
import { PASSWORD, freshEmail } from './rest';

test('a code leads from the form to the new profile', async ({ page, mailbox }) => {
  const email = freshEmail();
  await open(page, '/login');
  await page.getByRole('link', { name: 'Create an account' }).click();
  await fillRegistration(page, { givenName: 'Ada', familyName: 'Lovelace', email, password: PASSWORD });

  await expect(page.getByRole('heading', { level: 1, name: 'Check your e-mail' })).toBeVisible();
  await expect(page.getByText('We sent a code by e-mail to e2***@example.com')).toBeVisible();
  await expect(page.getByLabel('Six-digit code')).toHaveAttribute('autocomplete', 'one-time-code');
  await confirm(page, await mailbox.code(email));

  await expectProfile(page);
  await islands(page);
  await expect(page.getByLabel('Given name')).toHaveValue('Ada');
  await expect(page.getByLabel('Family name')).toHaveValue('Lovelace');
});

test('a single name is a whole name', async ({ page, mailbox }) => {
  const email = freshEmail();
  await open(page, '/register');
  await fillRegistration(page, { givenName: 'Cher', familyName: '', email, password: PASSWORD });
  await confirm(page, await mailbox.code(email));
  await expectProfile(page);
  await expect(page.getByRole('button', { name: 'Account menu: Cher' })).toBeVisible();
});

test('what is wrong stands beside its field, and what was typed stays', async ({ page }) => {
  await open(page, '/register');
  await fillRegistration(page, { givenName: '', familyName: 'Lovelace', email: 'ada at example', password: 'short' });

  await expect(page).toHaveURL(/\/register$/);
  const [givenName, email] = [page.getByLabel('Given name'), page.getByLabel('E-mail address')];
  const password = page.getByLabel('Password', { exact: true });
  await expect(page.getByRole('alert')).toContainText('Please check 3 fields');
  await expectRefused(givenName, 'Enter your name.');
  await expectRefused(email, 'Write the whole address, like name@example.com.');
  await expectRefused(password, 'Use at least 8 characters.');
  await expectAccepted(page.getByLabel('Family name'));
  await expect(page.getByLabel('Family name')).toHaveValue('Lovelace');
  await expect(email).toHaveValue('ada at example');
  await expect(password).toHaveValue('');

  await page.getByRole('alert').getByRole('link', { name: 'E-mail address' }).click();
  await expect(email).toBeFocused();
});

test('an address is looked at once it is left', { tag: '@script' }, async ({ page }) => {
  await open(page, '/register');
  const email = page.getByLabel('E-mail address');
  await email.pressSequentially('ada at');
  await expectAccepted(email);
  await email.press('Tab');
  await expectRefused(email, 'Write the whole address, like name@example.com.');
  await email.fill('ada@example.com');
  await expectAccepted(email);
});

test('a registration sent twice is one', { tag: ['@script', '@once'] }, async ({ page, mailbox }) => {
  const email = freshEmail();
  await open(page, '/register');
  await page.getByLabel('Given name').fill('Ada');
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Create account' }).dblclick();
  await confirm(page, await mailbox.code(email));
  await expectProfile(page);
});

for (const [password, sentence] of [
  ['Password123!', /Too many people use this one|easy to guess/],
  ['lovelaceada1815!A', /Leave out your name|easy to guess/],
  ['aaaaaaaaaaaaaaaa', /Too many people use this one|easy to guess/],
] as const) {
  test(`the password ${password} is refused`, { tag: '@once' }, async ({ page }) => {
    await open(page, '/register');
    await fillRegistration(page, { givenName: 'Ada', familyName: 'Lovelace', email: freshEmail(), password });
    await expectRefused(page.getByLabel('Password', { exact: true }), sentence);
  });
}

test('a taken address gets the same page, and a mail that says so', async ({ page, account, mailbox }) => {
  const pages: string[] = [];
  for (const email of [freshEmail(), account.email]) {
    await open(page, '/register');
    await fillRegistration(page, { givenName: 'Ada', familyName: 'Lovelace', email, password: PASSWORD });
    await expect(page.getByRole('heading', { level: 1, name: 'Check your e-mail' })).toBeVisible();
    const shown = await page.getByRole('main').ariaSnapshot();
    pages.push(shown.replace(/\d+:\d\d|\d+ (minutes|seconds)/g, 'a while'));
  }
  expect(pages[1]).toBe(pages[0]);
  await mailbox.expectMessage(account.email, 'You already have a Nameplate account');

  await confirm(page, '000000');
  await expectRefused(page.getByLabel('Six-digit code'), 'That is not the code.');
});

test('a wrong code is counted, a new one replaces it', async ({ page, mailbox }) => {
  const email = freshEmail();
  await open(page, '/register');
  await fillRegistration(page, { givenName: 'Ada', familyName: 'Lovelace', email, password: PASSWORD });
  const first = await mailbox.code(email);
  const wrong = first === '123456' ? '654321' : '123456';
  await confirm(page, wrong);
  await expectRefused(page.getByLabel('Six-digit code'), '4 tries left');
  await expect(page.getByLabel('Six-digit code')).toHaveValue('');

  await page.getByRole('button', { name: 'Send a new code' }).click();
  const second = await mailbox.code(email);
  expect(second).not.toBe(first);
  await expect(page.getByLabel('Six-digit code')).not.toHaveAttribute('aria-invalid', 'true');
  await confirm(page, first);
  await expectRefused(page.getByLabel('Six-digit code'), 'That is not the code.');
  await confirm(page, second);
  await expectProfile(page);
});

test('a registration can be completed by signing in later', async ({ page, anotherBrowser, mailbox }) => {
  const email = freshEmail();
  await open(page, '/register');
  await fillRegistration(page, { givenName: 'Ada', familyName: 'Lovelace', email, password: PASSWORD });
  await mailbox.code(email);

  const later = await anotherBrowser();
  await open(later, '/login');
  await later.getByLabel('E-mail address').fill(email);
  await later.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await later.getByRole('button', { name: 'Sign in' }).click();
  await expect(later.getByText('This account is not complete yet')).toBeVisible();
  await confirm(later, await mailbox.code(email));
  await expectProfile(later);
});
