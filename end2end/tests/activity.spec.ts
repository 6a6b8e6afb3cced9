import { expect, open, test } from './fixtures';
import { profileForm, saved } from './profile-page';

test('what happens is listed where and when the reader lives', async ({ own: page, account, rest }) => {
  await rest.signIn(account, 'Not-the-password-7');
  await open(page, '/profile');
  const form = profileForm(page);
  await form.location.fill('London');
  await form.timeZone.fill('Pacific/Kiritimati');
  await saved(page);

  await open(page, '/activity');
  const today = new Date().toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'Pacific/Kiritimati',
  });
  await expect(page.getByRole('heading', { level: 2 }).first()).toHaveText(`Today, ${today}`);
  const events = page.getByRole('main').locator('ol').getByRole('listitem');
  await expect(events.first()).toContainText('Profile changed');
  await expect(events.first()).toContainText(/Changed: Location, .*Time zone/);
  await expect(events.first()).toContainText('2001:db8:');
  await expect(events.filter({ hasText: 'Sign-in failed' })).toContainText('Worth a look');

  await page.getByRole('navigation', { name: 'Show' }).getByRole('link', { name: 'Account' }).click();
  await expect(events).toHaveCount(1);
  await expect(events).toContainText('Account created');
  await page.getByRole('navigation', { name: 'Show' }).getByRole('link', { name: 'Protection' }).click();
  await expect(page.getByText('Nothing of this kind yet')).toBeVisible();
});
