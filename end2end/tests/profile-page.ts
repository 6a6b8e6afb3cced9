import { type Locator, type Page, expect } from '@playwright/test';
import { test } from './fixtures';
import type { picture } from './picture';

/** The inputs of the profile form. */
export function profileForm(page: Page) {
  return {
    givenName: page.getByLabel('Given name'),
    middleName: page.getByLabel('Middle name'),
    familyName: page.getByLabel('Family name'),
    bio: page.getByRole('textbox', { name: 'Bio' }),
    location: page.getByRole('textbox', { name: 'Location' }),
    phone: page.getByRole('textbox', { name: 'Mobile number' }),
    isPrivate: page.getByRole('checkbox', { name: 'Private account' }),
    language: page.getByRole('combobox', { name: 'Language' }),
    appearance: page.getByRole('combobox', { name: 'Appearance' }),
    timeZone: page.getByLabel('Time zone'),
  };
}

/** Sends the form. Where no script runs, what it says then stands on the next page. */
export async function save(page: Page): Promise<void> {
  const script = test.info().project.use.javaScriptEnabled;
  const next = script ? undefined : page.waitForEvent('domcontentloaded');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await next;
}

/** Sees that the page says so: in the form that was sent, or above all of them where no script runs. */
export async function expectSaid(page: Page, words: string | RegExp, role: 'status' | 'alert' = 'status'): Promise<void> {
  await expect(page.getByRole(role).filter({ hasText: words }).filter({ visible: true })).toBeVisible();
}

/** Saves, and sees that it worked. */
export async function saved(page: Page): Promise<void> {
  await save(page);
  await expectSaid(page, /^Saved$/);
}

/** Chooses a file to crop, and waits until the cropper can be worked. */
export async function chooseToCrop(page: Page, file: ReturnType<typeof picture>): Promise<Locator> {
  await page.getByLabel('Choose a picture').setInputFiles(file);
  const dialog = page.getByRole('dialog', { name: 'Crop your picture' });
  const zoom = dialog.getByRole('slider', { name: 'Zoom' });
  await expect(async () => {
    await dialog.getByRole('button', { name: 'Zoom in' }).click();
    expect(Number(await zoom.inputValue())).toBeGreaterThan(0);
  }).toPass();
  await dialog.getByRole('button', { name: 'Start over' }).click();
  await expect(zoom).toHaveValue('0');
  return dialog;
}

/** Uploads what is framed, and saves it. */
export async function useCrop(page: Page, dialog: Locator): Promise<void> {
  await dialog.getByRole('button', { name: 'Upload picture' }).click();
  await expectSaid(page, 'Uploaded. Save to use it.');
  await page.getByRole('button', { name: 'Save picture' }).click();
  await expectSaid(page, 'New picture saved');
}

/** The section that archives: a dialog where scripts run, else a plain part of the page. */
export function archiveDialog(page: Page): Locator {
  return page.getByRole('dialog', { name: 'Archive your account?' });
}

/** Types the phrase and archives. */
export async function archive(page: Page, phrase: string): Promise<void> {
  const dialog = archiveDialog(page);
  if (test.info().project.use.javaScriptEnabled) {
    await page.getByRole('button', { name: 'Archive my account…' }).click();
  }
  await dialog.getByRole('textbox').fill(phrase);
  await dialog.getByRole('button', { name: 'Archive account' }).click();
}

/** The day of deletion of what is archived now: one calendar month from today, as pages write it. */
export function oneMonthLater(): string {
  const now = new Date();
  const [year, month] = [now.getUTCFullYear(), now.getUTCMonth()];
  const lastDay = new Date(Date.UTC(year, month + 2, 0)).getUTCDate();
  const day = new Date(Date.UTC(year, month + 1, Math.min(now.getUTCDate(), lastDay)));
  return day.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
}
