import { describe, expect, it } from '@jest/globals';
import type { Fault } from '../../../src/dev/fake-workos/faults/faults.ts';
import { createOrganizations } from '../../../src/tenants/organizations/organizations.ts';
import { createProvisioning } from '../../../src/tenants/provisioning/provisioning.ts';
import { reconcile } from '../../../src/tenants/provisioning/reconciler.ts';
import { createTenantStore } from '../../../src/tenants/registry/store.ts';
import { createUpstream } from '../../../src/workos/upstream.ts';
import { interleave, pauseCall } from '../../support/interleave.ts';
import { organizationByHand } from '../../support/organization-by-hand.ts';
import { gatehouse, get, on, sql, useTwoReplicas } from './two-replicas.ts';

useTwoReplicas();

const put = (id: string, body: object = {}, replica = 0) =>
  on(replica)
    .put(`/v1/tenants/${id}`)
    .send({ name: id, ...body });
const adopt = (id: string, organization: string, replica = 0) =>
  put(id, { workos_organization_id: organization }, replica);
const organization = (id: string) => gatehouse.workos.organizations.get(id);

const DELETIONS: [string, (id: string) => PromiseLike<{ status: number }>][] = [
  ['DELETE /v1/tenants/{id}', (id) => on(1).delete(`/v1/tenants/${id}?delete_organization=true`)],
  ['DELETE /organizations/{id}', (id) => on(1).delete(`/organizations/${id}`)],
];

/** What every worker does every ten seconds. */
async function reconcileNow(): Promise<void> {
  const upstream = createUpstream(gatehouse.config.workos);
  const tenants = createTenantStore(gatehouse.database.db);
  const { externalIdPrefix } = gatehouse.config.workos;
  const organizations = createOrganizations(upstream, externalIdPrefix);
  const provisioning = createProvisioning({ tenants, organizations });
  try {
    await reconcile({ tenants, organizations, provisioning });
  } finally {
    await upstream.close();
  }
}

/** As a release left it that reserved nothing: another tenant has the organization, which names this one. */
async function loser(id: string, winners: string, status: string): Promise<void> {
  await sql(
    `insert into tenants (id, status, name, domains, metadata, attempt, lease_until, request)
     values ($1, $2, $1, '[]', '{}', gen_random_uuid(), now() - interval '1 second', $3)`,
    id,
    status,
    status === 'conflict' ? null : { adopt: winners },
  );
  const found = organization(winners);
  if (!found) throw new Error('There is no such organization.');
  found.external_id = `gh:test:${id}`;
  found.metadata = { gatehouse_tenant: id };
}

describe('two tenants that adopt one organization concurrently', () => {
  it.each(['GET /organizations/*', 'PUT /organizations/*'])(
    'leave it to the first to reserve it, though its %s is slow, and WorkOS hears of no other',
    async (operation) => {
      const name = operation.slice(0, 3).toLowerCase();
      const shared = await organizationByHand(gatehouse.workos);

      const answers = await interleave(
        pauseCall(gatehouse.workos, operation),
        () => adopt(`${name}-first`, shared),
        () => adopt(`${name}-second`, shared, 1),
      );

      const won = answers.findIndex(({ status }) => status === 201);
      const winner = `${name}-${won === 0 ? 'first' : 'second'}`;
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
      expect(answers[1 - won]?.body).toMatchObject({ code: 'organization_conflict' });
      expect(organization(shared)).toMatchObject({
        external_id: `gh:test:${winner}`,
        metadata: { gatehouse_tenant: winner },
        name: winner,
      });
      const named = gatehouse.workos
        .requestsTo('PUT /organizations/*')
        .filter(({ path }) => path.endsWith(shared))
        .map(({ body }) => (body as { external_id: string }).external_id);
      expect(new Set(named)).toEqual(new Set([`gh:test:${winner}`]));
    },
  );

  it.each(DELETIONS)(
    'and the other is deleted by %s: the organization stays',
    async (_by, remove) => {
      const route = DELETIONS.findIndex(([, one]) => one === remove);
      for (let round = 0; round < 5; round += 1) {
        const [a, b] = [`race-${route}-${round}-a`, `race-${route}-${round}-b`];
        const shared = await organizationByHand(gatehouse.workos);
        const answers = await Promise.all([adopt(a, shared), adopt(b, shared, 1)]);
        const won = answers[0].status === 201 ? a : b;

        const removed = await remove(won === a ? b : a);

        expect([204, 404]).toContain(removed.status);
        expect(organization(shared)?.external_id).toBe(`gh:test:${won}`);
        expect(await get(won)).toMatchObject({ status: 'active', workos_organization_id: shared });
      }
    },
  );
});

