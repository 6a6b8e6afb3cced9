import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';

const TEXTS = path.join(import.meta.dirname, '../../src/ui/text');
/** Two literals, or two functions that format one: `"Sign in", "Giriş yap";`. */
const FORMAT = String.raw`(?:\|[^|]*\|\s*format!\(\s*)?`;
const LITERAL = String.raw`"((?:[^"\\]|\\.)*)"\s*\)?`;
const PAIR = new RegExp(String.raw`:\s*${FORMAT}${LITERAL},\s*${FORMAT}${LITERAL};`, 'gs');

/** What the pages say in English, and in Turkish; gaps are in braces. */
const pairs: [string, string][] = readdirSync(TEXTS)
  .filter((file) => file.endsWith('.rs'))
  .flatMap((file) => [...readFileSync(path.join(TEXTS, file), 'utf8').matchAll(PAIR)])
  .map(([, english, turkish]) => [unescaped(english!), unescaped(turkish!)]);

/** A page in Turkish, to be worked by what its parts are called in English. */
export function inTurkish(page: Page): Page {
  return translated(page);
}

function translated<T extends object>(part: T): T {
  return new Proxy(part, {
    get(target, name) {
      const value = Reflect.get(target, name);
      if (typeof value !== 'function' || name === 'constructor') return value;
      const finds = /^(getBy(Role|Label|Text)|filter|locator)$/.test(String(name));
      // A role or a selector comes first; what follows it has names.
      const plain = { getByRole: 1, locator: 1 }[String(name)] ?? 0;
      const spoken = (parts: unknown[]) => [...parts.slice(0, plain), ...named(parts.slice(plain))];
      const method = (...parts: unknown[]) => Reflect.apply(value, target, finds ? spoken(parts) : parts);
      return finds ? (...parts: unknown[]) => translated(method(...parts) as object) : method;
    },
  });
}

/** The arguments of a locator with their names in Turkish. */
function named(parts: unknown[]): unknown[] {
  const options = parts.find((part): part is object => typeof part === 'object' && !(part instanceof RegExp)) ?? {};
  const exact = 'exact' in options;
  const names = Object.entries(options).filter(([key]) => key === 'name' || key === 'hasText');
  const inside = Object.fromEntries(names.map(([key, words]) => [key, turkish(words, exact)]));
  return parts.map((part) => (part === options ? { ...options, ...inside } : turkish(part, exact)));
}

/** What matches the same words in Turkish: of a sentence, of one that begins so, or of two joined by a colon. */
function turkish(words: unknown, exact: boolean): unknown {
  if (words instanceof RegExp) {
    const start = words.source.replace(/^\^|\$$/g, '');
    return alternatives(pairs.filter(([english]) => english.startsWith(start))) ?? words;
  }
  if (typeof words !== 'string') return words;
  const sentence = (part: string) =>
    alternatives(pairs.filter(([english]) => english === part)) ??
    alternatives(pairs.filter(([english]) => english.includes('{') && new RegExp(`^${pattern(english)}$`).test(part)));
  const whole = sentence(words) ?? joined(words.split(': ').map((part) => sentence(part)?.source ?? pattern(part)));
  return new RegExp(`^(${whole.source})${exact ? '$' : ''}`);
}

function alternatives(known: [string, string][]): RegExp | undefined {
  const patterns = new Set(known.map(([, translation]) => pattern(translation)));
  return patterns.size === 0 ? undefined : new RegExp([...patterns].join('|'));
}

function joined(parts: string[]): RegExp {
  return new RegExp(parts.map((part) => `(${part})`).join(': '));
}

/** The source of a pattern that matches a sentence, whatever is in its gaps. */
function pattern(sentence: string): string {
  const literal = sentence.split(/\{[^}]*\}/).map((part) => part.replace(/[.*+?^$()|[\]\\/]/g, '\\$&'));
  return literal.join('.*');
}

function unescaped(literal: string): string {
  return literal.replace(/\\\n\s*/g, '').replace(/\\u\{([0-9a-f]+)\}/g, (_, code) => String.fromCodePoint(Number.parseInt(code, 16))).replace(/\\(.)/g, '$1');
}
