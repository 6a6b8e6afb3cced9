import { fillSignIn } from './forms';
import { expect, open, test } from './fixtures';
import { publicProfile } from './people-page';
import { profileForm, saved } from './profile-page';
import { QUADRANTS, picture } from './picture';

test('what is written on the profile is what everybody sees', async ({ own: page, anotherBrowser }) => {
  await open(page, '/profile');
  const form = profileForm(page);
  await form.bio.fill('Writes programs\nfor an engine that is <b>not</b> there.');
  await form.location.fill('London');
  await saved(page);
  const address = await publicProfile(page);

  const stranger = await anotherBrowser();
  await stranger.goto(address);
  await expect(stranger.getByRole('heading', { level: 1, name: 'Ada Lovelace' })).toBeVisible();
  await expect(stranger.getByText('for an engine that is <b>not</b> there.')).toBeVisible();
  await expect(stranger.getByText('London')).toBeVisible();
  await expect(stranger.getByText('Verified', { exact: true })).toBeVisible();
  await expect(stranger.locator('meta[property="og:title"]')).toHaveAttribute('content', /^Ada Lovelace \(@/);
  await expect(stranger.locator('link[rel="canonical"]')).toHaveAttribute('href', new RegExp(`^http.*${address}$`));

  await open(page, address);
  await page.getByRole('link', { name: 'Edit profile' }).click();
  await expect(page).toHaveURL('/profile');
});

test('signing in to follow leads back', async ({ own: page, rest, anotherBrowser }) => {
  const grace = await rest.register('Grace Hopper');
  const address = await publicProfile(page);
  const other = await anotherBrowser();
  await other.goto(address);
  await other.getByRole('link', { name: 'Sign in to follow' }).click();
  await fillSignIn(other, grace.email, grace.password);
  await expect(other).toHaveURL(address);
  await other.getByRole('button', { name: 'Follow: Ada Lovelace' }).click();
  await expect(other.getByText('1 Follower')).toBeVisible();
});

test('a picture elsewhere is fetched there alone, and does not learn from where', async (
  { own: page, account, rest, tolerated },
) => {
  const remote = 'https://pictures.example/ada.png';
  tolerated.push(/^asked for https:\/\/pictures\.example\/ada\.png$/);
  const asked: (string | undefined)[] = [];
  await page.context().route(remote, (route) => {
    asked.push(route.request().headers()['referer']);
    return route.fulfill({ contentType: 'image/png', body: picture(QUADRANTS).buffer });
  });
  await rest.update(account, { avatar: remote });
  const address = await publicProfile(page);
  await open(page, '/activity');
  expect(asked).toEqual([]);
  await open(page, address);
  const shown = page.getByRole('main').locator('img');
  await expect(shown).toHaveAttribute('src', remote);
  await expect.poll(() => shown.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(400);
  expect(asked).toEqual([undefined]);
});

test('where nobody is, the page says so', async ({ page }) => {
  const answer = await page.goto('/u/nobody-at-all');
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole('heading', { level: 1, name: 'There is nothing here' })).toBeVisible();
});
