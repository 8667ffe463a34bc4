/** docs/logging.md against the calls of the logger in src: no line is missing there, with its level and its fields. */
import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';

interface Call {
  readonly level: string;
  readonly message: string;
  /** The names of its fields, if the call itself lists them. */
  readonly fields: readonly string[] | undefined;
}

const LEVELS = /^(debug|info|warn|error|fatal)$/;

/** The calls of a logger whose message is a text. `test/faults/process/log-levels.test.ts` causes those with others. */
function callsIn(path: string): Call[] {
  const source = readFileSync(path, 'utf8');
  // Parsing takes long, and few files have a logger.
  if (!/logger\s*\??\./.test(source)) return [];
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true);
  const calls: Call[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) calls.push(...callOf(node));
    ts.forEachChild(node, visit);
  };
  visit(file);
  return calls;
}

function callOf({ expression, arguments: given }: ts.CallExpression): Call[] {
  if (!ts.isPropertyAccessExpression(expression)) return [];
  const { name, expression: logger } = expression;
  const message = given.at(-1);
  if (!LEVELS.test(name.text) || !logger.getText().endsWith('logger')) return [];
  if (!message || !ts.isStringLiteralLike(message)) return [];
  return [{ level: name.text, message: message.text, fields: fieldsOf(given.slice(0, -1)) }];
}

function fieldsOf([facts]: readonly ts.Expression[]): string[] | undefined {
  if (!facts) return [];
  if (!ts.isObjectLiteralExpression(facts)) return undefined;
  const names = facts.properties.map(({ name }) => name?.getText());
  return names.some((name) => name === undefined) ? undefined : names.map(String).sort();
}

const calls = globSync('src/**/*.ts')
  .filter((path) => !path.startsWith('src/dev/'))
  .flatMap(callsIn);

const text = readFileSync('docs/logging.md', 'utf8');
const [, errors = '', warnings = '', others = ''] = text.split(/^## `(?:error|warn|info)`.*$/m);
const SECTIONS: Readonly<Record<string, string>> = {
  fatal: errors,
  error: errors,
  warn: warnings,
  info: others,
};

/** The row of a message, which may leave out its end after `…`. */
const rowOf = ({ level, message }: Call): string | undefined =>
  (SECTIONS[level] ?? '').split('\n').find((row) => {
    const [, cell = ''] = row.split('|');
    const [beginning = ''] = cell.trim().split(/[;,]? …| \(/);
    return beginning !== '' && message.startsWith(beginning);
  });

/** The log lines that a page names, “in quotation marks” or as code. */
const quotesIn = (path: string): string[] =>
  [
    ...readFileSync(path, 'utf8')
      .replaceAll(/\s+/g, ' ')
      .matchAll(/\blog (?:has a )?lines? (?:“([a-z][^”]*)”|`([a-z][^`]* [^`]*)`)/g),
  ].map(([, quoted, code]) => quoted ?? code ?? '');

const inTables = calls.filter(({ level }) => level !== 'info');

describe('docs/logging.md', () => {
  it('is compared with the calls that there are', () => {
    expect(inTables.length).toBeGreaterThan(30);
  });

  it.each(inTables.map((call) => [call.level, call.message, call] as const))(
    'lists %s “%s” under its level, with its fields',
    (_level, _message, call) => {
      const row = rowOf(call);
      const fields = [...(row?.split('|')[2] ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name);

      expect(row).toBeDefined();
      if (call.fields) expect(fields.sort()).toEqual(call.fields);
    },
  );

  it('names every line of the level info', () => {
    const missing = calls
      .filter(({ level }) => level === 'info')
      .filter(({ message }) => !others.replaceAll(/\s+/g, ' ').includes(`\`${message}\``));

    expect(missing.map(({ message }) => message)).toEqual([]);
  });

  it('lists every line that another page quotes', () => {
    const messages = text.replaceAll(/\s+/g, ' ');
    const quoted = globSync('docs/**/*.md').flatMap((path) =>
      quotesIn(path).map((quote) => `${path}: ${quote}`),
    );

    expect(quoted.length).toBeGreaterThan(5);
    expect(quoted.filter((one) => !messages.includes(one.replace(/^.*?: /, '')))).toEqual([]);
  });
});
