import { expect, open, test } from './fixtures';

test('the language is chosen at the foot of a page and kept', async ({ page }) => {
  await open(page, '/login');
  await page.getByRole('button', { name: 'Türkçe' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Giriş yap' })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'tr');
  await open(page, '/register');
  await expect(page.getByRole('heading', { level: 1, name: 'Hesabınızı oluşturun' })).toBeVisible();
});

test('the language follows the browser until one is chosen', { tag: '@once' }, async ({ browser }) => {
  const context = await browser.newContext({ locale: 'tr-TR' });
  const page = await context.newPage();
  await page.goto('/login');
  await expect(page.locator('html')).toHaveAttribute('lang', 'tr');
  await context.close();
});

test('colours are chosen at the foot of a page and kept', async ({ page }) => {
  await open(page, '/login');
  const ground = () => page.locator('html').evaluate((html) => getComputedStyle(html).backgroundColor);
  await page.getByRole('button', { name: 'Light' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  const light = await ground();
  await page.getByRole('button', { name: 'Dark' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  expect(await ground()).not.toBe(light);
  await open(page, '/register');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect(page.getByRole('button', { name: 'Dark' })).toHaveAttribute('aria-pressed', 'true');
});

test('where nothing is, a page says so', async ({ page }) => {
  const answer = await page.goto('/nothing/here');
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole('heading', { level: 1, name: 'There is nothing here' })).toBeVisible();
  await page.getByRole('link', { name: 'Go to the start page' }).click();
  await expect(page).toHaveURL(/\/login/);
});
