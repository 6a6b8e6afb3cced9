import { confirm, expectProfile, expectSignIn, fillRegistration, fillSignIn } from './forms';
import { expect, islands, open, test } from './fixtures';
import { BANDS, look, picture } from './picture';
import { archive, chooseToCrop, expectSaid, profileForm, saved, useCrop } from './profile-page';
import { NEW_PASSWORD, PASSWORD, freshEmail, freshPhone } from './rest';

test('from registration to a restored account', { tag: ['@every', '@engines'] }, async ({ page, mailbox, browser, request, javaScriptEnabled }) => {
  test.slow();
  const email = freshEmail();
  const phone = freshPhone();
  const shown = page.getByRole('img', { name: 'Your picture' });

  await test.step('register', async () => {
    await open(page, '/');
    await page.getByRole('link', { name: 'Create an account' }).click();
    await fillRegistration(page, { givenName: 'Grace', familyName: 'Hopper', email, password: PASSWORD });
    await confirm(page, await mailbox.code(email));
    await expectProfile(page);
    await islands(page);
  });

  await test.step('edit the profile', async () => {
    const form = profileForm(page);
    await form.middleName.fill('Brewster');
    await form.bio.fill('Found the bug.');
    await form.location.fill('Arlington');
    await form.phone.fill(phone.written);
    await saved(page);
    await expect(form.phone).toHaveValue(phone.e164);
  });

  await test.step('crop a picture', async () => {
    if (javaScriptEnabled) {
      await useCrop(page, await chooseToCrop(page, picture(BANDS)));
    } else {
      await page.getByLabel('Picture file').setInputFiles(picture(BANDS));
      await page.getByRole('button', { name: 'Save picture' }).click();
      await expectSaid(page, 'New picture saved');
    }
    const stored = await request.get((await shown.getAttribute('src'))!);
    expect((await look(browser, await stored.body())).share.green).toBeGreaterThan(0.97);
  });

  await test.step('change the password, which signs out', async () => {
    await page.getByLabel('Current password').fill(PASSWORD);
    await page.getByLabel('New password', { exact: true }).fill(NEW_PASSWORD);
    await page.getByLabel('New password again').fill(NEW_PASSWORD);
    await page.getByRole('button', { name: 'Change password' }).click();
    await expectSignIn(page);
    await fillSignIn(page, email, PASSWORD);
    await expect(page.getByRole('alert')).toContainText('That does not match');
    await fillSignIn(page, email, NEW_PASSWORD);
    await expectProfile(page);
    await islands(page);
  });

  await test.step('archive', async () => {
    await archive(page, 'ARCHIVE MY ACCOUNT');
    await expectSignIn(page);
    await expect(page.getByRole('status')).toContainText('Your account is archived.');
  });

  await test.step('restore', async () => {
    await fillSignIn(page, email, NEW_PASSWORD);
    await expect(page.getByRole('heading', { level: 1, name: 'Restore your account?' })).toBeVisible();
    await page.getByRole('button', { name: 'Restore my account' }).click();
    await expectProfile(page);
    const form = profileForm(page);
    await expect(form.middleName).toHaveValue('Brewster');
    await expect(form.bio).toHaveValue('Found the bug.');
    await expect(form.phone).toHaveValue(phone.e164);
    await expect(shown).toHaveAttribute('src', /\.webp$/);
  });

  const subjects = (await mailbox.messages(email)).map(({ subject }) => subject);
  for (const happened of ['sign-up code', 'password was changed', 'account was archived', 'account was restored']) {
    expect(subjects).toContainEqual(expect.stringContaining(happened));
  }
});
