// Who lives in the demonstration. Nobody of them exists, and their addresses lead nowhere.

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const SAFARI = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15';
const IPHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1';
const CHROME = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36';

export const DEVICES = { FIREFOX, SAFARI, IPHONE, CHROME };

const SKIN = { light: [244, 205, 180], sand: [226, 176, 140], olive: [201, 148, 106], brown: [150, 99, 66], deep: [104, 66, 46] };
const HAIR = { black: [44, 38, 42], brown: [92, 58, 38], copper: [168, 82, 42], straw: [214, 170, 98], grey: [176, 176, 180] };

const look = (ground, clothes, skin, hair, style, more = {}) => ({ ground, clothes, skin: SKIN[skin], hair: HAIR[hair] ?? hair, style, ...more });

/** The first is the one to look at the pages as. */
export const PEOPLE = [
  {
    name: 'Maya Lindqvist', locale: 'en', zone: 'Europe/Stockholm', location: 'Gothenburg, Sweden', agent: FIREFOX,
    bio: 'Draws maps of places that changed.\nCoffee, tide tables, long walks.',
    look: look([38, 112, 120], [232, 196, 120], 'light', 'copper', 'long'),
  },
  {
    name: 'Defne Aydın', locale: 'tr', zone: 'Europe/Istanbul', location: 'İzmir', agent: SAFARI,
    bio: 'Seramik atölyesi işletiyorum. Pazar günleri bisiklet, pazartesileri çay.',
    look: look([196, 96, 72], [40, 72, 96], 'sand', 'black', 'curly'),
  },
  {
    name: 'Tunde Okafor', locale: 'en', zone: 'Africa/Lagos', location: 'Lagos', agent: CHROME,
    bio: 'Radio plays and a very small garden.',
    look: look([226, 168, 60], [70, 50, 90], 'deep', 'black', 'short', { beard: true }),
  },
  {
    name: 'Emre Korkmaz', locale: 'tr', zone: 'Europe/Istanbul', location: 'Eskişehir', agent: IPHONE,
    bio: 'Tramvay hatlarının tarihini yazıyor.',
    look: look([70, 96, 150], [240, 232, 220], 'olive', 'brown', 'short', { glasses: true }),
  },
  {
    name: 'Ingrid Solheim', locale: 'en', zone: 'Europe/Oslo', location: 'Tromsø', agent: IPHONE,
    bio: 'Measures snow for a living.',
    look: look([120, 148, 172], [150, 40, 52], 'light', 'straw', 'bun'),
  },
  {
    name: 'Zeynep Şimşek', locale: 'tr', zone: 'Europe/Istanbul', location: 'Ankara', agent: FIREFOX, isPrivate: true,
    bio: 'Kütüphaneci. Kartoteks hayranı.',
    look: look([92, 120, 84], [222, 206, 180], 'sand', [104, 60, 110], 'scarf'),
  },
  {
    name: 'Rafael Domingues', locale: 'en', zone: 'Europe/Lisbon', location: 'Porto', agent: SAFARI,
    bio: 'Repairs accordions, mostly at night.',
    look: look([170, 74, 104], [34, 40, 52], 'olive', 'grey', 'short', { beard: true, glasses: true }),
  },
  {
    name: 'Nilüfer Aksoy', locale: 'tr', zone: 'Europe/Berlin', location: 'Berlin', agent: CHROME,
    bio: 'Çevirmen. İki dil arasında bir köprü, bazen de bir feribot.',
    look: look([212, 140, 112], [56, 100, 92], 'light', 'brown', 'bun', { glasses: true }),
  },
  {
    name: 'Priya Raman', locale: 'en', zone: 'Asia/Kolkata', location: 'Chennai', agent: CHROME,
    bio: 'Bridges, the steel kind.',
    look: look([86, 66, 128], [236, 150, 70], 'brown', 'black', 'long'),
  },
  {
    name: 'Barış Yalçın', locale: 'tr', zone: 'Europe/Istanbul', location: 'Trabzon', agent: FIREFOX,
    bio: 'Deniz, hamsi, fotoğraf. Bu sırayla.',
    look: look([44, 88, 110], [200, 92, 60], 'sand', 'black', 'bald', { beard: true }),
  },
  {
    name: 'Cher', locale: 'en', zone: 'UTC', location: '', agent: IPHONE,
    bio: 'One name is enough.',
  },
  {
    name: 'Hana Kovářová', locale: 'en', zone: 'Europe/Prague', location: 'Brno', agent: SAFARI,
    bio: 'Keeps bees on a roof. The bees keep her.',
    look: look([188, 160, 84], [96, 52, 60], 'light', 'straw', 'curly', { glasses: true }),
  },
];

/** Whom each follows, by place in the list. */
export const FOLLOWS = {
  0: [1, 2, 4, 6, 8],
  1: [0, 3, 5, 7, 9],
  2: [0, 6, 8],
  3: [0, 1, 7, 9],
  4: [0, 2, 11],
  5: [0, 1, 3],
  6: [0, 2, 8, 11],
  7: [0, 1, 3, 9],
  8: [0, 2, 6],
  9: [1, 3, 5],
  10: [0, 1, 2],
  11: [0, 4, 6, 5],
};
