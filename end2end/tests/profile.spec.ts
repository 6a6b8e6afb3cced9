import { expectAccepted, expectProfile, expectRefused, expectSignIn, fillSignIn } from './forms';
import { expect, islands, open, test } from './fixtures';
import { expectSaid, profileForm, save, saved } from './profile-page';
import { freshPhone } from './rest';

test('every field is edited and kept', async ({ own: page, account, rest }) => {
  const phone = freshPhone();
  await open(page, '/profile');
  const form = profileForm(page);
  await form.givenName.fill('Augusta');
  await form.middleName.fill('');
  await form.familyName.fill('King-Noel');
  await form.bio.fill('First line.\nSecond line: 🚀');
  await form.location.fill('Ockham, Surrey');
  await form.phone.fill(phone.written);
  await form.isPrivate.check();
  await form.timeZone.fill('Europe/Istanbul');
  await saved(page);
  expect(await rest.user(account)).toMatchObject({ fullname: 'Augusta King-Noel', mobile: phone.e164 });

  await open(page, '/profile');
  await expect(form.givenName).toHaveValue('Augusta');
  await expect(form.middleName).toHaveValue('');
  await expect(form.familyName).toHaveValue('King-Noel');
  await expect(form.bio).toHaveValue('First line.\nSecond line: 🚀');
  await expect(form.location).toHaveValue('Ockham, Surrey');
  await expect(form.isPrivate).toBeChecked();
  await expect(form.timeZone).toHaveValue('Europe/Istanbul');
  await expect(page.getByRole('button', { name: 'Account menu: Augusta King-Noel' })).toBeVisible();

  await form.bio.fill('');
  await form.isPrivate.uncheck();
  await saved(page);
  await open(page, '/profile');
  await expect(form.bio).toHaveValue('');
  await expect(form.isPrivate).not.toBeChecked();
});

test('a time zone is chosen from a list, and times are said in it', { tag: '@once' }, async ({ own: page }) => {
  await open(page, '/profile');
  await page.getByRole('link', { name: 'Choose from a list' }).click();
  await page.getByLabel('Time zone').selectOption('Asia/Kolkata');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expectSaid(page, 'Saved');
  await expect(profileForm(page).timeZone).toHaveValue('Asia/Kolkata');
  await open(page, '/activity');
  await expect(page.getByText(/\d\d:\d\d\sUTC\+5:30/).first()).toBeVisible();
});

test('language and colours are chosen here too', async ({ own: page }) => {
  await open(page, '/profile');
  const { language, appearance } = profileForm(page);
  await appearance.selectOption('Dark');
  await saved(page);
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await islands(page);
  await language.selectOption('Türkçe');
  await save(page);
  await expect(page.getByRole('heading', { level: 1, name: 'Profil' })).toBeVisible();
  await expectSaid(page, 'Kaydedildi');
});

for (const [typed, kept] of [
  ['(201) 555-0199', '+12015550199'],
  ['+90 (555) 123 45 67', '+905551234567'],
  ['00 44 20 7946 0018', '+442079460018'],
  ['+1 201 555', null],
  ['call me', null],
] as const) {
  const outcome = kept ? `is kept as ${kept}` : 'is refused';
  test(`the mobile number ${typed} ${outcome}`, { tag: '@once' }, async ({ own: page, account, rest }) => {
    await open(page, '/profile');
    const { phone } = profileForm(page);
    await phone.fill(typed);
    if (kept) {
      await saved(page);
      await expect(phone).toHaveValue(kept);
    } else {
      await save(page);
      await expectRefused(phone, /That is not a phone number in use|Add the country code/);
      await expect(phone).toHaveValue(typed);
    }
    expect((await rest.user(account)).mobile).toBe(kept);
  });
}

test('what is wrong stands beside its field, and what was typed stays', async ({ own: page, account, rest }) => {
  await open(page, '/profile');
  const form = profileForm(page);
  await form.givenName.fill('');
  await form.familyName.fill('x'.repeat(31));
  await form.bio.fill('b'.repeat(501));
  await form.location.fill('l'.repeat(101));
  await form.phone.fill('12');
  await form.timeZone.fill('Mars/Olympus');
  await form.middleName.fill('Kept');
  await save(page);

  await expectRefused(form.givenName, 'Enter your name.');
  await expectRefused(form.familyName, '30 characters');
  await expectRefused(form.bio, 'Use at most 500 characters.');
  await expectRefused(form.location, 'Use at most 100 characters.');
  await expectRefused(form.phone, /phone number|country code/);
  await expectRefused(form.timeZone, 'That is not valid here.');
  await expectAccepted(form.middleName);
  await expect(form.givenName).toHaveValue('');
  await expect(form.bio).toHaveValue('b'.repeat(501));
  await expect(form.timeZone).toHaveValue('Mars/Olympus');
  await expect(form.middleName).toHaveValue('Kept');
  expect((await rest.user(account)).fullname).toBe(account.fullName);
});

