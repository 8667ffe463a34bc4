import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import supertest from 'supertest';
import type { Fault } from '../../src/dev/fake-workos/server.ts';
import { createOrganizations } from '../../src/tenants/organizations.ts';
import { createProvisioning } from '../../src/tenants/provisioning.ts';
import { reconcile } from '../../src/tenants/reconciler.ts';
import { createTenantStore } from '../../src/tenants/store.ts';
import { createUpstream } from '../../src/workos/upstream.ts';
import { until } from '../support/until.ts';
import { closedGate } from '../support/gate.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/test-app.ts';

let gatehouse: TestApp;
let client: TestClient;
beforeAll(async () => {
  gatehouse = await startTestApp({ replicas: 3 });
  client = await gatehouse.createClient();
});
afterAll(() => gatehouse.stop());
afterEach(() => gatehouse.workos.clearFaults());

const LOOKUP = 'GET /organizations/external_id/*';
const CREATE = 'POST /organizations';

const agentOf = (replica: number, app = gatehouse, by = client) =>
  supertest.agent(app.urls[replica] ?? '').set('authorization', `Bearer ${by.key}`);
const put = (id: string, body: object = { name: id }, replica = 0) =>
  agentOf(replica).put(`/v1/tenants/${id}`).send(body);
const get = (id: string) => agentOf(0).get(`/v1/tenants/${id}`);
const organizationsOf = (id: string, { workos } = gatehouse) =>
  [...workos.organizations.values()].filter(({ external_id }) => external_id === `gh:test:${id}`);
const auditOf = (id: string) =>
  gatehouse.database.superuser<{ outcome: string; operation: string }>(
    'select operation, outcome from audit_trail where tenant_id = $1 order by id',
    [id],
  );

/** What every process does every ten seconds, now. @returns how many were finished */
async function reconcileNow(): Promise<number> {
  const upstream = createUpstream(gatehouse.config.workos);
  const tenants = createTenantStore(gatehouse.database.db);
  const { externalIdPrefix } = gatehouse.config.workos;
  const organizations = createOrganizations(upstream, externalIdPrefix);
  const provisioning = createProvisioning({ tenants, organizations });
  try {
    return await reconcile({ tenants, organizations, provisioning });
  } finally {
    await upstream.close();
  }
}

/** Lets the lease of a claim end, as if its holder had been dead for a while. */
const endLease = (id: string) =>
  gatehouse.database.superuser(
    `update tenants set lease_until = now() - interval '1 second' where id = $1`,
    [id],
  );

