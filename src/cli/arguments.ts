import { parseArgs } from 'node:util';
import type { z } from 'zod';
import { issueText } from '../core/issue-texts.ts';
import { unknownWord } from '../core/near-miss.ts';

/** Invalid command line: one message per mistake. Shown without a stack. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly problems: readonly string[];

  constructor(...problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/** The operands and flags that a command accepts. */
export interface Shape {
  readonly operands: readonly string[];
  /** An operand that may follow the required ones. */
  readonly optionalOperand?: string;
  readonly flags: Readonly<Record<string, Flag>>;
}

/** `one` value, `many` (the flag is repeated), or a `switch` without a value. */
export type Flag = 'one' | 'many' | 'switch';

export interface Arguments {
  /** The operand at this index; empty if the command has fewer. */
  operand(index: number): string;
  readonly operands: readonly string[];
  one(flag: string): string | undefined;
  many(flag: string): readonly string[] | undefined;
  on(flag: string): boolean;
}

/** @throws UsageError */
export function readArguments(args: readonly string[], shape: Shape): Arguments {
  const { values, positionals } = parse(args, shape.flags);
  const given = new Map(Object.entries(values));
  const problems = [...repeated(shape.flags, given), ...operandProblems(shape, positionals)];
  if (problems.length > 0) throw new UsageError(...problems);
  const textsOf = (flag: string) => given.get(flag)?.filter((value) => typeof value === 'string');
  return {
    operands: positionals,
    operand: (index) => positionals[index] ?? '',
    one: (flag) => textsOf(flag)?.[0],
    many: textsOf,
    on: (flag) => given.has(flag),
  };
}

type Given = ReadonlyMap<string, readonly (string | boolean)[] | undefined>;

function parse(args: readonly string[], flags: Shape['flags']) {
  const options = Object.fromEntries(
    Object.entries(flags).map(([name, flag]) => [name, optionOf(flag)]),
  );
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(faultOf((error as Error).message, flags));
  }
}

/** Keeps the first sentence of Node’s message; the rest is advice about `--` that does not apply here. */
function faultOf(message: string, flags: Shape['flags']): string {
  const [, unknown] = /^Unknown option '(-[^']*)'/.exec(message) ?? [];
  if (unknown === undefined) return message.split(/\. |\n/)[0] ?? '';
  return unknownWord(
    'flag',
    unknown,
    Object.keys(flags).map((name) => `--${name}`),
  );
}

const optionOf = (flag: Flag) =>
  ({ type: flag === 'switch' ? 'boolean' : 'string', multiple: true }) as const;

function repeated(flags: Shape['flags'], given: Given): string[] {
  return [...given]
    .filter(([name, values]) => flags[name] === 'one' && (values?.length ?? 0) > 1)
    .map(([name]) => `--${name} is given twice`);
}

function operandProblems({ operands, optionalOperand }: Shape, given: readonly string[]): string[] {
  const [surplus, ...others] = given.slice(operands.length + (optionalOperand ? 1 : 0));
  const missing = operands.slice(given.length).map((name) => `${name} is missing`);
  if (surplus === undefined) return missing;
  // The shell has replaced a * by the names of files.
  const rest = others.length > 0 ? ` and ${others.length} more (a * must be in quotes)` : '';
  return [`too many arguments: ${JSON.stringify(surplus)}${rest}`];
}

/** Validates the values of flags. @param flagOf the flag of each field @throws UsageError naming the flags */
export function parseFields<S extends z.ZodType>(
  schema: S,
  fields: Readonly<Record<string, unknown>>,
  flagOf: Readonly<Record<string, string>>,
): z.output<S> {
  const result = schema.safeParse(fields, { error: issueText });
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path: [field = ''], message }) => {
    const name = String(field);
    const says = message.startsWith('"') ? `: ${message}` : ` ${message}`;
    return `--${flagOf[name] ?? name}${name in fields ? says : ' is missing'}`;
  });
  throw new UsageError(...new Set(problems));
}
