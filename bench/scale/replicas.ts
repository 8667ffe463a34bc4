/** One replica and three on one database. They share the cores of the machine, so it is the CPU that tells their cost. */
import type { Server } from '../compare.ts';
import type { Bench } from '../context.ts';
import { startBalancer, type Balancer } from './balancer.ts';
import { compareSizes, gatewayOn, stopAll, type Sized } from './sizes.ts';

export async function growReplicas(bench: Bench): Promise<void> {
  const { world, servers } = bench;
  const links = await world.linkRequests(servers.workosUrl);
  const all: Server[] = [];
  while (all.length < 4) all.push(await gatewayOn(bench, world.databaseUrl));
  const fleets = [all.slice(0, 1), all.slice(1)];
  const balancers: (Balancer | undefined)[] = [];
  for (const fleet of fleets)
    balancers.push(
      await startBalancer(
        world.directory,
        fleet.map(({ url }) => url),
      ),
    );
  const [one, three] = fleets.map((gateways, i): Sized => {
    const name = gateways.length === 1 ? '1 replica' : `${gateways.length} replicas`;
    return { name, gateways, url: balancers[i]?.url, requests: () => links };
  });
  const how = balancers[0] ? 'behind haproxy' : 'shared out by the load, as there is no haproxy';
  if (one && three) await compareSizes(bench, `replicas ${how}, portal link`, 201, [one, three]);
  for (const balancer of balancers) await balancer?.stop();
  await stopAll(all);
}
