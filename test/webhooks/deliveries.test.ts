import { describe, expect, it } from '@jest/globals';
import { WorkOS } from '@workos-inc/node';
import { Webhook } from 'standardwebhooks';
import { WorkOS as WorkOS8 } from 'workos-node-8';
import { insertEvents } from '../../src/events/inbox/store.ts';
import { startWorker } from '../../src/process/worker.ts';
import { MINUTE_MS, withClocks } from '../support/clock.ts';
import { leaksInDatabase, leaksInLogs } from '../support/leaks.ts';
import { workosEvent } from '../support/workos-events.ts';
import { waitFor } from '../support/wait-for.ts';
import {
  gatehouse,
  client,
  receiver,
  jobs,
  outcomes,
  stops,
  organizations,
  logs,
  logger,
  deliver,
  endpoint,
  activated,
  happen,
  stateOf,
  settled,
  api,
  header,
  standardHeaders,
  jobsLeft,
  useDeliveries,
} from './deliveries-setup.ts';

useDeliveries();

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

  it('is verified although the clock of the worker is ten minutes behind', async () => {
    const to = await endpoint();
    const event = activated();

    await withClocks({ aheadMs: -10 * MINUTE_MS }, async () => {
      deliver();
      await happen(event);
      await settled(to, event, 'delivered');
    });

    const [received] = receiver.received;
    const verified = new Webhook(to.secret).verify(received?.body ?? '', standardHeaders(received));
    expect(verified).toMatchObject({ id: event.id });
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
    const event = workosEvent('connection.activated', {
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

  it('is made only for the types of the endpoint', async () => {
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

describe('permission to receive an event', () => {
  it('follows the client’s permission to read: no event goes to another client’s endpoint', async () => {
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
    // Each tenant many times, with events of no tenant in between.
    const events = Array.from({ length: 13 * 12 }, (_, n) => {
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
    await waitFor(() => receiver.received.length >= expected.length, { withinMs: 15_000 });
    await waitFor(() => outcomes.length === expected.length);

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
  ])('is checked again when sending: nothing goes to a client that %s', async (_what, change) => {
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
    await waitFor(async () => (await jobsLeft()) === 0);

    expect(receiver.received.map(({ path }) => path)).toEqual(['/kept']);
  });

  it('does not cover the time while the endpoint is disabled', async () => {
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

describe('gatehouse worker', () => {
  it('delivers events from WorkOS, and counts them', async () => {
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
  it('reports how many jobs wait', async () => {
    await endpoint();
    await happen(activated(), activated());

    expect((await jobs.backlog()).waiting).toBe(2);
  });

  it('works with a database role that may not define anything', async () => {
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
