// Somebody with a browser and, through the same doors as everybody, an account.

const FORM = { accept: 'application/json', 'sec-fetch-site': 'same-origin' };
const PASSWORD = 'Quiet-Lantern-47-drift';

/** Their address: letters of the name, as mail systems like them. */
function addressOf(name) {
  const plain = name.toLowerCase().replaceAll('ı', 'i').normalize('NFD').replace(/[^a-z ]/g, '');
  return `${plain.replaceAll(' ', '.')}@example.com`;
}

export class Person {
  #cookies = new Map();

  constructor(base, number, { name, locale, agent }) {
    const language = locale === 'tr' ? 'tr-TR,tr;q=0.9' : 'en-GB,en;q=0.9';
    Object.assign(this, { base, name, agent, email: addressOf(name), password: PASSWORD });
    // Limits count per address; the server trusts this machine to say where a request comes from.
    this.address = `198.51.${100 + number}.${17 + number}`;
    this.language = language;
  }

  /** Sends a request, and keeps the cookies that come back. */
  async ask(path, { headers, agent = this.agent, address = this.address, ...rest } = {}) {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const own = { 'user-agent': agent, 'x-forwarded-for': address, 'accept-language': this.language, cookie };
    const answer = await fetch(this.base + path, { redirect: 'manual', ...rest, headers: { ...own, ...headers } });
    for (const line of answer.headers.getSetCookie()) {
      const [name, value] = line.split(';')[0].split('=');
      this.#cookies.set(name, value);
    }
    return answer;
  }

  /** Sends a form of the pages, and answers what it did. */
  async send(operation, fields, { refused = false, ...from } = {}) {
    const body = fields instanceof FormData ? fields : new URLSearchParams(fields);
    const answer = await this.ask(`/fn/${operation}`, { method: 'POST', headers: FORM, body, ...from });
    const done = await answer.json();
    if (answer.ok === refused) throw new Error(`${operation} of ${this.name}: ${answer.status} ${JSON.stringify(done)}`);
    return done;
  }

  /** Signs up, and confirms the address with the code that was mailed. */
  async register() {
    const api = async (path, body) => {
      const headers = { 'content-type': 'application/json' };
      const answer = await this.ask(`/auth-api${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
      if (!answer.ok) throw new Error(`${path} of ${this.name}: ${answer.status} ${await answer.text()}`);
      return answer.json();
    };
    const { email, password, name } = this;
    await api('/v1/registeruser', { email, password, fullname: name });
    const mailed = await fetch(`${this.base}/dev/outbox`, { headers: { accept: 'application/json' } });
    const { text } = (await mailed.json()).find(({ to }) => to === email);
    const [secretCode] = /\b\d{6}\b/.exec(text);
    const complete = '/verification-services/email-verification/complete';
    this.id = (await api(complete, { email, secretCode })).userId;
    await this.signIn();
  }

  async signIn(from) {
    await this.send('sign-in', { identifier: this.email, password: this.password }, from);
  }

  async upload(png) {
    const form = new FormData();
    form.set('save', 'true');
    form.set('file', new Blob([png], { type: 'image/png' }), 'portrait.png');
    await this.send('upload-avatar', form);
  }

  /** The address of the public profile. */
  async profile() {
    const page = await (await this.ask('/people', { headers: { accept: 'text/html' } })).text();
    return /href="(\/u\/[^"/]+)"/.exec(page)[1];
  }

  /** The cookies, as a browser takes them. */
  cookies() {
    return [...this.#cookies].map(([name, value]) => ({ name, value, url: this.base }));
  }
}
