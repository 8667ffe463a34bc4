/** The same requests at a small size and at a large one, in turn. */
import { CONNECTIONS, type Server } from '../compare.ts';
import { tell, type Bench } from '../context.ts';
import type { Load, LoadRequest, LoadResult } from '../load.ts';
import type { Usage } from '../processes.ts';
import { startGateway } from '../servers.ts';
import { median } from '../statistics.ts';
import { printRows } from '../table.ts';

/** One size of what grows. */
export interface Sized {
  readonly name: string;
  readonly gateways: readonly Server[];
  /** Where the requests go: a load balancer. Default: to each gateway an equal part. */
  readonly url?: string | undefined;
  readonly requests: (amount: number) => readonly LoadRequest[];
}

interface Round {
  readonly perSecond: number;
  readonly cpuMicros: number;
}

/** Prints and keeps both sizes and their ratio. @param what the requests are */
export async function compareSizes(
  bench: Bench,
  what: string,
  expect: number,
  sizes: readonly [Sized, Sized],
): Promise<void> {
  const { warmUp, rounds, amount } = bench.options;
  // As many for each process, because a process becomes cheaper the more requests it has had.
  const run = (sized: Sized, requests: number) =>
    round(bench, sized, requests * sized.gateways.length, expect);
  const [small, large] = sizes;
  tell(`${what} `);
  for (const sized of sizes) await run(sized, warmUp);
  const seen: (readonly [Round, Round])[] = [];
  while (seen.length < rounds) {
    seen.push([await run(small, amount), await run(large, amount)]);
    tell('.');
  }
  tell('\n');
  const row = (of: (one: readonly [Round, Round], key: keyof Round) => number) => ({
    'requests/s': median(seen.map((one) => of(one, 'perSecond'))),
    'CPU µs': median(seen.map((one) => of(one, 'cpuMicros'))),
  });
  printRows(`Growth: ${what}`, [
    [small.name, row(([one], key) => one[key])],
    [large.name, row(([, one], key) => one[key])],
    ['large ÷ small', row(([one, other], key) => other[key] / one[key])],
  ]);
}

async function round(
  { load }: Bench,
  { gateways, url, requests }: Sized,
  amount: number,
  expect: number,
): Promise<Round> {
  const urls = url === undefined ? gateways.map((gateway) => gateway.url) : [url];
  const share = Math.round(amount / urls.length);
  const connections = Math.round(CONNECTIONS / urls.length);
  const loads = urls.map((one): Load => {
    return { url: one, requests: requests(share), amount: share, connections, expect };
  });
  const before = await cpuOf(gateways);
  const results = await Promise.all(loads.map((one) => load.ask<LoadResult>('run', one)));
  const spent = (await cpuOf(gateways)) - before;
  return {
    perSecond: results.reduce((sum, one) => sum + one.perSecond, 0),
    cpuMicros: spent / (share * urls.length),
  };
}

async function cpuOf(gateways: readonly Server[]): Promise<number> {
  const usages = await Promise.all(gateways.map(({ part }) => part.ask<Usage>('usage')));
  return usages.reduce((sum, { cpuMicros }) => sum + cpuMicros, 0);
}

/** A gateway on a database, as the other parts have it. */
export const gatewayOn = ({ files, servers, parts }: Bench, databaseUrl: string): Promise<Server> =>
  startGateway(
    files.gateway,
    { ...servers.gatewayEnv, DATABASE_URL: databaseUrl },
    undefined,
    parts,
  );

export async function stopAll(gateways: readonly Server[]): Promise<void> {
  await Promise.all(gateways.map(({ part }) => part.stop()));
}

/** A number from 1 to `size`. */
export const anyOf = (size: number): number => 1 + Math.floor(Math.random() * size);