describe('a deletion', () => {
  it.each(
    DELETIONS.flatMap(([by, remove]) => [
      ['conflict', by, remove] as const,
      ['provisioning', by, remove] as const,
      ['deleting', by, remove] as const,
    ]),
  )(
    'of a tenant in %s by %s leaves an organization that is mapped to another, whatever it says',
    async (status, by, remove) => {
      const id = `loser-${status}-${by.length}`;
      const shared = await organizationByHand(gatehouse.workos);
      await adopt(`winner-${status}-${by.length}`, shared).expect(201);
      await loser(id, shared, status);

      const removed = await remove(id);

      expect(removed.status).toBe(204);
      expect(organization(shared)).toBeDefined();
      expect(await get(`winner-${status}-${by.length}`)).toMatchObject({ status: 'active' });
    },
  );

  it.each(['provisioning', 'deleting'])(
    'or adoption (%s) that the reconciler finishes leaves it as well',
    async (status) => {
      const shared = await organizationByHand(gatehouse.workos);
      await adopt(`kept-${status}`, shared).expect(201);
      await loser(`left-${status}`, shared, status);
      const updates = gatehouse.workos.requestsTo('PUT /organizations/*').length;

      await reconcileNow();

      expect(organization(shared)).toBeDefined();
      expect(gatehouse.workos.requestsTo('PUT /organizations/*')).toHaveLength(updates);
      expect(await get(`kept-${status}`)).toMatchObject({ workos_organization_id: shared });
      const [row] = await sql(`select status from tenants where id = $1`, `left-${status}`);
      expect(row).toEqual({ status: status === 'deleting' ? 'deleted' : 'conflict' });
    },
  );

  it('under way keeps other tenants from adopting the organization', async () => {
    await put('going').expect(201);
    const { workos_organization_id: own } = (await get('going')) as {
      workos_organization_id: string;
    };
    Object.assign(organization(own) ?? {}, { external_id: null, metadata: {} });

    const [removed, adopted] = await interleave(
      pauseCall(gatehouse.workos, 'DELETE /organizations/*'),
      () => on(0).delete('/v1/tenants/going?delete_organization=true'),
      () => adopt('late', own, 1),
    );

    expect([removed.status, adopted.status]).toEqual([204, 409]);
  });

  it.each(['', '?delete_organization=true'])(
    'under way is not cut short by another DELETE%s, and keeps the organization meanwhile',
    async (query) => {
      const id = `slow-${query.length}`;
      const shared = await organizationByHand(gatehouse.workos);
      await adopt(id, shared).expect(201);

      const [removed, second] = await interleave(
        pauseCall(gatehouse.workos, 'DELETE /organizations/*', 'after-effect'),
        () => on(0).delete(`/v1/tenants/${id}?delete_organization=true`),
        () => on(1).delete(`/v1/tenants/${id}${query}`),
      );

      expect([removed.status, second.status]).toEqual([204, 409]);
      expect(second.headers['retry-after']).toBeDefined();
    },
  );

  it.each(['a reset', 404])(
    'that WorkOS answered with %s is finished by a plain DELETE, and frees no organization',
    async (fault) => {
      const id = `unanswered-${fault === 404 ? 404 : 'reset'}`;
      const shared = await organizationByHand(gatehouse.workos);
      await adopt(id, shared).expect(201);
      const failure: Fault =
        fault === 404 ? { kind: 'status', status: 404 } : { kind: 'reset', when: 'before-headers' };
      gatehouse.workos.fault('DELETE /organizations/*', failure, { times: 2 });
      const first = await on(0).delete(`/v1/tenants/${id}?delete_organization=true`);
      Object.assign(organization(shared) ?? {}, { external_id: null, metadata: {} });

      const between = await adopt(`${id}-between`, shared, 1);
      const second = await on(1).delete(`/v1/tenants/${id}`);

      expect([first.status, between.status, second.status]).toEqual(
        fault === 404 ? [204, 409, 404] : [502, 409, 204],
      );
      expect((await adopt(`${id}-after`, shared, 1)).status).toBe(409);
    },
  );

  it('that only unlinks leaves the organization to another tenant', async () => {
    const shared = await organizationByHand(gatehouse.workos);
    await adopt('unlinked', shared).expect(201);
    await on(0).delete('/v1/tenants/unlinked').expect(204);
    Object.assign(organization(shared) ?? {}, { external_id: null, metadata: {} });

    expect((await adopt('adopts-unlinked', shared, 1)).status).toBe(201);
  });

  it('of a tenant whose adoption never reached WorkOS leaves the organization', async () => {
    const shared = await organizationByHand(gatehouse.workos);
    gatehouse.workos.fault('PUT /organizations/*', { kind: 'status', status: 500 }, { times: 2 });
    await adopt('unheard', shared).expect(502);

    await on(0).delete('/v1/tenants/unheard?delete_organization=true').expect(204);

    expect(organization(shared)).toBeDefined();
    expect((await adopt('next', shared)).status).toBe(201);
  });
});