test('texts stay texts', async ({ own: page }) => {
  await open(page, '/profile');
  const form = profileForm(page);
  const hostile = '</textarea><script>document.title = "mine"</script><img src="x" onerror="alert(1)">';
  await form.bio.fill(hostile);
  await form.givenName.fill('<b>Ada</b>');
  await form.location.fill('"><i>here');
  await saved(page);
  await open(page, '/profile');
  await expect(form.bio).toHaveValue(hostile);
  await expect(form.givenName).toHaveValue('<b>Ada</b>');
  await expect(form.location).toHaveValue('"><i>here');
  await expect(page).toHaveTitle('Profile · Nameplate');
});

test('the address one signs in with and the role are shown, not edited', async ({ own: page, account }) => {
  await open(page, '/profile');
  await expect(page.getByRole('definition').filter({ hasText: account.email })).toContainText('Verified');
  await expect(page.getByRole('textbox', { name: 'E-mail address' })).toHaveCount(0);
  await expect(page.getByLabel('Role')).toHaveCount(0);
});

for (const forbidden of [{ email: 'eve@example.com' }, { role: 'admin' }]) {
  const [name] = Object.keys(forbidden);
  test(`a request that sets the ${name} is refused as a whole`, { tag: '@once' }, async ({ own: page, account, rest }) => {
    const answer = await page.request.post('/fn/update-profile', {
      headers: { accept: 'application/json', 'sec-fetch-site': 'same-origin' },
      form: { given_name: 'Eve', ...forbidden },
    });
    expect(answer.status()).toBe(422);
    expect(await answer.text()).toContain('This cannot be changed here.');
    expect((await rest.user(account)).fullname).toBe(account.fullName);
  });
}

test('a tab that is behind shows what changed and keeps what was typed', async ({ own: page, account, rest }) => {
  await open(page, '/profile');
  const behind = await page.context().newPage();
  await open(behind, '/profile');

  await profileForm(page).location.fill('Ankara');
  await saved(page);

  const form = profileForm(behind);
  await form.location.fill('London');
  await form.givenName.fill('Augusta');
  await save(behind);
  const conflict = behind.getByRole('group', { name: 'This profile was changed elsewhere' });
  await expect(conflict).toContainText('Saved now: Ankara');
  await expect(conflict).toContainText('You typed: London');
  await expect(form.location).toHaveValue('London');
  await expect(form.givenName).toHaveValue('Augusta');
  expect((await rest.user(account)).fullname).toBe(account.fullName);

  await saved(behind);
  await expect(conflict).toBeHidden();
  expect((await rest.user(account)).fullname).toBe('Augusta Byron Lovelace');
});

test('a tab that is behind can take what is saved', async ({ own: page, account, rest, javaScriptEnabled }) => {
  await open(page, '/profile');
  await rest.update(account, { fullname: 'Augusta King' });
  const form = profileForm(page);
  await form.givenName.fill('Anne');
  await save(page);
  await page.getByRole(javaScriptEnabled ? 'button' : 'link', { name: 'Use what is saved' }).click();
  await expect(form.givenName).toHaveValue('Augusta');
  await expect(form.familyName).toHaveValue('King');
  await expect(page.getByRole('group', { name: 'This profile was changed elsewhere' })).toBeHidden();
  await form.location.fill('Ockham');
  await saved(page);
  expect((await rest.user(account)).fullname).toBe('Augusta King');
});

test('what is discarded makes room for what is saved', { tag: '@script' }, async ({ own: page, account, rest }) => {
  await open(page, '/profile');
  await rest.update(account, { fullname: 'Augusta King' });
  const form = profileForm(page);
  await form.givenName.fill('Anne');
  await save(page);
  await expect(page.getByRole('group', { name: 'This profile was changed elsewhere' })).toBeVisible();
  await expect(form.familyName).toHaveValue('Lovelace');
  await page.getByRole('button', { name: 'Discard changes' }).click();
  await expect(form.givenName).toHaveValue('Augusta');
  await expect(form.familyName).toHaveValue('King');
  // Nothing is left to be lost: the page is left without a question.
  await open(page, '/security');
});

