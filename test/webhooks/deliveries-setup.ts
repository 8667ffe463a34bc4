import { randomBytes } from 'node:crypto';
import { afterEach, beforeAll, beforeEach } from '@jest/globals';
import { pino } from 'pino';
import { openJobs } from '../../src/db/jobs.ts';
import { createApplier } from '../../src/events/apply/applier.ts';
import type { IncomingEvent } from '../../src/events/inbox/event.ts';
import { toClientEvent } from '../../src/events/feed/client-event.ts';
import { insertEvents } from '../../src/events/inbox/store.ts';
import { startDeliveries, type DeliveriesDeps } from '../../src/webhooks/delivery/deliveries.ts';
import { createMessageStore } from '../../src/webhooks/messages-store.ts';
import type { Outcome } from '../../src/webhooks/attempt.ts';
import type { DeliveryJob, DeliveryJobs } from '../../src/webhooks/delivery-jobs.ts';
import { startReceiver, type Receiver } from '../support/receiver.ts';
import { organizationOf } from '../support/sign-in.ts';
import type { TestApp, TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';
import { workosEvent } from '../support/workos-events.ts';
import { waitFor } from '../support/wait-for.ts';

export let gatehouse: TestApp;
export let client: TestClient;
export let receiver: Receiver;
export let jobs: DeliveryJobs;
export let outcomes: Outcome[];
export let stops: (() => Promise<void>)[];
/** Tenant → organization. */
export const organizations = new Map<string, string>();
export const logs: string[] = [];
export const logger = pino({ level: 'debug' }, { write: (line: string) => void logs.push(line) });

/** A worker; its retries are soon, unless said otherwise. */
export function deliver(options: Partial<DeliveriesDeps> = {}) {
  const deliveries = startDeliveries({
    db: gatehouse.database.db,
    jobs,
    keys: gatehouse.config.keys,
    origins: gatehouse.config.webhookOrigins,
    logger,
    isReady: () => true,
    toClientEvent,
    onAttempt: (outcome) => void outcomes.push(outcome),
    onBacklog: () => undefined,
    onKeys: () => undefined,
    schedule: [0, 0, 0],
    everyMs: 100,
    ...options,
  });
  stops.push(() => deliveries.stop());
  return deliveries;
}

export interface Endpoint {
  readonly id: string;
  readonly secret: string;
}

export const endpoint = async (
  path = '/hook',
  { by = client, events = ['connection.activated'] } = {},
): Promise<Endpoint> => {
  const body = { endpoint_url: path.startsWith('/') ? receiver.url + path : path, events };
  return (await gatehouse.as(by).post('/webhook_endpoints').send(body).expect(201))
    .body as Endpoint;
};

export const activated = (tenant = 'acme'): IncomingEvent =>
  workosEvent('connection.activated', {
    object: 'connection',
    id: `conn_${randomBytes(4).toString('hex')}`,
    organization_id: organizations.get(tenant),
  });

/** As the worker does: into the inbox, and applied with what follows. */
export async function happen(...events: IncomingEvent[]): Promise<void> {
  const { db } = gatehouse.database;
  await insertEvents(db, events, 'feed');
  const failures: Error[] = [];
  const applier = createApplier({
    db,
    handlers: [createMessageStore(db, jobs).fanOut],
    onFailure: ({ error }) => failures.push(error),
  });
  await applier.applyWaiting();
  if (failures[0]) throw failures[0];
}

export const stateOf = async ({ id }: Endpoint, { id: event }: IncomingEvent) => {
  const [row] = await gatehouse.database.superuser<{ state: string }>(
    'select state from webhook_messages where endpoint_id = $1 and event_id = $2',
    [id, event],
  );
  return row?.state;
};

export const settled = (to: Endpoint, event: IncomingEvent, state: string) =>
  waitFor(async () => (await stateOf(to, event)) === state, { what: `${event.id} ${state}` });

export const api = (path: string, body?: object, by = client) =>
  body === undefined ? gatehouse.as(by).get(path) : gatehouse.as(by).post(path).send(body);

export const header = (
  one: { headers: Record<string, unknown> } | undefined,
  name: string,
): string => String(one?.headers[name]);

export const standardHeaders = (one: { headers: Record<string, unknown> } | undefined) =>
  Object.fromEntries(
    ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => [
      name,
      header(one, name),
    ]),
  );

export const jobsLeft = async (): Promise<number> => {
  const [row] = await gatehouse.database.superuser<{ count: number }>(
    'select count(*)::int as count from pgboss.job',
  );
  return row?.count ?? 0;
};

export function useDeliveries(): void {
  gatehouse = useGatehouse({
    env: { WEBHOOK_ENDPOINT_ORIGINS: 'http://127.0.0.1:*,http://*.svc:*' },
  });
  beforeAll(async () => {
    client = await gatehouse.createClient({
      scopes: ['events:read', 'webhooks:write'],
      tenants: ['acme', 'own-*'],
    });
    for (const tenant of ['acme', 'own-1', 'globex']) {
      await gatehouse.provision(tenant);
      organizations.set(tenant, await organizationOf(gatehouse, tenant));
    }
  });
  beforeEach(async () => {
    receiver = await startReceiver();
    jobs = openJobs<DeliveryJob>({
      db: gatehouse.database.db,
      queue: 'deliveries',
      expireEveryMs: 1_000,
    });
    outcomes = [];
    stops = [];
  });
  afterEach(async () => {
    await Promise.all(stops.map((stop) => stop()));
    await jobs.stop();
    await receiver.stop();
    await gatehouse.database.superuser('delete from webhook_endpoints');
    await gatehouse.database.superuser('delete from webhook_messages');
    await gatehouse.database.superuser('delete from pgboss.job');
  });
}
