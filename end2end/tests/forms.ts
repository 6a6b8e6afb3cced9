import { type Locator, type Page, expect } from '@playwright/test';

/** Signs in on the page that is open. */
export async function fillSignIn(page: Page, identifier: string, password: string): Promise<void> {
  await page.getByLabel('E-mail address').fill(identifier);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

export interface Newcomer {
  givenName: string;
  familyName: string;
  email: string;
  password: string;
}

/** Sends the registration form that is open. */
export async function fillRegistration(page: Page, newcomer: Newcomer): Promise<void> {
  await page.getByLabel('Given name').fill(newcomer.givenName);
  await page.getByLabel('Family name').fill(newcomer.familyName);
  await page.getByLabel('E-mail address').fill(newcomer.email);
  await page.getByLabel('Password', { exact: true }).fill(newcomer.password);
  await page.getByRole('button', { name: 'Create account' }).click();
}

/** Enters the code that completes a registration. */
export async function confirm(page: Page, code: string): Promise<void> {
  await page.getByLabel('Six-digit code').fill(code);
  await page.getByRole('button', { name: 'Confirm and continue' }).click();
}

/** Sees what is wrong with a field, beside it, where a screen reader finds it too. */
export async function expectRefused(field: Locator, sentence: string | RegExp): Promise<void> {
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await expect(field).toHaveAccessibleDescription(typeof sentence === 'string' ? containing(sentence) : sentence);
}

/** Sees that a field is accepted as it is. */
export async function expectAccepted(field: Locator): Promise<void> {
  await expect(field).not.toHaveAttribute('aria-invalid', 'true');
}

function containing(sentence: string): RegExp {
  return new RegExp(sentence.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
}

/** Sees that the page with this heading is open. */
export async function expectHeading(page: Page, name: string): Promise<void> {
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
}

/** Sees that the profile is open. */
export async function expectProfile(page: Page): Promise<void> {
  await expect(page).toHaveURL('/profile');
  await expectHeading(page, 'Profile');
}

/** Sees that one has to sign in. */
export async function expectSignIn(page: Page): Promise<void> {
  await expect(page).toHaveURL(/\/login(\?|$)/);
  await expectHeading(page, 'Sign in');
}

/** Signs out by the menu of the account. */
export async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Account menu/ }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expectSignIn(page);
}