describe('a provisioning that fails half-way', () => {
  it.each<[string, string, Fault, number, string]>([
    [
      'lost the answer of a success',
      CREATE,
      { kind: 'after-effect-reset' },
      502,
      'upstream_unreachable',
    ],
    [
      'got half the answer of a success',
      CREATE,
      { kind: 'truncated' },
      502,
      'upstream_invalid_response',
    ],
    [
      'got a success as HTML',
      CREATE,
      { kind: 'content-type', type: 'text/html' },
      502,
      'upstream_invalid_response',
    ],
    [
      'got a reset without effect',
      CREATE,
      { kind: 'reset', when: 'before-headers' },
      502,
      'upstream_unreachable',
    ],
    ['met an error of WorkOS’s', CREATE, { kind: 'status', status: 500 }, 502, 'upstream_error'],
    [
      'met an error at the look-up',
      LOOKUP,
      { kind: 'status', status: 401 },
      502,
      'upstream_auth_failed',
    ],
    [
      'was sent elsewhere',
      CREATE,
      { kind: 'redirect', status: 307, location: 'http://127.0.0.1:9/' },
      502,
      'upstream_invalid_response',
    ],
  ])(
    'that %s makes exactly one organization when put again',
    async (what, operation, fault, status, code) => {
      const id = what.replaceAll(/\W/g, '-');
      gatehouse.workos.fault(operation, fault, { times: 1 });

      const first = await put(id);
      const between = await get(id);
      const second = await put(id, { name: id }, 1);

      expect([first.status, first.body]).toMatchObject([status, { code }]);
      expect(between.body).toMatchObject({ status: 'provisioning' });
      expect([second.status, second.body]).toMatchObject([200, { status: 'active' }]);
      expect(organizationsOf(id)).toHaveLength(1);
    },
  );

  it('that is never answered ends with 504 at the deadline, and is finished by the next call', async () => {
    const gate = closedGate();
    gatehouse.workos.fault(CREATE, { kind: 'hold', until: gate.opened }, { times: 1 });
    const began = performance.now();

    const first = await put('unanswered');
    const tookMs = performance.now() - began;
    gate.open();
    const second = await put('unanswered');

    expect([first.status, first.body]).toMatchObject([504, { code: 'upstream_timeout' }]);
    expect(tookMs).toBeGreaterThan(2_700);
    expect(tookMs).toBeLessThan(3_500);
    expect([second.status, second.body]).toMatchObject([200, { status: 'active' }]);
    expect(organizationsOf('unanswered')).toHaveLength(1);
  });

  it('takes the organization of whoever was faster', async () => {
    await put('faster').expect(201);
    const [made] = organizationsOf('faster');
    await gatehouse.database.superuser(`delete from tenants where id = 'faster'`);
    gatehouse.workos.fault(LOOKUP, { kind: 'status', status: 404 }, { times: 1 });

    const res = await put('faster');

    expect([res.status, res.body]).toMatchObject([201, { workos_organization_id: made?.id }]);
    expect(gatehouse.workos.requestsTo(CREATE).at(-1)?.body).toMatchObject({
      external_id: 'gh:test:faster',
    });
    expect(organizationsOf('faster')).toHaveLength(1);
  });

  it('does not take one of somebody else’s who was faster', async () => {
    await put('foreign').expect(201);
    const [made] = organizationsOf('foreign');
    if (made) made.metadata = {};
    await gatehouse.database.superuser(`delete from tenants where id = 'foreign'`);
    gatehouse.workos.fault(LOOKUP, { kind: 'status', status: 404 }, { times: 1 });

    const res = await put('foreign');

    expect([res.status, res.body]).toMatchObject([409, { code: 'organization_conflict' }]);
    expect((await get('foreign')).body).toMatchObject({ status: 'conflict' });
  });

  it('waits for a corrected PUT when WorkOS refused it for good', async () => {
    const refusal = { kind: 'status', status: 422, body: { message: 'secret words' } } as const;
    gatehouse.workos.fault(CREATE, refusal, { times: 1 });

    const refused = await put('refused', { name: 'Wrong' });
    const asked = gatehouse.workos.requests.length;
    const finished = await reconcileNow();
    const corrected = await put('refused', { name: 'Right' });

    expect([refused.status, refused.body]).toMatchObject([502, { code: 'upstream_rejected' }]);
    expect(refused.text).not.toContain('secret words');
    expect([finished, gatehouse.workos.requests.length - asked]).toEqual([0, 2]);
    expect([corrected.status, corrected.body]).toMatchObject([
      200,
      { status: 'active', name: 'Right' },
    ]);
    expect(organizationsOf('refused')).toMatchObject([{ name: 'Right' }]);
  });

  it.each([
    ['the end of the claim', `new.status = 'active'`],
    ['any change of the row', 'true'],
  ])('answers provisioning_incomplete when the database refuses %s', async (what, when) => {
    const id = what.replaceAll(' ', '-');
    const { superuser } = gatehouse.database;
    await superuser(`create function refuse() returns trigger language plpgsql as
      $$ begin if new.id = '${id}' and ${when} then raise exception 'refused'; end if; return new; end $$`);
    await superuser(
      `create trigger refuse before update on tenants for each row execute function refuse()`,
    );

    const first = await put(id);
    await superuser('drop trigger refuse on tenants');
    await superuser('drop function refuse');
    const second = await put(id);

    expect([first.status, first.body]).toMatchObject([503, { code: 'provisioning_incomplete' }]);
    expect(first.headers['retry-after']).toMatch(/^\d+$/);
    expect(first.text).not.toMatch(/refused|trigger/);
    expect([second.status, second.body]).toMatchObject([200, { status: 'active' }]);
    expect(organizationsOf(id)).toHaveLength(1);
  });
});

