/** Parses JSON strictly (RFC 8259, and the unique names of I-JSON, RFC 7493 §2.3). */
import { invalidField, Problem } from '../core/problem.ts';
import { isCleanText } from '../core/text.ts';
import { jsonFault, repeatedName } from './json-faults.ts';

const MAX_DEPTH = 20;

/** Refuses bytes that are not UTF-8, instead of turning them into U+FFFD. A BOM is not JSON. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Parses JSON and refuses text that cannot be stored. @throws Problem `malformed-request`, `invalid-request` */
export function cleanJson(bytes: Buffer): unknown {
  const { value, text } = strictJson(bytes);
  // NUL and lone surrogates can only come as escapes: UTF-8 and JSON refuse the raw forms.
  if (text.includes('\\u')) refuseUncleanText(value, '');
  return value;
}

/** @throws Problem `malformed-request`, `invalid-request` */
export function strictJson(bytes: Buffer): { readonly value: unknown; readonly text: string } {
  if (bytes.length === 0)
    throw new Problem(
      'malformed-request',
      'The body is empty; this operation takes a JSON object.',
    );
  const text = decodeUtf8(bytes);
  const value = parse(text);
  refuseDuplicateNames(text, value);
  return { value, text };
}

/** @throws Problem `malformed-request` */
export function decodeUtf8(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    // The decoder's message says no more.
    throw new Problem('malformed-request', 'The body is not valid UTF-8.');
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the body.
    throw new Problem('malformed-request', `The body is not valid JSON: ${jsonFault(text)}.`);
  }
}

/**
 * `JSON.parse` keeps the last of two equal names, other parsers the first, so a check and an effect
 * could see different values. A duplicate shows as more names in the text than in the parsed value.
 */
function refuseDuplicateNames(text: string, value: unknown): void {
  if (namesIn(text) > namesOf(value))
    throw new Problem(
      'malformed-request',
      `The JSON repeats a name in one object: ${repeatedName(text)}.`,
    );
}

/** Counts the names in valid JSON text: one per colon outside strings. @throws Problem if nested too deep */
function namesIn(text: string): number {
  let names = 0;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (char === CHAR.quote) at = endOfString(text, at);
    else if (char === CHAR.colon) names += 1;
    else if (char === CHAR.endOfObject || char === CHAR.endOfArray) depth -= 1;
    else if ((char === CHAR.object || char === CHAR.array) && (depth += 1) > MAX_DEPTH)
      throw new Problem('malformed-request', `The JSON is nested deeper than ${MAX_DEPTH} levels.`);
  }
  return names;
}

/** Character codes, which are compared three times as fast as texts. */
const CHAR = {
  quote: 0x22,
  colon: 0x3a,
  array: 0x5b,
  backslash: 0x5c,
  endOfArray: 0x5d,
  object: 0x7b,
  endOfObject: 0x7d,
} as const;

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text.charCodeAt(at) !== CHAR.quote) at += text.charCodeAt(at) === CHAR.backslash ? 2 : 1;
  return at;
}

/** Counts the names in a value, at any depth. @throws Problem if it holds what would be lost */
function namesOf(value: unknown): number {
  // `1e400` is infinite when parsed, and would be null when it is sent on.
  if (value === Infinity || value === -Infinity)
    throw new Problem('malformed-request', 'The JSON has a number that is too large.');
  if (typeof value !== 'object' || value === null) return 0;
  const names = Array.isArray(value) ? [] : Object.keys(value);
  // Records silently drop this name, and the caller would think it was kept.
  if (names.includes('__proto__'))
    throw invalidField('__proto__', 'unknown_field', 'is not a field of this operation');
  let count = names.length;
  for (const inner of Object.values(value)) count += namesOf(inner);
  return count;
}

function refuseUncleanText(value: unknown, field: string): void {
  if (typeof value === 'string') {
    if (!isCleanText(value))
      throw invalidField(field, 'invalid_text', 'holds NUL or a lone surrogate');
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, inner] of Object.entries(value)) {
      if (!isCleanText(name))
        throw invalidField(field, 'invalid_text', 'has a name with NUL or a lone surrogate');
      refuseUncleanText(inner, field === '' ? name : `${field}.${name}`);
    }
  }
}
