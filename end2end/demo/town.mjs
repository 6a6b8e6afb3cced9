// The demonstration's people move in and meet.

import { DEVICES, FOLLOWS, PEOPLE } from './people.mjs';
import { Person } from './person.mjs';
import { portrait } from './portrait.mjs';

/** Everybody, signed up, dressed and acquainted. */
export async function settle(base) {
  const people = [];
  for (const [number, about] of PEOPLE.entries()) {
    const person = new Person(base, number, about);
    await person.register();
    if (about.look) await person.upload(portrait(about.look));
    const { bio, location, locale, zone, isPrivate = false } = about;
    await person.send('update-profile', { bio, location, locale, time_zone: zone, is_private: String(isPrivate) });
    people.push(person);
  }
  for (const [follower, followed] of Object.entries(FOLLOWS)) {
    for (const other of followed) await people[follower].send('follow', { account: people[other].id });
  }
  await live(people);
  return people;
}

/** A day in the life of the first. */
async function live([maya, defne, tunde, , , , , , , , cher]) {
  const elsewhere = { agent: DEVICES.IPHONE, address: '192.0.2.44' };
  await maya.send('sign-in', { identifier: maya.email, password: 'not-it-at-all' }, { ...elsewhere, refused: true });
  await maya.signIn(elsewhere);
  await maya.send('block', { account: cher.id });
  // From here on she answers who follows her.
  await maya.send('update-profile', { is_private: 'true' });
  for (const asker of [defne, tunde]) {
    await asker.send('unfollow', { account: maya.id });
    await asker.send('follow', { account: maya.id });
  }
}
