import { createHmac } from 'node:crypto';
import { type Page, expect } from '@playwright/test';
import { open } from './fixtures';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** An authenticator app (RFC 6238) that was told this secret. */
export class Authenticator {
  readonly #key: Buffer;
  #last = 0;

  constructor(secret: string) {
    const bits = [...secret.replaceAll(' ', '')].map((symbol) => BASE32.indexOf(symbol).toString(2).padStart(5, '0')).join('');
    this.#key = Buffer.from(bits.match(/.{8}/g)!.map((byte) => Number.parseInt(byte, 2)));
  }

  /** A code that was not told before: one of the step that is, or of the next, which counts already. */
  code(): string {
    const now = Math.floor(Date.now() / 30_000);
    this.#last = Math.max(now, this.#last + 1);
    expect(this.#last, 'a step whose code counts already').toBeLessThanOrEqual(now + 1);
    const step = Buffer.alloc(8);
    step.writeBigUInt64BE(BigInt(this.#last));
    const hash = createHmac('sha1', this.#key).update(step).digest();
    const number = hash.readUInt32BE(hash[19]! & 0xf) & 0x7fff_ffff;
    return String(number % 1_000_000).padStart(6, '0');
  }
}

/** Begins to set up an app on its page, and answers it. */
export async function beginSetup(page: Page): Promise<Authenticator> {
  await open(page, '/security/two-factor');
  await page.getByRole('button', { name: 'Set up: Authenticator app' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Set up an authenticator app' })).toBeVisible();
  return new Authenticator((await page.locator('.key').textContent())!);
}

/** Sets up an app, and answers it with its recovery codes. */
export async function setUpApp(page: Page): Promise<{ app: Authenticator; codes: string[] }> {
  const app = await beginSetup(page);
  await page.getByLabel('Enter the code that it shows').fill(app.code());
  await page.getByRole('button', { name: 'Confirm and turn on' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Your recovery codes' })).toBeVisible();
  return { app, codes: await page.locator('.codes li').allTextContents() };
}
