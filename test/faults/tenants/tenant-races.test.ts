import { describe, expect, it } from '@jest/globals';
import { interleave, pauseCall } from '../../support/interleave.ts';
import { organizationByHand } from '../../support/organization-by-hand.ts';
import { client, gatehouse, get, on, patch, UPDATE, useTwoReplicas } from './two-replicas.ts';

useTwoReplicas();

const put = (id: string, body: object, replica = 0) =>
  on(replica).put(`/v1/tenants/${id}`).send(body);
const suspend = (id: string, replica = 1) => patch(id, { status: 'suspended' }, replica);
const organizationOf = (id: string) =>
  [...gatehouse.workos.organizations.values()].find(
    ({ external_id }) => external_id === `gh:test:${id}`,
  );

const ROUTES: [string, (id: string, name: string) => PromiseLike<{ status: number }>][] = [
  ['PATCH /v1/tenants/{id}', (id, name) => patch(id, { name })],
  ['PUT /v1/tenants/{id}', (id, name) => put(id, { name })],
  ['PUT /organizations/{id}', (id, name) => on(0).put(`/organizations/${id}`).send({ name })],
];

describe('a suspension', () => {
  it.each(ROUTES)('persists when a slow change by %s ends after it', async (route, rename) => {
    const id = `slow-${ROUTES.findIndex(([name]) => name === route)}`;
    await gatehouse.provision(id);

    const [renamed, suspended] = await interleave(
      pauseCall(gatehouse.workos, UPDATE),
      () => rename(id, 'Renamed'),
      () => suspend(id),
    );

    expect([renamed.status, suspended.status]).toEqual([200, 200]);
    expect(await get(id)).toMatchObject({ status: 'suspended', name: 'Renamed' });
    expect(organizationOf(id)?.name).toBe('Renamed');
  });

  it('persists when an earlier request also sets the status to active', async () => {
    await gatehouse.provision('asked-before');

    await interleave(
      pauseCall(gatehouse.workos, UPDATE),
      () => patch('asked-before', { name: 'Renamed', status: 'active' }),
      () => suspend('asked-before'),
    );

    expect(await get('asked-before')).toMatchObject({ status: 'suspended', name: 'Renamed' });
  });

  it('takes effect at once when it is requested together with a slow change', async () => {
    await gatehouse.provision('together');

    const [, meanwhile] = await interleave(
      pauseCall(gatehouse.workos, UPDATE),
      () => patch('together', { name: 'Renamed', status: 'suspended' }),
      () => get('together'),
    );

    expect(meanwhile).toMatchObject({ status: 'suspended' });
    expect(await get('together')).toMatchObject({ status: 'suspended', name: 'Renamed' });
  });

  it('is never lost to a concurrent fast change', async () => {
    await gatehouse.provision('fast');
    const lost: number[] = [];

    for (let round = 0; round < 24; round += 1) {
      await patch('fast', { status: 'active' }).expect(200);
      const signIn = round % 2 === 0 ? client.id : null;
      const changes = [
        () => patch('fast', { sign_in_client_id: signIn }),
        () => put('fast', { name: `Fast ${round}`, sign_in_client_id: signIn }),
        () =>
          on(0)
            .put('/organizations/fast')
            .send({ name: `Fast ${round}` }),
      ];
      const change = changes[round % 3] as () => PromiseLike<unknown>;
      const both = [change(), suspend('fast')];
      await Promise.all(round % 2 === 0 ? both : both.reverse());
      const { status } = (await get('fast')) as { status: string };
      if (status !== 'suspended') lost.push(round);
    }

    expect(lost).toEqual([]);
  });

  it('that is requested during provisioning applies afterwards', async () => {
    const [made, suspended] = await interleave(
      pauseCall(gatehouse.workos, 'POST /organizations'),
      () => put('early', { name: 'Early' }),
      () => suspend('early'),
    );

    expect([suspended.status, suspended.body]).toMatchObject([
      200,
      { status: 'provisioning', next_status: 'suspended' },
    ]);
    expect([made.status, made.body]).toMatchObject([201, { status: 'suspended' }]);
  });

  it.each([
    ['before the organization was missing', ['suspended', 'orphaned']],
    ['while the organization is missing', ['orphaned', 'suspended']],
  ])('that came %s holds when another organization is adopted', async (_when, steps) => {
    const id = `adopted-after-${steps.join('-')}`;
    await gatehouse.provision(id);
    for (const step of steps)
      await (step === 'suspended'
        ? suspend(id).expect(200)
        : gatehouse.database.superuser(
            `update tenants set status = 'orphaned', former_status = status where id = $1`,
            [id],
          ));
    gatehouse.workos.deleteOrganization(organizationOf(id)?.id ?? '');
    const other = await organizationByHand(gatehouse.workos);

    const adopted = await put(id, { name: 'Back', workos_organization_id: other });
    const resumed = await patch(id, { status: 'active' });

    expect([adopted.status, adopted.body]).toMatchObject([
      200,
      { status: 'suspended', workos_organization_id: other },
    ]);
    expect(resumed.body).toMatchObject({ status: 'active' });
  });

  it('of a tenant without an organization is ended only by an explicit active', async () => {
    await organizationByHand(gatehouse.workos, { external_id: 'gh:test:clashing' });
    await put('clashing', { name: 'Clashing' }).expect(409);

    const nothing = await patch('clashing', { status: 'active' });
    const stopped = await suspend('clashing');
    const ended = await patch('clashing', { status: 'active' });

    expect(nothing.status).toBe(409);
    expect(stopped.body).toMatchObject({ status: 'conflict', next_status: 'suspended' });
    expect(ended.body).toMatchObject({ status: 'conflict', next_status: 'active' });
  });
});

