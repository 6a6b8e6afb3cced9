import { expect, open, signIn, test } from './fixtures';
import { makePrivate, openList, person, publicProfile, relate } from './people-page';
import { expectSaid } from './profile-page';

test('two people follow each other and part again', async ({ own: page, account, rest, anotherBrowser }) => {
  const grace = await rest.register('Grace Hopper');
  const ofAda = await publicProfile(page);
  const other = await anotherBrowser();
  await signIn(other.context(), grace);

  await open(other, ofAda);
  await other.getByRole('button', { name: 'Follow: Ada Lovelace' }).click();
  await expectSaid(other, 'You follow Ada Lovelace now.');
  await expect(other.getByText('1 Follower')).toBeVisible();

  await open(page, '/people');
  await openList(page, 'Followers', 1);
  await person(page, 'Grace Hopper').getByRole('button', { name: 'Follow back' }).click();
  await expectSaid(page, 'You follow Grace Hopper now.');
  await openList(page, 'Following', 1);
  await expect(person(page, 'Grace Hopper')).toContainText('Follows you');
  await person(page, 'Grace Hopper').getByRole('button', { name: 'Unfollow' }).click();
  await expectSaid(page, 'You do not follow Grace Hopper.');
  await expect(page.getByText('You follow nobody yet')).toBeVisible();
  expect(account.fullName).toContain('Byron'); // Which is not public:
  await expect(page.getByRole('main').getByText('Byron')).toHaveCount(0);
});

test('a private account answers who asks', async ({ page, account, rest, anotherBrowser }) => {
  const [grace, edsger] = [await rest.register('Grace Hopper'), await rest.register('Edsger Dijkstra')];
  await makePrivate(page.context(), account);
  const ofAda = await publicProfile(page);
  const other = await anotherBrowser();
  await relate(other.context(), edsger, 'follow', account);
  await signIn(other.context(), grace);
  await open(other, ofAda);
  await other.getByRole('button', { name: 'Ask to follow: Ada Lovelace' }).click();
  await expectSaid(other, /^Ada Lovelace was asked/);
  await expect(other.getByRole('button', { name: 'Cancel request: Ada Lovelace' })).toBeVisible();
  await expect(other.getByRole('link', { name: /Followers$/ })).toHaveCount(0);

  await open(page, '/people');
  await openList(page, 'Requests', 2);
  await person(page, 'Grace Hopper').getByRole('button', { name: 'Accept' }).click();
  await expectSaid(page, 'Grace Hopper follows you now.');
  await person(page, 'Edsger Dijkstra').getByRole('button', { name: 'Decline' }).click();
  await expectSaid(page, /^The request of Edsger Dijkstra is declined/);
  await openList(page, 'Followers', 1);

  await open(other, ofAda);
  await other.getByRole('link', { name: /1 Follower/ }).click();
  await expect(other.getByRole('heading', { level: 1, name: 'Followers of Ada Lovelace' })).toBeVisible();
  await expect(person(other, 'Grace Hopper')).toContainText('This is you');
});

test('who is blocked finds nothing', async ({ own: page, account, rest, anotherBrowser }) => {
  const grace = await rest.register('Grace Hopper');
  const ofAda = await publicProfile(page);
  const other = await anotherBrowser();
  await relate(other.context(), grace, 'follow', account);
  const ofGrace = await publicProfile(other);

  await open(page, ofGrace);
  await page.getByText('Block…').click();
  await page.getByRole('button', { name: 'Block: Grace Hopper' }).click();
  await expectSaid(page, 'Grace Hopper is blocked and no longer sees your profile.');
  expect((await other.goto(ofAda))?.status()).toBe(404);

  await open(page, '/people');
  await expect(page.getByText('Nobody follows you yet')).toBeVisible();
  await openList(page, 'Blocked', 1);
  await person(page, 'Grace Hopper').getByRole('button', { name: 'Unblock' }).click();
  await expect(page.getByText('You have blocked nobody')).toBeVisible();
  expect((await other.goto(ofAda))?.status()).toBe(200);
});
