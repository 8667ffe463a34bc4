import type { Load, LoadRequest, LoadResult } from './load.ts';
import type { Part, Usage } from './processes.ts';
import { median } from './statistics.ts';

/** Callers at a time. */
export const CONNECTIONS = 32;

export interface Server {
  readonly part: Part;
  readonly url: string;
}

export interface Round extends LoadResult {
  readonly cpuMicros: number;
  readonly delayP99Ms: number;
}

/** The same rounds of both, so that `gateway[i]` and `floor[i]` met the same weather. */
export interface Comparison {
  readonly gateway: readonly Round[];
  readonly floor: readonly Round[];
}

export interface Plan {
  /** Requests before the first round. */
  readonly warmUp: number;
  readonly rounds: number;
  readonly amount: number;
  /** The status of a good answer. */
  readonly expect: number;
  readonly requests: (amount: number) => Promise<readonly LoadRequest[]>;
}

/** Interleaved rounds; each begins with the other one, so that neither always runs second. */
export async function compare(
  load: Part,
  gateway: Server,
  floor: Server,
  plan: Plan,
): Promise<Comparison> {
  await round(load, gateway, plan, plan.warmUp);
  await round(load, floor, plan, plan.warmUp);
  const result = { gateway: [] as Round[], floor: [] as Round[] };
  for (let i = 0; i < plan.rounds; i += 1) {
    const order = i % 2 === 0 ? (['gateway', 'floor'] as const) : (['floor', 'gateway'] as const);
    for (const name of order)
      result[name].push(await round(load, { gateway, floor }[name], plan, plan.amount));
  }
  return result;
}

async function round(load: Part, { part, url }: Server, plan: Plan, amount: number) {
  const requests = await plan.requests(amount);
  const before = await part.ask<Usage>('usage');
  const result = await load.ask<LoadResult>('run', {
    url,
    requests,
    amount,
    connections: CONNECTIONS,
    expect: plan.expect,
  } satisfies Load);
  const after = await part.ask<Usage>('usage');
  return {
    ...result,
    cpuMicros: (after.cpuMicros - before.cpuMicros) / amount,
    delayP99Ms: after.delayP99Ms,
  };
}

/** Median over rounds of gateway ÷ floor. */
export const ratio = (
  { gateway, floor }: Comparison,
  of: 'perSecond' | 'cpuMicros' | 'p99Ms',
): number => median(gateway.map((one, i) => one[of] / (floor[i]?.[of] ?? NaN)));
