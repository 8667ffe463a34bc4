/** Causes the fault of each alert, and looks whether it fires. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { parse } from 'yaml';
import { webhookRequest } from '../../src/dev/fake-workos/events/webhook-attempts.ts';
import { keepUnreadable } from '../../src/events/inbox/parked-store.ts';
import { startGateway } from '../../src/process/gateway.ts';
import { startWorker } from '../../src/process/worker.ts';
import { expressions } from '../support/expressions.ts';
import { createCaller } from '../support/http-caller.ts';
import { organizationOf } from '../support/sign-in.ts';
import { waitFor } from '../support/wait-for.ts';
import { workosEvent } from '../support/workos-events.ts';
import {
  useAlerts,
  prometheus,
  proxy,
  config,
  gateway,
  worker,
  caller,
  client,
  admin,
  gatehouse,
  seen,
  SECRET,
  fires,
  send,
  link,
  times,
  until,
} from './alerts-setup.ts';

const LINK = 'POST /portal/generate_link';

useAlerts();

describe('without a fault', () => {
  it('nothing fires once the leader has done its first work', async () => {
    await times(3, link);
    await waitFor(async () => (await prometheus.firing()).length === 0 && (await ready()), {
      withinMs: 120_000,
      everyMs: 1_000,
      what: 'silence',
    });
  });
});
/** True once the worker leads and has deleted old data, without which GatehouseNotMaintained fires. */
const ready = async (): Promise<boolean> => {
  const text = await (await fetch(`http://127.0.0.1:${worker.adminPort}/metrics`)).text();
  return /^gatehouse_maintenance_last_success_timestamp_seconds [1-9]/m.test(text);
};

describe('WorkOS', () => {
  afterEach(() => gatehouse.workos.clearFaults());

  it('answers with 403', async () => {
    gatehouse.workos.fault(LINK, { kind: 'status', status: 403 });
    await times(2, link);

    await fires('GatehouseKeyLacksPermission');
  });

  it('asks to slow down', async () => {
    gatehouse.workos.fault(LINK, { kind: 'status', status: 429, retryAfter: 1 });

    await until('GatehouseWorkosRateLimits', link);
  });

  it('takes 2.5 s', async () => {
    gatehouse.workos.fault('GET /organizations/*', { kind: 'delay', ms: 2_500 });

    await fires('GatehouseWorkosSlow');
  });

  it('sees none of the organizations', async () => {
    gatehouse.workos.fault('GET /organizations/*', {
      kind: 'status',
      status: 404,
      body: { message: 'Not found', code: 'entity_not_found' },
    });

    await fires('GatehouseKeySeesNothing');
  });

  it('is down', async () => {
    gatehouse.workos.fault(LINK, { kind: 'status', status: 503 });

    await until('GatehouseBreakerOpen', link);
    await fires(
      'GatehouseWorkosFailing',
      'GatehouseLinksFailing',
      'GatehouseSloBurnsFast',
      'GatehouseSloBurnsSlowly',
    );
  });

  it('refuses the key', async () => {
    gatehouse.workos.fault('*', { kind: 'status', status: 401 });

    await fires('GatehouseKeyRefused');
  });
});

