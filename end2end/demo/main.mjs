// Fills a scratch installation with believable people and serves it. Everything goes through the doors that everybody uses.

import { base, inhabit } from './server.mjs';

await inhabit(async (people) => {
  const [maya] = people;
  console.log(`\n  ${people.length} people live at ${base} until Ctrl-C. Their password: ${maya.password}`);
  console.log(`  Sign in as ${maya.email}, or look at ${base}${await maya.profile()} as a stranger.\n`);
  return { stays: true };
});
