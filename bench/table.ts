/** Prints each figure with its target. */
import { ratio, SIDES, steadiness, type Comparison, type Round, type Side } from './compare.ts';
import { isMet, keepFigure, keepRow, keepSide, type Values } from './report.ts';
import type { Layer } from './layers.ts';
import type { Statement } from './statements.ts';
import { median } from './statistics.ts';

const out = (text: string): void => void process.stdout.write(`${text}\n`);

const fixed = (value: number, digits = 2): string => value.toFixed(digits);

export interface PathTargets {
  readonly name: string;
  readonly perSecond: number;
  readonly cpu?: number;
  /** Requests/s of the gateway ÷ requests/s of stock Express. */
  readonly stock?: number;
  /** Requests/s of the gateway ÷ requests/s of Fastify. */
  readonly fastify?: number;
}

const NAMES = {
  gateway: 'gateway',
  floor: 'floor (node:http + undici)',
  fastify: 'Fastify + undici',
  stock: 'stock Express + SDK',
} as const satisfies Record<Side, string>;

/** Prints one path: a row per side, and the ratios. */
export function printPath(title: string, rounds: Comparison, targets: PathTargets): void {
  out(
    `\n${title.padEnd(34)} requests/s   p50 ms   p99 ms   CPU µs (best)   in the kernel   other threads   loop delay p99 ms`,
  );
  for (const side of SIDES) if (rounds[side].length > 0) printSide(title, side, rounds[side]);
  const others = Object.values(rounds)
    .flat()
    .reduce((sum, round) => sum + round.others, 0);
  printSteadiness(rounds);
  if (others > 0)
    out(`  (${others} answers were not as expected: deadlines missed on a busy machine)`);
  printTargets(title, rounds, targets);
}

/** Noise moves the halves of a run apart by less than this. */
const STEADY = 0.92;

function printSteadiness(rounds: Comparison): void {
  for (const side of SIDES.filter((name) => rounds[name].length > 0)) {
    const change = steadiness(rounds[side]);
    if (change < STEADY)
      out(`  (not steady: ${NAMES[side]} took ${fixed(change)} of its CPU in the later rounds)`);
  }
}

function printTargets(path: string, rounds: Comparison, targets: PathTargets): void {
  const { name, perSecond, cpu } = targets;
  const cost = ratio(rounds, 'cpuMicros');
  const delay = median(rounds.gateway.map(({ delayP99Ms }) => delayP99Ms));
  const tell = targetPrinter(path);
  tell(name, 'requests/s ÷ floor', ratio(rounds, 'perSecond'), 'at least', perSecond);
  if (cpu === undefined) out(`      CPU ÷ floor  ${fixed(cost)}`);
  else tell(name, 'CPU ÷ floor', cost, 'at most', cpu);
  const instructions = ratio(rounds, 'instructions');
  if (instructions > 0) out(`      instructions ÷ floor  ${fixed(instructions)}`);
  for (const side of ['fastify', 'stock'] as const) {
    const times = ratio(rounds, 'perSecond', side);
    const what = `requests/s ÷ ${NAMES[side]}`;
    if (targets[side] !== undefined) tell(name, what, times, 'at least', targets[side]);
    else if (rounds[side].length > 0) out(`      ${what}  ${fixed(times)}`);
  }
  tell('P10', 'p99 ÷ floor', ratio(rounds, 'p99Ms'), 'at most', 1.1);
  tell('P10', 'event-loop delay p99, ms', delay, 'at most', 15);
}

