/** What the command line asks for, and how much is measured. */
import type { Depth } from './layers.ts';
import { PATHS, type PathName } from './paths.ts';

/** Measured unless parts are named. */
const DEFAULT_PARTS = [
  ...(Object.keys(PATHS) as PathName[]),
  'siblings',
  'rows',
  'deliveries',
  'setup',
  'start',
] as const;
/** Measured only if named. */
const FURTHER_PARTS = ['growth'] as const;
const ALL_PARTS: readonly string[] = [...DEFAULT_PARTS, ...FURTHER_PARTS];
export type PartName = (typeof DEFAULT_PARTS | typeof FURTHER_PARTS)[number];

/** How much is measured. */
export interface Amounts {
  /** Requests to each side before its first round. */
  readonly warmUp: number;
  readonly rounds: number;
  /** Requests of a round. */
  readonly amount: number;
  readonly starts: number;
}

/**
 * V8 optimizes the hot paths of the gateway until about its 20,000th request of a path: 2,000 requests cost 1,500 µs of
 * CPU each at first, 890 after 20,000, and those of the floor, which has less code, 1,100 and 440. With fewer requests
 * the bench would measure the compiler; with more of them it would take longer than a quarter of an hour, and the
 * rounds themselves go on to the 20,000th. A fixed number, because two rounds on a busy machine differ by more than the
 * compiler's part in them; `steadiness` tells afterwards if it was enough.
 */
const FULL: Amounts = { warmUp: 13_000, rounds: 8, amount: 1_500, starts: 7 };
/** To see that a change works, not to compare: V8 is still compiling. */
const QUICK: Amounts = { warmUp: 3_000, rounds: 4, amount: 1_000, starts: 3 };

export interface Options extends Amounts {
  readonly isQuick: boolean;
  /** Undefined: no layers and statements. */
  readonly layers: Depth | undefined;
  readonly reportName: string | undefined;
  readonly wants: (part: PartName) => boolean;
}

/** @throws Error that names the parts there are */
export function readOptions(args: readonly string[]): Options {
  const named = args.filter((arg) => !arg.startsWith('-'));
  const strangers = named.filter((name) => !ALL_PARTS.includes(name));
  if (strangers.length > 0)
    throw new Error(`Parts are ${ALL_PARTS.join(', ')}; not ${strangers.join()}`);
  const chosen: readonly string[] = named.length > 0 ? named : DEFAULT_PARTS;
  const isQuick = args.includes('--quick');
  return {
    ...(isQuick ? QUICK : FULL),
    isQuick,
    layers: layersIn(args),
    reportName: args.find((arg) => arg.startsWith('--report='))?.slice('--report='.length),
    wants: (part) => chosen.includes(part),
  };
}

function layersIn(args: readonly string[]): Depth | undefined {
  if (args.includes('--layers=files')) return 'files';
  return args.includes('--layers') ? 'folders' : undefined;
}
