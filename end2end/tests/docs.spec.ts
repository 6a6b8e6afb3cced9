import { expect, open, test } from './fixtures';

test('a client is pointed here, and every operation is told', { tag: '@every' }, async ({ page, baseURL }) => {
  await open(page, '/login');
  await page.getByRole('link', { name: 'Developers' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'REST API for developers' })).toBeVisible();
  await page.getByRole('main').getByRole('link', { name: 'Mindbricks' }).click();
  await expect(page.getByText(`${baseURL}/auth-api`, { exact: true })).toBeVisible();

  const login = page.locator('#mindbricks_post_login');
  await login.locator('summary').first().click();
  await expect(login.getByText('application/json').first()).toBeVisible();
  await login.getByText('Signed in, or on the way to it').click();
  await login.getByRole('link', { name: 'LoginAnswer' }).click();
  await expect(page).toHaveURL(/#schema-Mindbricks\.LoginAnswer$/);
});

test('long lines scroll inside their box, which the keyboard reaches', { tag: '@once' }, async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await open(page, '/docs/mindbricks');
  await page.locator('details').evaluateAll((all) => all.forEach((one) => one.setAttribute('open', '')));
  const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(over, 'the page is wider than the screen by so many pixels').toBeLessThanOrEqual(0);
  const box = page.locator('pre').first();
  await box.focus();
  await expect(box).toBeFocused();
});

test('the document is there for machines', { tag: '@once' }, async ({ request }) => {
  const answer = await request.get('/openapi.json');
  expect(answer.headers()['content-type']).toBe('application/json');
  const { openapi, paths } = await answer.json();
  expect(openapi).toBe('3.1.0');
  expect(Object.keys(paths)).toContain('/auth-api/login');
  const again = await request.get('/openapi.json', { headers: { 'if-none-match': answer.headers()['etag']! } });
  expect(again.status()).toBe(304);
});
