/** One path: every side, the targets, and with `--layers` where CPU and SQL of a request go. */
import { compare, profile, statementsOf, type Comparison, type Plan } from './compare.ts';
import { tell, type Bench } from './context.ts';
import { PATHS, type PathName } from './paths.ts';
import { countStatements } from './statements.ts';
import { printLayers, printPath, printStatements } from './table.ts';

export async function measurePath(bench: Bench, name: PathName): Promise<Comparison> {
  const { options, servers, world, load, countInstructions } = bench;
  const { title, targets, expect, requests } = PATHS[name];
  tell(`${name} `);
  const { gateway, floor, fastify, stock } = servers;
  const sides = { gateway, floor, fastify, ...('stock' in targets && { stock }) };
  const plan: Plan = {
    ...options,
    expect,
    countInstructions,
    requests: await requests(world, servers.workosUrl),
  };
  const rounds = await compare(load, sides, plan);
  printPath(title, rounds, targets);
  if (options.layers) await explain(bench, plan);
  return rounds;
}

/** Where the CPU and the SQL of a request go, of the gateway and of the floor. */
async function explain({ options, servers, world, load }: Bench, plan: Plan): Promise<void> {
  const counter = await countStatements(world.superuserUrl);
  for (const side of ['gateway', 'floor'] as const) {
    printLayers(side, await profile(load, servers[side], plan, options.layers ?? 'folders'));
    printStatements(side, await statementsOf(load, servers[side], plan, counter));
  }
  await counter.stop();
}
