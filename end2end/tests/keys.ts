import { type Locator, type Page, expect } from '@playwright/test';

/** Goes on, or back, until something has the focus, and sees at each stop that one can see where that is. */
export async function tabTo(page: Page, target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  for (let stops = 0; stops < 80; stops += 1) {
    await page.keyboard.press(key);
    const { reached, hidden } = await target.evaluate((wanted) => {
      const stop = document.activeElement!;
      let shown = stop === document.body;
      // A label may show it for its input.
      for (let part: Element | null = stop; part && !shown; part = part.parentElement) {
        const { outlineStyle, outlineWidth } = getComputedStyle(part);
        shown = outlineStyle !== 'none' && outlineWidth !== '0px';
      }
      return { reached: stop === wanted, hidden: shown ? null : stop.outerHTML };
    });
    expect(hidden, 'where the focus does not show').toBeNull();
    if (reached) return;
  }
  throw new Error(`no ${key} leads to ${target}`);
}

/** Goes to a field and types, in place of what is there. */
export async function type(page: Page, field: Locator, text: string): Promise<void> {
  await tabTo(page, field);
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type(text);
}

/** Goes to a button or a link, and presses it. */
export async function press(page: Page, target: Locator, key = 'Enter'): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press(key);
}

/** Sees that the page says so, and that this is what is read first. */
export async function expectNotice(page: Page, words: string | RegExp, role: 'status' | 'alert' = 'status'): Promise<void> {
  const notice = page.getByRole('main').getByRole(role).filter({ hasText: words });
  await expect(notice).toBeFocused();
}
