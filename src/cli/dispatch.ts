import { unknownWord } from '../core/near-miss.ts';
import type { Terminal } from './output.ts';

/** Commands by name. */
export type Named<C> = Readonly<Record<string, C>>;

interface Chosen<C> {
  /** How it was called: `gatehouse clients create`. */
  readonly path: string;
  readonly command: C;
  readonly args: readonly string[];
}

/**
 * Finds the command that the first argument names. `help <command>` is `<command> --help`.
 * Otherwise it prints the usage.
 *
 * @returns the exit code if it printed the usage: 0 if that was asked for, else 2
 */
export function dispatch<C extends { readonly summary: string }>(
  path: string,
  commands: Named<C>,
  args: readonly string[],
  terminal: Terminal,
): Chosen<C> | 0 | 2 {
  const [first = '', ...rest] = withHelpLast(args);
  const command = Object.hasOwn(commands, first) ? commands[first] : undefined;
  if (command) return { path: `${path} ${first}`, command, args: rest };
  const usage = usageOfAll(path, commands);
  if (HELP.includes(first)) {
    terminal.out(usage);
    return 0;
  }
  terminal.err(`${path}: ${faultOf(first, commands)}\n${usage}`);
  return 2;
}

const HELP = ['--help', '-h', 'help'];

/** True if the arguments of a command ask for its usage. */
export const asksForHelp = (args: readonly string[]): boolean =>
  args.some((arg) => arg === '--help' || arg === '-h') || (args.length === 1 && args[0] === 'help');

const withHelpLast = ([first, ...rest]: readonly string[]): readonly string[] => {
  if (first === undefined) return [];
  return first === 'help' && rest.length > 0 ? [...rest, '--help'] : [first, ...rest];
};

function faultOf(word: string, commands: Named<unknown>): string {
  if (word === '') return 'name a command';
  if (word.startsWith('-')) return `name a command before ${JSON.stringify(word)}`;
  return unknownWord('command', word, Object.keys(commands));
}

function usageOfAll(path: string, commands: Named<{ readonly summary: string }>): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  const lines = Object.entries(commands).map(
    ([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}\n`,
  );
  return `usage: ${path} <command>\n${lines.join('')}${path} <command> --help shows its arguments.\n`;
}
