import { readArguments, type Arguments, type Shape } from './arguments.ts';
import { describeFailure } from './failure.ts';
import { json, type Terminal } from './output.ts';

/** The dependencies that every command gets; some get more. */
export interface CommandContext {
  readonly terminal: Terminal;
}

/** A command as data. Every one also takes `--json` and `--help`. */
export interface Command<Context extends CommandContext> extends Shape {
  readonly summary: string;
  /** The arguments, one usage line each. */
  readonly synopsis: readonly string[];
  run(args: Arguments, context: Context): Promise<CommandResult>;
}

/** The output on stdout: as data for programs, as text for people. */
export interface CommandResult {
  readonly data: unknown;
  readonly text: string;
  /** A message for people, on stderr. */
  readonly note?: string | undefined;
  /** The exit code, for commands whose exit code is a result. Default: 0. */
  readonly code?: number;
}

type Commands<Context extends CommandContext> = Readonly<Record<string, Command<Context>>>;

const COMMON = { json: 'switch', help: 'switch' } as const;
const HELP = ['--help', '-h', 'help'];

/**
 * Runs `gatehouse <group> <name> …`.
 *
 * @returns The exit code: 0 done, 1 refused or failed, 2 not understood.
 */
export async function runCommand<Context extends CommandContext>(
  group: string,
  commands: Commands<Context>,
  [name = '', ...args]: readonly string[],
  context: Context,
): Promise<number> {
  const { terminal } = context;
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command) return runOne(`gatehouse ${group} ${name}`, command, args, context);
  const help = usageOfAll(group, commands);
  if (HELP.includes(name)) terminal.out(help);
  else terminal.err(`${usageError(group, name)}\n${help}`);
  return HELP.includes(name) ? 0 : 2;
}

/** Runs `gatehouse <name> …`, a command outside any group. */
export const runSingle = <Context extends CommandContext>(
  name: string,
  command: Command<Context>,
  args: readonly string[],
  context: Context,
): Promise<number> => runOne(`gatehouse ${name}`, command, args, context);

async function runOne<Context extends CommandContext>(
  name: string,
  command: Command<Context>,
  argv: readonly string[],
  context: Context,
): Promise<number> {
  const { terminal } = context;
  try {
    if (argv.some((arg) => arg === '--help' || arg === '-h')) terminal.out(usageOf(name, command));
    else {
      const args = readArguments(argv, { ...command, flags: { ...command.flags, ...COMMON } });
      const answer = await command.run(args, context);
      write(terminal, args.on('json'), answer);
      return answer.code ?? 0;
    }
    return 0;
  } catch (error) {
    const { code, lines } = describeFailure(error);
    for (const line of lines) terminal.err(`${name}: ${line}\n`);
    if (code === 2) terminal.err(usageOf(name, command));
    return code;
  }
}

function write(terminal: Terminal, asked: boolean, { data, text, note }: CommandResult): void {
  if (asked || !terminal.shown) terminal.out(json(data));
  else {
    terminal.out(text);
    if (note) terminal.err(`${note}\n`);
  }
}

const usageError = (group: string, name: string): string =>
  name === ''
    ? `gatehouse ${group}: name a command`
    : `gatehouse ${group}: unknown command ${JSON.stringify(name)}`;

const usageOf = (name: string, { synopsis }: { readonly synopsis: readonly string[] }): string =>
  `usage: ${name} ${synopsis.join(`\n${' '.repeat(8)}`)}\n`;

function usageOfAll<Context extends CommandContext>(
  group: string,
  commands: Commands<Context>,
): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  const lines = Object.entries(commands).map(
    ([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}\n`,
  );
  return `usage: gatehouse ${group} <command> [--json]\n${lines.join('')}  <command> --help shows its arguments\n`;
}