describe('clients', () => {
  it('ask more of WorkOS than there is', async () => {
    // The other processes go on filling the shared budget, so that it takes several clients to use it up.
    const workos = { ...config.workos, requestsPerMinute: 60, waitMs: 300 };
    const clients = await Promise.all(Array.from({ length: 4 }, () => gatehouse.createClient()));
    const poor = await startGateway({ ...config, workos }, pino({ level: 'silent' }));
    await poor.ready;
    prometheus.scrape('gatehouse-gateway', poor.adminPort);
    const asking = createCaller(`http://127.0.0.1:${poor.port}`, 20);
    const many = (call: typeof read) => () => Promise.all(Array.from({ length: 20 }, call));
    const headersOf = (index: number) => ({
      authorization: `Bearer ${clients[index % clients.length]?.key ?? ''}`,
      'gatehouse-user-token': admin,
      'content-type': 'application/json',
    });
    const read = (_: unknown, index: number) =>
      asking.send({
        method: 'get',
        path: '/directories?organization_id=acme',
        headers: headersOf(index),
      });
    const open = (_: unknown, index: number) =>
      asking.send({
        method: 'post',
        path: '/portal/generate_link',
        headers: headersOf(index),
        body: '{"organization":"acme","intent":"sso"}',
      });

    await until('GatehouseBudgetUsedUp', many(read));
    await until('GatehouseBudgetRefusesPeople', many(open));
    await asking.close();
    await poor.stop();
  });

  it('send more than their limit', async () => {
    const greedy = await gatehouse.createClient();
    await Promise.all(
      Array.from({ length: 800 }, () => send('get', '/v1/tenants/acme', undefined, greedy)),
    );

    await until('GatehouseClientLimited', () => send('get', '/v1/tenants/acme', undefined, greedy));
  });

  it('arrive without their keys, because a proxy removes them', async () => {
    const without = () => caller.send({ method: 'get', path: '/v1/tenants', headers: {} });

    await until('GatehouseClientsRefused', () => Promise.all(Array.from({ length: 100 }, without)));
  });

  it('exchange codes that are not good', async () => {
    const exchange = () =>
      caller.send({
        method: 'post',
        path: '/sso/token',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: `grant_type=authorization_code&code=x&client_id=${client.id}&client_secret=${client.key}`,
      });

    await until('GatehouseLoginsFailing', exchange);
  });

  it('have endpoints where nothing listens', async () => {
    const { json } = await send('post', '/webhook_endpoints', {
      endpoint_url: 'http://127.0.0.1:9/hook',
      events: ['connection.activated'],
    });
    expect(json.id).toEqual(expect.any(String));
    const organizationId = await organizationOf(gatehouse, 'acme');
    await times(12, () => deliver(connectionEvent(organizationId)));

    await fires('GatehouseDeliveriesFailing');
  });

  it('have an issuer whose keys cannot be fetched', async () => {
    await gatehouse.issuer.stop();
    const unknown = `${Buffer.from('{"alg":"ES256","kid":"new"}').toString('base64url')}.e30.AA`;
    const call = () =>
      caller.send({
        method: 'get',
        path: '/v1/tenants',
        headers: { authorization: `Bearer ${unknown}` },
      });

    await until('GatehouseTokenKeysUnavailable', call);
  });
});

const deliver = async (event: ReturnType<typeof workosEvent>, secret = SECRET): Promise<void> => {
  const { body, headers } = webhookRequest(event, secret);
  await fetch(`http://127.0.0.1:${gateway.port}/webhooks/workos`, {
    method: 'POST',
    headers,
    body,
  });
};
const connectionEvent = (organizationId: string, fields: object = {}) =>
  workosEvent('connection.activated', {
    object: 'connection',
    id: `conn_${randomBytes(6).toString('hex')}`,
    organization_id: organizationId,
    connection_type: 'OktaSAML',
    name: 'Okta',
    state: 'active',
    updated_at: new Date().toISOString(),
    ...fields,
  });

/** The header of an encrypted value names its key. */
function underMissingKey(sealed: string): string {
  const [header = '', ...rest] = sealed.split('.');
  const fields = JSON.parse(Buffer.from(header, 'base64url').toString()) as object;
  const other = Buffer.from(JSON.stringify({ ...fields, kid: 'missing0' })).toString('base64url');
  return [other, ...rest].join('.');
}

describe('events', () => {
  it('are signed with another secret', async () => {
    await times(8, () => deliver(connectionEvent('org_1'), 'another'));

    await until('GatehouseWebhookSignatures', () => deliver(connectionEvent('org_1'), 'another'));
  });

  it('are not as WorkOS describes them', async () => {
    const organizationId = await organizationOf(gatehouse, 'acme');
    await deliver(connectionEvent(organizationId, { state: 7, connection_type: null }));

    await fires('GatehouseEventsOdd');
  });

  it('cannot be read', async () => {
    await keepUnreadable(gatehouse.database.db, [
      { source: 'feed', reason: 'a test', raw: Buffer.from('{'), id: undefined },
    ]);

    await fires('GatehouseEventsParked');
  });

  it('are no longer at WorkOS, because nobody read them for 100 days', async () => {
    await gatehouse.database.superuser(
      `update feed_cursors set cursor = 'event_old', cursor_at = now() - interval '100 days'`,
    );

    await fires('GatehouseEventsLost');
  });

  it('are not read for an hour', async () => {
    gatehouse.workos.fault('GET /events', { kind: 'status', status: 503 });
    await gatehouse.database.superuser(
      `update feed_cursors set read_at = now() - interval '1 hour'`,
    );

    await fires('GatehouseEventsLate', 'GatehouseTaskFailing');
  });

  it('wait for the key of their endpoint, and are not attempted', async () => {
    const { superuser } = gatehouse.database;
    for (const { id, secret } of await superuser<{ id: string; secret: string }>(
      'select id, secret from webhook_endpoints',
    ))
      await superuser('update webhook_endpoints set secret = $2 where id = $1', [
        id,
        underMissingKey(secret),
      ]);
    const other = await startWorker(config, pino({ level: 'silent' }));
    await other.ready;
    prometheus.scrape('gatehouse-worker', other.adminPort);
    await fires('GatehouseEncryptionKeyMissing');
    await other.stop();
    await fires('GatehouseReplicaDown');
  });
});

