/**
 * `npm run bench [-- --quick] [-- --layers[=files]] [-- --report=<name>] [-- part …]` compares the gateway with hand-written
 * handlers that make the same checks and calls (`floor/`), with Fastify (`fastify.ts`), stock Express
 * (`stock.ts`), a bare SDK call and a bare Express. `--report` writes `<name>.json` and `<name>.svg`; `--layers` prints
 * where the CPU of a request goes. Absolute figures depend on the machine; the ratios (medians over interleaved rounds) do not.
 * Parts: links, tickets, authorize, token, ingest, rows, deliveries, setup, start. Default: all.
 */
import { bundle } from './bundle.ts';
import { compare, CONNECTIONS, profile, type Comparison } from './compare.ts';
import type { Rows, RowsRun } from './audit-rows.ts';
import { measureDeliveries } from './deliveries.ts';
import { PATHS, type PathName } from './paths.ts';
import { createParts, type Usage } from './processes.ts';
import type { Depth } from './layers.ts';
import { measureSetup } from './setup-reads.ts';
import { besideThis, startServers, type RunningServers } from './servers.ts';
import { timeExpress, timeGateway } from './start-up.ts';
import { writeReport } from './report.ts';
import { median } from './statistics.ts';
import { printLayers, printPath, printTarget } from './table.ts';
import { createWorld } from './world.ts';

const PARTS = [
  ...(Object.keys(PATHS) as PathName[]),
  'rows',
  'deliveries',
  'setup',
  'start',
] as const;
type PartName = (typeof PARTS)[number];

const quick = process.argv.includes('--quick');
const ROUNDS = quick ? 4 : 8;
const AMOUNT = quick ? 1_000 : 1_500;
/** Warm-up requests until the hot paths are compiled; fewer would favour the side with less code. */
const WARM_UP = quick ? 3_000 : 5_000;
const STARTS = quick ? 3 : 7;

const depth: Depth = process.argv.includes('--layers=files') ? 'files' : 'folders';
const withLayers = process.argv.some((arg) => arg.startsWith('--layers'));
const reportName = process.argv.find((arg) => arg.startsWith('--report='))?.slice(9);
const named = process.argv.slice(2).filter((arg) => !arg.startsWith('-'));
const chosen = named.length > 0 ? named : PARTS;
const wants = (part: PartName): boolean => chosen.includes(part);
const strangers = named.filter((name) => !(PARTS as readonly string[]).includes(name));
if (strangers.length > 0) throw new Error(`Parts are ${PARTS.join(', ')}; not ${strangers.join()}`);

const tell = (text: string): void => void process.stderr.write(text);
const parts = createParts();
tell('bundling, and starting Postgres\n');
const files = await bundle({ withSourceMaps: withLayers });
const world = await createWorld();

async function measure(): Promise<void> {
  const servers = await startServers(files, world, parts);
  const express = wants('start') ? await repeated(timeExpress) : 0;
  const ready = wants('start')
    ? await repeated(() => timeGateway(files.gateway, servers.gatewayEnv))
    : 0;
  const idle = await servers.gateway.part.ask<Usage>('usage');
  console.log(
    `${ROUNDS} interleaved rounds of ${AMOUNT} requests, ${CONNECTIONS} callers; medians, ratios per round`,
  );
  const load = parts.start(besideThis('load.ts'));
  for (const name of Object.keys(PATHS) as PathName[])
    if (wants(name)) await measurePath(name, servers, load);
  if (wants('rows')) await printAuditRows();
  if (wants('deliveries')) {
    tell('deliveries\n');
    const workerEnv = servers.gatewayEnv;
    const events = quick ? 20 : 40;
    await measureDeliveries({ files, world, parts, workerEnv, rounds: ROUNDS / 2, events });
  }
  if (wants('setup')) {
    tell('setup\n');
    const { gatewayEnv } = servers;
    // Every side runs the same code, so none needs more warm-up than another.
    const amounts = { warmUp: WARM_UP / 2, rounds: ROUNDS, amount: AMOUNT };
    await measureSetup({ files, world, parts, load, gatewayEnv, ...amounts });
  }
  if (wants('start')) {
    printTarget('P9', 'ready, ms', ready, 'at most', 400);
    printTarget('P9', 'ready ÷ bare Express', ready / express, 'at most', 1.4);
    printTarget('P9', 'RSS idle, MB', idle.rssMb, 'at most', 110);
  }
  await printMemory(servers);
}

