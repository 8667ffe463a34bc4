import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { WorkOS } from '@workos-inc/node';
import { pino } from 'pino';
import { Webhook } from 'standardwebhooks';
import { WorkOS as WorkOS8 } from 'workos-node-8';
import { openJobs } from '../../src/db/jobs.ts';
import { createApplier } from '../../src/events/apply/applier.ts';
import type { IncomingEvent } from '../../src/events/inbox/event.ts';
import { outgoing } from '../../src/events/feed/client-event.ts';
import { insertEvents } from '../../src/events/inbox/store.ts';
import { createVault } from '../../src/core/encryption.ts';
import { Secret } from '../../src/core/secret.ts';
import { startDeliveries, type DeliveriesDeps } from '../../src/webhooks/delivery/deliveries.ts';
import { createMessageStore } from '../../src/webhooks/messages-store.ts';
import { resealSecrets } from '../../src/webhooks/delivery/reseal.ts';
import { RETRY_AFTER_SECONDS, retryAfter } from '../../src/webhooks/delivery/retry-schedule.ts';
import type { Outcome } from '../../src/webhooks/attempt.ts';
import type { DeliveryJob, DeliveryJobs } from '../../src/webhooks/store.ts';
import { startWorker } from '../../src/process/worker.ts';
import { leaksInDatabase, leaksInLogs } from '../support/leaks.ts';
import { startReceiver, type Receiver } from '../support/receiver.ts';
import { organizationOf } from '../support/sign-in.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/test-app.ts';
import { news } from '../support/told.ts';
import { until } from '../support/until.ts';

let gatehouse: TestApp;
let client: TestClient;
let receiver: Receiver;
let jobs: DeliveryJobs;
let outcomes: Outcome[];
let stops: (() => Promise<void>)[];
/** Tenant → organization. */
const organizations = new Map<string, string>();

beforeAll(async () => {
  gatehouse = await startTestApp({
    env: { WEBHOOK_ENDPOINT_ORIGINS: 'http://127.0.0.1:*,http://*.svc:*' },
  });
  client = await gatehouse.createClient({
    scopes: ['events:read', 'webhooks:write'],
    tenants: ['acme', 'own-*'],
  });
  for (const tenant of ['acme', 'own-1', 'globex']) {
    await gatehouse.provision(tenant);
    organizations.set(tenant, await organizationOf(gatehouse, tenant));
  }
});
afterAll(() => gatehouse.stop());

