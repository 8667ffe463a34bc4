import { describe, expect, it } from '@jest/globals';
import type { Fault } from '../../src/dev/fake-workos/server.ts';
import { createOrganizations } from '../../src/tenants/organizations/organizations.ts';
import { createProvisioning } from '../../src/tenants/provisioning/provisioning.ts';
import { reconcile } from '../../src/tenants/provisioning/reconciler.ts';
import { createTenantStore } from '../../src/tenants/registry/store.ts';
import { createUpstream } from '../../src/workos/upstream.ts';
import { waitFor } from '../support/wait-for.ts';
import { createLatch } from '../support/latch.ts';
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
} from './provisioning-setup.ts';

// The tests reconcile themselves, so that no replica is faster.
useProvisioning();

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

  it('uses the organization that a concurrent call created', async () => {
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

  it('does not use an organization that somebody else created meanwhile', async () => {
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

  it('finishes an abandoned claim with the organization that was created', async () => {
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

  it('creates a missing organization as it was requested', async () => {
    await abandon('never-made');
    for (const { id } of organizationsOf('never-made')) gatehouse.workos.deleteOrganization(id);

    await reconcileNow();

    expect(organizationsOf('never-made')).toMatchObject([
      { name: 'never-made', metadata: { plan: 'gold', gatehouse_tenant: 'never-made' } },
    ]);
  });

  it('finishes each claim once when run by many processes', async () => {
    await abandon('contended');

    const finished = await Promise.all([reconcileNow(), reconcileNow(), reconcileNow()]);

    expect(finished.reduce((sum, one) => sum + one, 0)).toBe(1);
    expect(organizationsOf('contended')).toHaveLength(1);
  });

  it('does not touch a claim that is held', async () => {
    const gate = createLatch();
    gatehouse.workos.fault(LOOKUP, { kind: 'hold', until: gate.opened }, { times: 1 });
    const working = put('in-work').then((res) => res.status);
    await waitFor(() => gatehouse.workos.requestsTo(LOOKUP).at(-1)?.path.endsWith('in-work'));

    const finished = await reconcileNow();
    gate.open();

    expect([finished, await working]).toEqual([0, 201]);
  });

  it('finishes a claim of before the database’s clock was set back', async () => {
    await abandon('from-later');
    await gatehouse.database.superuser(
      `update tenants set lease_until = now() + interval '10 minutes' where id = 'from-later'`,
    );

    const finished = await reconcileNow();

    expect([finished, (await get('from-later')).body]).toMatchObject([1, { status: 'active' }]);
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
