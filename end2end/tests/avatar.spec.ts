import type { CDPSession, Locator, Page } from '@playwright/test';
import { expectRefused } from './forms';
import { expect, open, test as base } from './fixtures';
import { BANDS, type Colour, QUADRANTS, look, picture } from './picture';
import { chooseToCrop, expectSaid, useCrop } from './profile-page';

const STORED = /\/auth-api\/bucket\/userAvatars\/download\/key\/[\w-]{22,}\.webp$/;

/** Sees that the stored picture of `account` is a square of one colour, in each size. */
const test = base.extend<{ expectColour: (colour: Colour) => Promise<void> }>({
  expectColour: async ({ account, rest, browser, request }, use) => {
    await use(async (colour) => {
      const { avatar } = await rest.user(account);
      expect(avatar).toMatch(STORED);
      for (const size of [512, 64]) {
        const answer = await request.get(`${avatar}?size=${size}`);
        expect(answer.headers()).toMatchObject({
          'content-type': 'image/webp',
          'x-content-type-options': 'nosniff',
          'content-security-policy': "default-src 'none'; sandbox",
        });
        const seen = await look(browser, await answer.body());
        expect(seen).toMatchObject({ width: size, height: size });
        expect(seen.share[colour], `of ${JSON.stringify(seen.share)}`).toBeGreaterThan(0.97);
      }
    });
  },
});

const stage = (dialog: Locator) => dialog.getByRole('application', { name: 'Picture to crop' });

/** Brings one corner of the picture into view, whatever the zoom. */
async function moveToCorner(dialog: Locator, horizontal: 'Left' | 'Right', vertical: 'Up' | 'Down') {
  for (const key of [`Arrow${horizontal}`, `Arrow${vertical}`]) {
    for (let times = 0; times < 40; times += 1) await stage(dialog).press(key);
  }
}

async function zoomIn(dialog: Locator, times = 5) {
  for (; times > 0; times -= 1) await stage(dialog).press('+');
}

/** Drags what is framed from the middle of the stage. */
async function drag(page: Page, dialog: Locator, x: number, y: number) {
  const box = (await stage(dialog).boundingBox())!;
  const [fromX, fromY] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(fromX, fromY);
  await page.mouse.down();
  await page.mouse.move(fromX + x / 2, fromY + y / 2, { steps: 4 });
  await page.mouse.move(fromX + x, fromY + y, { steps: 4 });
  await page.mouse.up();
}

/** How a telephone's picture begins. */
const HEIC = '\0\0\0\x18ftypheic\0\0\0\0mif1heic';

