import { expect, open, test } from './fixtures';

/** The same page in React 19, built by Vite, in bytes over the wire. */
const YARDSTICK = 73_600;
/** What only the server has: its database, its secrets, its protocols. */
const SERVER = ['SELECT ', 'INSERT ', 'sqlx', 'sqlite', 'postgres', 'argon2', 'pepper', 'jsonwebtoken', 'smtp', 'tokio', 'axum', 'hyper'];

test.describe('the profile page', { tag: ['@script', '@once'] }, () => {
  test('weighs less than the yardstick', async ({ own: page }) => {
    await open(page, '/profile');
    const parts = await page.evaluate(() => {
      const entries = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
      const timings = entries as PerformanceResourceTiming[];
      return timings.map(({ name, encodedBodySize }) => ({ name: new URL(name).pathname, size: encodedBodySize }));
    });
    const code = parts.filter(({ name }) => name === '/profile' || /\.(js|css|wasm)$/.test(name));
    expect(code.some(({ name }) => name.endsWith('.wasm'))).toBe(true);
    const total = code.reduce((sum, { size }) => sum + size, 0);
    console.log(`  /profile: ${total} bytes; ${code.map(({ name, size }) => `${name} ${size}`).join(', ')}`);
    expect(code.every(({ size }) => size > 0)).toBe(true);
    expect(total).toBeLessThan(YARDSTICK);
  });

  test('brings nothing of the server', async ({ own: page }) => {
    const arrives = page.waitForResponse((answer) => answer.url().endsWith('.wasm'));
    await open(page, '/profile');
    const code = (await (await arrives).body()).toString('latin1').toLowerCase();
    expect(code.length).toBeGreaterThan(10_000);
    expect(SERVER.filter((word) => code.includes(word.toLowerCase()))).toEqual([]);
  });
});
