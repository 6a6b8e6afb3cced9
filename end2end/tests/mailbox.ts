import { type APIRequestContext, expect } from '@playwright/test';

export interface Message {
  to: string;
  channel: 'email' | 'sms';
  subject: string;
  text: string;
  createdAt: string;
}

/** What the server would have mailed, read from its outbox. */
export class Mailbox {
  readonly #read = new Set<string>();

  constructor(private readonly request: APIRequestContext) {}

  /** Messages to an address or number, newest first. */
  async messages(to: string): Promise<Message[]> {
    const answer = await this.request.get('/dev/outbox', { headers: { accept: 'application/json' } });
    expect(answer.status(), 'the outbox').toBe(200);
    const messages: Message[] = await answer.json();
    return messages.filter((message) => message.to === to);
  }

  /** The newest code to an address or number that was not read before; waits for it. */
  async code(to: string): Promise<string> {
    let code: string | undefined;
    await expect(async () => {
      const messages = await this.messages(to);
      code = messages.map(({ text }) => /\b\d{6}\b/.exec(text)?.[0]).find((found) => found && !this.#read.has(to + found));
      expect(code, `a new code for ${to}`).toBeDefined();
    }).toPass({ timeout: 10_000 });
    this.#read.add(to + code);
    return code!;
  }

  /** Waits for a message with such a subject. */
  async expectMessage(to: string, subject: string | RegExp): Promise<void> {
    const subjects = async () => (await this.messages(to)).map((message) => message.subject);
    await expect.poll(subjects, `subjects of messages to ${to}`).toContainEqual(expect.stringMatching(subject));
  }
}
