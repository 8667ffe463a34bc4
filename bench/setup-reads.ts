/** GET /v1/tenants/{id}/setup with few tenants and with many; each request picks a random tenant. */
import { CONNECTIONS } from './compare.ts';
import { tell, type Bench } from './context.ts';
import type { Load, LoadRequest, LoadResult } from './load.ts';
import { startGateway } from './servers.ts';
import { median } from './statistics.ts';
import { printRows, targetPrinter } from './table.ts';
import { createTenants, type TenantsDatabase } from './tenants.ts';

const SIZES = [10, 10_000, 1_000_000] as const;

type Ask = (amount: number, connections: number) => Promise<LoadResult>;

export async function measureSetup(bench: Bench): Promise<void> {
  tell('setup\n');
  const { world, options } = bench;
  const { rounds, amount, warmUp } = options;
  const asks: Ask[] = [];
  for (const size of SIZES)
    asks.push(await startAsking(bench, await createTenants(world.superuserUrl, size)));
  const askEach = async (...how: Parameters<Ask>): Promise<LoadResult[]> => {
    const results: LoadResult[] = [];
    for (const ask of asks) results.push(await ask(...how));
    return results;
  };
  // Every side runs the same code, so none needs more warm-up than another.
  await askEach(warmUp / 2, CONNECTIONS);
  const many: LoadResult[][] = [];
  const alone: LoadResult[][] = [];
  while (many.length < rounds) {
    many.push(await askEach(amount, CONNECTIONS));
    alone.push(await askEach(Math.round(amount / 10), 1));
  }
  print(many, alone);
}

async function startAsking(
  { files, parts, load, servers }: Bench,
  { size, databaseUrl, key }: TenantsDatabase,
): Promise<Ask> {
  const env = { ...servers.gatewayEnv, DATABASE_URL: databaseUrl };
  const { url } = await startGateway(files.gateway, env, undefined, parts);
  const anyone = () => setupRequest(key, 1 + Math.floor(Math.random() * size));
  return (amount, connections) => {
    const requests = Array.from({ length: amount }, anyone);
    return load.ask('run', { url, requests, amount, connections, expect: 200 } satisfies Load);
  };
}

/** @param tenant number of the tenant, whose setup is asked for */
export const setupRequest = (key: string, tenant: number): LoadRequest => ({
  path: `/v1/tenants/tenant-${tenant}/setup`,
  headers: { authorization: `Bearer ${key}` },
});

/** @param many results per round at each size @param alone the same with a single caller */
function print(many: readonly LoadResult[][], alone: readonly LoadResult[][]): void {
  const of = (rounds: readonly LoadResult[][], i: number, key: 'perSecond' | 'p50Ms') =>
    median(rounds.map((results) => results[i]?.[key] ?? NaN));
  printRows(
    'GET /v1/tenants/{tenant_id}/setup',
    SIZES.map((size, i) => [
      `${size.toLocaleString('en')} tenants`,
      {
        'requests/s': of(many, i, 'perSecond'),
        'p50 ms of a lone caller': of(alone, i, 'p50Ms'),
      },
    ]),
  );
  const last = SIZES.length - 1;
  const ratio = median(many.map((r) => (r[last]?.perSecond ?? NaN) / (r[0]?.perSecond ?? NaN)));
  const target = targetPrinter('setup');
  target('P8', 'requests/s, 1,000,000 ÷ 10 tenants', ratio, 'at least', 0.9);
  target('P8', 'p50 of a lone caller, ms', of(alone, last, 'p50Ms'), 'at most', 1);
}
