import type { JSHandle, Page } from '@playwright/test';
import { expect, open, test } from './fixtures';
import { QUADRANTS, picture } from './picture';
import { chooseToCrop, expectSaid, profileForm } from './profile-page';

const cropDialog = (page: Page) => page.getByRole('dialog', { name: 'Crop your picture' });

/** What a clipboard or a drag carries. */
function carried(page: Page, { file, text, address }: { file?: boolean; text?: string; address?: string }): Promise<JSHandle<DataTransfer>> {
  const { name, mimeType, buffer } = picture(QUADRANTS);
  return page.evaluateHandle(
    ({ name, type, base64, text, address }) => {
      const data = new DataTransfer();
      if (base64) data.items.add(new File([Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0))], name, { type }));
      if (text) data.setData('text/plain', text);
      if (address) data.setData('text/uri-list', address);
      return data;
    },
    { name, type: mimeType, base64: file ? buffer.toString('base64') : '', text, address },
  );
}

/** Pastes into whatever has the focus. */
async function paste(page: Page, what: Parameters<typeof carried>[1]): Promise<void> {
  await page.evaluate((clipboardData) => {
    const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
    (document.activeElement ?? document.body).dispatchEvent(event);
  }, await carried(page, what));
}

test.describe('choosing a picture', { tag: '@script' }, () => {
  test('a picture alone, pasted outside of inputs, is cropped', { tag: '@once' }, async ({ own: page }) => {
    await open(page, '/profile');
    await paste(page, { file: true });
    await expect(cropDialog(page)).toBeVisible();
  });

  test('cells of a spreadsheet are text, whatever picture comes with them', { tag: '@once' }, async ({ own: page }) => {
    await open(page, '/profile');
    const { bio } = profileForm(page);
    await bio.fill('Before. ');
    for (const what of [{ file: true, text: 'A1\tB1' }, { file: true }]) {
      await bio.focus();
      await paste(page, what);
    }
    await page.locator('body').click({ position: { x: 2, y: 2 } });
    await paste(page, { file: true, text: 'A1\tB1' });
    await expect(cropDialog(page)).toBeHidden();
    await expect(bio).toHaveValue('Before. ');
  });

  test('a paste does not take the place of what is being cropped', { tag: '@once' }, async ({ own: page }) => {
    await open(page, '/profile');
    const dialog = await chooseToCrop(page, picture(QUADRANTS));
    await dialog.getByRole('button', { name: 'Zoom in' }).click();
    const zoom = await dialog.getByRole('slider', { name: 'Zoom' }).inputValue();
    const shown = await dialog.locator('.cropper').innerHTML();
    await paste(page, { file: true });
    expect(await dialog.locator('.cropper').innerHTML()).toBe(shown);
    await expect(dialog.getByRole('slider', { name: 'Zoom' })).toHaveValue(zoom);
  });

  test('a file that falls beside the zone does not take the place of the page', { tag: '@once' }, async ({ own: page }) => {
    await open(page, '/profile');
    const dataTransfer = await carried(page, { file: true });
    for (const kind of ['dragover', 'drop']) {
      const prevented = await page.evaluate(
        ({ kind, dataTransfer }) => !document.body.dispatchEvent(new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true })),
        { kind, dataTransfer },
      );
      expect(prevented, kind).toBe(true);
    }
    await expect(cropDialog(page)).toBeHidden();
  });

  test('text can still be dragged into a field', { tag: '@once' }, async ({ own: page }) => {
    await open(page, '/profile');
    const dataTransfer = await carried(page, { text: 'words' });
    const prevented = await profileForm(page).bio.evaluate(
      (bio, dataTransfer) => !bio.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true })),
      dataTransfer,
    );
    expect(prevented).toBe(false);
  });

  test('a picture of another page is answered in words', { tag: '@once' }, async ({ own: page }) => {
    await open(page, '/profile');
    const dataTransfer = await carried(page, { address: 'https://pictures.example/cat.jpg' });
    await page.getByText('or drop or paste one here').dispatchEvent('drop', { dataTransfer });
    await expectSaid(page, 'That was no file. Save the picture on your device first, then choose it here.');
    await expect(cropDialog(page)).toBeHidden();
  });

  test('a photo is taken with the camera and cropped', { tag: '@once' }, async ({ own: page }) => {
    await page.context().grantPermissions(['camera']);
    await open(page, '/profile');
    await page.getByRole('button', { name: 'Take a photo' }).click();
    const dialog = page.getByRole('dialog', { name: 'Take a photo' });
    await expect.poll(() => dialog.locator('video').evaluate((video: HTMLVideoElement) => video.videoWidth)).toBeGreaterThan(0);
    await dialog.getByRole('button', { name: 'Take the photo' }).click();
    await expect(dialog).toBeHidden();
    await expect(cropDialog(page)).toBeVisible();
    // The camera is let go.
    expect(await page.locator('video').evaluate((video: HTMLVideoElement) => video.srcObject)).toBeNull();
  });

  test('a camera that the browser does not give is told', { tag: '@once' }, async ({ own: page }) => {
    await page.addInitScript(() => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError'));
    });
    await open(page, '/profile');
    await page.getByRole('button', { name: 'Take a photo' }).click();
    await expectSaid(page, 'Your browser did not give us the camera.');
    await expect(page.getByRole('dialog', { name: 'Take a photo' })).toBeHidden();
  });

  test('no photo is offered where there is no camera', { tag: '@once' }, async ({ own: page }) => {
    await page.addInitScript(() => {
      navigator.mediaDevices.enumerateDevices = () => Promise.resolve([]);
    });
    await open(page, '/profile');
    await expect(page.getByLabel('Choose a picture')).toBeAttached();
    await expect(page.getByRole('button', { name: 'Take a photo' })).toBeHidden();
  });

  for (const [what, pattern] of [
    ['the cropper', '**/assets/cropper*'],
    ['our script around it', '**/assets/avatar-cropper*'],
  ] as const) {
    test(`a deploy that took ${what} away is told, every time`, { tag: '@once' }, async ({ own: page, tolerated }) => {
      tolerated.push(/404/, /blob:/);
      await open(page, '/profile');
      await page.route(pattern, (route) => route.fulfill({ status: 404 }));
      for (let times = 0; times < 2; times += 1) {
        await page.getByLabel('Choose a picture').setInputFiles(picture(QUADRANTS));
        await expectSaid(page, 'This page is older than the site. Reload it, then try again.');
        await expect(cropDialog(page)).toBeHidden();
      }
    });
  }

  test('a saved picture is at once everywhere on the page', { tag: '@once' }, async ({ own: page }) => {
    await open(page, '/profile');
    const dialog = await chooseToCrop(page, picture(QUADRANTS));
    await dialog.getByRole('button', { name: 'Upload picture' }).click();
    await page.getByRole('button', { name: 'Save picture' }).click();
    await expectSaid(page, 'New picture saved');
    const large = await page.getByRole('img', { name: 'Your picture' }).getAttribute('src');
    expect(large).toMatch(/^\/auth-api\//);
    await expect(page.locator('.account-button img')).toHaveAttribute('src', large!);
    const { givenName } = profileForm(page);
    await givenName.fill('Augusta');
    await page.getByRole('button', { name: 'Save changes' }).click();
    await expect(page.getByRole('button', { name: /^Account menu: Augusta / })).toBeVisible();
  });
});
