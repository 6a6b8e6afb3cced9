import { type BrowserContext, type Page, test as base, expect } from '@playwright/test';
import { Mailbox } from './mailbox';
import { type Account, Rest } from './rest';

export { expect } from '@playwright/test';

interface Fixtures {
  mailbox: Mailbox;
  rest: Rest;
  /** Somebody new, with an account and nothing more. */
  account: Account;
  /** The page of a browser in which `account` is signed in. */
  own: Page;
  /** Complaints of the browser that the test itself provokes; it adds to them. */
  tolerated: RegExp[];
  /** Opens another browser, watched like the first. */
  anotherBrowser: () => Promise<Page>;
}

let tests = 0;

export const test = base.extend<Fixtures>({
  // Limits count per address, an IPv6 one by its /64: each test gets one.
  extraHTTPHeaders: async ({}, use, { workerIndex }) => {
    tests += 1;
    await use({ 'x-forwarded-for': `2001:db8:${workerIndex.toString(16)}:${tests.toString(16)}::1` });
  },

  tolerated: async ({}, use) => use([]),

  context: async ({ context, baseURL, tolerated }, use) => {
    const complaints = await watch(context, baseURL!);
    await use(context);
    const serious = complaints.filter((complaint) => !tolerated.some((pattern) => pattern.test(complaint)));
    expect(serious, 'what the browser complained of').toEqual([]);
  },

  anotherBrowser: async ({ browser, baseURL }, use) => {
    const opened: { context: BrowserContext; complaints: string[] }[] = [];
    await use(async () => {
      const context = await browser.newContext();
      opened.push({ context, complaints: await watch(context, baseURL!) });
      return context.newPage();
    });
    for (const { context, complaints } of opened) {
      await context.close();
      expect(complaints, 'what another browser complained of').toEqual([]);
    }
  },

  // Without the address: the outbox answers nobody who comes through a proxy.
  mailbox: async ({ playwright, baseURL }, use) => {
    const request = await playwright.request.newContext({ baseURL: baseURL!, extraHTTPHeaders: {} });
    await use(new Mailbox(request));
    await request.dispose();
  },

  rest: async ({ request, mailbox }, use) => use(new Rest(request, mailbox)),

  account: async ({ rest }, use) => use(await rest.register()),

  own: async ({ page, account }, use) => {
    await signIn(page.context(), account);
    await use(page);
  },
});

/** Sends a form of the pages without opening one. */
export async function act(context: BrowserContext, operation: string, form: Record<string, string>): Promise<void> {
  const headers = { accept: 'application/json', 'sec-fetch-site': 'same-origin' };
  const answer = await context.request.post(`/fn/${operation}`, { headers, form });
  expect(answer.status(), await answer.text()).toBe(200);
}

/** Signs in without the pages, as their form would. */
export async function signIn(context: BrowserContext, { email, password }: Account): Promise<void> {
  await act(context, 'sign-in', { identifier: email, password });
}

/** Gives an account a username that nobody has had before. */
export async function rename(context: BrowserContext, account: Account): Promise<string> {
  const username = `taken${account.id.replaceAll('-', '').slice(-12)}`;
  await signIn(context, account);
  await act(context, 'change-username', { username });
  return username;
}

/** Opens a page and waits until its islands can be used, where scripts run. */
export async function open(page: Page, path: string, hasIslands = path.startsWith('/profile')): Promise<void> {
  await page.goto(path);
  if (hasIslands) await islands(page);
}

/** Waits until the islands of the page can be used, where scripts run. */
export async function islands(page: Page): Promise<void> {
  if (test.info().project.use.javaScriptEnabled) {
    await expect(page.locator('html')).toHaveAttribute('data-islands', 'ready');
  }
}

/** Notes whatever a page must never cause: complaints of the console, exceptions, requests elsewhere, failures. */
async function watch(context: BrowserContext, baseURL: string): Promise<string[]> {
  const complaints: string[] = [];
  await context.addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sample }) => {
      console.error(`${effectiveDirective} blocked ${blockedURI} ${sample}`);
    });
  });
  context.on('console', (message) => {
    // Answers are looked at below: refusing a form is no failure.
    const expected = /^Failed to load resource: the server responded|was preloaded using link preload but not used/;
    if (['error', 'warning'].includes(message.type()) && !expected.test(message.text())) complaints.push(message.text());
  });
  context.on('weberror', (error) => complaints.push(error.error().stack ?? error.error().message));
  context.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith('http') && url.origin !== baseURL) complaints.push(`asked for ${url}`);
  });
  context.on('response', (response) => {
    const request = response.request();
    const form = request.isNavigationRequest() || new URL(request.url()).pathname.startsWith('/fn/');
    if (response.status() >= (form ? 500 : 400)) complaints.push(`${response.status()} for ${request.url()}`);
  });
  return complaints;
}
