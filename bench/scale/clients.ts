/** One client and a thousand, each with its key, its counters and its share of the requests to WorkOS. */
import type { Bench } from '../context.ts';
import { createClient, linkRequestOf, TENANTS } from '../world.ts';
import { anyOf, compareSizes, gatewayOn, stopAll } from './sizes.ts';

const CLIENTS = 1_000;

export async function growClients(bench: Bench): Promise<void> {
  const { databaseUrl } = bench.world;
  const keys: string[] = [];
  while (keys.length < CLIENTS)
    keys.push(await createClient(databaseUrl, `growth-${keys.length + 1}`));
  const gateways = [await gatewayOn(bench, databaseUrl), await gatewayOn(bench, databaseUrl)];
  const by = (clients: number) => (amount: number) =>
    Array.from({ length: amount }, () =>
      linkRequestOf(keys[anyOf(clients) - 1] ?? '', anyOf(TENANTS)),
    );
  await compareSizes(bench, 'clients, portal link', 201, [
    { name: '1 client', gateways: gateways.slice(0, 1), requests: by(1) },
    {
      name: `${CLIENTS.toLocaleString('en')} clients`,
      gateways: gateways.slice(1),
      requests: by(CLIENTS),
    },
  ]);
  await stopAll(gateways);
}
