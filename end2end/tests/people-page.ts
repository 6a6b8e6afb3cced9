import { type BrowserContext, type Locator, type Page, expect } from '@playwright/test';
import { open, signIn } from './fixtures';
import type { Account } from './rest';

/** Where the public profile of whoever is signed in is. */
export async function publicProfile(page: Page): Promise<string> {
  await open(page, '/people');
  const address = await page.getByRole('link', { name: 'See your public profile' }).getAttribute('href');
  return address!;
}

/** Lets somebody do something to somebody else without the pages, as their forms would. */
export async function relate(
  context: BrowserContext,
  who: Account,
  operation: 'follow' | 'block',
  whom: Account,
): Promise<void> {
  await signIn(context, who);
  await post(context, operation, { account: whom.id });
}

/** Makes somebody's account private. */
export async function makePrivate(context: BrowserContext, account: Account): Promise<void> {
  await signIn(context, account);
  await post(context, 'update-profile', { is_private: 'true' });
  // Saving remembers the language of the request, which is not the one that the browser asks pages for.
  await context.clearCookies({ name: 'locale' });
}

async function post(context: BrowserContext, operation: string, form: Record<string, string>): Promise<void> {
  const headers = { accept: 'application/json', 'sec-fetch-site': 'same-origin' };
  const answer = await context.request.post(`/fn/${operation}`, { headers, form });
  expect(answer.status(), await answer.text()).toBe(200);
}

/** A person in the list that is open. */
export function person(page: Page, name: string): Locator {
  return page.getByRole('main').getByRole('listitem').filter({ has: page.getByRole('link', { name, exact: true }) });
}

/** Opens one of the lists by its tab, and sees how many it has. */
export async function openList(page: Page, name: string, count: number): Promise<void> {
  const tab = page.getByRole('navigation', { name: 'Lists' }).getByRole('link', { name: `${name} ${count}` });
  await tab.click();
  await expect(tab).toHaveAttribute('aria-current', 'page');
}
