import { type APIRequestContext, type APIResponse, expect } from '@playwright/test';
import type { Mailbox } from './mailbox';

/** Someone with an account, made through the REST API. */
export interface Account {
  id: string;
  email: string;
  password: string;
  fullName: string;
}

/** A user as the Mindbricks dialect tells of it, as far as tests look. */
export interface User {
  fullname: string;
  avatar: string;
  mobile: string | null;
  recordVersion: number;
}

export const PASSWORD = 'Quiet-Lantern-47-drift';
export const NEW_PASSWORD = 'Copper-Kites-92-orbit';

const API = '/auth-api';
let made = 0;

/** An address that nobody has had before, in any worker or run. */
export function freshEmail(): string {
  made += 1;
  return `e2e.${process.pid}.${Date.now().toString(36)}.${made}@example.com`;
}

/** A mobile number of New Jersey that no other test has, as its owner would write it and in E.164. */
export function freshPhone(): { written: string; e164: string } {
  made += 1;
  const digits = String(2_000_000 + ((process.pid * 100 + made) % 8_000_000));
  return { written: `(201) ${digits.slice(0, 3)}-${digits.slice(3)}`, e164: `+1201${digits}` };
}

/** The REST API, spoken to from the address of the test. */
export class Rest {
  constructor(
    private readonly request: APIRequestContext,
    private readonly mailbox: Mailbox,
  ) {}

  async register(fullName = 'Ada Byron Lovelace', email = freshEmail(), password = PASSWORD): Promise<Account> {
    await expectStatus(201, this.#post('/v1/registeruser', { email, password, fullname: fullName }));
    const secretCode = await this.mailbox.code(email);
    const verified = await expectStatus(
      200,
      this.#post('/verification-services/email-verification/complete', { email, secretCode }),
    );
    const { userId } = await verified.json();
    return { id: userId, email, password, fullName };
  }

  /** A token, or the status of the refusal. */
  async signIn({ email }: Pick<Account, 'email'>, password: string): Promise<string | number> {
    const answer = await this.#post('/login', { username: email, password });
    return answer.ok() ? (await answer.json()).accessToken : answer.status();
  }

  async user(account: Account): Promise<User> {
    const answer = await expectStatus(200, this.#as(account, 'get', `/v1/users/${account.id}`));
    return (await answer.json()).user;
  }

  async update(account: Account, fields: Partial<Pick<User, 'fullname' | 'avatar' | 'mobile'>>): Promise<void> {
    await expectStatus(200, this.#as(account, 'patch', '/v1/profile', fields));
  }

  async archive(account: Account): Promise<void> {
    await expectStatus(200, this.#as(account, 'delete', '/v1/archiveprofile'));
  }

  #post(path: string, data: object): Promise<APIResponse> {
    return this.request.post(API + path, { data });
  }

  async #as(account: Account, method: string, path: string, data?: object): Promise<APIResponse> {
    const token = await this.signIn(account, account.password);
    return this.request.fetch(API + path, { method, headers: { authorization: `Bearer ${token}` }, ...(data && { data }) });
  }
}

async function expectStatus(status: number, pending: Promise<APIResponse>): Promise<APIResponse> {
  const answer = await pending;
  expect(answer.status(), `${answer.url()}: ${await answer.text()}`).toBe(status);
  return answer;
}
