/** Ten tenants and a million (10,000 in a quick run): almost no request finds its tenant in memory. */
import type { Server } from '../compare.ts';
import type { Bench } from '../context.ts';
import { dropDatabase } from '../../src/dev/roles.ts';
import { createTenants, type TenantsDatabase } from '../tenants.ts';
import { setupRequest } from '../setup-reads.ts';
import { linkRequestOf } from '../world.ts';
import { anyOf, compareSizes, gatewayOn, stopAll, type Sized } from './sizes.ts';

export async function growTenants(bench: Bench): Promise<void> {
  const { superuserUrl } = bench.world;
  const sizes = [10, bench.options.isQuick ? 10_000 : 1_000_000];
  const databases: TenantsDatabase[] = [];
  const gateways: Server[] = [];
  for (const size of sizes) {
    const database = await createTenants(superuserUrl, size, `growth_${size}`);
    databases.push(database);
    gateways.push(await gatewayOn(bench, database.databaseUrl));
  }
  const compare = async (
    what: string,
    expect: number,
    request: (database: TenantsDatabase) => Sized['requests'],
  ) => {
    const [small, large] = databases.map((database, i): Sized => {
      const name = `${database.size.toLocaleString('en')} tenants`;
      return { name, gateways: gateways.slice(i, i + 1), requests: request(database) };
    });
    if (small && large) await compareSizes(bench, what, expect, [small, large]);
  };
  await compare('tenants, portal link', 201, ({ key, size }) => {
    return (amount) => Array.from({ length: amount }, () => linkRequestOf(key, anyOf(size)));
  });
  await compare('tenants, setup read', 200, ({ key, size }) => {
    return (amount) => Array.from({ length: amount }, () => setupRequest(key, anyOf(size)));
  });
  await stopAll(gateways);
  for (const size of sizes) await dropDatabase(superuserUrl, `growth_${size}`);
}
