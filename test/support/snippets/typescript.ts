import { stripTypeScriptTypes } from 'node:module';
import { expect } from '@jest/globals';

/** Values by the name under which a snippet uses them without declaring it. */
export type Names = Readonly<Record<string, unknown>>;

/** Imports a package by the name that the snippet says. */
export type Load = (specifier: string) => Promise<unknown>;

type Body = (load: Load, compare: typeof expect, ...values: unknown[]) => Promise<void>;
const AsyncFunction = (async () => Promise.resolve()).constructor as new (
  ...source: string[]
) => Body;

const IMPORT = /^import (?:(\w+)(?:, )?)?(?:\{([^}]*)\} )?from '([^']+)';$/gm;
/** `expression; // 'value'` says what comes out. */
const SAYS = /^( *)(?!const |let |return )(\S.*); \/\/ (['"\d[{].*)$/gm;

/**
 * Runs a snippet as printed. Its imports become calls of `load`, and what a comment behind an expression says is
 * compared with the value.
 *
 * @throws what the snippet throws
 */
export async function runTypescript(code: string, names: Names, load: Load): Promise<void> {
  const body = stripTypeScriptTypes(code.replaceAll(IMPORT, asCall)).replaceAll(
    SAYS,
    '$1compare($2).toEqual($3);',
  );
  // A block of its own, so that the snippet may declare a name that other snippets take from outside.
  const run = new AsyncFunction('load', 'compare', ...Object.keys(names), `{${body}\n}`);
  await run(load, expect, ...Object.values(names));
}

function asCall(_all: string, whole: string | undefined, named: string | undefined, from: string) {
  const fields = [
    ...(whole ? [`default: ${whole}`] : []),
    ...(named ? [named.replaceAll(' as ', ': ')] : []),
  ];
  return `const { ${fields.join(', ')} } = await load('${from}');`;
}
