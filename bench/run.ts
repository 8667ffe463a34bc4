/**
 * `npm run bench [-- --quick]`: the gateway beside a hand-written handler that makes the same checks
 * and calls. Absolute figures belong to the machine; the ratios, medians over interleaved rounds, travel.
 */
import { join } from 'node:path';
import { freePort } from '../src/dev/embedded-postgres.ts';
import type { Rows, RowsRun } from './audit-rows.ts';
import { bundle } from './bundle.ts';
import { compare, CONNECTIONS, type Comparison, type Server } from './compare.ts';
import type { FloorOptions } from './floor.ts';
import { startPart, type Part, type PartOptions, type Usage } from './processes.ts';
import { timeExpress, timeGateway, waitUntilReady } from './start-up.ts';
import { median } from './statistics.ts';
import { printPath, printTarget } from './table.ts';
import { createWorld } from './world.ts';

const quick = process.argv.includes('--quick');
/** `--only=links` or `--only=tickets`: for whoever tunes one path. */
const only = process.argv.find((arg) => arg.startsWith('--only='))?.slice('--only='.length);
const ROUNDS = quick ? 4 : 8;
const AMOUNT = quick ? 2_000 : 3_000;
/** Until the hot paths are compiled; less favours whoever has less code. */
const WARM_UP = quick ? 4_000 : 10_000;
const STARTS = quick ? 3 : 7;

const parts: Part[] = [];
const start = (file: string, options?: PartOptions): Part => {
  const part = startPart(file, options);
  parts.push(part);
  return part;
};
const besideThis = (file: string): string => join(import.meta.dirname, file);

const files = await bundle();
const world = await createWorld();

async function measure(): Promise<void> {
  const upstream = start(besideThis('upstream.ts'));
  const upstreamPort = await upstream.ask<number>('listen', { jwks: world.jwks });
  const workosUrl = `http://127.0.0.1:${upstreamPort}`;
  const env = gatewayEnv(workosUrl);

  const express = only ? 0 : await repeated(timeExpress);
  const ready = only ? 0 : await repeated(() => timeGateway(files.gateway, env));
  const gateway = await startGateway(env);
  const idle = await gateway.part.ask<Usage>('usage');
  const floor = await startFloor(workosUrl);
  const { links, tickets } = await comparePaths(gateway, floor, workosUrl);
  const loaded = await gateway.part.ask<Usage>('usage');
  const floorLoaded = await floor.part.ask<Usage>('usage');

  console.log(
    `${ROUNDS} interleaved rounds of ${AMOUNT} requests, ${CONNECTIONS} callers; medians, ratios per round`,
  );
  if (links)
    printPath('POST /portal/generate_link', links, { name: 'P1', perSecond: 0.8, cpu: 1.25 });
  if (tickets) printPath('GET /launch-portal?ticket=', tickets, { name: 'P3', perSecond: 0.75 });
  if (only) return;

  await Promise.all([gateway.part.stop(), floor.part.stop()]);
  console.log('');
  await printBareSdk(upstreamPort, links);
  await printAuditRows();
  printTarget('P9', 'ready, ms', ready, 'at most', 400);
  printTarget('P9', 'ready ÷ bare Express', ready / express, 'at most', 1.5);
  printTarget('P9', 'RSS idle, MB', idle.rssMb, 'at most', 110);
  printTarget('P9', 'RSS under load, MB', loaded.peakMb, 'at most', 200);
  console.log(`      (the floor’s under load: ${floorLoaded.peakMb.toFixed(0)} MB)`);
}

async function comparePaths(gateway: Server, floor: Server, issuer: string) {
  const load = start(besideThis('load.ts'));
  const requests = await world.linkRequests(issuer);
  const common = { warmUp: WARM_UP, rounds: ROUNDS, amount: AMOUNT };
  const links =
    only === 'tickets'
      ? undefined
      : await compare(load, gateway, floor, {
          ...common,
          expect: 201,
          requests: () => Promise.resolve(requests),
        });
  const tickets =
    only === 'links'
      ? undefined
      : await compare(load, gateway, floor, {
          ...common,
          expect: 303,
          requests: world.ticketRequests,
        });
  return { links, tickets };
}

async function startGateway(env: Record<string, string>): Promise<Server> {
  const [port, adminPort] = [await freePort(), await freePort()];
  const part = start(files.gateway, {
    args: ['serve'],
    env: { ...env, PORT: String(port), ADMIN_PORT: String(adminPort) },
    log: join(world.directory, 'gateway.log'),
  });
  await waitUntilReady(adminPort);
  return { part, url: `http://127.0.0.1:${port}` };
}

async function startFloor(workosUrl: string): Promise<Server> {
  const part = start(files.floor);
  const options: FloorOptions = {
    databaseUrl: world.databaseUrl,
    workosUrl,
    issuer: workosUrl,
  };
  return { part, url: `http://127.0.0.1:${await part.ask<number>('listen', options)}` };
}

const gatewayEnv = (workosUrl: string): Record<string, string> => ({
  NODE_ENV: 'test',
  HOST: '127.0.0.1',
  PUBLIC_URL: 'https://gatehouse.example.com',
  DATABASE_URL: world.databaseUrl,
  WORKOS_API_KEY: 'sk_bench',
  WORKOS_CLIENT_ID: 'client_bench',
  WORKOS_API_BASE_URL: workosUrl,
  WORKOS_EXTERNAL_ID_PREFIX: 'gh:bench:',
  PORTAL_LINK_HOSTS: '127.0.0.1',
  USER_TOKEN_ISSUER: workosUrl,
  USER_TOKEN_AUDIENCE: 'gatehouse',
  USER_TOKEN_JWKS_URL: `${workosUrl}/jwks.json`,
  GATEHOUSE_KEYS: Buffer.alloc(32).toString('base64'),
  LOG_LEVEL: 'info',
});

async function repeated(measureOnce: () => Promise<number>): Promise<number> {
  const values: number[] = [];
  while (values.length < STARTS) values.push(await measureOnce());
  return median(values);
}

/** The whole gateway request against what one SDK call costs its caller already. */
async function printBareSdk(port: number, links: Comparison | undefined): Promise<void> {
  const sdk = start(files.bareSdk);
  await sdk.ask('run', { port, amount: AMOUNT });
  const costs: number[] = [];
  while (costs.length < ROUNDS) {
    const before = await sdk.ask<Usage>('usage');
    await sdk.ask('run', { port, amount: AMOUNT });
    const after = await sdk.ask<Usage>('usage');
    costs.push((after.cpuMicros - before.cpuMicros) / AMOUNT);
  }
  await sdk.stop();
  const request = median((links?.gateway ?? []).map(({ cpuMicros }) => cpuMicros));
  const bare = median(costs);
  printTarget(
    'P2',
    `CPU ÷ a bare SDK call’s ${bare.toFixed(0)} µs`,
    request / bare,
    'at most',
    0.45,
  );
}

async function printAuditRows(): Promise<void> {
  const rows = start(files.auditRows, { env: { DATABASE_URL: world.databaseUrl } });
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
  printTarget('P7', 'audit rows/s, grouped ÷ single', of('rate'), 'at least', 2.5);
  printTarget('P7', 'CPU of a row, grouped ÷ single', of('cpu'), 'at most', 0.35);
  printTarget('P7', 'p50 of a lone caller, grouped ÷ single', of('alone'), 'at most', 1.1);
}

async function cleanUp(): Promise<void> {
  await Promise.all(parts.map((part) => part.stop()));
  await world.stop();
}

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void cleanUp().then(() => process.exit(130)));
try {
  await measure();
} finally {
  await cleanUp();
}
