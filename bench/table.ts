/** Prints each figure with its target. */
import { ratio, type Comparison, type Round } from './compare.ts';
import { median } from './statistics.ts';

const out = (text: string): void => void process.stdout.write(`${text}\n`);

const fixed = (value: number, digits = 2): string => value.toFixed(digits);

export interface PathTargets {
  readonly name: string;
  readonly perSecond: number;
  readonly cpu?: number;
  /** Requests/s of the gateway ÷ requests/s of stock Express. */
  readonly stock?: number;
}

/** Prints one path: a row per side, and the ratios. */
export function printPath(title: string, rounds: Comparison, targets: PathTargets): void {
  out(`\n${title.padEnd(34)} requests/s   p50 ms   p99 ms   CPU µs (best)   loop delay p99 ms`);
  printSide('gateway', rounds.gateway);
  printSide('floor (node:http + undici)', rounds.floor);
  if (rounds.stock.length > 0) printSide('stock Express + SDK', rounds.stock);
  const others = Object.values(rounds)
    .flat()
    .reduce((sum, round) => sum + round.others, 0);
  if (others > 0)
    out(`  (${others} answers were not as expected: deadlines missed on a busy machine)`);
  printTargets(rounds, targets);
}

function printTargets(rounds: Comparison, { name, perSecond, cpu, stock }: PathTargets): void {
  const cost = ratio(rounds, 'cpuMicros');
  const delay = median(rounds.gateway.map(({ delayP99Ms }) => delayP99Ms));
  printTarget(name, 'requests/s ÷ floor', ratio(rounds, 'perSecond'), 'at least', perSecond);
  if (cpu === undefined) out(`      CPU ÷ floor  ${fixed(cost)}`);
  else printTarget(name, 'CPU ÷ floor', cost, 'at most', cpu);
  if (stock !== undefined && rounds.stock.length > 0) {
    const times = ratio(rounds, 'perSecond', 'stock');
    printTarget(name, 'requests/s ÷ stock Express', times, 'at least', stock);
  }
  printTarget('P10', 'p99 ÷ floor', ratio(rounds, 'p99Ms'), 'at most', 1);
  printTarget('P10', 'event-loop delay p99, ms', delay, 'at most', 15);
}

function printSide(name: string, rounds: readonly Round[]): void {
  const of = (key: keyof Round) => median(rounds.map((round) => round[key]));
  const best = Math.min(...rounds.map(({ cpuMicros }) => cpuMicros));
  out(
    [
      `  ${name}`.padEnd(34),
      fixed(of('perSecond'), 0).padStart(10),
      fixed(of('p50Ms'), 1).padStart(9),
      fixed(of('p99Ms'), 1).padStart(9),
      `${fixed(of('cpuMicros'), 0)} (${fixed(best, 0)})`.padStart(16),
      fixed(of('delayP99Ms'), 1).padStart(20),
    ].join(''),
  );
}

/** Prints one figure with its target and whether it is met. */
export function printTarget(
  name: string,
  what: string,
  value: number,
  sense: 'at least' | 'at most',
  target: number,
): void {
  const met = sense === 'at least' ? value >= target : value <= target;
  const digits = Math.abs(value) >= 20 ? 0 : 2;
  out(
    `  ${name.padEnd(4)}${what.padEnd(42)}${fixed(value, digits).padStart(7)}   ${sense} ${target}   ${met ? 'met' : 'MISSED'}`,
  );
}
