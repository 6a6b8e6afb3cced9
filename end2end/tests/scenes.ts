import { type Page, expect } from '@playwright/test';
import { beginSetup, setUpApp } from './authenticator';
import { expectHeading, fillRegistration, fillSignIn } from './forms';
import { open, rename } from './fixtures';
import { makePrivate, publicProfile, relate } from './people-page';
import { QUADRANTS, picture } from './picture';
import { chooseToCrop, profileForm, save } from './profile-page';
import { type Account, type Rest, PASSWORD, freshEmail } from './rest';

interface Cast {
  account: Account;
  rest: Rest;
  /** Signs `account` in. */
  enter: () => Promise<void>;
}

const newcomer = () => ({ givenName: 'Ada', familyName: 'Lovelace', email: freshEmail(), password: PASSWORD });

/** Every page, in each state in which it looks different. */
export const SCENES: Record<string, (page: Page, cast: Cast) => Promise<unknown>> = {
  login: (page) => open(page, '/login'),
  'login refused': async (page, { account }) => {
    await open(page, '/login');
    await fillSignIn(page, account.email, 'Not-the-password-7');
    await expect(page.getByRole('alert')).toBeVisible();
  },
  register: (page) => open(page, '/register'),
  'register refused': async (page) => {
    await open(page, '/register');
    await fillRegistration(page, { ...newcomer(), givenName: '', email: 'ada at example' });
    await expect(page.getByRole('alert')).toBeVisible();
  },
  'register code': async (page) => {
    await open(page, '/register');
    await fillRegistration(page, newcomer());
    await expectHeading(page, 'Check your e-mail');
  },
  forgot: (page) => open(page, '/forgot'),
  reset: async (page) => {
    await open(page, '/forgot');
    await page.getByLabel('E-mail address').fill(freshEmail());
    await page.getByRole('button', { name: 'Send the code' }).click();
    await expectHeading(page, 'Choose a new password');
  },
  restore: async (page, { account, rest }) => {
    await rest.archive(account);
    await open(page, '/login');
    await fillSignIn(page, account.email, account.password);
    await expectHeading(page, 'Restore your account?');
  },
  'not found': (page) => open(page, '/nothing/here'),
  docs: async (page) => {
    await open(page, '/docs');
    await expectHeading(page, 'REST API for developers');
  },
  'docs of a dialect': async (page) => {
    await open(page, '/docs/mindbricks');
    const login = page.locator('#mindbricks_post_login');
    await login.locator('summary').first().click();
    await login.getByText('WrongPassword').first().click();
    await expect(login.getByText(/errMsg_PasswordDoesntMatch/)).toBeVisible();
  },
  profile: async (page, { enter }) => {
    await enter();
    await open(page, '/profile');
  },
  'profile refused': async (page, { enter }) => {
    await enter();
    await open(page, '/profile');
    const form = profileForm(page);
    await form.givenName.fill('');
    await form.phone.fill('12');
    await save(page);
    await expect(form.phone).toHaveAttribute('aria-invalid', 'true');
  },
  'profile changed elsewhere': async (page, { account, rest, enter }) => {
    await enter();
    await open(page, '/profile');
    await rest.update(account, { fullname: 'Augusta King' });
    await save(page);
    await expect(page.getByRole('group', { name: 'This profile was changed elsewhere' })).toBeVisible();
  },
  'second step': async (page, { account, enter }) => {
    await enter();
    await setUpApp(page);
    await page.context().clearCookies();
    await open(page, '/login');
    await fillSignIn(page, account.email, account.password);
    await page.getByRole('button', { name: 'Send a code by e-mail' }).click();
    await expectHeading(page, 'One more step');
  },
  security: async (page, { enter }) => {
    await enter();
    await open(page, '/security');
  },
  'security strong': async (page, { enter }) => {
    await enter();
    await setUpApp(page);
    await open(page, '/security');
  },
  'security email': async (page, { enter }) => {
    await enter();
    await open(page, '/security/email');
    await page.getByLabel('New e-mail address').fill(freshEmail());
    await page.getByRole('button', { name: 'Change and send the code' }).click();
    await page.getByRole('link', { name: 'E-mail address' }).click();
    await expectHeading(page, 'E-mail address');
  },
  'security email code': async (page, { enter }) => {
    await enter();
    await open(page, '/security/email');
    await page.getByLabel('New e-mail address').fill(freshEmail());
    await page.getByRole('button', { name: 'Change and send the code' }).click();
    await expectHeading(page, 'Check your e-mail');
  },
  'security phone': async (page, { enter }) => {
    await enter();
    await open(page, '/security/phone');
  },
  'security username taken': async (page, { rest, enter }) => {
    const username = await rename(page.context(), await rest.register());
    await enter();
    await open(page, `/security/username?username=${username}`);
  },
  'security two-factor off': async (page, { enter }) => {
    await enter();
    await open(page, '/security/two-factor');
  },
  'security two-factor on': async (page, { enter }) => {
    await enter();
    await setUpApp(page);
    await open(page, '/security/two-factor');
  },
  'security app': async (page, { enter }) => {
    await enter();
    await beginSetup(page);
  },
  'security recovery codes': async (page, { enter }) => {
    await enter();
    await setUpApp(page);
  },
  'security turn off': async (page, { account, enter }) => {
    await enter();
    await open(page, '/security/two-factor');
    await page.getByRole('button', { name: 'Turn on two-step verification' }).click();
    await open(page, '/security/two-factor/off');
    await page.getByLabel('Password', { exact: true }).fill(account.password);
    await page.getByRole('button', { name: 'Turn off' }).click();
    await expect(page.getByRole('alert')).toBeVisible();
  },
  'security deactivate': async (page, { enter }) => {
    await enter();
    await open(page, '/security/deactivate');
  },
  'step-up': async (page, { enter }) => {
    await enter();
    await open(page, '/step-up?next=%2Fsecurity%2Fphone');
  },
  'undo dead': (page) => open(page, '/undo'),
  activity: async (page, { account, rest, enter }) => {
    await rest.signIn(account, 'Not-the-password-7');
    await enter();
    await open(page, '/activity');
  },
  'activity empty': async (page, { enter }) => {
    await enter();
    await open(page, '/activity?kind=protection');
  },
  people: async (page, { account, rest, enter }) => {
    for (const name of ['Grace Hopper', 'Katherine Johnson']) {
      await relate(page.context(), await rest.register(name), 'follow', account);
    }
    await relate(page.context(), account, 'follow', await rest.register('Edsger Dijkstra'));
    await enter();
    await open(page, '/people');
  },
  'people empty': async (page, { enter }) => {
    await enter();
    await open(page, '/people/following');
  },
  'people requests': async (page, { account, rest, enter }) => {
    await makePrivate(page.context(), account);
    await relate(page.context(), await rest.register('Grace Hopper'), 'follow', account);
    await enter();
    await open(page, '/people/requests');
  },
  'public profile': async (page, { enter }) => {
    await enter();
    await open(page, await publicProfile(page));
  },
  'public profile to a stranger': async (page, { enter }) => {
    await enter();
    const address = await publicProfile(page);
    await page.context().clearCookies();
    await open(page, address);
  },
  'public profile of somebody': async (page, { account, rest, enter }) => {
    await relate(page.context(), await rest.register('Grace Hopper'), 'follow', account);
    const address = await publicProfile(page);
    await enter();
    await open(page, address);
    await page.locator('summary').filter({ hasText: 'Block' }).click();
    await expect(page.getByRole('button', { name: 'Block: Grace Hopper' })).toBeVisible();
  },
  'public list': async (page, { account, rest, enter }) => {
    await relate(page.context(), await rest.register('Grace Hopper'), 'follow', account);
    await enter();
    await open(page, `${await publicProfile(page)}/followers`);
  },
};

/** States that only a script brings about. */
export const SCRIPTED_SCENES: typeof SCENES = {
  'account menu': async (page, { enter }) => {
    await enter();
    await open(page, '/profile');
    await page.getByRole('button', { name: /^Account menu/ }).click();
    await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible();
  },
  'crop dialog': async (page, { enter }) => {
    await enter();
    await open(page, '/profile');
    await chooseToCrop(page, picture(QUADRANTS));
  },
  'archive dialog': async (page, { enter }) => {
    await enter();
    await open(page, '/profile');
    await page.getByRole('button', { name: 'Archive my account…' }).click();
  },
};