test.describe('with script', { tag: '@script' }, () => {
  test('a quarter framed with the keyboard is what is stored, and removing brings the drawn one back', async ({
    own: page,
    account,
    rest,
    expectColour,
  }) => {
    await open(page, '/profile');
    const shown = page.getByRole('img', { name: 'Your picture' });
    const drawn = `/avatars/${account.id}.svg`;
    await expect(shown).toHaveAttribute('src', new RegExp(`${drawn}$`));
    const dialog = await chooseToCrop(page, picture(QUADRANTS));
    await zoomIn(dialog);
    await moveToCorner(dialog, 'Right', 'Down'); // The picture moves, so this shows its top left.
    await useCrop(page, dialog);

    await expectColour('red');
    const { avatar } = await rest.user(account);
    // Our own pages name it by its path.
    const { pathname } = new URL(avatar);
    await expect(shown).toHaveAttribute('src', pathname);
    await open(page, '/profile');
    await expect(shown).toHaveAttribute('src', pathname);

    await page.getByRole('button', { name: 'Remove picture' }).click();
    await expectSaid(page, 'Picture removed');
    await expect(shown).toHaveAttribute('src', new RegExp(`${drawn}$`));
    expect((await rest.user(account)).avatar).toContain(drawn);
  });

  test('a quarter framed with slider and mouse is what is stored', async ({ own: page, expectColour }) => {
    await open(page, '/profile');
    const dialog = await chooseToCrop(page, picture(QUADRANTS));
    await dialog.getByRole('slider', { name: 'Zoom' }).fill('40');
    await drag(page, dialog, -400, -400);
    await drag(page, dialog, -400, -400);
    await useCrop(page, dialog);
    await expectColour('yellow');
  });

  test('a picture is turned by quarters', async ({ own: page, expectColour }) => {
    await open(page, '/profile');
    const dialog = await chooseToCrop(page, picture(QUADRANTS));
    await dialog.getByRole('button', { name: 'Rotate right' }).click();
    await zoomIn(dialog);
    await moveToCorner(dialog, 'Right', 'Down');
    await useCrop(page, dialog);
    await expectColour('blue');
  });

  test('a picture that is not square keeps its middle, and can be moved to its end', async ({ own: page, expectColour }) => {
    await open(page, '/profile');
    let dialog = await chooseToCrop(page, picture(BANDS));
    await useCrop(page, dialog);
    await expectColour('green');
    dialog = await chooseToCrop(page, picture(BANDS));
    for (let times = 0; times < 40; times += 1) await stage(dialog).press('ArrowLeft');
    await useCrop(page, dialog);
    await expectColour('blue');
  });

  test('the wheel zooms, and the square stays covered', { tag: '@once' }, async ({ own: page }) => {
    await open(page, '/profile');
    const dialog = await chooseToCrop(page, picture(QUADRANTS));
    const zoom = dialog.getByRole('slider', { name: 'Zoom' });
    await stage(dialog).hover();
    await page.mouse.wheel(0, -300);
    await expect.poll(async () => Number(await zoom.inputValue())).toBeGreaterThan(0);
    // Turns of the wheel that follow each other too closely count as one.
    await expect(async () => {
      await page.mouse.wheel(0, 300);
      await expect(zoom).toHaveValue('0', { timeout: 100 });
    }).toPass();
  });

  test('two fingers zoom', { tag: '@touch' }, async ({ own: page }) => {
    await open(page, '/profile');
    const dialog = await chooseToCrop(page, picture(QUADRANTS));
    await pinch(await page.context().newCDPSession(page), (await stage(dialog).boundingBox())!);
    const zoom = dialog.getByRole('slider', { name: 'Zoom' });
    await expect.poll(async () => Number(await zoom.inputValue())).toBeGreaterThan(0);
  });

  test('a picture can be dropped, and left alone', async ({ own: page, account, rest }) => {
    await open(page, '/profile');
    const { name, mimeType, buffer } = picture(QUADRANTS);
    const dropped = await page.evaluateHandle(
      ({ name, type, base64 }) => {
        const bytes = Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0));
        const data = new DataTransfer();
        data.items.add(new File([bytes], name, { type }));
        return data;
      },
      { name, type: mimeType, base64: buffer.toString('base64') },
    );
    await page.getByText('or drop or paste one here').dispatchEvent('drop', { dataTransfer: dropped });
    const dialog = page.getByRole('dialog', { name: 'Crop your picture' });
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await expect(dialog).toBeHidden();
    await expect(page.getByRole('button', { name: 'Save picture' })).toBeHidden();
    expect((await rest.user(account)).avatar).toContain(account.id);
  });

  test('an upload shows how far it is and can be cancelled', async ({ own: page, account, rest }) => {
    await open(page, '/profile');
    const dialog = await chooseToCrop(page, picture(QUADRANTS));
    await page.route('**/fn/upload-avatar', () => {}); // Never arrives.
    await dialog.getByRole('button', { name: 'Upload picture' }).click();
    await expect(dialog.getByRole('progressbar')).toBeVisible();
    await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeFocused();
    await page.keyboard.press('Enter');
    await expectSaid(page, 'Upload cancelled. Your picture is as it was.');
    expect((await rest.user(account)).avatar).toContain(account.id);
  });

  test('what is no picture is refused', async ({ own: page, tolerated }) => {
    // The tracer asks for the bytes of a picture that did not load, as if the page did.
    tolerated.push(/^Connecting to 'blob:/, /^connect-src blocked blob/);
    await open(page, '/profile');
    for (const [content, words] of [
      ['not a picture', 'Your browser cannot open that file as a picture.'],
      [HEIC, /HEIC, which your browser cannot open. Save it as JPEG/],
    ] as const) {
      const file = { name: 'broken.png', mimeType: 'image/png', buffer: Buffer.from(content) };
      await page.getByLabel('Choose a picture').setInputFiles(file);
      await expectSaid(page, words);
      await expect(page.getByRole('dialog')).toBeHidden();
    }
  });
});

