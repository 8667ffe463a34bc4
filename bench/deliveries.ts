/** Events through the worker: applied, queued for every endpoint, signed, posted and marked as delivered. */
import { openDatabase, type Database } from '../src/db/database.ts';
import { freePort } from '../src/dev/embedded-postgres.ts';
import { toClientEvent } from '../src/events/feed/client-event.ts';
import { insertEvents } from '../src/events/inbox/store.ts';
import { createSecretEncryption } from '../src/core/encryption.ts';
import { Secret } from '../src/core/secret.ts';
import { newSecret } from '../src/webhooks/signatures.ts';
import { createEndpointStore } from '../src/webhooks/store.ts';
import { tell, type Bench } from './context.ts';
import { EVENT_NAME, type BenchEvent } from './events.ts';
import type { Posts } from './floor/deliver.ts';
import type { Part, Parts, Usage } from './processes.ts';
import type { Expected } from './receiver.ts';
import { besideThis } from './servers.ts';
import { waitUntilReady } from './start-up.ts';
import { median } from './statistics.ts';
import { printRows, targetPrinter } from './table.ts';
import { CLIENT, SEALING_KEY } from './world.ts';

const ENDPOINTS = 10;
/** The worker's own limit of concurrent deliveries per endpoint. */
const PER_ENDPOINT = 8;

interface Run {
  readonly perSecond: number;
  readonly cpuMicros: number;
}

export async function measureDeliveries(bench: Bench): Promise<void> {
  tell('deliveries\n');
  const { files, world, parts, options, servers } = bench;
  // Each goes to every endpoint.
  const events = options.isQuick ? 20 : 40;
  const receiver = parts.start(besideThis('receiver.ts'));
  const port = await receiver.ask<number>('listen');
  const urls = Array.from({ length: ENDPOINTS }, (_, i) => `http://127.0.0.1:${port}/${i}`);
  const db = openDatabase({ url: new Secret(world.databaseUrl), max: 2 });
  // Events that other parts left in the inbox must not reach these endpoints.
  await world.forgetEvents();
  const secret = await addEndpoints(db, urls);
  const worker = await startWorker(files.gateway, servers.gatewayEnv, parts);
  const floor = parts.start(files.deliver);
  const timed = async (part: Part, begin: (sent: readonly BenchEvent[]) => Promise<unknown>) => {
    const sent = world.newEvents(events);
    const amount = events * ENDPOINTS;
    const before = await part.ask<Usage>('usage');
    const allCame = receiver.ask('expect', { amount } satisfies Expected);
    const startedAt = performance.now();
    await Promise.all([begin(sent), allCame]);
    const perSecond = (amount / (performance.now() - startedAt)) * 1_000;
    const after = await part.ask<Usage>('usage');
    return { perSecond, cpuMicros: (after.cpuMicros - before.cpuMicros) / amount };
  };
  const throughWorker = () => timed(worker, (sent) => insertEvents(db, sent, 'webhook'));
  const byFloor = () =>
    timed(floor, (sent) => {
      const told = sent.map((event) => ({ id: event.id, body: bodyOf(event) }));
      const callers = PER_ENDPOINT * ENDPOINTS;
      return floor.ask('run', { urls, events: told, secret, callers } satisfies Posts);
    });

  const runs: { worker: Run; floor: Run }[] = [];
  await throughWorker();
  await byFloor();
  while (runs.length < options.rounds / 2)
    runs.push({ worker: await throughWorker(), floor: await byFloor() });
  await Promise.all([worker.stop(), floor.stop(), receiver.stop()]);
  await db.close();
  print(runs, events);
}

/** @returns the secret, the same for all endpoints */
async function addEndpoints(db: Database, urls: readonly string[]): Promise<string> {
  const encryption = createSecretEncryption([new Secret(SEALING_KEY)], 'webhook');
  const endpoints = createEndpointStore(db);
  const secret = newSecret();
  const actor = { client: undefined, user: undefined, requestId: 'bench', operation: 'bench' };
  const [client] = await db.query<{ id: string; generation: string }>(
    'select id, generation from clients where id = $1',
    [CLIENT],
  );
  if (!client) throw new Error('The bench client is missing.');
  for (const [i, endpointUrl] of urls.entries())
    await endpoints.add(
      client,
      {
        id: `we_${i}`,
        endpointUrl,
        events: [EVENT_NAME],
        secret: encryption.encrypt(secret),
      },
      { actor, outcome: 'succeeded', details: {} },
    );
  return secret.reveal();
}

async function startWorker(
  file: string,
  env: Readonly<Record<string, string>>,
  parts: Parts,
): Promise<Part> {
  const adminPort = await freePort();
  const worker = parts.start(file, {
    args: ['worker'],
    env: { ...env, ADMIN_PORT: String(adminPort), WEBHOOK_ENDPOINT_ORIGINS: 'http://127.0.0.1:*' },
  });
  await waitUntilReady(adminPort);
  return worker;
}

const bodyOf = ({ created_at, ...event }: BenchEvent): string =>
  JSON.stringify(
    toClientEvent({
      ...event,
      organizationId: event.data.organization_id,
      tenantId: 'tenant-1',
      createdAt: new Date(created_at),
    }),
  );

function print(runs: readonly { worker: Run; floor: Run }[], events: number): void {
  const row = (side: 'worker' | 'floor') => ({
    'deliveries/s': median(runs.map((run) => run[side].perSecond)),
    'CPU µs': median(runs.map((run) => run[side].cpuMicros)),
  });
  printRows(`Deliveries: ${events} events to ${ENDPOINTS} endpoints a round`, [
    ['worker', row('worker')],
    ['posts without a queue', row('floor')],
  ]);
  const ratio = median(runs.map(({ worker, floor }) => worker.perSecond / floor.perSecond));
  targetPrinter('deliveries')('–', 'deliveries/s ÷ post without a queue', ratio, 'at least', 0.1);
}
