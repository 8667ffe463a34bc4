import { readArguments, type Arguments, type Shape } from './arguments.ts';
import { asksForHelp, dispatch, type Named } from './dispatch.ts';
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
  /** Prints the text also where no terminal is, e.g. in CI. `--json` still prints the data. */
  readonly forPeople?: true;
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

/** Commands under a common name, such as `gatehouse events parked …`. */
export interface CommandGroup<Context extends CommandContext> {
  readonly summary: string;
  readonly commands: Commands<Context>;
  /** The command that runs if none is named. */
  readonly standard?: string;
}

export type Commands<Context extends CommandContext> = Named<
  Command<Context> | CommandGroup<Context>
>;

const COMMON = { json: 'switch', help: 'switch' } as const;

/**
 * Runs `gatehouse <group> <name> …`.
 *
 * @returns The exit code: 0 done, 1 refused or failed, 2 not understood.
 */
export async function runCommand<Context extends CommandContext>(
  group: string,
  commands: Commands<Context>,
  args: readonly string[],
  context: Context,
): Promise<number> {
  const chosen = dispatch(`gatehouse ${group}`, commands, args, context.terminal);
  if (typeof chosen === 'number') return chosen;
  const { path, command } = chosen;
  if ('run' in command) return runOne(path, command, chosen.args, context);
  const named = withStandard(command, chosen.args);
  return runCommand(path.replace(/^gatehouse /, ''), command.commands, named, context);
}

/** `--json` alone is a flag of the standard command. */
const withStandard = (
  { standard }: CommandGroup<never>,
  args: readonly string[],
): readonly string[] =>
  standard !== undefined && (args[0] ?? '--json') === '--json' ? [standard, ...args] : args;

/** Runs `gatehouse <name> …`, a command outside any group. */
export const runSingle = <Context extends CommandContext>(
  name: string,
  command: Command<Context>,
  args: readonly string[],
  context: Context,
): Promise<number> => runOne(`gatehouse ${name}`, command, args, context);

/**
 * Reads the arguments of a command that takes none, or prints its usage.
 *
 * @returns the exit code if it printed the usage, see `dispatch`
 */
export function readNoArguments(
  path: string,
  { summary, help = [] }: { readonly summary: string; readonly help?: readonly string[] },
  args: readonly string[],
  terminal: Terminal,
): 0 | 2 | undefined {
  const usage = `usage: ${[path, summary, ...help].join('\n  ')}\n`;
  if (asksForHelp(args)) {
    terminal.out(`${usage}${exitCodesOf(help)}`);
    return 0;
  }
  try {
    readArguments(args, { operands: [], flags: { help: 'switch' } });
    return undefined;
  } catch (error) {
    for (const line of describeFailure(error).lines) terminal.err(`${path}: ${line}\n`);
    terminal.err(usage);
    return 2;
  }
}

async function runOne<Context extends CommandContext>(
  name: string,
  command: Command<Context>,
  argv: readonly string[],
  context: Context,
): Promise<number> {
  const { terminal } = context;
  try {
    if (asksForHelp(argv))
      terminal.out(`${usageOf(name, command)}${outputOf(command)}${exitCodesOf(command.synopsis)}`);
    else {
      const args = readArguments(argv, { ...command, flags: { ...command.flags, ...COMMON } });
      const answer = await command.run(args, context);
      const asJson = args.on('json') || !(terminal.shown || command.forPeople);
      write(terminal, asJson, answer);
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

function write(terminal: Terminal, asJson: boolean, { data, text, note }: CommandResult): void {
  if (asJson) terminal.out(json(data));
  else {
    terminal.out(text);
    if (note) terminal.err(`${note}\n`);
  }
}

const outputOf = ({ forPeople }: { readonly forPeople?: true }): string =>
  forPeople
    ? '--json prints JSON instead of text.\n'
    : 'Prints text on a terminal, and JSON where there is none; --json prints JSON in both cases.\n';

/** For commands that do not say it themselves. */
const exitCodesOf = (lines: readonly string[]): string =>
  lines.some((line) => line.includes('Exit code'))
    ? ''
    : 'Exit code 0 if it is done, 1 if it failed, 2 if the arguments are wrong.\n';

const usageOf = (name: string, { synopsis }: { readonly synopsis: readonly string[] }): string =>
  `usage: ${name} ${synopsis.join(`\n${' '.repeat(8)}`)}\n`;
