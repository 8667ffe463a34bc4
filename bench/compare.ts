import type { CountInstructions } from './instructions.ts';
import { layersOf, type CpuProfile, type Depth } from './layers.ts';
import type { Load, LoadRequest, LoadResult } from './load.ts';
import type { Part, Usage } from './processes.ts';
import type { Statement, StatementCounter } from './statements.ts';
import { median } from './statistics.ts';

/** Concurrent callers. */
export const CONNECTIONS = 32;
/** Stock Express is several times slower; rounds of fewer requests measure its rate as well. */
const STOCK_SHARE = 1 / 3;

export interface Server {
  readonly part: Part;
  readonly url: string;
}

export interface Round extends LoadResult {
  readonly cpuMicros: number;
  readonly mainMicros: number;
  readonly systemMicros: number;
  readonly delayP99Ms: number;
  /** Instructions of the CPU per request. NaN where the machine has no counter for them. */
  readonly instructions: number;
}

export const SIDES = ['gateway', 'floor', 'fastify', 'stock'] as const;
export type Side = (typeof SIDES)[number];
export type Servers = Readonly<Record<'gateway' | 'floor', Server>> &
  Readonly<Partial<Record<Side, Server>>>;
/** The same number of rounds for every side: the i-th rounds ran under the same machine load. */
export type Comparison = Readonly<Record<Side, readonly Round[]>>;

export interface Plan {
  /** Warm-up requests before the first round. */
  readonly warmUp: number;
  readonly rounds: number;
  readonly amount: number;
  /** The expected status. */
  readonly expect: number;
  readonly requests: (amount: number) => Promise<readonly LoadRequest[]>;
  readonly countInstructions?: CountInstructions | undefined;
}

/** Runs interleaved rounds. Each round starts with another side, so that none always runs last. */
export async function compare(load: Part, servers: Servers, plan: Plan): Promise<Comparison> {
  const sides = SIDES.flatMap((name) => {
    const server = servers[name];
    return server ? [{ name, server, share: name === 'stock' ? STOCK_SHARE : 1 }] : [];
  });
  const result: Record<Side, Round[]> = {
    gateway: [],
    floor: [],
    fastify: [],
    stock: [],
  };
  for (const { server } of sides) await round(load, server, plan, plan.warmUp);
  for (let i = 0; i < plan.rounds; i += 1) {
    const first = i % sides.length;
    for (const { name, server, share } of [...sides.slice(first), ...sides.slice(0, first)])
      result[name].push(await round(load, server, plan, Math.round(plan.amount * share)));
    process.stderr.write('.');
  }
  process.stderr.write('\n');
  return result;
}

async function round(load: Part, { part, url }: Server, plan: Plan, amount: number) {
  const requests = await plan.requests(amount);
  const { expect, countInstructions = uncounted } = plan;
  const details: Load = { url, requests, amount, connections: CONNECTIONS, expect };
  const before = await part.ask<Usage>('usage');
  const { result, instructions } = await countInstructions(part.pid, () =>
    load.ask<LoadResult>('run', details),
  );
  const after = await part.ask<Usage>('usage');
  return {
    ...result,
    cpuMicros: (after.cpuMicros - before.cpuMicros) / amount,
    mainMicros: (after.mainMicros - before.mainMicros) / amount,
    systemMicros: (after.systemMicros - before.systemMicros) / amount,
    delayP99Ms: after.delayP99Ms,
    instructions: (instructions ?? NaN) / amount,
  };
}

const uncounted: CountInstructions = async (_pid, work) => ({
  result: await work(),
  instructions: undefined,
});

/** Profiles one more round of a server. @returns its layers, and the CPU µs of a request while profiled, by the thread of JavaScript and by others */
export async function profile(load: Part, server: Server, plan: Plan, depth: Depth) {
  await server.part.ask('profile');
  const { cpuMicros, mainMicros } = await round(load, server, plan, plan.amount);
  const layers = layersOf(await server.part.ask<CpuProfile>('endProfile'), depth);
  return { layers, mainMicros, otherMicros: cpuMicros - mainMicros };
}

/** Counts the SQL statements of one more round. @returns those of one request */
export async function statementsOf(
  load: Part,
  server: Server,
  plan: Plan,
  counter: StatementCounter,
): Promise<Statement[]> {
  const { amount } = plan;
  // Preparing the requests may run statements too; those are not the server's.
  const prepared = await plan.requests(amount);
  await counter.reset();
  await round(load, server, { ...plan, requests: () => Promise.resolve(prepared) }, amount);
  return (await counter.read()).map(({ text, calls, rows, micros }) => ({
    text,
    calls: calls / amount,
    rows: rows / amount,
    micros: micros / amount,
  }));
}

/** Median over rounds of gateway ÷ the other side. */
export const ratio = (
  rounds: Comparison,
  of: 'perSecond' | 'cpuMicros' | 'p99Ms' | 'instructions',
  to: Exclude<Side, 'gateway'> = 'floor',
): number => median(rounds.gateway.map((one, i) => one[of] / (rounds[to][i]?.[of] ?? NaN)));

/**
 * CPU of a request in the second half of the rounds ÷ in the first. Well below 1, the side was still being compiled, and
 * its figures say nothing about later requests.
 */
export function steadiness(rounds: readonly Round[]): number {
  const half = rounds.length / 2;
  const cpu = (some: readonly Round[]) => median(some.map(({ cpuMicros }) => cpuMicros));
  return cpu(rounds.slice(Math.ceil(half))) / cpu(rounds.slice(0, Math.floor(half)));
}