describe('two concurrent changes', () => {
  it.each(['before-effect', 'after-effect'] as const)(
    'both hold when the first is held up %s at WorkOS',
    async (at) => {
      const id = `both-${at}`;
      await gatehouse.provision(id);

      const [renamed, described] = await interleave(
        pauseCall(gatehouse.workos, UPDATE, at),
        () => patch(id, { name: 'Renamed' }),
        () => patch(id, { metadata: { plan: 'gold' } }, 1),
      );

      expect([renamed.status, described.status]).toEqual([200, 200]);
      expect(await get(id)).toMatchObject({ name: 'Renamed', metadata: { plan: 'gold' } });
      expect(organizationOf(id)).toMatchObject({
        name: 'Renamed',
        metadata: { plan: 'gold', gatehouse_tenant: id },
      });
    },
  );

  it.each(['before-effect', 'after-effect'] as const)(
    'to one field leave the same on both sides when the first is held up %s',
    async (at) => {
      const id = `same-field-${at}`;
      await gatehouse.provision(id);

      await interleave(
        pauseCall(gatehouse.workos, UPDATE, at),
        () => patch(id, { name: 'First', metadata: { first: '1' } }),
        () => patch(id, { name: 'Second', metadata: { second: '2' } }, 1),
      );

      const tenant = (await get(id)) as { name: string; metadata: object };
      const { name, metadata } = organizationOf(id) ?? {};
      expect({ ...tenant.metadata, gatehouse_tenant: id }).toEqual(metadata);
      expect(tenant.name).toBe(name);
    },
  );
});

describe('metadata', () => {
  const seen = async (id: string) => ({
    native: ((await get(id)) as { metadata: object }).metadata,
    compatible: ((await on(1).get(`/organizations/${id}`)).body as { metadata: object }).metadata,
    workos: organizationOf(id)?.metadata,
  });
  const everywhere = (id: string, metadata: object) => ({
    native: metadata,
    compatible: metadata,
    workos: { ...metadata, gatehouse_tenant: id },
  });

  it('is the same map for every reader and at WorkOS, however it was changed', async () => {
    await put('mapped', { name: 'M', metadata: { plan: 'gold', owner: 'ada' } }).expect(201);
    const steps: [() => PromiseLike<unknown>, object][] = [
      [() => patch('mapped', { metadata: { plan: 'free' } }), { plan: 'free' }],
      [
        () =>
          on(0)
            .put('/organizations/mapped')
            .send({ metadata: { owner: 'bob' } }),
        { plan: 'free', owner: 'bob' },
      ],
      [
        () =>
          on(0)
            .put('/organizations/mapped')
            .send({ metadata: { plan: null } }),
        { owner: 'bob' },
      ],
      [() => put('mapped', { name: 'M', metadata: {} }), {}],
      [() => put('mapped', { name: 'M', metadata: { a: '1' } }), { a: '1' }],
      [() => on(0).put('/organizations/mapped').send({ metadata: null }), {}],
    ];

    for (const [step, expected] of steps) {
      await step();
      expect(await seen('mapped')).toEqual(everywhere('mapped', expected));
    }
  });

  it('that only WorkOS has is removed by a new map, except our own keys', async () => {
    await put('drifted', { name: 'D', metadata: { a: '1' } }).expect(201);
    Object.assign(organizationOf('drifted')?.metadata ?? {}, { stray: 'x', gatehouse_note: 'y' });

    await patch('drifted', { metadata: { b: '2' } }).expect(200);

    expect(organizationOf('drifted')?.metadata).toEqual({
      b: '2',
      gatehouse_note: 'y',
      gatehouse_tenant: 'drifted',
    });
  });
});
