import { settle } from '../demo/town.mjs';
import { expect, open, signIn, test } from './fixtures';
import { openList } from './people-page';

test('the demonstration brings every page to life', { tag: '@once' }, async ({ page, baseURL }) => {
  test.slow(); // A dozen people sign up.
  const [maya] = await settle(baseURL!);
  await signIn(page.context(), { ...maya!, fullName: maya!.name });
  await open(page, '/people');
  for (const [list, count] of Object.entries({ Followers: 7, Following: 5, Requests: 2, Blocked: 1 })) {
    await openList(page, list, count);
    await expect(page.getByRole('main').locator('.person')).toHaveCount(count);
  }
  await open(page, '/activity');
  await expect(page.getByText('Sign-in failed')).toBeVisible();
  await open(page, await maya!.profile());
  await expect(page.getByRole('heading', { level: 1, name: 'Maya Lindqvist' })).toBeVisible();
});
