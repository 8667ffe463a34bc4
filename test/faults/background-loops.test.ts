/** Every background loop of both processes lives while the database cannot be reached, says so, and goes on after it. */
import dns from 'node:dns';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { webhookRequest } from '../../src/dev/fake-workos/events/webhook-attempts.ts';
import { startGateway, type Gatehouse } from '../../src/process/gateway.ts';
import { Secret } from '../../src/core/secret.ts';
import { startWorker, type Worker } from '../../src/process/worker.ts';
import { holdLock } from '../support/interleave.ts';
import { startReceiver, type Receiver } from '../support/receiver.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/test-app.ts';
import { waitFor } from '../support/wait-for.ts';

const SECRET = 'secret-of-the-loops';

let gatehouse: TestApp;
let client: TestClient;
let receiver: Receiver;
let server: Gatehouse;
let worker: Worker;
let directory: string;
let lines: Record<string, unknown>[] = [];
const logger = pino(
  { level: 'warn' },
  new Writable({
    write(chunk, _encoding, done) {
      lines.push(JSON.parse(String(chunk)) as Record<string, unknown>);
      done();
    },
  }),
);

const { setTimeout: realTimeout, setInterval: realInterval } = globalThis;
const { lookup } = dns;

/** Runs hourly tasks five times a second. */
function speedUpTasks(): void {
  const soon = (ms = 0) => {
    const caller = new Error().stack?.split('\n')[3] ?? '';
    return /core\/repeating-task\.ts|pg-boss/.test(caller) ? Math.min(ms, 200) : ms;
  };
  globalThis.setTimeout = Object.assign(
    (work: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) =>
      realTimeout(work, soon(ms), ...args),
    realTimeout,
  );
  globalThis.setInterval = Object.assign(
    (work: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) =>
      realInterval(work, soon(ms), ...args),
    realInterval,
  );
}

beforeAll(async () => {
  gatehouse = await startTestApp({
    env: {
      WORKOS_WEBHOOK_SECRETS: SECRET,
      WEBHOOK_ENDPOINT_ORIGINS: 'http://127.0.0.1:*',
    },
  });
  receiver = await startReceiver();
  const events = ['user.created'];
  await gatehouse
    .as(await gatehouse.createClient())
    .post('/webhook_endpoints')
    .send({ endpoint_url: `${receiver.url}/hook`, events })
    .expect(201);
  directory = mkdtempSync(join(tmpdir(), 'gatehouse-loops-'));
  writeFileSync(join(directory, 'ca.pem'), '');
  // Read anew at each connection, and of no use without TLS.
  const url = new URL(gatehouse.database.url);
  url.hostname = 'localhost';
  url.search = `?sslmode=disable&sslrootcert=${join(directory, 'ca.pem')}`;
  const { config } = gatehouse;
  const database = {
    ...config.database,
    url: new Secret(url.href),
    directUrl: new Secret(url.href),
  };
  speedUpTasks();
  server = await startGateway({ ...config, database }, logger);
  worker = await startWorker({ ...config, database }, logger);
  await Promise.all([server.ready, worker.ready]);
  // Until then, some loops have not begun, and would have nothing to say.
  await everythingGoesOn();
});
afterAll(async () => {
  await Promise.all([worker.stop(), server.stop()]);
  globalThis.setTimeout = realTimeout;
  globalThis.setInterval = realInterval;
  await Promise.all([receiver.stop(), gatehouse.stop()]);
  rmSync(directory, { recursive: true, force: true });
});

