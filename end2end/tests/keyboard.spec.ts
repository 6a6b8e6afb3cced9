import type { Locator, Page } from '@playwright/test';
import { Authenticator, setUpApp } from './authenticator';
import { expectHeading, expectProfile, expectRefused, expectSignIn, signOut } from './forms';
import { act, expect, open, signIn, test } from './fixtures';
import { expectNotice, press, tabTo, type } from './keys';
import { makePrivate, person, publicProfile, relate } from './people-page';
import { QUADRANTS, picture } from './picture';
import { archiveDialog, chooseToCrop, expectSaid, profileForm } from './profile-page';
import { NEW_PASSWORD, PASSWORD, freshEmail } from './rest';

const code = (page: Page) => page.getByLabel('Six-digit code');

test.describe('with the keyboard alone', { tag: ['@script', '@once'] }, () => {
  test('one registers', async ({ page, mailbox }) => {
    const email = freshEmail();
    await open(page, '/login');
    await press(page, page.getByRole('link', { name: 'Create an account' }));
    await expectHeading(page, 'Create your account');
    const [givenName, password] = [page.getByLabel('Given name'), page.getByLabel('Password', { exact: true })];
    await type(page, page.getByLabel('E-mail address'), email);
    await type(page, password, PASSWORD);
    await page.keyboard.press('Enter');

    await expectNotice(page, 'Please check', 'alert');
    await press(page, page.getByRole('alert').getByRole('link', { name: 'Given name' }));
    await expect(givenName).toBeFocused();
    await expectRefused(givenName, 'Enter your name.');
    await page.keyboard.type('Ada');
    await type(page, password, PASSWORD);
    await press(page, page.getByRole('button', { name: 'Create account' }));

    await expectHeading(page, 'Check your e-mail');
    await expect(code(page)).toBeFocused();
    await page.keyboard.type(await mailbox.code(email));
    await page.keyboard.press('Enter');
    await expectProfile(page);
  });

  test('one signs in with a second step', async ({ own: page, account }) => {
    const { app } = await setUpApp(page);
    await signOut(page);
    const password = page.getByLabel('Password', { exact: true });
    await open(page, '/login');
    await expect(page.getByLabel('E-mail address')).toBeFocused();
    await page.keyboard.type(account.email);
    await type(page, password, 'Not-the-password-7');
    await page.keyboard.press('Enter');
    await expectNotice(page, 'That does not match', 'alert');
    await type(page, password, account.password);
    await page.keyboard.press('Enter');

    await expectHeading(page, 'One more step');
    const field = page.getByLabel('Code', { exact: true });
    await expect(field).toBeFocused();
    await page.keyboard.type('000000');
    await press(page, page.getByRole('button', { name: 'Continue' }));
    await expectNotice(page, 'That is not the code.', 'alert');
    await type(page, field, app.code());
    await page.keyboard.press('Enter');
    await expectProfile(page);
  });

  test('one edits the profile', async ({ own: page, account, rest }) => {
    await open(page, '/profile');
    const form = profileForm(page);
    const button = page.getByRole('button', { name: 'Save changes' });
    await tabTo(page, form.givenName);
    await page.keyboard.press('Delete');
    await press(page, button);
    await expectRefused(form.givenName, 'Enter your name.');
    await expect(form.givenName).toBeFocused();
    await page.keyboard.type('Augusta');
    await type(page, form.bio, 'First line.\nSecond line.');
    await press(page, form.isPrivate, 'Space');
    await press(page, button);
    await expectSaid(page, /^Saved$/);
    await expect(button).toBeFocused();
    await expect(form.isPrivate).toBeChecked();
    await expect(form.bio).toHaveValue('First line.\nSecond line.');

    await rest.update(account, { fullname: 'Augusta King' });
    await page.keyboard.press('Enter');
    const take = page.getByRole('button', { name: 'Use what is saved' });
    await expect(take).toBeVisible();
    await tabTo(page, take, 'Shift+Tab');
    await page.keyboard.press('Enter');
    await expect(form.familyName).toHaveValue('King');
    await expect(form.middleName).toBeFocused();

    await page.keyboard.type('Anne');
    const discard = page.getByRole('button', { name: 'Discard changes' });
    await press(page, discard);
    await expect(discard).toBeFocused();
    await expect(form.middleName).toHaveValue('');
  });

  test('one changes the password', async ({ own: page, account, rest }) => {
    await open(page, '/profile');
    const [current, next, again] = ['Current password', 'New password', 'New password again'].map((name) =>
      page.getByLabel(name, { exact: true }),
    ) as [Locator, Locator, Locator];
    const toggle = page.getByRole('button', { name: 'Show password' }).first();
    await type(page, current, 'Not-the-password-7');
    await press(page, toggle, 'Space');
    await expect(current).toHaveAttribute('type', 'text');
    await expect(toggle).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(current).toHaveAttribute('type', 'password');
    await type(page, next, NEW_PASSWORD);
    await type(page, again, NEW_PASSWORD);
    await page.keyboard.press('Enter');

    await expectRefused(current, 'That is not your current password.');
    await expect(current).toBeFocused();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type(account.password);
    await press(page, page.getByRole('button', { name: 'Change password' }));
    await expectSignIn(page);
    await expectNotice(page, 'Password changed.');
    expect(await rest.signIn(account, NEW_PASSWORD)).toEqual(expect.any(String));
  });

  test('one changes the e-mail address', async ({ own: page, mailbox }) => {
    const email = freshEmail();
    await open(page, '/security');
    await press(page, page.getByRole('main').getByRole('link', { name: 'Change: E-mail address' }));
    await expectHeading(page, 'E-mail address');
    const field = page.getByLabel('New e-mail address');
    await type(page, field, 'nowhere');
    await page.keyboard.press('Enter');
    await expectNotice(page, 'Write the whole address', 'alert');
    await press(page, page.getByRole('alert').getByRole('link'));
    await expect(field).toBeFocused();
    await type(page, field, email);
    await press(page, page.getByRole('button', { name: 'Change and send the code' }));
    await expectHeading(page, 'Check your e-mail');
    await expect(code(page)).toBeFocused();
    await page.keyboard.type(await mailbox.code(email));
    await page.keyboard.press('Enter');
    await expectNotice(page, 'E-mail address verified');
  });

  test('one sets up an authenticator app', async ({ own: page }) => {
    await open(page, '/security/two-factor');
    await press(page, page.getByRole('button', { name: 'Set up: Authenticator app' }));
    await expectHeading(page, 'Set up an authenticator app');
    const field = page.getByLabel('Enter the code that it shows');
    await expect(field).toBeFocused();
    await page.keyboard.type('000000');
    await page.keyboard.press('Enter');
    await expectNotice(page, 'That is not the code.', 'alert');
    const app = new Authenticator((await page.locator('.key').textContent())!);
    await type(page, field, app.code());
    await press(page, page.getByRole('button', { name: 'Confirm and turn on' }));

    await expectHeading(page, 'Your recovery codes');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await press(page, page.getByRole('button', { name: 'Copy' }), 'Space');
    await expect(page.getByRole('button', { name: 'Copied' })).toBeFocused();
    await press(page, page.getByRole('link', { name: 'I have kept them' }));
    await expect(page.getByRole('main')).toContainText('10 of 10 left');
  });

  test('one ends a session, and goes on where the password is asked for', async ({ own: page, account, anotherBrowser }) => {
    const elsewhere = await anotherBrowser();
    await signIn(elsewhere.context(), account);
    await open(page, '/security');
    await press(page, page.getByRole('button', { name: /^End session: Chrome/ }));
    await expectNotice(page, 'Session ended');
    await elsewhere.goto('/profile');
    await expectSignIn(elsewhere);

    await open(page, '/step-up?next=%2Fsecurity%2Fphone');
    const password = page.getByLabel('Password', { exact: true });
    await expect(password).toBeFocused();
    await page.keyboard.type('Not-the-password-7');
    await page.keyboard.press('Enter');
    await expectNotice(page, 'That is not your current password.', 'alert');
    await press(page, page.getByRole('alert').getByRole('link'));
    await expect(password).toBeFocused();
    await page.keyboard.type(account.password);
    await press(page, page.getByRole('button', { name: 'Continue' }));
    await expectHeading(page, 'Mobile number');
  });

  test('one follows, accepts and blocks people', async ({ page, account, rest }) => {
    await makePrivate(page.context(), account);
    const grace = await rest.register('Grace Hopper');
    await relate(page.context(), grace, 'follow', account);
    const ofGrace = await publicProfile(page);
    await signIn(page.context(), account);
    await open(page, '/people');
    await press(page, page.getByRole('link', { name: 'Requests 1' }));
    await press(page, person(page, 'Grace Hopper').getByRole('button', { name: 'Accept' }));
    await expectNotice(page, 'Grace Hopper follows you now.');

    await open(page, ofGrace);
    await press(page, page.getByRole('button', { name: 'Follow back: Grace Hopper' }));
    await expectNotice(page, 'You follow Grace Hopper now.');
    await press(page, page.locator('summary').filter({ hasText: 'Block' }));
    await press(page, page.getByRole('button', { name: 'Block: Grace Hopper' }));
    await expectNotice(page, 'Grace Hopper is blocked');
  });

  test('one opens the menu of the account, walks through it and closes it', async ({ own: page }) => {
    await open(page, '/security');
    const opener = page.getByRole('button', { name: /^Account menu/ });
    const menu = page.getByRole('navigation', { name: 'Account menu' });
    const items = menu.getByRole('link').or(menu.getByRole('button'));
    await press(page, opener);
    await expect(items).toHaveText(['Profile', 'Security', 'Activity', 'People', 'Sign out']);
    for (const item of await items.all()) {
      await tabTo(page, item);
      await expect(menu).toBeVisible();
    }
    await page.keyboard.press('Tab');
    await expect(menu).toBeHidden();

    await tabTo(page, opener, 'Shift+Tab');
    await page.keyboard.press('Enter');
    await expect(menu).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(menu).toBeHidden();
    await expect(opener).toBeFocused();

    await page.keyboard.press('Space');
    await press(page, menu.getByRole('link', { name: 'People' }));
    await expectHeading(page, 'People');
  });

  test('one chooses a language and colours', async ({ page }) => {
    const html = page.locator('html');
    await open(page, '/login');
    await press(page, page.getByRole('button', { name: 'Dark' }));
    await expect(html).toHaveAttribute('data-theme', 'dark');
    await press(page, page.getByRole('button', { name: 'Türkçe' }), 'Space');
    await expect(html).toHaveAttribute('lang', 'tr');
  });

  test('one reads what happened, by kind and page by page', async ({ own: page }) => {
    for (const location of Array.from({ length: 31 }, (_, index) => `Room ${index}`)) {
      await act(page.context(), 'update-profile', { location });
    }
    const events = page.getByRole('main').locator('ol').getByRole('listitem');
    await open(page, '/activity');
    await press(page, page.getByRole('navigation', { name: 'Show' }).getByRole('link', { name: 'Profile' }));
    await expect(page).toHaveURL(/kind=profile/);
    await expect(events).toHaveCount(30);
    await press(page, page.getByRole('link', { name: 'Older events' }));
    await expect(events).toHaveCount(1);
    await press(page, page.getByRole('link', { name: 'Back to the newest' }));
    await expect(events).toHaveCount(30);
  });

  test('one archives the account', async ({ own: page }) => {
    await open(page, '/profile');
    const dialog = archiveDialog(page);
    const opener = page.getByRole('button', { name: 'Archive my account…' });
    await tabTo(page, opener);
    await page.keyboard.press('Enter');
    await expect(dialog).toBeVisible();

    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
    await expect(opener).toBeFocused();

    await page.keyboard.press('Enter');
    const field = dialog.getByRole('textbox');
    await expect(field).toBeFocused();
    await page.keyboard.type('ARCHIVE MY ACCOUNT');
    await tabTo(page, dialog.getByRole('button', { name: 'Archive account' }));
    await page.keyboard.press('Enter');
    await expectSignIn(page);
  });

  test('one crops and saves a picture', async ({ own: page, account, rest }) => {
    await open(page, '/profile');
    const [chooser, area] = [page.getByLabel('Choose a picture'), page.locator('.dropzone')];
    const height = (await area.boundingBox())?.height;
    await tabTo(page, chooser);
    expect((await area.boundingBox())?.height, 'nothing jumps out').toBe(height);
    const dialog = await chooseToCrop(page, picture(QUADRANTS));
    const zoom = dialog.getByRole('slider', { name: 'Zoom' });
    await tabTo(page, dialog.getByRole('application', { name: 'Picture to crop' }));
    for (const key of ['+', '+', '+', 'ArrowLeft', 'ArrowUp', ']', '[', '-']) await page.keyboard.press(key);
    expect(Number(await zoom.inputValue())).toBeGreaterThan(0);
    await tabTo(page, zoom);
    const before = Number(await zoom.inputValue());
    await page.keyboard.press('ArrowRight');
    expect(Number(await zoom.inputValue())).toBeGreaterThan(before);
    await tabTo(page, dialog.getByRole('button', { name: 'Upload picture' }));
    await page.keyboard.press('Enter');
    await expectSaid(page, 'Uploaded. Save to use it.');
    await expect(page.getByRole('button', { name: 'Save picture' })).toBeFocused();
    await page.keyboard.press('Enter');
    await expectSaid(page, 'New picture saved');
    await expect(chooser).toBeFocused();
    expect((await rest.user(account)).avatar).toMatch(/\.webp$/);
  });
});