beforeEach(async () => {
  receiver = await startReceiver();
  jobs = openJobs<DeliveryJob>({
    db: gatehouse.database.db,
    queue: 'deliveries',
    supervise: true,
    superviseSeconds: 1,
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

const logs: string[] = [];
const logger = pino({ level: 'debug' }, { write: (line: string) => void logs.push(line) });

/** A worker; its retries are soon, unless said otherwise. */
function deliver(options: Partial<DeliveriesDeps> = {}) {
  const deliveries = startDeliveries({
    db: gatehouse.database.db,
    jobs,
    keys: gatehouse.config.keys,
    origins: gatehouse.config.webhookOrigins,
    logger,
    isReady: () => true,
    tell: outgoing,
    onAttempt: (outcome) => void outcomes.push(outcome),
    onWaiting: () => undefined,
    onKeys: () => undefined,
    schedule: [0, 0, 0],
    everyMs: 20,
    ...options,
  });
  stops.push(() => deliveries.stop());
  return deliveries;
}

interface Endpoint {
  readonly id: string;
  readonly secret: string;
}

const endpoint = async (
  path = '/hook',
  { by = client, events = ['connection.activated'] } = {},
): Promise<Endpoint> => {
  const body = { endpoint_url: path.startsWith('/') ? receiver.url + path : path, events };
  return (await gatehouse.as(by).post('/webhook_endpoints').send(body).expect(201))
    .body as Endpoint;
};

const activated = (tenant = 'acme'): IncomingEvent =>
  news('connection.activated', {
    object: 'connection',
    id: `conn_${randomBytes(4).toString('hex')}`,
    organization_id: organizations.get(tenant),
  });

/** As the worker does: into the inbox, and applied with what follows. */
async function happen(...events: IncomingEvent[]): Promise<void> {
  const { db } = gatehouse.database;
  await insertEvents(db, events, 'feed');
  const failures: Error[] = [];
  const applier = createApplier({
    db,
    effects: [createMessageStore(db, jobs).fanOut],
    onFailure: ({ error }) => failures.push(error),
  });
  await applier.applyWaiting();
  if (failures[0]) throw failures[0];
}

const stateOf = async ({ id }: Endpoint, { id: event }: IncomingEvent) => {
  const [row] = await gatehouse.database.superuser<{ state: string }>(
    'select state from webhook_messages where endpoint_id = $1 and event_id = $2',
    [id, event],
  );
  return row?.state;
};
const settled = (to: Endpoint, event: IncomingEvent, state: string) =>
  until(async () => (await stateOf(to, event)) === state, { what: `${event.id} ${state}` });
const api = (path: string, body?: object, by = client) =>
  body === undefined ? gatehouse.as(by).get(path) : gatehouse.as(by).post(path).send(body);

const answerAfter = (done: PromiseLike<unknown>, res: ServerResponse, status: number): void => {
  done.then(
    () => res.writeHead(status).end(),
    () => res.destroy(),
  );
};

const header = (one: { headers: Record<string, unknown> } | undefined, name: string): string =>
  String(one?.headers[name]);
const standardHeaders = (one: { headers: Record<string, unknown> } | undefined) =>
  Object.fromEntries(
    ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => [
      name,
      header(one, name),
    ]),
  );

describe('a delivery', () => {
  it('is the event as the feed shows it', async () => {
    const to = await endpoint();
    const event = activated();
    deliver();

    await happen(event);
    await settled(to, event, 'delivered');
    const feed = await api('/events?limit=1&order=desc');

    const [received] = receiver.received;
    expect(JSON.parse(received?.body ?? '')).toEqual((feed.body as { data: unknown[] }).data[0]);
    expect(received?.body).not.toContain('org_');
    expect(received?.headers).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': event.id,
    });
  });

  it.each([
    ['11', WorkOS],
    ['8', WorkOS8],
  ])('is verified by the WorkOS SDK %s', async (_version, Sdk) => {
    const to = await endpoint();
    const event = activated();
    deliver();

    await happen(event);
    await settled(to, event, 'delivered');
    const [received] = receiver.received;
    const workos = new Sdk('gh_test');
    const verify = (secret: string) =>
      workos.webhooks.constructEvent({
        // The SDK 8 takes what was parsed.
        payload: JSON.parse(received?.body ?? '') as never,
        sigHeader: header(received, 'workos-signature'),
        secret,
      });

    expect(await verify(to.secret)).toMatchObject({
      id: event.id,
      data: { organizationId: 'acme' },
    });
    await expect(verify(`${to.secret}x`)).rejects.toThrow(/[Ss]ignature/);
  });

  it('is verified, as bytes, by the WorkOS SDK 11 and by Standard Webhooks', async () => {
    const to = await endpoint();
    const event = news('connection.activated', {
      organization_id: organizations.get('acme'),
      name: 'Zoë 🔑 "\\u2028"',
      2: 'b',
      1: 'a',
    });
    deliver();

    await happen(event);
    await settled(to, event, 'delivered');
    const [received] = receiver.received;
    const body = received?.body ?? '';

    const told = await new WorkOS('gh_test').webhooks.constructEvent({
      payload: body,
      sigHeader: header(received, 'workos-signature'),
      secret: to.secret,
    });
    expect(told.id).toBe(event.id);
    expect(new Webhook(to.secret).verify(body, standardHeaders(received))).toEqual(
      JSON.parse(body),
    );
    expect(() => new Webhook(to.secret).verify(`${body} `, standardHeaders(received))).toThrow();
  });

  it('leaves the secret in no log and no table', async () => {
    const to = await endpoint();
    const event = activated();
    deliver();

    await happen(event);
    await settled(to, event, 'delivered');

    const secrets = [to.secret, to.secret.slice(6)];
    expect(await leaksInDatabase(gatehouse, secrets)).toEqual([]);
    expect(leaksInLogs(gatehouse, secrets)).toEqual([]);
    expect(logs.filter((line) => secrets.some((secret) => line.includes(secret)))).toEqual([]);
  });

  it('is for the types that the endpoint wants', async () => {
    const [wants, not] = [await endpoint('/a'), await endpoint('/b', { events: ['user.created'] })];
    const event = activated();
    deliver();

    await happen(event);
    await settled(wants, event, 'delivered');

    expect(await stateOf(not, event)).toBeUndefined();
  });

  it('is in the log of the endpoint, with status, time and outcome', async () => {
    const to = await endpoint();
    const event = activated();
    receiver.answer = (_one, res) => res.writeHead(receiver.received.length < 2 ? 500 : 204).end();
    deliver();

    await happen(event);
    await settled(to, event, 'delivered');
    const log = await api(`/v1/webhook-endpoints/${to.id}/deliveries?order=asc`).expect(200);

    const attempt = { object: 'webhook_delivery', event_id: event.id };
    expect(log.body).toMatchObject({
      data: [
        { ...attempt, status: 500, outcome: 'refused', duration_ms: expect.any(Number) },
        { ...attempt, status: 204, outcome: 'delivered', at: expect.any(String) },
      ],
    });
    expect(outcomes).toEqual(['refused', 'delivered']);
  });
});

describe('who is told what', () => {
  it('is what the client may read: no event goes to an endpoint of another’s', async () => {
    const tenants = Array.from({ length: 12 }, (_, n) => `t${n % 3}-${n}`);
    for (const tenant of tenants) organizations.set(tenant, `org_of_${tenant}`);
    await gatehouse.database.superuser(
      `insert into tenants (id, organization_id, status, name, domains, metadata, created_at)
       select id, 'org_of_' || id, 'active', id, '[]', '{}', now() - interval '1 hour'
       from unnest($1::text[]) id`,
      [tenants],
    );
    const rules = [['*'], ['t0-*'], ['t1-*', 't2-2'], ['t2-5'], ['t', 't0-'], [], ['t0-0', 't1-1']];
    const may = (tenant: string | null, own: readonly string[]) =>
      own.some((rule) =>
        tenant === null
          ? rule === '*'
          : rule.endsWith('*')
            ? tenant.startsWith(rule.slice(0, -1))
            : rule === tenant,
      );
    const to = new Map<string, readonly string[]>();
    for (const [at, own] of rules.entries()) {
      const by = await gatehouse.createClient({ tenants: own });
      await endpoint(`/${at}`, { by });
      to.set(`/${at}`, own);
    }
    const events = Array.from({ length: 400 }, (_, n) => {
      const tenant = n % 13 === 12 ? null : (tenants[n % 12] ?? null);
      return { tenant, event: activated(tenant ?? 'nobody') };
    });
    deliver();

    await happen(...events.map(({ event }) => event));
    const expected = [...to].flatMap(([path, own]) =>
      events
        .filter(({ tenant }) => may(tenant, own))
        .map(({ event, tenant }) => `${path} ${event.id} ${tenant ?? 'null'}`),
    );
    await until(() => receiver.received.length >= expected.length, { withinMs: 15_000 });
    await until(() => outcomes.length === expected.length);

    const seen = receiver.received.map(({ path, body }) => {
      const { id, data } = JSON.parse(body) as {
        id: string;
        data: { organization_id?: string | null };
      };
      return `${path} ${id} ${data.organization_id ?? 'null'}`;
    });
    expect(seen.sort()).toEqual(expected.sort());
  });

  it.each([
    ['may no longer use the tenant', `tenants = '{own-*}'`],
    ['may no longer read events', `scopes = '{webhooks:write}'`],
    ['is disabled', 'disabled = true'],
  ])('is asked again at the time of sending: not a client that %s', async (_what, change) => {
    const by = await gatehouse.createClient({ tenants: ['acme'] });
    const to = await endpoint('/hook', { by });
    const event = activated();
    await happen(event);
    await gatehouse.database.superuser(`update clients set ${change} where id = $1`, [by.id]);

    deliver();
    await settled(to, event, 'failed');

    expect(receiver.connections()).toBe(0);
  });

  it('ends with the endpoint', async () => {
    const [deleted, kept] = [await endpoint('/deleted'), await endpoint('/kept')];
    const event = activated();
    await happen(event);
    await gatehouse.as(client).delete(`/webhook_endpoints/${deleted.id}`).expect(204);

    deliver();
    await settled(kept, event, 'delivered');
    await until(async () => (await jobsLeft()) === 0);

    expect(receiver.received.map(({ path }) => path)).toEqual(['/kept']);
  });

  it('is not owed while the endpoint is disabled', async () => {
    const to = await endpoint();
    const [before, meanwhile] = [activated(), activated()];
    await happen(before);
    await gatehouse
      .as(client)
      .patch(`/webhook_endpoints/${to.id}`)
      .send({ status: 'disabled' })
      .expect(200);
    await happen(meanwhile);

    deliver();
    await settled(to, before, 'failed');

    expect(await stateOf(to, meanwhile)).toBeUndefined();
    expect(receiver.connections()).toBe(0);
  });
});

const jobsLeft = async (): Promise<number> => {
  const [row] = await gatehouse.database.superuser<{ count: number }>(
    'select count(*)::int as count from pgboss.job',
  );
  return row?.count ?? 0;
};

describe('a failed attempt', () => {
  it('is repeated with the same id and body, signed anew', async () => {
    const to = await endpoint();
    const event = activated();
    receiver.answer = (_one, res) => res.writeHead(receiver.received.length < 3 ? 503 : 200).end();
    deliver({ schedule: [1.2, 1.2] });

    await happen(event);
    await until(async () => (await stateOf(to, event)) === 'delivered', { withinMs: 10_000 });

    const { received } = receiver;
    expect(received.map(({ headers }) => headers['webhook-id'])).toEqual(Array(3).fill(event.id));
    expect(new Set(received.map(({ body }) => body)).size).toBe(1);
    const times = received.map((one) => Number(header(one, 'webhook-timestamp')));
    expect(new Set(times).size).toBe(3);
    for (const one of received) {
      expect(Math.abs(Number(header(one, 'webhook-timestamp')) * 1_000 - one.at)).toBeLessThan(
        2_000,
      );
      new Webhook(to.secret).verify(one.body, standardHeaders(one));
    }
  });

  it('is repeated until the schedule ends, and then given up', async () => {
    const to = await endpoint();
    const event = activated();
    receiver.answer = (_one, res) => res.writeHead(500).end();
    deliver({ schedule: [0, 0] });

    await happen(event);
    await settled(to, event, 'failed');

    expect(outcomes).toEqual(['refused', 'refused', 'refused']);
    expect(await jobsLeft()).toBe(0);
  });

  it('is repeated for three days, at first soon, each time a little by chance', () => {
    const longest = RETRY_AFTER_SECONDS.map((_, at) => retryAfter(at, undefined, () => 1) ?? 0);
    const shortest = RETRY_AFTER_SECONDS.map((_, at) => retryAfter(at, undefined, () => 0) ?? 0);
    const days = (seconds: readonly number[]) => seconds.reduce((sum, one) => sum + one) / 86_400;

    expect(RETRY_AFTER_SECONDS.slice(0, 4)).toEqual([5, 60, 300, 1_800]);
    expect(days(RETRY_AFTER_SECONDS)).toBeCloseTo(2.9, 1);
    expect([days(shortest), days(longest)].map((one) => one.toFixed(1))).toEqual(['2.6', '3.2']);
    expect(retryAfter(RETRY_AFTER_SECONDS.length)).toBeUndefined();
  });

  it.each([301, 302, 303, 307, 308])('is one that answers %s: nobody follows', async (status) => {
    const to = await endpoint();
    const event = activated();
    receiver.answer = (_one, res) =>
      res.writeHead(status, { location: `${receiver.url}/elsewhere` }).end();
    deliver({ schedule: [] });

    await happen(event);
    await settled(to, event, 'failed');

    expect(receiver.received.map(({ path }) => path)).toEqual(['/hook']);
    expect(outcomes).toEqual(['redirected']);
  });

  it('with 410 is the last: the endpoint is disabled', async () => {
    const to = await endpoint();
    const [event, next] = [activated(), activated()];
    receiver.answer = (_one, res) => res.writeHead(410).end();
    deliver();

    await happen(event);
    await settled(to, event, 'failed');
    await happen(next);

    const [row] = await gatehouse.database.superuser(
      'select status, disabled_reason from webhook_endpoints where id = $1',
      [to.id],
    );
    expect(row).toEqual({ status: 'disabled', disabled_reason: 'gone' });
    expect(outcomes).toEqual(['gone']);
    expect(await stateOf(to, next)).toBeUndefined();
  });

  it('with 410 from a URL that was left meanwhile disables nothing: the event goes to the new one', async () => {
    const to = await endpoint('/old');
    const event = activated();
    receiver.answer = ({ path }, res) => {
      if (path !== '/old') {
        res.end();
        return;
      }
      const moved = gatehouse
        .as(client)
        .patch(`/webhook_endpoints/${to.id}`)
        .send({ endpoint_url: `${receiver.url}/new` });
      answerAfter(moved, res, 410);
    };
    deliver();

    await happen(event);
    await settled(to, event, 'delivered');

    expect(receiver.received.map(({ path }) => path)).toEqual(['/old', '/new']);
    expect(outcomes).toEqual(['gone', 'delivered']);
    const [row] = await gatehouse.database.superuser(
      'select status, disabled_reason from webhook_endpoints where id = $1',
      [to.id],
    );
    expect(row).toEqual({ status: 'enabled', disabled_reason: null });
  });

  it('that ends after another has delivered the event changes nothing', async () => {
    const to = await endpoint();
    const event = activated();
    receiver.answer = (_one, res) => {
      const delivered = gatehouse.database.superuser(
        `update webhook_messages set state = 'delivered' where endpoint_id = $1`,
        [to.id],
      );
      answerAfter(delivered, res, 500);
    };
    deliver();

    await happen(event);
    await until(() => outcomes.length > 0, { what: 'an attempt' });
    await until(async () => (await jobs.waiting()) === 0, { what: 'the end of its job' });

    expect(outcomes).toEqual(['refused']);
    expect(await stateOf(to, event)).toBe('delivered');
  });

  it.each([
    ['says nothing', () => undefined],
    [
      'begins an answer that never ends',
      (_one: unknown, res: ServerResponse) => res.socket?.write('HTTP/1.1 200 OK\r\nX-'),
    ],
  ])('is one that %s in time', async (_what, answer) => {
    const to = await endpoint();
    const event = activated();
    receiver.answer = answer;
    deliver({ schedule: [], timeoutMs: 300 });

    await happen(event);
    await settled(to, event, 'failed');

    expect(outcomes).toEqual(['timeout']);
  });

  it('is not one whose answer goes on and on: its status is enough', async () => {
    const to = await endpoint();
    const event = activated();
    const chunk = Buffer.alloc(64 * 1024, 'x');
    let sent = 0;
    receiver.answer = (_one, res) => {
      const more = () => {
        for (sent += chunk.length; res.write(chunk) && sent < 2 ** 28; sent += chunk.length);
      };
      res.on('drain', more).writeHead(200);
      more();
    };
    deliver();

    await happen(event);
    await settled(to, event, 'delivered');

    expect(sent).toBeLessThan(2 ** 24);
  });

  it('comes again when the process died in its middle', async () => {
    const to = await endpoint();
    const event = activated();
    await happen(event);
    const [taken] = await jobs.take(1, 8, []);
    await gatehouse.database.superuser(
      `update pgboss.job set started_on = now() - interval '2 minutes' where id = $1`,
      [taken?.id],
    );

    deliver();
    await until(async () => (await stateOf(to, event)) === 'delivered', { withinMs: 15_000 });

    expect(receiver.received).toHaveLength(1);
  });
});

describe('one endpoint', () => {
  it('that is slow does not keep another waiting, however much it is owed', async () => {
    const slow = await endpoint('/slow', { events: ['user.created', 'connection.activated'] });
    const backlog = Array.from({ length: 200 }, () => activated());
    receiver.answer = (one, res) => (one.path === '/slow' ? undefined : res.end());
    await happen(...backlog);
    deliver({ timeoutMs: 10_000 });
    await until(() => receiver.on('/slow').length === 8);

    const quick = await endpoint('/quick');
    const events = Array.from({ length: 50 }, () => activated());
    const began = performance.now();
    await happen(...events);
    await until(() => receiver.on('/quick').length === 50);

    expect(performance.now() - began).toBeLessThan(5_000);
    expect(receiver.on('/slow')).toHaveLength(8);
    expect(await stateOf(quick, events[0] ?? activated())).toBe('delivered');
    expect(await stateOf(slow, events[0] ?? activated())).toBe('pending');
    receiver.answer = (_one, res) => res.end();
    await receiver.stop();
  });

  it('is told each event once by any number of processes', async () => {
    await endpoint();
    const events = Array.from({ length: 100 }, () => activated());
    deliver();
    deliver();
    deliver();

    await happen(...events);
    await until(() => outcomes.length === 100, { withinMs: 10_000 });

    const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
    expect(ids.sort()).toEqual(events.map(({ id }) => id).sort());
  });
});

describe('where nothing is sent', () => {
  /** [what, the stored URL, what its name leads to] */
  const HOSTILE: readonly (readonly [string, string, readonly string[]])[] = [
    ['an origin that is no longer allowed', 'https://evil.example/', []],
    ['an address of the link', 'http://169.254.169.254/latest/meta-data/', []],
    ['that address as a number', 'http://2852039166/', []],
    ['that address in hexadecimal', 'http://0xa9.0xfe.0xa9.0xfe/', []],
    ['that address in IPv6', 'http://[::ffff:169.254.169.254]/', []],
    ['the unspecified address', 'http://0.0.0.0:PORT/', []],
    ['the unspecified address of IPv6', 'http://[::]:PORT/', []],
    ['a neighbour of IPv6', 'http://[fe80::1]/', []],
    ['everybody', 'http://255.255.255.255/', []],
    ['a group', 'http://224.0.0.1/', []],
    ['the loopback of IPv6, mapped', 'http://[::ffff:127.0.0.1]:PORT/', []],
    ...[
      '169.254.169.254',
      '169.254.170.2',
      '0.0.0.0',
      '127.0.0.1',
      '127.8.8.8',
      '224.0.0.251',
      '239.255.255.250',
      '255.255.255.255',
      '240.0.0.1',
      '100.100.100.200',
      '168.63.129.16',
      '::',
      '::1',
      'fe80::1',
      'febf::1',
      'ff02::1',
      'fd00:ec2::254',
      '::ffff:169.254.169.254',
      '::ffff:127.0.0.1',
      '64:ff9b::a9fe:a9fe',
      '2002:a9fe:a9fe::1',
    ].map((address) => [`a name for ${address}`, 'http://rebound.svc:PORT/', [address]] as const),
    ['a name for a good and a bad address', 'http://two.svc:PORT/', ['10.0.0.1', '127.0.0.1']],
    ['a name that is none', 'http://none.svc:PORT/', []],
  ];

  it.each(HOSTILE)('is %s (%s %j)', async (_what, url, addresses) => {
    const to = await endpoint();
    const event = activated();
    const stored = url.replace('PORT', new URL(receiver.url).port);
    await gatehouse.database.superuser(
      'update webhook_endpoints set endpoint_url = $2 where id = $1',
      [to.id, stored],
    );
    deliver({
      schedule: [],
      // But for the first, the setting even names it.
      origins: url.includes('evil') ? [] : [`http://${new URL(stored).hostname}:*`],
      resolve: (_hostname, done) =>
        done(
          addresses.length > 0 ? null : Object.assign(new Error('none'), { code: 'ENOTFOUND' }),
          addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
        ),
    });

    await happen(event);
    await settled(to, event, 'failed');

    expect(receiver.connections()).toBe(0);
    expect(outcomes).toEqual([
      url.includes('.svc')
        ? addresses.length > 0
          ? 'address_refused'
          : 'name_not_resolved'
        : 'url_refused',
    ]);
  });

  it('asks for the address once, and connects to what it was told', async () => {
    const to = await endpoint(`http://orders.svc:${new URL(receiver.url).port}/hook`);
    const event = activated();
    let asked = 0;
    deliver({
      schedule: [],
      resolve: (_hostname, done) => {
        asked += 1;
        done(null, [{ address: asked === 1 ? '10.255.255.1' : '127.0.0.1', family: 4 }]);
      },
      timeoutMs: 500,
    });

    await happen(event);
    await settled(to, event, 'failed');

    expect(asked).toBe(1);
    expect(receiver.connections()).toBe(0);
  });
});

describe('a rotated secret', () => {
  const rotate = async ({ id }: Endpoint): Promise<Endpoint> =>
    (await api(`/v1/webhook-endpoints/${id}/rotate-secret`, {}).expect(201)).body as Endpoint;

  it('signs together with the one before, so that receivers may change when they like', async () => {
    const old = await endpoint();
    const next = await rotate(old);
    const event = activated();
    receiver.answer = (_one, res) => res.writeHead(receiver.received.length < 2 ? 400 : 200).end();
    deliver();

    await happen(event);
    await settled(old, event, 'delivered');

    const sdk = new WorkOS('gh_test').webhooks;
    const verifies = (at: number, { secret }: Endpoint) =>
      sdk
        .verifyHeader({
          payload: receiver.received[at]?.body ?? '',
          sigHeader: header(receiver.received[at], 'workos-signature'),
          secret,
        })
        .catch(() => false);
    for (const [at, one] of receiver.received.entries()) {
      for (const { secret } of [old, next])
        new Webhook(secret).verify(one.body, standardHeaders(one));
      expect(header(one, 'workos-signature').match(/v1=/g)).toHaveLength(2);
      // WorkOS's SDK looks at the first only.
      expect([await verifies(at, old), await verifies(at, next)]).toEqual([at === 0, at === 1]);
    }
  });

  it('signs alone once the day is over', async () => {
    const old = await endpoint();
    const next = await rotate(old);
    const event = activated();
    await gatehouse.database.superuser(
      `update webhook_endpoints set former_secret_until = now() where id = $1`,
      [old.id],
    );
    deliver();

    await happen(event);
    await settled(old, event, 'delivered');

    const [one] = receiver.received;
    expect(header(one, 'workos-signature').match(/v1=/g)).toHaveLength(1);
    new Webhook(next.secret).verify(one?.body ?? '', standardHeaders(one));
    expect(() => new Webhook(old.secret).verify(one?.body ?? '', standardHeaders(one))).toThrow();
  });

  it('outlives the key it was sealed with, once it was sealed again', async () => {
    const to = await endpoint();
    const event = activated();
    const newKey = new Secret(randomBytes(32).toString('base64'));
    const messages = createMessageStore(gatehouse.database.db, jobs);

    await resealSecrets(messages, createVault([newKey, ...gatehouse.config.keys], 'webhook'));
    deliver({ keys: [newKey] });
    await happen(event);
    await settled(to, event, 'delivered');

    const [one] = receiver.received;
    new Webhook(to.secret).verify(one?.body ?? '', standardHeaders(one));
  });
});

describe('replayWebhookEvents', () => {
  const replay = async ({ id }: Endpoint, body: object): Promise<number> =>
    ((await api(`/v1/webhook-endpoints/${id}/replay`, body).expect(200)).body as { count: number })
      .count;

  it('delivers one event once more, under its id', async () => {
    const to = await endpoint();
    const event = activated();
    deliver();
    await happen(event);
    await settled(to, event, 'delivered');

    const count = await replay(to, { event_id: event.id });
    await until(() => receiver.received.length === 2);

    expect(count).toBe(1);
    expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([
      event.id,
      event.id,
    ]);
  });

  it('delivers at once what would have been tried again later, if it is named', async () => {
    const to = await endpoint();
    const event = activated();
    receiver.answer = (_one, res) => res.writeHead(receiver.received.length < 2 ? 500 : 200).end();
    deliver({ schedule: [3_600] });
    await happen(event);
    await until(async () => outcomes.length === 1 && (await stateOf(to, event)) === 'pending');

    const count = await replay(to, { event_id: event.id });
    await settled(to, event, 'delivered');

    expect([count, await jobsLeft()]).toEqual([1, 0]);
  });

  it('delivers what was given up or came while the endpoint was disabled', async () => {
    const to = await endpoint();
    const [given, missed, done] = [activated(), activated(), activated()];
    const patch = (status: string) =>
      gatehouse.as(client).patch(`/webhook_endpoints/${to.id}`).send({ status }).expect(200);
    deliver({ schedule: [] });
    await happen(done);
    await settled(to, done, 'delivered');
    receiver.answer = (_one, res) => res.writeHead(500).end();
    await happen(given);
    await settled(to, given, 'failed');
    await patch('disabled');
    await happen(missed, activated('globex'));
    receiver.answer = (_one, res) => res.end();

    const refused = await api(`/v1/webhook-endpoints/${to.id}/replay`, { missed: true });
    await patch('enabled');
    const count = await replay(to, { missed: true });
    await settled(to, given, 'delivered');
    await settled(to, missed, 'delivered');

    expect([refused.status, refused.body]).toMatchObject([409, { code: 'endpoint_disabled' }]);
    expect(count).toBe(2);
    expect(await replay(to, { missed: true })).toBe(0);
  });

  it('delivers a time again: of the client’s tenants, of the types that are wanted', async () => {
    const before = activated();
    await happen(before);
    await until(() => Date.now() > Date.parse(before.created_at));
    const since = new Date().toISOString();
    const [own, foreign] = [activated('own-1'), activated('globex')];
    const other = news('user.created', { organization_id: organizations.get('acme') });
    await happen(own, foreign, other);
    const to = await endpoint();
    deliver();

    const count = await replay(to, { since, until: new Date(Date.now() + 60_000).toISOString() });
    await settled(to, own, 'delivered');

    expect(count).toBe(1);
    expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([own.id]);
  });

  it('delivers nothing that the client may not read', async () => {
    const foreign = activated('globex');
    await happen(foreign);
    const to = await endpoint();

    const counts = [
      await replay(to, { event_id: foreign.id }),
      await replay(to, { event_id: 'event_none' }),
    ];

    expect(counts).toEqual([0, 0]);
    expect(await jobsLeft()).toBe(0);
  });

  it.each([
    ['nothing', {}],
    ['two ways at once', { event_id: 'event_1', missed: true }],
    ['an end without a beginning', { missed: true, until: '2026-01-01T00:00:00Z' }],
    ['missed that is false', { missed: false }],
  ])('refuses %s', async (_what, body) => {
    const to = await endpoint();

    const res = await api(`/v1/webhook-endpoints/${to.id}/replay`, body);

    expect(res.status).toBe(422);
  });
});

describe('gatehouse worker', () => {
  it('delivers what WorkOS tells, and counts it', async () => {
    const to = await endpoint();
    const event = activated();
    const worker = await startWorker({ ...gatehouse.config, adminPort: 0 }, logger);
    stops.push(() => worker.stop());
    await worker.ready;

    await insertEvents(gatehouse.database.db, [event], 'webhook');
    await settled(to, event, 'delivered');
    const metrics = await fetch(`http://127.0.0.1:${worker.adminPort}/metrics`);

    expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([event.id]);
    expect(await metrics.text()).toContain(
      'gatehouse_webhook_attempts_total{outcome="delivered"} 1',
    );
  });
});

describe('the queue', () => {
  it('says how much is waiting', async () => {
    await endpoint();
    await happen(activated(), activated());

    expect(await jobs.waiting()).toBe(2);
  });

  it('is used by a role that may define nothing', async () => {
    const { db } = gatehouse.database;

    for (const statement of [
      'create table pgboss.mine (id int)',
      'drop table pgboss.job',
      'alter table pgboss.queue add column mine int',
      'truncate pgboss.job',
    ])
      await expect(db.query(statement)).rejects.toMatchObject({ code: '42501' });
  });
});