describe('an adoption', () => {
  it('gives no rights before it is finished', async () => {
    const shared = await organizationByHand(gatehouse.workos);

    const [, seen] = await interleave(
      pauseCall(gatehouse.workos, 'PUT /organizations/*'),
      () => adopt('unfinished', shared),
      () => on(1).get('/organizations/unfinished'),
    );

    expect([seen.status, seen.body]).toMatchObject([409, { code: 'provisioning_in_progress' }]);
  });

  it('that was interrupted is finished by the reconciler, and no other tenant can intervene', async () => {
    const shared = await organizationByHand(gatehouse.workos);
    gatehouse.workos.fault('PUT /organizations/*', { kind: 'after-effect-reset' }, { times: 2 });
    await adopt('cut-off', shared).expect(502);
    Object.assign(organization(shared) ?? {}, { external_id: null, metadata: {} });

    const between = await adopt('between', shared, 1);
    await sql(`update tenants set lease_until = now() - interval '1 second' where id = 'cut-off'`);
    await reconcileNow();

    expect([between.status, between.body]).toMatchObject([409, { code: 'organization_conflict' }]);
    expect(await get('cut-off')).toMatchObject({
      status: 'active',
      workos_organization_id: shared,
    });
  });

  it('can be retried with another organization, and releases the first', async () => {
    const [first, second] = [
      await organizationByHand(gatehouse.workos),
      await organizationByHand(gatehouse.workos),
    ];
    gatehouse.workos.fault('PUT /organizations/*', { kind: 'after-effect-reset' }, { times: 2 });
    await adopt('changed-mind', first).expect(502);

    const again = await adopt('changed-mind', second);
    const others = await adopt('takes-the-first', first, 1);

    expect([again.status, again.body]).toMatchObject([
      200,
      { status: 'active', workos_organization_id: second },
    ]);
    expect(others.status).toBe(201);
  });

  it('keeps the organization’s own metadata, also in our row', async () => {
    const shared = await organizationByHand(gatehouse.workos, { metadata: { since: '2020' } });

    const adopted = await adopt('with-metadata', shared);

    expect(adopted.body).toMatchObject({ metadata: { since: '2020' } });
  });

  it('that WorkOS refuses releases the organization', async () => {
    const shared = await organizationByHand(gatehouse.workos);
    gatehouse.workos.fault('PUT /organizations/*', { kind: 'status', status: 422 }, { times: 1 });
    await adopt('refused', shared).expect(502);

    expect((await adopt('accepted', shared)).status).toBe(201);
  });
});

describe('an unfinished provisioning', () => {
  it('that is PUT again with another name has that name on both sides', async () => {
    gatehouse.workos.fault('POST /organizations', { kind: 'after-effect-reset' }, { times: 1 });
    await put('renamed', { name: 'Before', metadata: { plan: 'gold', owner: 'ada' } }).expect(502);

    const again = await put('renamed', { name: 'After', metadata: { plan: 'free' } });

    const { workos_organization_id: id } = again.body as { workos_organization_id: string };
    expect(again.body).toMatchObject({ name: 'After', metadata: { plan: 'free' } });
    expect(organization(id)).toMatchObject({ name: 'After' });
    expect(organization(id)?.metadata).toEqual({ plan: 'free', gatehouse_tenant: 'renamed' });
  });
});

describe('createOrganization', () => {
  const create = (id: string, replica = 0) =>
    on(replica).post('/organizations').send({ name: id, external_id: id });

  it('is refused for a tenant that another call is creating, as at WorkOS', async () => {
    const [first, second] = await interleave(
      pauseCall(gatehouse.workos, 'POST /organizations'),
      () => create('twice'),
      () => create('twice', 1),
    );

    expect(first.status).toBe(201);
    expect([second.status, second.body]).toMatchObject([400, { code: 'external_id_already_used' }]);
  });

  it('creates the tenant once for concurrent requests', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => create('crowd', index % 2)),
    );

    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([201, ...Array.from({ length: 9 }, () => 400)]);
  });

  it('retries after WorkOS refused to create the organization', async () => {
    gatehouse.workos.fault('POST /organizations', { kind: 'status', status: 422 }, { times: 1 });
    await create('parked').expect(502);

    expect((await create('parked', 1)).status).toBe(201);
  });
});
