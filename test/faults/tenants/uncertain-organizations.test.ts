import { describe, expect, it } from '@jest/globals';
import { interleave, pauseCall } from '../../support/interleave.ts';
import { organizationByHand } from '../../support/organization-by-hand.ts';
import { ageSends, settleNow } from '../../support/settling.ts';
import { gatehouse, on, patch, UPDATE, useTwoReplicas } from './two-replicas.ts';

useTwoReplicas();

const tenant = (id: string) => `/v1/tenants/${id}`;
const put = (id: string, body: object = {}, replica = 0) =>
  on(replica)
    .put(tenant(id))
    .send({ name: id, ...body });
const get = async (id: string) =>
  (await on(1).get(tenant(id))).body as { name: string; workos_organization_id: string };
const organizationOf = async (id: string) => (await get(id)).workos_organization_id;
const atWorkos = (organization: string) => gatehouse.workos.organizations.get(organization);

describe('a change that is under way when its tenant is unlinked', () => {
  it('never reaches the organization after another tenant has adopted it', async () => {
    await gatehouse.provision('leaver');
    const organization = await organizationOf('leaver');
    const taken: number[] = [];

    await interleave(
      pauseCall(gatehouse.workos, UPDATE),
      () => patch('leaver', { name: 'Late' }),
      async () => {
        await on(1).delete(tenant('leaver')).expect(204);
        Object.assign(atWorkos(organization) ?? {}, { external_id: null, metadata: {} });
        const res = await put('heir', { workos_organization_id: organization }, 1);
        taken.push(res.status);
        expect(res.headers['retry-after']).toBe('15');
      },
    );
    Object.assign(atWorkos(organization) ?? {}, { external_id: null, metadata: {} });
    await ageSends(gatehouse, 'leaver');
    await put('heir', { workos_organization_id: organization }, 1).expect(201);

    expect(taken).toEqual([409]);
    expect(atWorkos(organization)).toMatchObject({ name: 'heir', external_id: 'gh:test:heir' });
  });

  it('answers that the tenant is gone, and changes no row', async () => {
    await gatehouse.provision('gone');

    const [changed] = await interleave(
      pauseCall(gatehouse.workos, UPDATE, 'after-effect'),
      () => patch('gone', { name: 'Late' }),
      () => on(1).delete(tenant('gone')).expect(204),
    );

    expect(changed.status).toBe(409);
    await on(0).get(tenant('gone')).expect(404);
  });
});

describe('an adoption whose answer is lost', () => {
  const lost = async (id: string) => {
    const organization = await organizationByHand(gatehouse.workos);
    gatehouse.workos.fault(UPDATE, { kind: 'status', status: 500 }, { times: 2 });
    await put(id, { name: 'Lost', workos_organization_id: organization }).expect(502);
    return organization;
  };

  it('leaves both sides the same when it arrives after a later one', async () => {
    const organization = await lost('adopter');
    await put('adopter', { name: 'Wanted', workos_organization_id: organization }, 1);
    // The first one lands now.
    Object.assign(atWorkos(organization) ?? {}, { name: 'Lost' });

    await ageSends(gatehouse, 'adopter');
    await settleNow(gatehouse);

    expect([(await get('adopter')).name, atWorkos(organization)?.name]).toEqual([
      'Wanted',
      'Wanted',
    ]);
  });

  it('keeps its organization until the request has arrived', async () => {
    const organization = await lost('quitter');

    const early = await on(1).delete(tenant('quitter'));
    const other = await put('other', { workos_organization_id: organization }, 1);
    await ageSends(gatehouse, 'quitter');
    await on(1).delete(tenant('quitter')).expect(204);

    expect([early.status, other.status]).toEqual([409, 409]);
    expect(early.headers['retry-after']).toBeDefined();
  });
});

describe('PUT, PATCH and DELETE of one tenant at once', () => {
  it('end in the same state on both sides', async () => {
    const ends: string[] = [];
    for (let round = 0; round < 20; round += 1) {
      const id = `all-${round}`;
      await gatehouse.provision(id);
      const organization = await organizationOf(id);
      const remove = `${tenant(id)}?delete_organization=${round % 2 === 0}`;

      const answers = await Promise.all([
        put(id, { name: 'Put' }),
        patch(id, { name: 'Patched', status: 'suspended' }, 1),
        on(round % 2).delete(remove),
        patch(id, { metadata: { round: String(round) } }),
      ]);

      expect(answers.map(({ status }) => status).filter((status) => status >= 500)).toEqual([]);
      const removed = answers[2].status === 204;
      const { status } = await on(0).get(tenant(id));
      const isAtWorkos = atWorkos(organization) !== undefined;
      ends.push(`${removed} ${status} ${removed && round % 2 === 0 ? isAtWorkos : 'any'}`);
    }

    const allowed = ['true 404 false', 'true 404 any', 'false 200 any'];
    expect(ends.filter((end) => !allowed.includes(end))).toEqual([]);
  });
});

describe('a suspension', () => {
  it('persists when a failed provisioning is retried and finishes', async () => {
    gatehouse.workos.fault('POST /organizations', { kind: 'status', status: 500 }, { times: 1 });
    await put('retried').expect(502);
    await patch('retried', { status: 'suspended' }, 1).expect(200);

    const [again] = await Promise.all([put('retried'), put('retried', {}, 1)]);

    expect(again.status).toBeLessThan(500);
    expect(await get('retried')).toMatchObject({ status: 'suspended' });
  });

  it('persists when a change is settled at the same time', async () => {
    await gatehouse.provision('stopped');
    gatehouse.workos.fault(UPDATE, { kind: 'after-effect-reset' }, { times: 2 });
    await patch('stopped', { name: 'Other' }).expect(502);
    await ageSends(gatehouse, 'stopped');

    await interleave(
      pauseCall(gatehouse.workos, UPDATE),
      () => settleNow(gatehouse),
      () => patch('stopped', { status: 'suspended' }).expect(200),
    );

    expect(await get('stopped')).toMatchObject({ status: 'suspended', name: 'Tenant stopped' });
  });
});
