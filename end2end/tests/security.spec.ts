import { baseURL } from '../playwright.config';
import { expectSignIn, fillSignIn } from './forms';
import { expect, open, test } from './fixtures';

const PATHS = ['/login', '/register', '/forgot', '/profile', '/nothing'];

test.describe('every page', { tag: '@once' }, () => {
  for (const path of PATHS) {
    test(`${path} has a strict policy with a nonce of its own`, async ({ own: page }) => {
      const policies = [];
      for (let visit = 0; visit < 2; visit += 1) {
        const answer = await page.goto(path);
        policies.push(policy(answer!.headers()['content-security-policy'] ?? ''));
      }
      const [first, second] = policies as [Map<string, string[]>, Map<string, string[]>];
      expect(first.get('default-src')).toEqual(["'none'"]);
      expect(first.get('style-src')).toEqual(["'self'"]);
      expect(first.get('connect-src')).toEqual(["'self'"]);
      for (const closed of ['frame-ancestors', 'base-uri']) expect(first.get(closed)).toEqual(["'none'"]);
      expect(first.get('form-action')).toEqual(["'self'"]);
      const [nonce, ...others] = (first.get('script-src') ?? []).filter((source) => source.startsWith("'nonce-"));
      expect(nonce).toMatch(/^'nonce-[\w+/=-]{22,}'$/);
      expect(others).toEqual([]);
      expect(second.get('script-src')).not.toContain(nonce);
      const rest = first.get('script-src')!.filter((source) => source !== nonce);
      expect(rest.sort()).toEqual(["'self'", "'wasm-unsafe-eval'"]);
      expect([...first.values()].flat()).not.toContain("'unsafe-inline'");
    });

    test(`${path} has no inline scripts, styles or handlers`, async ({ own: page }) => {
      await open(page, path);
      expect(await page.evaluate(inlined)).toEqual([]);
    });

    test(`${path} is not kept, sniffed or framed`, async ({ own: page }) => {
      const headers = (await page.goto(path))!.headers();
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'same-origin',
        'cross-origin-opener-policy': 'same-origin',
      });
    });
  }
});

test('assets have names of their own and are kept for ever', { tag: '@once' }, async ({ page, request }) => {
  await page.goto('/login');
  const assets = await page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name));
  const named = assets.filter((url) => /\.(css|js|wasm)$/.test(url));
  expect(named.length).toBeGreaterThan(0);
  for (const url of named) {
    const answer = await request.get(url, { headers: { 'accept-encoding': 'br' } });
    expect(answer.headers()['cache-control'], url).toBe('public, max-age=31536000, immutable');
    expect(answer.headers()['content-encoding'], url).toBe('br');
  }
  expect(named.filter((url) => url.endsWith('.wasm')), 'a page without islands loads no WebAssembly').toEqual([]);
});

test('the session is in a cookie that no script reads, new at each sign-in', async ({ page, account }) => {
  const session = async () => (await page.context().cookies()).find(({ name }) => name === 'sid');
  const values = [];
  for (let visit = 0; visit < 2; visit += 1) {
    await open(page, '/login');
    await fillSignIn(page, account.email, account.password);
    await expect(page).toHaveURL('/profile');
    const cookie = await session();
    // Not `Secure`, and so not `__Host-`: the address is http on this machine.
    expect(cookie).toMatchObject({ path: '/', domain: '127.0.0.1', httpOnly: true, sameSite: 'Lax', secure: false });
    expect(cookie!.value).toMatch(/^[\w-]{43,}$/);
    values.push(cookie!.value);
    await page.context().clearCookies();
  }
  expect(values[1]).not.toBe(values[0]);
  for (const cookie of await page.context().cookies()) expect(cookie.httpOnly, cookie.name).toBe(true);
});

test('a session that was signed out is dead', async ({ own: page, anotherBrowser }) => {
  const other = await anotherBrowser();
  await other.context().addCookies(await page.context().cookies());
  await open(other, '/profile');
  await expect(other).toHaveURL('/profile');
  await open(page, '/profile');
  await page.getByRole('button', { name: /^Account menu/ }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expectSignIn(page);
  await other.goto('/profile');
  await expectSignIn(other);
});

test('who is not signed in is led to sign in', async ({ page }) => {
  await page.goto('/profile');
  await expect(page).toHaveURL('/login?next=%2Fprofile');
});

test('who is not signed in changes nothing', { tag: '@once' }, async ({ request }) => {
  for (const operation of ['update-profile', 'change-password', 'archive-profile']) {
    const headers = { accept: 'application/json', 'sec-fetch-site': 'same-origin' };
    const answer = await request.post(`/fn/${operation}`, { headers, form: { given_name: 'Eve' } });
    expect(answer.status(), operation).toBe(401);
  }
});

test.describe('forms of other sites', { tag: '@once' }, () => {
  for (const headers of [
    {},
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: baseURL, 'sec-fetch-site': 'cross-site' },
    { origin: baseURL, 'sec-fetch-site': 'same-site' },
    { referer: `${baseURL}/profile` },
  ]) {
    test(`are refused with ${JSON.stringify(headers)}`, async ({ own: page, account, rest }) => {
      for (const operation of ['update-profile', 'archive-profile', 'sign-out', 'sign-in']) {
        const answer = await page.request.post(`/fn/${operation}`, { headers, form: { given_name: 'Eve' } });
        expect(answer.status(), operation).toBe(403);
      }
      expect((await rest.user(account)).fullname).toBe(account.fullName);
    });
  }

  test('are refused when a browser sends them', async ({ own: page, account, rest }) => {
    await page.setContent(`
      <form method="post" action="${baseURL}/fn/update-profile">
        <input name="given_name" value="Eve"><button>Win a prize</button>
      </form>`);
    await page.getByRole('button', { name: 'Win a prize' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'This form has gone stale' })).toBeVisible();
    expect((await rest.user(account)).fullname).toBe(account.fullName);
  });
});

function policy(header: string): Map<string, string[]> {
  return new Map(
    header.split(';').map((directive): [string, string[]] => {
      const [name = '', ...sources] = directive.trim().split(/\s+/);
      return [name, sources];
    }),
  );
}

/** What of a page a strict policy would not run: this is a function of the browser. */
function inlined(): string[] {
  const found: string[] = [];
  for (const element of document.querySelectorAll('*')) {
    const scriptless = element instanceof HTMLScriptElement && !element.src && !element.nonce;
    if (scriptless || element instanceof HTMLStyleElement) found.push(element.outerHTML.slice(0, 80));
    for (const { name, value } of element.attributes) {
      if (/^on|^style$/.test(name) || /^\s*javascript:/i.test(value)) found.push(`${element.tagName} ${name}`);
    }
  }
  return found;
}