function printSide(path: string, side: Side, rounds: readonly Round[]): void {
  const of = (key: keyof Round) => median(rounds.map((round) => round[key]));
  const best = Math.min(...rounds.map(({ cpuMicros }) => cpuMicros));
  const [perSecond, p50Ms, p99Ms] = [of('perSecond'), of('p50Ms'), of('p99Ms')];
  const cpuMicros = of('cpuMicros');
  // JSON has no NaN.
  const instructions = of('instructions') || null;
  keepSide({ path, side, perSecond, p50Ms, p99Ms, cpuMicros, instructions });
  out(
    [
      `  ${NAMES[side]}`.padEnd(34),
      fixed(perSecond, 0).padStart(10),
      fixed(p50Ms, 1).padStart(9),
      fixed(p99Ms, 1).padStart(9),
      `${fixed(cpuMicros, 0)} (${fixed(best, 0)})`.padStart(16),
      fixed(of('systemMicros'), 0).padStart(16),
      fixed(median(rounds.map((round) => round.cpuMicros - round.mainMicros)), 0).padStart(16),
      fixed(of('delayP99Ms'), 1).padStart(20),
      instructions === null ? '' : `${fixed(instructions / 1_000, 0)} k instructions`.padStart(24),
    ].join(''),
  );
}

/** Prints where the CPU of a request goes, in µs; what is below 1 % is left out. */
export function printLayers(
  side: Side,
  {
    layers,
    mainMicros,
    otherMicros,
  }: {
    readonly layers: readonly Layer[];
    readonly mainMicros: number;
    readonly otherMicros: number;
  },
): void {
  out(`\n  ${NAMES[side]}, by layer`.padEnd(42) + 'CPU µs   of it in socket writes');
  for (const { name, share, writing } of layers.filter((layer) => layer.share >= 0.01))
    out(
      `    ${name.padEnd(34)}${fixed(share * mainMicros, 0).padStart(8)}${fixed(writing * mainMicros, 0).padStart(12)}`,
    );
  out(
    `    ${'other threads (collector, compiler)'.padEnd(34)}${fixed(otherMicros, 0).padStart(8)}`,
  );
}

/** Fewer calls per request are background work, and not of the request. */
const RARE = 0.005;

/** Prints the SQL statements of a request, dearest first. */
export function printStatements(side: Side, statements: readonly Statement[]): void {
  const own = statements.filter(({ calls }) => calls >= RARE);
  out(`\n  ${NAMES[side]}, SQL of a request`.padEnd(42) + ' calls    rows   µs in Postgres');
  for (const { text, calls, rows, micros } of [...own, { text: 'all', ...total(own) }])
    out(
      `    ${text.slice(0, 100).padEnd(100)}${fixed(calls).padStart(7)}${fixed(rows).padStart(8)}${fixed(micros, 0).padStart(8)}`,
    );
}

const total = (statements: readonly Statement[]): Omit<Statement, 'text'> => {
  const sum = (of: 'calls' | 'rows' | 'micros') =>
    statements.reduce((all, one) => all + one[of], 0);
  return { calls: sum('calls'), rows: sum('rows'), micros: sum('micros') };
};

/** Prints one figure with its target and whether it is met. @param path or part that the figures are of */
export const targetPrinter =
  (path: string) =>
  (
    target: string,
    what: string,
    value: number,
    sense: 'at least' | 'at most',
    bound: number,
  ): void => {
    const figure = { target, path, what, value, sense, bound };
    keepFigure(figure);
    out(
      `  ${target.padEnd(4)}${what.padEnd(42)}${short(value).padStart(7)}   ${sense} ${bound}   ${isMet(figure) ? 'met' : 'MISSED'}`,
    );
  };

const WIDTH = 46;

/** Prints what a part measured, one line for each thing, and keeps it for the report. The columns are those of the first line. */
export function printRows(part: string, rows: readonly (readonly [name: string, Values])[]): void {
  const columns = Object.keys(rows[0]?.[1] ?? {});
  const line = (name: string, cells: readonly string[]) =>
    out(name.padEnd(WIDTH) + cells.map((cell, i) => inColumn(cell, columns[i])).join(''));
  out('');
  line(part, columns);
  for (const [name, values] of rows) {
    keepRow({ part, name, values });
    line(
      `  ${name}`,
      columns.map((column) => short(values[column] ?? NaN)),
    );
  }
}

const inColumn = (cell: string, column = ''): string =>
  cell.padStart(Math.max(12, column.length + 3));

const short = (value: number): string => fixed(value, Math.abs(value) >= 20 ? 0 : 2);