test('who was signed out meanwhile loses nothing typed', async ({ own: page, account, anotherBrowser }) => {
  await open(page, '/profile');
  const { location } = profileForm(page);
  await location.fill('Ockham');
  const other = await anotherBrowser();
  await other.context().addCookies(await page.context().cookies());
  await other.context().request.post('/fn/sign-out', { headers: { 'sec-fetch-site': 'same-origin' } });
  await save(page);

  if (test.info().project.use.javaScriptEnabled) {
    await expectSaid(page, /sign in/i);
    await expect(location).toHaveValue('Ockham');
  } else {
    await expectSignIn(page);
    await fillSignIn(page, account.email, account.password);
    await expectProfile(page);
    await expect(location).toHaveValue('Ockham');
  }
});

test.describe('the form', { tag: '@script' }, () => {
  test('counts characters as people do', async ({ own: page }) => {
    await open(page, '/profile');
    const { bio } = profileForm(page);
    await bio.fill('🚀🚀🚀');
    await expect(page.getByText('3 of 500 characters')).toBeVisible();
    await bio.fill('x'.repeat(503));
    await expect(page.getByText('3 characters too many')).toBeVisible();
  });

  test('says what is not saved yet, and takes it back', async ({ own: page }) => {
    await open(page, '/profile');
    const { givenName } = profileForm(page);
    await givenName.fill('Augusta');
    await expectSaid(page, 'Not saved yet');
    await page.getByRole('button', { name: 'Discard changes' }).click();
    await expect(givenName).toHaveValue('Ada');
  });

  test('keeps what was typed when the network fails', async ({ own: page, tolerated }) => {
    tolerated.push(/ERR_INTERNET_DISCONNECTED/);
    await open(page, '/profile');
    const { location } = profileForm(page);
    await location.fill('Ockham');
    await page.context().setOffline(true);
    await save(page);
    await expectSaid(page, 'That did not reach us. Nothing is lost');
    await expect(location).toHaveValue('Ockham');
    await page.context().setOffline(false);
    await saved(page);
  });

  test('takes an error back as soon as it is mended', async ({ own: page }) => {
    await open(page, '/profile');
    const { givenName } = profileForm(page);
    await givenName.fill('');
    await save(page);
    await expectRefused(givenName, 'Enter your name.');
    await expect(givenName).toBeFocused();
    await givenName.fill('A');
    await expectAccepted(givenName);
    await expect(page.getByText('Enter your name.')).toBeHidden();
  });

  test('says what is wrong with a field once it is left', { tag: '@once' }, async ({ own: page }) => {
    await open(page, '/profile');
    const { givenName, phone } = profileForm(page);
    await phone.fill('12');
    await expectAccepted(phone);
    await phone.press('Tab');
    await expectRefused(phone, 'That is not a phone number in use.');
    await givenName.fill('');
    await expectAccepted(givenName);
    await givenName.press('Tab');
    await expectRefused(givenName, 'Enter your name.');
    await phone.fill('+1 201 555 0123');
    await expectAccepted(phone);
  });

  test('asks before something unsaved is left', { tag: '@once' }, async ({ own: page }) => {
    const asked: string[] = [];
    page.on('dialog', async (dialog) => {
      asked.push(dialog.type());
      await dialog.dismiss();
    });
    await open(page, '/profile');
    const { location } = profileForm(page);
    await location.fill('Ockham');
    const security = page.getByRole('navigation', { name: 'Your account' }).getByRole('link', { name: 'Security' });
    await security.click();
    await expect.poll(() => asked).toEqual(['beforeunload']);
    await expect(page).toHaveURL('/profile');
    await expect(location).toHaveValue('Ockham');

    await saved(page);
    await security.click();
    await expect(page).toHaveURL('/security');
    expect(asked).toHaveLength(1);

    await page.goBack();
    await islands(page);
    await expect(location).toHaveValue('Ockham');
  });

  test('is sent once, however often its button is pressed', { tag: '@once' }, async ({ own: page, account, rest }) => {
    await open(page, '/profile');
    const before = (await rest.user(account)).recordVersion;
    await profileForm(page).location.fill('Ockham');
    await page.getByRole('button', { name: 'Save changes' }).dblclick();
    await expectSaid(page, /^Saved$/);
    expect((await rest.user(account)).recordVersion).toBe(before + 1);
  });
});
