// Holds pages of the demonstration to 100 of 100 in every category of Lighthouse, as a phone on a slow network sees them.
//
// Apart from the other packages, because it alone is as large as all of them. Another load on the machine makes pages
// slower than they are, never faster: the best of three tries counts.

import { execFileSync } from 'node:child_process';
import { browserPath } from '../browser.mjs';
import { base, inhabit } from './server.mjs';

const LIGHTHOUSE = 'lighthouse@13.5.0';
const TRIES = 3;
const ACCEPTED = 100;

function measure(page, cookie) {
  const flags = ['--quiet', '--output=json', '--chrome-flags=--headless=new --no-sandbox'];
  const signedIn = cookie ? [`--extra-headers=${JSON.stringify({ cookie })}`] : [];
  const command = ['exec', '--yes', `--package=${LIGHTHOUSE}`, '--', 'lighthouse', base + page, ...flags, ...signedIn];
  const env = { ...process.env, ...(browserPath && { CHROME_PATH: browserPath }) };
  const report = JSON.parse(execFileSync('npm', command, { env, maxBuffer: 2 ** 26, stdio: ['ignore', 'pipe', 'ignore'] }));
  const scores = Object.values(report.categories).map(({ id, score }) => [id, Math.round(score * 100)]);
  const asked = Object.values(report.categories).flatMap(({ auditRefs }) => auditRefs.filter(({ weight }) => weight > 0));
  const short = asked.map(({ id }) => report.audits[id]).filter(({ score }) => score !== null && score < 0.9);
  return { scores, short: short.map(({ title }) => title), low: Math.min(...scores.map(([, score]) => score)) };
}

await inhabit(async ([maya]) => {
  const cookie = maya.cookies().map(({ name, value }) => `${name}=${value}`).join('; ');
  const pages = { '/login': '', '/profile': cookie, '/security': cookie, [await maya.profile()]: '' };
  let failed = 0;
  for (const [page, as] of Object.entries(pages)) {
    let best = { low: -1 };
    for (let tries = 0; tries < TRIES && best.low < ACCEPTED; tries += 1) {
      const next = measure(page, as);
      if (next.low > best.low) best = next;
    }
    console.log([page, ...best.scores.map(([id, score]) => `${id} ${score}`), ...best.short].join(' · '));
    failed += best.low < ACCEPTED ? 1 : 0;
  }
  const all = Object.keys(pages).length;
  console.log(`${all - failed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
});
