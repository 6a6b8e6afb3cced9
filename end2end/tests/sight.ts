// What is seen of a page in circumstances of all kinds. Every function here is one of the browser, and answers what is wrong.

/** Parts that scroll sideways, and words that are cut off: by a box that clips, or by a button that is too small. */
export function outOfSight(): string[] {
  const found: string[] = [];
  const over = document.documentElement.scrollWidth - innerWidth;
  if (over > 0) found.push(`the page is wider than the screen by ${over} px`);

  const clips = (overflow: string) => overflow === 'hidden' || overflow === 'clip';
  for (const box of document.querySelectorAll('body *')) {
    if (!box.checkVisibility() || box.matches('pre, textarea, .visually-hidden, .skip-link')) continue;
    const { overflowX, overflowY } = getComputedStyle(box);
    const scrolls = overflowX === 'auto' || overflowX === 'scroll';
    if (scrolls && box.scrollWidth > box.clientWidth + 1) found.push(`scrolls sideways: ${box.outerHTML.slice(0, 80)}`);
    const control = box.matches('button, .btn, .badge, .chip');
    const [wide, high] = [control || clips(overflowX), control || clips(overflowY)];
    if (!wide && !high) continue;

    const edge = box.getBoundingClientRect();
    const words = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
    while (words.nextNode()) {
      const range = document.createRange();
      range.selectNodeContents(words.currentNode);
      if (words.currentNode.parentElement!.closest('.visually-hidden')) continue;
      for (const { left, right, top, bottom } of range.getClientRects()) {
        const cut = (wide && (left < edge.left - 2 || right > edge.right + 2)) || (high && (top < edge.top - 2 || bottom > edge.bottom + 2));
        if (cut) found.push(`"${range}" is cut off by ${box.outerHTML.slice(0, 80)}`);
      }
    }
  }
  return found;
}

/** Stops of the keyboard that lie wholly below something else once they have the focus (WCAG 2.2, 2.4.11). */
export function covered(): string[] {
  const found: string[] = [];
  for (const stop of document.querySelectorAll<HTMLElement>('a[href], button, input, select, textarea, summary')) {
    stop.focus();
    // The label of an input stands for it.
    const shown = stop.closest('label') ?? stop;
    if (document.activeElement !== stop || stop.matches('[type=file]:not(label *)')) continue;
    const { left, right, top, bottom } = shown.getBoundingClientRect();
    const seen = [0.1, 0.5, 0.9].some((share) => {
      const there = document.elementFromPoint((left + right) / 2, top + (bottom - top) * share);
      return there !== null && (shown.contains(there) || there.contains(shown));
    });
    if (!seen) found.push(stop.outerHTML.slice(0, 80));
  }
  return found;
}

/** What moves, or would if it changed. */
export function moving(): string[] {
  const seconds = (durations: string) => Math.max(...durations.split(',').map(Number.parseFloat));
  const found = document
    .getAnimations()
    .filter(({ effect }) => Number(effect?.getComputedTiming().activeDuration) > 10)
    .map((animation) => `${(animation.effect as KeyframeEffect).target?.outerHTML.slice(0, 80)} is moving`);
  for (const part of document.querySelectorAll('*')) {
    for (const pseudo of [null, '::before', '::after']) {
      const { transitionDuration, animationDuration, animationName, scrollBehavior } = getComputedStyle(part, pseudo);
      const moves = seconds(transitionDuration) > 0.01 || (animationName !== 'none' && seconds(animationDuration) > 0.01);
      if (moves || scrollBehavior === 'smooth') found.push(`${part.outerHTML.slice(0, 80)} ${pseudo ?? ''}`);
    }
  }
  return found;
}

type Colour = [number, number, number, number];

/** What colour is behind a part of the page, and how well another is told from it, from 1 to 21. */
export function colours() {
  const pen = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!;
  const read = (css: string): Colour => {
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = css;
    pen.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0, alpha = 0] = pen.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  };
  const known = new Map<string, Colour>();
  const colour = (css: string): Colour => known.get(css) ?? known.set(css, read(css)).get(css)!;
  const over = (above: Colour, below: Colour): Colour => {
    const mixed = (index: 0 | 1 | 2) => above[index] * above[3] + below[index] * (1 - above[3]);
    return [mixed(0), mixed(1), mixed(2), 1];
  };
  const ground = (part: Element | null): Colour =>
    part ? over(colour(getComputedStyle(part).backgroundColor), ground(part.parentElement)) : colour('Canvas');
  const linear = (value: number) => (value <= 10 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4);
  const luminance = ([red, green, blue]: Colour) => 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  const contrast = (css: string, behind: Colour): number => {
    const [one, other] = [luminance(over(colour(css), behind)), luminance(behind)];
    return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
  };
  return { ground, contrast };
}

type Colours = ReturnType<typeof colours>;

/** What is hardly told from what is behind it: words (4.5 : 1), shapes, edges of controls, the chosen one of several (3 : 1). */
export function faint({ ground, contrast }: Colours): string[] {
  const EDGED = 'button:not(.nav-item, .password__toggle), .btn, select, textarea, input, progress, .meter__bar';
  const found: string[] = [];
  for (const part of document.querySelectorAll('body, body *')) {
    if (!part.checkVisibility() || part.closest('.visually-hidden, :disabled, .qr')) continue;
    const style = getComputedStyle(part);
    const behind = ground(part.parentElement);
    const check = (what: string, css: string, least: number, from = behind) => {
      if (contrast(css, from) < least) found.push(`${what}: ${part.outerHTML.slice(0, 80)}`);
    };
    if (part instanceof SVGGeometryElement || part instanceof SVGTextElement) {
      check('a shape', style.stroke === 'none' ? style.fill : style.stroke, 3);
      continue;
    }
    const says = [...part.childNodes].some((child) => child instanceof Text && child.data.trim());
    if (says) check('words', style.color, 4.5, ground(part));
    const edge = style.borderBlockEndWidth === '0px' ? 'transparent' : style.borderBlockEndColor;
    const native = style.appearance === 'auto' && part.matches('[type=checkbox], [type=radio], [type=range]');
    if (part.matches(EDGED) && !native) check('an edge', edge, 3);
    if (part.matches('[aria-current], .choice [aria-pressed=true]')) check('that it is chosen', style.backgroundColor, 3);
    if (part.matches('.switch input')) check('a knob', getComputedStyle(part, '::before').backgroundColor, 3, ground(part));
  }
  return found;
}

/** Stops of the keyboard that do not show that they have the focus. */
export function unmarked({ ground, contrast }: Colours): string[] {
  const shows = (part: Element | null): boolean => {
    if (!part) return false;
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(part);
    const drawn = outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2;
    // A label may show it for its input.
    return (drawn && contrast(outlineColor, ground(part.parentElement)) >= 3) || shows(part.parentElement);
  };
  const stops = [...document.querySelectorAll<HTMLElement>('a[href], button, input, select, textarea, summary')];
  const unseen = stops.filter((stop) => {
    stop.focus();
    return document.activeElement === stop && !shows(stop);
  });
  return unseen.map((stop) => stop.outerHTML.slice(0, 80));
}

/** Lines and words as far apart as somebody may want them (WCAG 2.2, 1.4.12). The policy of the page allows no other way. */
export function spread(): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
    p { margin-block-end: 2em !important; }
  `);
  document.adoptedStyleSheets = [sheet];
}