async function measurePath(
  name: PathName,
  servers: RunningServers,
  load: ReturnType<typeof parts.start>,
): Promise<void> {
  const { title, targets, expect, requests } = PATHS[name];
  tell(`${name} `);
  const { gateway, floor, fastify, stock } = servers;
  const sides = { gateway, floor, fastify, ...('stock' in targets && { stock }) };
  const plan = {
    ...{ warmUp: WARM_UP, rounds: ROUNDS, amount: AMOUNT, expect },
    requests: await requests(world, servers.workosUrl),
  };
  const rounds = await compare(load, sides, plan);
  printPath(title, rounds, targets);
  if (withLayers)
    for (const side of ['gateway', 'floor'] as const)
      printLayers(side, await profile(load, servers[side], plan, depth));
  if (name === 'links') await printBareSdk(servers.workosUrl, rounds);
}

/** Reports the memory after the load of all parts. */
async function printMemory({ gateway, floor }: RunningServers): Promise<void> {
  const [loaded, floorLoaded] = [
    await gateway.part.ask<Usage>('usage'),
    await floor.part.ask<Usage>('usage'),
  ];
  printTarget('P9', 'RSS under load, MB', loaded.peakMb, 'at most', 200);
  console.log(`      (the floor’s under load: ${floorLoaded.peakMb.toFixed(0)} MB)`);
}

async function repeated(measureOnce: () => Promise<number>): Promise<number> {
  const values: number[] = [];
  while (values.length < STARTS) values.push(await measureOnce());
  return median(values);
}

/** Compares a whole gateway request with what one SDK call costs the caller. */
async function printBareSdk(workosUrl: string, links: Comparison): Promise<void> {
  const sdk = parts.start(files.bareSdk);
  const run = (amount: number) => sdk.ask('run', { port: Number(new URL(workosUrl).port), amount });
  await run(WARM_UP);
  const costs: number[] = [];
  while (costs.length < ROUNDS) {
    const before = await sdk.ask<Usage>('usage');
    await run(AMOUNT);
    const after = await sdk.ask<Usage>('usage');
    costs.push((after.cpuMicros - before.cpuMicros) / AMOUNT);
  }
  await sdk.stop();
  const bare = median(costs);
  const of = (side: 'gateway' | 'floor') =>
    median(links[side].map(({ cpuMicros }) => cpuMicros)) / bare;
  printTarget(
    'P2',
    `CPU ÷ a bare SDK call’s ${bare.toFixed(0)} µs`,
    of('gateway'),
    'at most',
    0.75,
  );
  console.log(`      (the floor’s: ${of('floor').toFixed(2)})`);
}

async function printAuditRows(): Promise<void> {
  tell('rows\n');
  const rows = parts.start(files.auditRows, { env: { DATABASE_URL: world.databaseUrl } });
  const ratios: { rate: number; cpu: number; alone: number }[] = [];
  const run = (way: RowsRun['way'], amount: number, callers: number) =>
    rows.ask<Rows>('run', { way, amount, callers } satisfies RowsRun);
  await run('group', AMOUNT, CONNECTIONS);
  await run('single', AMOUNT, CONNECTIONS);
  while (ratios.length < ROUNDS) {
    const group = await run('group', AMOUNT, CONNECTIONS);
    const single = await run('single', AMOUNT, CONNECTIONS);
    const alone = (await run('group', 200, 1)).p50Ms / (await run('single', 200, 1)).p50Ms;
    ratios.push({
      rate: group.perSecond / single.perSecond,
      cpu: group.cpuMicros / single.cpuMicros,
      alone,
    });
  }
  await rows.stop();
  const of = (key: 'rate' | 'cpu' | 'alone') => median(ratios.map((one) => one[key]));
  console.log('');
  printTarget('P7', 'audit rows/s, grouped ÷ single', of('rate'), 'at least', 2.5);
  printTarget('P7', 'CPU of a row, grouped ÷ single', of('cpu'), 'at most', 0.35);
  printTarget('P7', 'p50 of a lone caller, grouped ÷ single', of('alone'), 'at most', 1.1);
}

async function cleanUp(): Promise<void> {
  await parts.stop();
  await world.stop();
}

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void cleanUp().then(() => process.exit(130)));
try {
  await measure();
  if (reportName !== undefined) writeReport(reportName, ROUNDS);
} finally {
  await cleanUp();
}