describe('reconcile', () => {
  const abandon = async (id: string) => {
    gatehouse.workos.fault(CREATE, { kind: 'after-effect-reset' }, { times: 1 });
    await put(id, { name: id, metadata: { plan: 'gold' } }).expect(502);
    await endLease(id);
  };

  it('finishes an abandoned claim with the organization that was made', async () => {
    await abandon('left-behind');

    const finished = await reconcileNow();

    expect(finished).toBe(1);
    expect((await get('left-behind')).body).toMatchObject({ status: 'active' });
    expect(organizationsOf('left-behind')).toHaveLength(1);
    expect((await auditOf('left-behind')).at(-1)).toEqual({
      operation: 'reconcileTenant',
      outcome: 'succeeded',
    });
  });

  it('makes the organization that was never made, as it was asked for', async () => {
    await abandon('never-made');
    for (const { id } of organizationsOf('never-made')) gatehouse.workos.deleteOrganization(id);

    await reconcileNow();

    expect(organizationsOf('never-made')).toMatchObject([
      { name: 'never-made', metadata: { plan: 'gold', gatehouse_tenant: 'never-made' } },
    ]);
  });

  it('is run by many at once, and each claim is finished by one', async () => {
    await abandon('contended');

    const finished = await Promise.all([reconcileNow(), reconcileNow(), reconcileNow()]);

    expect(finished.reduce((sum, one) => sum + one, 0)).toBe(1);
    expect(organizationsOf('contended')).toHaveLength(1);
  });

  it('leaves alone what somebody is working on', async () => {
    const gate = closedGate();
    gatehouse.workos.fault(LOOKUP, { kind: 'hold', until: gate.opened }, { times: 1 });
    const working = put('in-work').then((res) => res.status);
    await until(() => gatehouse.workos.requestsTo(LOOKUP).at(-1)?.path.endsWith('in-work'));

    const finished = await reconcileNow();
    gate.open();

    expect([finished, await working]).toEqual([0, 201]);
  });

  it('finishes a deletion', async () => {
    await put('half-deleted').expect(201);
    gatehouse.workos.fault('DELETE /organizations/*', { kind: 'after-effect-reset' }, { times: 2 });
    await agentOf(0).delete('/v1/tenants/half-deleted?delete_organization=true').expect(502);
    await endLease('half-deleted');

    const finished = await reconcileNow();

    expect(finished).toBe(1);
    expect((await get('half-deleted')).status).toBe(404);
    expect((await put('half-deleted')).body).toMatchObject({ code: 'tenant_deleted' });
    expect(organizationsOf('half-deleted')).toHaveLength(0);
  });
});

describe('many callers at once', () => {
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

  it('wait for the one who is provisioning, on any replica', async () => {
    const gate = closedGate();
    gatehouse.workos.fault(CREATE, { kind: 'hold', until: gate.opened }, { times: 1 });
    const first = put('awaited').then((res) => res);
    await until(() => organizationsOf('awaited').length === 1);

    const second = put('awaited', { name: 'awaited' }, 1).then((res) => res);
    await until(() => gatehouse.database.db.query('select 1').then(() => true));
    gate.open();

    expect([(await first).status, (await second).status]).toEqual([201, 200]);
    expect((await second).body).toEqual((await first).body);
  });

  it('are told to come back after two seconds of waiting', async () => {
    const gate = closedGate();
    gatehouse.workos.fault(CREATE, { kind: 'hold', until: gate.opened }, { times: 1 });
    const first = put('slow').then((res) => res.status);
    await until(() => organizationsOf('slow').length === 1);
    const began = performance.now();

    const second = await put('slow', { name: 'slow' }, 1);
    const tookMs = performance.now() - began;
    const removed = await agentOf(0).delete('/v1/tenants/slow');
    gate.open();

    expect([second.status, second.body]).toMatchObject([409, { code: 'provisioning_in_progress' }]);
    expect(second.headers['retry-after']).toMatch(/^\d+$/);
    expect(tookMs).toBeGreaterThan(1_900);
    expect(tookMs).toBeLessThan(2_500);
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

  it('holds no connection while WorkOS is thinking', async () => {
    const gate = closedGate();
    small.workos.fault(LOOKUP, { kind: 'hold', until: gate.opened, before: true });
    const provisioning = Array.from({ length: 10 }, (_, i) =>
      api(0)
        .put(`/v1/tenants/held-${i}`)
        .send({ name: 'Held' })
        .then((res) => res.status),
    );
    await until(() => small.workos.requestsTo(LOOKUP).length === 10);

    const [list, row] = [await api(0).get('/v1/tenants'), await api(0).get('/v1/tenants/held-3')];
    const busy = await small.database.superuser(
      `select pid from pg_stat_activity where application_name = 'gatehouse' and datname = current_database() and state <> 'idle'`,
    );
    gate.open();

    expect([list.status, row.body]).toMatchObject([200, { status: 'provisioning' }]);
    expect(busy).toHaveLength(0);
    expect(await Promise.all(provisioning)).toEqual(Array.from({ length: 10 }, () => 201));
    small.workos.clearFaults();
  });

  it.each([
    ['seconds', () => 7],
    ['a date', () => new Date(Date.now() + 7_900).toUTCString()],
  ])(
    'asks nothing more of WorkOS while its Retry-After of 7 in %s lasts',
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
        expect(Number(headers['retry-after'])).toBeGreaterThanOrEqual(6);
        expect(Number(headers['retry-after'])).toBeLessThanOrEqual(30);
      }
      expect(asked).toBe(3);
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
