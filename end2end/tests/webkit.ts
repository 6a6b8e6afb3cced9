import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Readable } from 'node:stream';
import { expect } from '@playwright/test';
import { webkitPath } from '../browser.mjs';

/** The key under which WebDriver answers an element. */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

type Element = Record<typeof ELEMENT, string>;

/** A window of WebKitGTK's browser, driven by WebDriver (W3C) on a screen of its own. */
export class WebKit {
  private constructor(
    private readonly session: string,
    private readonly baseURL: string,
    private readonly processes: ChildProcess[],
  ) {}

  static async open(baseURL: string): Promise<WebKit> {
    const screen = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1400x1000x24', '-nolisten', 'tcp'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    const [display] = await once(screen.stdio[3] as Readable, 'data');
    const port = await freePort();
    const env = { ...process.env, DISPLAY: `:${String(display).trim()}`, GDK_BACKEND: 'x11', LIBGL_ALWAYS_SOFTWARE: '1' };
    const driver = spawn('WebKitWebDriver', [`--port=${port}`], { env, stdio: 'ignore' });
    const address = `http://127.0.0.1:${port}`;
    try {
      await expect(async () => expect((await fetch(`${address}/status`)).ok).toBe(true)).toPass({ timeout: 20_000 });
      const browser = { 'webkitgtk:browserOptions': { binary: webkitPath, args: ['--automation'] } };
      const { sessionId } = await send<{ sessionId: string }>('POST', `${address}/session`, {
        capabilities: { alwaysMatch: browser },
      });
      return new WebKit(`${address}/session/${sessionId}`, baseURL, [driver, screen]);
    } catch (error) {
      driver.kill();
      screen.kill();
      throw error;
    }
  }

  async close(): Promise<void> {
    await send('DELETE', this.session);
    for (const process of this.processes) process.kill();
  }

  async goto(path: string): Promise<void> {
    await send('POST', `${this.session}/url`, { url: new URL(path, this.baseURL).href });
  }

  /** The path of the page that is open, or comes to be within ten seconds. */
  async expectPath(path: string): Promise<void> {
    await expect.poll(() => this.run<string>('return location.pathname'), `the path`).toBe(path);
  }

  async resize(width: number, height: number): Promise<void> {
    await send('POST', `${this.session}/window/rect`, { width, height });
  }

  /** Runs a function body in the page. */
  async run<T>(script: string, ...args: unknown[]): Promise<T> {
    return await send<T>('POST', `${this.session}/execute/sync`, { script, args });
  }

  /** Types into the field with this label, in place of what is there. */
  async fill(label: string, text: string): Promise<void> {
    const field = await this.field(label);
    await send('POST', `${this.session}/element/${field[ELEMENT]}/clear`, {});
    await this.type(field, text);
  }

  /** Puts a file into the field with this label. */
  async choose(label: string, file: string): Promise<void> {
    await this.type(await this.field(label), file);
  }

  /** What is in the field with this label. */
  async value(label: string): Promise<string> {
    return await this.run<string>('return arguments[0].value', await this.field(label));
  }

  /** Clicks a button or link that can be seen. */
  async click(name: string): Promise<void> {
    const button = await this.find(
      `the button ${name}`,
      `const named = (one) => (one.getAttribute('aria-label') ?? one.textContent).trim() === arguments[0];
       const all = [...(document.querySelector('dialog[open]') ?? document).querySelectorAll('button, a')];
       return all.find((one) => named(one) && one.checkVisibility()) ?? null;`,
      name,
    );
    await send('POST', `${this.session}/element/${button[ELEMENT]}/click`, {});
  }

  /** Waits until the page says so, where it can be seen. */
  async expectText(words: string): Promise<void> {
    const script = 'return document.querySelector("main").innerText.includes(arguments[0])';
    await expect.poll(() => this.run<boolean>(script, words), `the page says: ${words}`).toBe(true);
  }

  /** Waits until the islands of the page can be used. */
  async islands(): Promise<void> {
    const state = () => this.run<string | null>('return document.documentElement.dataset.islands ?? null');
    await expect.poll(state, 'the islands').toBe('ready');
  }

  private async field(label: string): Promise<Element> {
    return await this.find(
      `the field ${label}`,
      `const named = (one) => one.innerText.trim() === arguments[0] || one.textContent.trim() === arguments[0];
       const scope = document.querySelector('dialog[open]') ?? document;
       return [...scope.querySelectorAll('label')].find(named)?.control ?? null;`,
      label,
    );
  }

  private async type({ [ELEMENT]: id }: Element, text: string): Promise<void> {
    await send('POST', `${this.session}/element/${id}/value`, { text });
  }

  private async find(what: string, script: string, ...args: unknown[]): Promise<Element> {
    let found: Element | null = null;
    // Between two pages there is nothing to ask.
    await expect(async () => {
      found = await this.run<Element | null>(script, ...args);
      expect(found, what).not.toBeNull();
    }).toPass({ timeout: 10_000 });
    return found!;
  }
}

async function send<T>(method: string, url: string, body?: object): Promise<T> {
  const answer = await fetch(url, { method, ...(body && { body: JSON.stringify(body) }) });
  const { value } = (await answer.json()) as { value: T };
  if (!answer.ok) throw new Error(`${method} ${url}: ${JSON.stringify(value)}`);
  return value;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}