const killSessions = () =>
  gatehouse.database.superuser(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and application_name like 'gatehouse%'`,
  );
const limitConnections = (limit: number) =>
  gatehouse.database.superuser(
    `do $$ begin execute format('alter database %I connection limit ${limit}', current_database()); end $$`,
  );
const failingLookup = (hostname: string, _options: unknown, done: (error: Error) => void): void => {
  process.nextTick(done, Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND', hostname }));
};

const FAULTS: readonly (readonly [string, () => unknown, () => unknown])[] = [
  [
    'a file that the driver’s constructor reads is gone',
    () => rmSync(join(directory, 'ca.pem')),
    () => writeFileSync(join(directory, 'ca.pem'), ''),
  ],
  [
    'the name of the database does not resolve',
    () => (dns.lookup = failingLookup as typeof dns.lookup),
    () => (dns.lookup = lookup),
  ],
  [
    'the database ends each session and takes no new one',
    () => limitConnections(0),
    () => limitConnections(-1),
  ],
];

const TASKS = [
  'apply events',
  'read events',
  'reconcile',
  'settle changes',
  'look for organizations',
  'prune idempotency keys',
  'prune owned objects',
  'prune spent codes',
  'announce certificates',
  'watch the WorkOS key',
  'key usage',
  'deliveries',
  'webhook secrets',
  'webhooks waiting',
  'watch events',
];
const MESSAGES = [
  'the job library reported an error',
  'leadership could not be taken or renewed',
  'not listening for revocations; they take up to a second to take effect',
];

const call = async (method: string, path: string, body?: object) => {
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`, {
    method,
    headers: { authorization: `Bearer ${client.key}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  return response.status;
};
const admin = async (path: string) =>
  Promise.all(
    [server, worker].map(
      async ({ adminPort }) => (await fetch(`http://127.0.0.1:${adminPort}${path}`)).status,
    ),
  );
async function deliver(): Promise<{ id: string; status: number }> {
  const event = gatehouse.workos.emit('user.created', { object: 'user', id: 'user_1' });
  const { body, headers } = webhookRequest(event, SECRET);
  const url = `http://127.0.0.1:${server.port}/webhooks/workos`;
  return { id: event.id, status: (await fetch(url, { method: 'POST', headers, body })).status };
}
const received = (id: string) => receiver.received.some(({ body }) => body.includes(id));

/** Each process is ready, listens or leads again, and hands an event on to an endpoint. */
async function everythingGoesOn(): Promise<void> {
  await waitFor(
    async () => {
      const metrics = await metricsOf([server, worker]);
      return (
        (await admin('/readyz')).every((status) => status === 200) &&
        metrics.includes('gatehouse_revocations_listening 1') &&
        metrics.includes('gatehouse_worker_leader 1')
      );
    },
    { withinMs: 15_000, what: 'both processes to be ready, to listen and to lead' },
  );
  const { id, status } = await deliver();
  expect(status).toBe(200);
  await waitFor(() => received(id), { withinMs: 15_000, what: 'the delivery' });
}
const metricsOf = async (processes: readonly { adminPort: number }[]) =>
  (
    await Promise.all(
      processes.map(async ({ adminPort }) =>
        (await fetch(`http://127.0.0.1:${adminPort}/metrics`)).text(),
      ),
    )
  ).join('\n');

describe.each(FAULTS)('when %s', (_name, breakIt, mendIt) => {
  it('every loop says so, both processes live, and afterwards all of it goes on', async () => {
    const tenant = `tenant-${FAULTS.findIndex(([name]) => name === _name)}`;
    // The key's last use waits for its row to be written, so that this write meets the fault too.
    client = await gatehouse.createClient();
    const keys = await holdLock(gatehouse.database, 'select id from client_keys for update');
    expect(await call('GET', '/v1/tenants')).toBe(200);
    lines = [];
    await breakIt();
    await killSessions();

    await waitFor(
      () => {
        const said = new Set(lines.flatMap(({ task, msg }) => [task, msg]));
        return [...TASKS, ...MESSAGES].every((what) => said.has(what));
      },
      { withinMs: 10_000, what: 'all of them to say so' },
    ).catch(() => undefined);
    const said = new Set(lines.flatMap(({ task, msg }) => [task, msg]));
    const during = [await admin('/livez'), await admin('/metrics'), await admin('/readyz')];
    const refused = [
      await call('PUT', `/v1/tenants/${tenant}`, { name: 'A' }),
      (await deliver()).status,
    ];
    await keys.release();
    await mendIt();

    expect([...TASKS, ...MESSAGES].filter((what) => !said.has(what))).toEqual([]);
    expect(during).toEqual([
      [200, 200],
      [200, 200],
      [503, 503],
    ]);
    expect(refused).toEqual([503, 503]);
    await everythingGoesOn();
    expect(await call('PUT', `/v1/tenants/${tenant}`, { name: 'A' })).toBe(201);
  }, 45_000);
});
