import { writeFile } from 'node:fs/promises';
import { expect, test as base } from './fixtures';
import { BANDS, picture } from './picture';
import { NEW_PASSWORD, PASSWORD, freshEmail } from './rest';
import { WebKit } from './webkit';

/** Playwright's own WebKit cannot be had everywhere; this is that of WebKitGTK. */
const test = base.extend<{ webkit: WebKit }>({
  webkit: async ({ baseURL }, use) => {
    const webkit = await WebKit.open(baseURL!);
    await use(webkit);
    await webkit.close();
  },
});

test('from registration to a restored account in WebKit', async ({ webkit, mailbox }, info) => {
  test.slow();
  const email = freshEmail();

  await test.step('register', async () => {
    await webkit.goto('/register');
    await webkit.fill('Given name', 'Grace');
    await webkit.fill('Family name', 'Hopper');
    await webkit.fill('E-mail address', email);
    await webkit.fill('Password', PASSWORD);
    await webkit.click('Create account');
    await webkit.fill('Six-digit code', await mailbox.code(email));
    await webkit.click('Confirm and continue');
    await webkit.expectPath('/profile');
    await webkit.islands();
  });

  await test.step('edit the profile', async () => {
    await webkit.fill('Location', 'Arlington');
    await webkit.click('Save changes');
    await webkit.expectText('Saved');
    await webkit.goto('/profile');
    await webkit.islands();
    expect(await webkit.value('Location')).toBe('Arlington');
  });

  await test.step('crop a picture', async () => {
    const { name, buffer } = picture(BANDS);
    const file = info.outputPath(name);
    await writeFile(file, buffer);
    await webkit.choose('Choose a picture', file);
    await webkit.click('Upload picture');
    await webkit.expectText('Uploaded. Save to use it.');
    await webkit.click('Save picture');
    await webkit.expectText('New picture saved');
    const shown = 'const image = document.querySelector(".account-button img"); return image.complete ? image.naturalWidth : 0';
    await expect.poll(() => webkit.run<number>(shown), 'the picture in the header').toBeGreaterThan(0);
  });

  await test.step('change the password, which signs out', async () => {
    await webkit.fill('Current password', PASSWORD);
    await webkit.fill('New password', NEW_PASSWORD);
    await webkit.fill('New password again', NEW_PASSWORD);
    await webkit.click('Change password');
    await webkit.expectPath('/login');
    await webkit.fill('E-mail address', email);
    await webkit.fill('Password', PASSWORD);
    await webkit.click('Sign in');
    await webkit.expectText('That does not match');
    await webkit.fill('Password', NEW_PASSWORD);
    await webkit.click('Sign in');
    await webkit.expectPath('/profile');
    await webkit.islands();
  });

  await test.step('archive, and restore', async () => {
    await webkit.click('Archive my account…');
    await webkit.fill('To go on, type ARCHIVE MY ACCOUNT', 'ARCHIVE MY ACCOUNT');
    await webkit.click('Archive account');
    await webkit.expectPath('/login');
    await webkit.expectText('Your account is archived.');
    await webkit.fill('E-mail address', email);
    await webkit.fill('Password', NEW_PASSWORD);
    await webkit.click('Sign in');
    await webkit.click('Restore my account');
    await webkit.expectPath('/profile');
    expect(await webkit.value('Location')).toBe('Arlington');
  });
});

test('pages fit into windows of WebKit', async ({ webkit }) => {
  for (const [width, height] of [
    [1280, 800],
    [500, 800],
  ] as const) {
    await webkit.resize(width, height);
    for (const path of ['/login', '/register', '/forgot', '/docs', '/docs/logto', '/nowhere']) {
      await webkit.goto(path);
      const hidden = 'return document.documentElement.scrollWidth - document.documentElement.clientWidth';
      expect(await webkit.run<number>(hidden), `${path} at ${width}`).toBe(0);
    }
  }
});
