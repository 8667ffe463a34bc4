import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '../../support/wait-for.ts';
import { createLatch } from '../../support/latch.ts';
import { startTestApp, type TestApp, type TestClient } from '../../support/test-app.ts';
import {
  gatehouse,
  LOOKUP,
  CREATE,
  agentOf,
  put,
  get,
  organizationsOf,
  auditOf,
  useProvisioning,
} from '../../tenants/provisioning-setup.ts';
import { within } from '../../support/within.ts';

useProvisioning();

describe('concurrent requests', () => {
  it.each([1, 2, 3, 4, 5])(
    'get one and the same organization when they put one new tenant (round %i)',
    async (round) => {
      const id = `crowd-${round}`;

      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, i) => put(id, { name: 'Crowd' }, i % 3)),
      );

      const [organization, ...more] = organizationsOf(id);
      expect(more).toHaveLength(0);
      const made = answers.filter(({ status }) => status === 201);
      const found = answers.filter(({ status }) => status === 200);
      const late = answers.filter(({ status }) => status === 409);
      expect([made.length, made.length + found.length + late.length]).toEqual([1, 50]);
      for (const { body } of [...made, ...found])
        expect(body).toMatchObject({ workos_organization_id: organization?.id, status: 'active' });
      for (const { body, headers } of late) {
        expect(body).toMatchObject({ code: 'provisioning_in_progress' });
        expect(headers['retry-after']).toMatch(/^\d+$/);
      }
      expect(await auditOf(id)).toEqual([
        { operation: 'putTenant', outcome: 'attempted' },
        { operation: 'putTenant', outcome: 'succeeded' },
      ]);
    },
  );

  it('find their organizations again when the map is lost', async () => {
    const before = gatehouse.workos.organizations.size;
    const known = (await get('crowd-1')).body as object;
    await gatehouse.database.superuser('delete from tenants');

    const answers = await Promise.all(
      [1, 2, 3, 4, 5].map((i) => put(`crowd-${i}`, { name: 'Crowd' }, i % 3)),
    );

    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
    expect(gatehouse.workos.organizations.size).toBe(before);
    expect(answers[0]?.body).toEqual({
      ...known,
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
  });

  it('wait for the one that provisions the tenant, on any replica', async () => {
    const gate = createLatch();
    gatehouse.workos.fault(CREATE, { kind: 'hold', until: gate.opened }, { times: 1 });
    const first = put('awaited').then((res) => res);
    await waitFor(() => organizationsOf('awaited').length === 1);

    const second = put('awaited', { name: 'awaited' }, 1).then((res) => res);
    await waitFor(() => gatehouse.database.db.query('select 1').then(() => true));
    gate.open();

    expect([(await first).status, (await second).status]).toEqual([201, 200]);
    expect((await second).body).toEqual((await first).body);
  });

  it('answer provisioning-in-progress after two seconds of waiting', async () => {
    const gate = createLatch();
    gatehouse.workos.fault(CREATE, { kind: 'hold', until: gate.opened }, { times: 1 });
    const first = put('slow').then((res) => res.status);
    await waitFor(() => organizationsOf('slow').length === 1);
    const began = performance.now();

    const second = await put('slow', { name: 'slow' }, 1);
    const tookMs = performance.now() - began;
    const removed = await agentOf(0).delete('/v1/tenants/slow');
    gate.open();

    expect([second.status, second.body]).toMatchObject([409, { code: 'provisioning_in_progress' }]);
    expect(second.headers['retry-after']).toMatch(/^\d+$/);
    expect(tookMs).toBeGreaterThan(1_900);
    expect(tookMs).toBeLessThan(within(2_500));
    expect([removed.status, removed.body]).toMatchObject([
      409,
      { code: 'provisioning_in_progress' },
    ]);
    expect(await first).toBe(201);
  });
});

describe('with two database connections and three replicas', () => {
  let small: TestApp;
  let caller: TestClient;
  beforeAll(async () => {
    small = await startTestApp({ replicas: 3, env: { DATABASE_POOL_MAX: '2' } });
    caller = await small.createClient();
  });
  afterAll(() => small.stop());

  const api = (replica: number) => agentOf(replica, small, caller);

  it('holds no connection during a call to WorkOS', async () => {
    const gate = createLatch();
    small.workos.fault(LOOKUP, { kind: 'hold', until: gate.opened, before: true });
    const provisioning = Array.from({ length: 10 }, (_, i) =>
      api(0)
        .put(`/v1/tenants/held-${i}`)
        .send({ name: 'Held' })
        .then((res) => res.status),
    );
    await waitFor(() => small.workos.requestsTo(LOOKUP).length === 10);

    const [list, row] = [await api(0).get('/v1/tenants'), await api(0).get('/v1/tenants/held-3')];
    const busy = await small.database.superuser(
      `select pid from pg_stat_activity where application_name = 'gatehouse' and datname = current_database() and state <> 'idle'
         and query not like '%upstream_buckets%'`,
    );
    gate.open();

    expect([list.status, row.body]).toMatchObject([200, { status: 'provisioning' }]);
    expect(busy).toHaveLength(0);
    expect(await Promise.all(provisioning)).toEqual(Array.from({ length: 10 }, () => 201));
    small.workos.clearFaults();
  });

  it.each([
    ['seconds', () => 25],
    ['a date', () => new Date(Date.now() + 25_900).toUTCString()],
  ])(
    'asks nothing more of WorkOS while its Retry-After of 25 in %s lasts',
    async (_form, retryAfter) => {
      const app = await startTestApp({ replicas: 3 });
      const by = await app.createClient();
      app.workos.fault(LOOKUP, { kind: 'status', status: 429, retryAfter: retryAfter() });
      const call = (i: number) =>
        agentOf(i % 3, app, by)
          .put(`/v1/tenants/limited-${i}`)
          .send({ name: 'L' });

      for (const i of [0, 1, 2]) await call(i);
      const answers = await Promise.all(Array.from({ length: 30 }, (_, i) => call(i + 3)));
      const asked = app.workos.requests.length;
      await app.stop();

      for (const { status, body, headers } of answers) {
        expect([status, body]).toMatchObject([503, { code: 'upstream_rate_limited' }]);
        expect(Number(headers['retry-after'])).toBeGreaterThanOrEqual(1);
        expect(Number(headers['retry-after'])).toBeLessThanOrEqual(30);
      }
      // Each replica asks once at most: it may hear of the 429 from the first.
      expect([1, 2, 3]).toContain(asked);
    },
  );

  it.each([
    ['none', undefined],
    ['an absurd one', 86_400],
  ])('waits a few seconds where a 429 has %s', async (_what, retryAfter) => {
    const app = await startTestApp();
    const by = await app.createClient();
    app.workos.fault(LOOKUP, { kind: 'status', status: 429, ...(retryAfter && { retryAfter }) });

    const res = await agentOf(0, app, by).put('/v1/tenants/limited').send({ name: 'L' });
    await app.stop();

    expect(res.status).toBe(503);
    expect(Number(res.headers['retry-after'])).toBeLessThanOrEqual(30);
  });
});