test.describe('without script', { tag: '@no-script' }, () => {
  for (const [focus, colour] of [
    ['Left', 'red'],
    ['Centre', 'green'],
    ['Bottom right', 'blue'],
  ] as const) {
    test(`the server keeps the part at the ${focus}`, async ({ own: page, expectColour }) => {
      await open(page, '/profile');
      await expect(page.getByRole('radio', { name: 'Centre' })).toBeChecked();
      await page.getByRole('radio', { name: focus, exact: true }).check();
      await page.getByLabel('Picture file').setInputFiles(picture(BANDS));
      await page.getByRole('button', { name: 'Save picture' }).click();
      await expectSaid(page, 'New picture saved');
      await expectColour(colour);
    });
  }

  test('a picture is removed again', async ({ own: page, account, rest }) => {
    await open(page, '/profile');
    await page.getByLabel('Picture file').setInputFiles(picture(QUADRANTS));
    await page.getByRole('button', { name: 'Save picture' }).click();
    await expectSaid(page, 'New picture saved');
    await page.getByRole('button', { name: 'Remove picture' }).click();
    await expectSaid(page, 'Picture removed');
    expect((await rest.user(account)).avatar).toContain(`/avatars/${account.id}.svg`);
  });

  // The server knows long before the browser has sent all of it.
  test('a file that is too large is refused beside its field', { tag: '@engines' }, async ({ own: page, account, rest }) => {
    await open(page, '/profile');
    const field = page.getByLabel('Picture file');
    for (const megabytes of [11, 40]) {
      await field.setInputFiles({ name: 'large.png', mimeType: 'image/png', buffer: Buffer.alloc(megabytes * 1024 * 1024) });
      await page.getByRole('button', { name: 'Save picture' }).click();
      await expectRefused(field, /The file is too large. Up to 10 MB is fine./);
    }
    expect((await rest.user(account)).avatar).toContain(`/avatars/${account.id}.svg`);
  });

  test('what is no picture is refused beside its field', async ({ own: page, account, rest }) => {
    await open(page, '/profile');
    const field = page.getByLabel('Picture file');
    for (const [content, words] of [
      ['not a picture', /not a JPEG, PNG, GIF or WebP picture/],
      [HEIC, /format HEIC. Save it as JPEG/],
    ] as const) {
      await field.setInputFiles({ name: 'broken.png', mimeType: 'image/png', buffer: Buffer.from(content) });
      await page.getByRole('button', { name: 'Save picture' }).click();
      await expectRefused(field, words);
    }
    expect((await rest.user(account)).avatar).toContain(`/avatars/${account.id}.svg`);
  });
});

/** Two fingers that part, which Playwright has no word for. */
async function pinch(session: CDPSession, { x, y, width, height }: { x: number; y: number; width: number; height: number }) {
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', apart: number) => {
    const at = (id: number, shift: number) => ({ id, x: x + width / 2 + shift, y: y + height / 2 });
    const touchPoints = type === 'touchEnd' ? [] : [at(0, -apart), at(1, apart)];
    return session.send('Input.dispatchTouchEvent', { type, touchPoints });
  };
  await touch('touchStart', 20);
  for (let apart = 25; apart <= 80; apart += 5) await touch('touchMove', apart);
  await touch('touchEnd', 80);
}
