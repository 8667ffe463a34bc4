/** Keeps every figure of a run, and writes them as JSON and as a picture. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import type { Amounts, Options } from './options.ts';
import { picture } from './picture.ts';

/** A figure with its target. */
export interface Figure {
  readonly target: string;
  readonly path: string;
  readonly what: string;
  readonly value: number;
  readonly sense: 'at least' | 'at most';
  readonly bound: number;
}

/** The medians of one side on one path. */
export interface SideFigures {
  readonly path: string;
  readonly side: string;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly cpuMicros: number;
  /** Null where the machine offers no counter of instructions. */
  readonly instructions: number | null;
}

export type Values = Readonly<Record<string, number>>;

/** What a part measured of one thing, in columns of its own; of the same columns as the others of its part. */
export interface Row {
  readonly part: string;
  readonly name: string;
  readonly values: Values;
}

export interface Report {
  readonly date: string;
  readonly commit: string;
  readonly node: string;
  readonly machine: string;
  /** False of a quick run, which measures the compiler too. */
  readonly isSteady: boolean;
  readonly amounts: Amounts;
  readonly figures: readonly Figure[];
  readonly sides: readonly SideFigures[];
  readonly rows: readonly Row[];
}

const figures: Figure[] = [];
const sides: SideFigures[] = [];
const rows: Row[] = [];

export const isMet = ({ sense, value, bound }: Figure): boolean =>
  sense === 'at least' ? value >= bound : value <= bound;

export const keepFigure = (figure: Figure): void => void figures.push(figure);

export const keepSide = (side: SideFigures): void => void sides.push(side);

export const keepRow = (row: Row): void => void rows.push(row);

/** Ends in `-dirty` if what was measured is not what was committed. */
const commit = (): string =>
  execFileSync('git', ['describe', '--always', '--dirty', '--exclude=*'], {
    encoding: 'utf8',
  }).trim();

/** Writes `<name>.json` and `<name>.svg`. */
export function writeReport(name: string, options: Options): void {
  const { warmUp, rounds, amount, starts, isQuick } = options;
  const [cpu] = cpus();
  const report: Report = {
    date: new Date().toISOString().slice(0, 10),
    commit: commit(),
    node: process.version,
    machine: `${cpus().length} cores (${cpu?.model ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB`,
    isSteady: !isQuick,
    amounts: { warmUp, rounds, amount, starts },
    figures,
    sides,
    rows,
  };
  writeFileSync(`${name}.json`, `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(`${name}.svg`, picture(report));
}