describe('the database', () => {
  it('has old data in the default partition, and tenants without an organization', async () => {
    await gatehouse.database.superuser(`insert into webhook_attempts
      (endpoint_id, event_id, at, duration_ms, outcome) values ('e', 'e', now() + interval '2 years', 1, 'delivered')`);
    await gatehouse.database.superuser(`insert into tenants (id, status, name, domains, metadata)
      values ('gone', 'orphaned', 'Gone', '[]', '{}')`);

    await fires('GatehousePartitions', 'GatehouseTenantsOrphaned');
  });

  it('holds statements up', async () => {
    const { superuser } = gatehouse.database;
    const locked = superuser(
      `do $$ begin lock table tenants, pgboss.job in access exclusive mode; perform pg_sleep(45); end $$`,
    );
    const reads = () =>
      Promise.all(
        Array.from({ length: 30 }, (_, index) => send('get', `/v1/tenants/acme-${index}`)),
      );

    await until('GatehouseDatabaseSlow', reads);
    await until('GatehousePlacesFull', reads);
    await locked;
  });

  it('lacks a migration', async () => {
    const { superuser } = gatehouse.database;
    const removed = await superuser<{ hash: string; created_at: string }>(
      `delete from drizzle.__drizzle_migrations where created_at =
        (select max(created_at) from drizzle.__drizzle_migrations) returning hash, created_at`,
    );
    await fires('GatehouseOldSchema');
    for (const { hash, created_at: at } of removed)
      await superuser(
        'insert into drizzle.__drizzle_migrations (hash, created_at) values ($1, $2)',
        [hash, at],
      );
  });

  it('is led by another worker that does nothing', async () => {
    await until('GatehouseNoLeader', () =>
      gatehouse.database.superuser(
        `update leases set holder = gen_random_uuid(), term = term + 1, until = now() + interval '10 seconds'`,
      ),
    );
  });

  it('is away', async () => {
    await proxy.stop();

    await fires(
      'GatehouseDatabaseDown',
      'GatehouseBudgetNotShared',
      'GatehouseRevocationsNotHeard',
    );
  });
});

/** Empty here, because nobody signs in. */
const CALM = 'the panel Login duration';

describe('every expression', () => {
  it('of the dashboard, the rules and the runbooks is evaluated by Prometheus', async () => {
    const found = await Promise.all(
      expressions.map(async ([title, expr]) => [title, await prometheus.evaluate(expr)] as const),
    );

    expect(found.length).toBeGreaterThan(80);
    expect(found.filter(([, { error }]) => error !== undefined)).toEqual([]);
    // By now each kind of fault has left its series; a place is refused while the database holds statements up.
    const panels = found.filter(([title]) => title.startsWith('the panel') && title !== CALM);
    expect(panels.filter(([, { series }]) => series === 0).map(([title]) => title)).toEqual([]);
  });
});

describe('processes', () => {
  it('are busy', async () => {
    await until('GatehouseEventLoopSlow', () => {
      const end = performance.now() + 700;
      while (performance.now() < end);
      return sleep(300);
    });
  });

  it('are gone', async () => {
    await gateway.stop();

    await fires('GatehouseDown');
  });
});

describe('the alerts', () => {
  /** Tried by the test cases of deploy/prometheus/alerts.test.yml instead, with the reason. */
  const BY_PROMTOOL: Readonly<Record<string, string>> = {
    GatehouseClockSkew: 'all clocks of this machine are one',
    GatehouseInternalErrors: 'no bug is known',
    GatehouseCertificatesExpiring: 'the task runs once an hour',
    GatehouseDeliveriesLate: 'it takes five minutes',
    GatehouseMailsFailing: 'it takes minutes, until the second attempt',
    GatehouseNotMaintained: 'it takes three hours',
  };

  it('were all seen to fire', () => {
    const { groups } = parse(readFileSync('deploy/prometheus/alerts.yml', 'utf8')) as {
      groups: { rules: { alert: string }[] }[];
    };
    const all = groups.flatMap(({ rules }) => rules.map(({ alert }) => alert));

    const tried = readFileSync('deploy/prometheus/alerts.test.yml', 'utf8');
    for (const alert of Object.keys(BY_PROMTOOL)) expect(tried).toContain(alert);
    expect(all.filter((alert) => !seen.has(alert)).sort()).toEqual(Object.keys(BY_PROMTOOL).sort());
  });
});
