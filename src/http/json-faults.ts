/** Says what is wrong with JSON that was refused, and where. Quotes nothing of it but names. */
import { echoed } from '../core/text.ts';

interface Token {
  /** A bracket, comma or colon, `"` for a string, `0` for any other value. */
  readonly kind: string;
  readonly isName: boolean;
  readonly text: string;
  readonly at: number;
}

const SPACE = /[ \t\n\r]*/y;
/** RFC 8259 §3 to §7. A character at a time, so that the time is linear. */
const TOKEN =
  /[{}[\],:]|"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"|(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y; // oxlint-disable-line no-control-regex -- JSON strings hold none

interface Expectation {
  readonly kinds: string;
  readonly words: string;
}

const VALUE = { kinds: '{["0', words: 'a value (text needs double quotes)' };
const FIRST_ITEM = { kinds: '{["0]', words: 'a value or ]' };
const NAME = { kinds: '"', words: 'a name in double quotes' };
const FIRST_NAME = { kinds: '"}', words: 'a name in double quotes, or }' };
const COLON = { kinds: ':', words: 'a colon' };
const MORE_ITEMS = { kinds: ',]', words: 'a comma or ]' };
const MORE_NAMES = { kinds: ',}', words: 'a comma or }' };
const END = { kinds: '', words: 'the end of the body' };

/** Follows the grammar, a token at a time. */
class Reader {
  at = 0;
  expected: Expectation = VALUE;
  /** The brackets that are open. */
  readonly open: string[] = [];
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** Returns undefined at the end, and at a fault. Then `at` is its place. */
  next(): Token | undefined {
    this.at = endOf(SPACE, this.text, this.at);
    const end = endOf(TOKEN, this.text, this.at);
    const [first = ''] = this.text.slice(this.at, end);
    const kind = /[^{}[\],:"]/.test(first) ? '0' : first;
    if (kind === '' || !this.expected.kinds.includes(kind)) return undefined;
    const isName = kind === '"' && this.expectsName();
    const token = { kind, isName, text: this.text.slice(this.at, end), at: this.at };
    this.at = end;
    this.expected = this.after(kind);
    return token;
  }

  private after(kind: string): Expectation {
    if ('{['.includes(kind)) this.open.push(kind);
    if ('}]'.includes(kind)) this.open.pop();
    const around = this.open.at(-1) ?? '';
    if (kind === ',') return around === '{' ? NAME : VALUE;
    if (kind === '"' && this.expectsName()) return COLON;
    return FOLLOWING[kind] ?? INSIDE[around] ?? END;
  }

  private readonly expectsName = (): boolean =>
    this.expected === NAME || this.expected === FIRST_NAME;
}

const FOLLOWING: Readonly<Record<string, Expectation>> = {
  '{': FIRST_NAME,
  '[': FIRST_ITEM,
  ':': VALUE,
};
const INSIDE: Readonly<Record<string, Expectation>> = { '{': MORE_NAMES, '[': MORE_ITEMS };

function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

/** Describes the first fault of a text that is not JSON, e.g. `at line 2, column 5, a colon is expected`. */
export function jsonFault(text: string): string {
  if (text.startsWith('\ufeff')) return 'it begins with a byte order mark';
  const reader = new Reader(text);
  while (reader.next());
  const where = `at ${placeOf(text, reader.at)}`;
  if (reader.at === text.length)
    return `it ends too early ${where}; ${reader.expected.words} is expected`;
  if (text[reader.at] === '"' && reader.expected.kinds.includes('"'))
    return `the string that begins ${where} has no end, a raw line break, or an unknown escape`;
  return `${where}, ${reader.expected.words} is expected`;
}

/** Names the first name that valid JSON repeats in an object, and its second place. */
export function repeatedName(text: string): string {
  const reader = new Reader(text);
  /** The names of the open object at each depth. */
  const names: Set<unknown>[] = [];
  for (let token = reader.next(); token; token = reader.next()) {
    const depth = reader.open.length;
    if (token.kind === '{') names[depth] = new Set();
    const name: unknown = token.isName ? JSON.parse(token.text) : undefined;
    if (names[depth]?.has(name)) return `"${echoed(String(name))}" at ${placeOf(text, token.at)}`;
    if (token.isName) names[depth]?.add(name);
  }
  return 'unknown';
}

function placeOf(text: string, at: number): string {
  const lines = text.slice(0, at).split('\n');
  return `line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`;
}
