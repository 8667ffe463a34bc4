import { isatty } from 'node:tty';

/** Where a command writes: data to `out`, messages for people to `err`. */
export interface Terminal {
  /** True if `out` is a terminal. Otherwise a program reads it and gets JSON. */
  readonly shown: boolean;
  /** True if a person can answer `ask`. */
  readonly attended: boolean;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Resolves to the answer, or to an empty string if there is none. */
  ask(question: string): Promise<string>;
}

/** The one place that writes to stdout and stderr, apart from the log. */
export function processTerminal(): Terminal {
  // `gatehouse … | head` closes the pipe early, and `2>&1 | head` that of the messages too; unhandled, the command would
  // end there, in the middle of its work.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  return {
    shown: isatty(1),
    attended: isatty(0),
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    ask: askOnStderr,
  };
}

/** Asks on stderr, so that `… > file` still shows the question. */
async function askOnStderr(question: string): Promise<string> {
  // No process that serves asks.
  const { createInterface } = await import('node:readline');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  return new Promise((resolve) => {
    // Ctrl-C and Ctrl-D close it without an answer.
    lines.once('close', () => resolve(''));
    lines.question(question, (answer) => {
      resolve(answer.trim());
      lines.close();
    });
  });
}

export type Cell = string | number | boolean | Date | readonly string[] | null | undefined;

/** Aligned columns under their headings. */
export function table(headings: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return aligned([headings, ...rows.map((row) => row.map(textOf))]);
}

/** One record: a line per field, and a line per item of a list. */
export function record(facts: Readonly<Record<string, Cell>>): string {
  return aligned(
    Object.entries(facts).flatMap(([name, cell]) => {
      const items: readonly Cell[] = isList(cell) && cell.length > 0 ? cell : [cell];
      return items.map((item, index) => [index === 0 ? name : '', textOf(item)]);
    }),
  );
}

/** The words, separated by commas, in lines of at most so many characters. */
export function inLines(words: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const [index, word] of words.entries()) {
    const text = index < words.length - 1 ? `${word},` : word;
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + text.length > width) lines.push(text);
    else lines[lines.length - 1] = `${last} ${text}`;
  }
  return lines;
}

/** JSON on a single line, so that it can be told apart from what npm or a wrapper prints. */
export const json = (value: unknown): string => `${JSON.stringify(value)}\n`;

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => lengthOf(row[column] ?? ''))),
  );
  const line = (row: readonly string[]) =>
    row.map((text, column) => text + ' '.repeat((widths[column] ?? 0) - lengthOf(text))).join('  ');
  return rows.map((row) => `${line(row).trimEnd()}\n`).join('');
}

/** Counts graphemes: a combining accent or a skin tone takes no column of its own. */
const lengthOf = (text: string): number =>
  [...(letters ??= new Intl.Segmenter()).segment(text)].length;
/** Created on first use: it takes 20 ms, which `serve` should not pay. */
let letters: Intl.Segmenter | undefined;

function textOf(cell: Cell): string {
  if (cell === null || cell === undefined || cell === '') return '-';
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no';
  if (cell instanceof Date) return cell.toISOString();
  if (isList(cell)) return cell.length > 0 ? cell.map(printable).join(',') : '-';
  return printable(String(cell));
}

const isList = (cell: Cell): cell is readonly string[] => Array.isArray(cell);

/** Replaces control and bidi characters: text from others must not move the cursor or reverse a line. */
export const printable = (text: string): string => text.replaceAll(/[\p{Cc}\p{Bidi_C}]/gu, '?');

/** `1 fault`, `2 faults`. */
export const counted = (count: number, noun: string, plural = `${noun}s`): string =>
  `${count} ${count === 1 ? noun : plural}`;
