import { beforeAll, describe, expect, it } from '@jest/globals';
import { agePastDenial } from '../support/missing.ts';
import {
  gatehouse,
  platform,
  sibling,
  put,
  patch,
  get,
  organizationOf,
  foreignOrganization,
  upstreamCallsDuring,
  useTenants,
} from './tenants-setup.ts';

useTenants();
beforeAll(async () => {
  await put('acme', { name: 'Acme' }).expect(201);
});

const remove = (id: string, query = '') =>
  gatehouse.as(platform).delete(`/v1/tenants/${id}${query}`);

const generateLink = async (id: string) =>
  gatehouse
    .as(platform, await gatehouse.userToken({ tenant_id: id }))
    .post('/portal/generate_link')
    .send({ organization: id, intent: 'sso' });

/** A tenant whose organization is gone, and was denied twice. */
async function orphaned(id: string): Promise<string> {
  await gatehouse.provision(id);
  const organization = organizationOf(id)?.id ?? '';
  gatehouse.workos.deleteOrganization(organization);
  await generateLink(id);
  await agePastDenial(gatehouse, id);
  await generateLink(id);
  return organization;
}

describe('a tenant in conflict', () => {
  it('arises when an organization without our mark has its external id, and that organization is not changed', async () => {
    const id = await foreignOrganization({ external_id: 'gh:test:clash' });
    const before = structuredClone(gatehouse.workos.organizations.get(id));

    const first = await put('clash', { name: 'Clash' });
    const second = await put('clash', { name: 'Clash' });

    expect([first.status, first.body]).toMatchObject([409, { code: 'organization_conflict' }]);
    expect([second.status, second.body]).toMatchObject([409, { code: 'organization_conflict' }]);
    expect((await get('clash')).body).toMatchObject({ status: 'conflict' });
    expect((await patch('clash', { name: 'X' })).status).toBe(409);
    expect((await generateLink('clash')).status).toBe(409);
    expect(gatehouse.workos.organizations.get(id)).toEqual(before);
  });

  it('is resolved when a person adopts the organization by its id', async () => {
    const id = await foreignOrganization({ external_id: 'gh:test:resolved' });
    await put('resolved', { name: 'Resolved' }).expect(409);

    const res = await put('resolved', { name: 'Resolved', workos_organization_id: id });

    expect([res.status, res.body]).toMatchObject([
      200,
      { status: 'active', workos_organization_id: id },
    ]);
    expect(organizationOf('resolved')?.metadata).toEqual({ gatehouse_tenant: 'resolved' });
  });

  it('also arises when an organization marked for another tenant has its external id', async () => {
    await foreignOrganization({
      external_id: 'gh:test:other-mark',
      metadata: { gatehouse_tenant: 'somebody' },
    });

    const res = await put('other-mark', { name: 'A' });

    expect([res.status, res.body]).toMatchObject([409, { code: 'organization_conflict' }]);
  });
});

describe('an orphaned tenant', () => {
  it('has lost its organization, which is never silently recreated', async () => {
    await orphaned('gone');

    const [link, update] = [await generateLink('gone'), await put('gone', { name: 'New' })];

    expect((await get('gone')).body).toMatchObject({ status: 'orphaned' });
    expect([link.status, link.body]).toMatchObject([409, { code: 'organization_missing' }]);
    expect([update.status, update.body]).toMatchObject([409, { code: 'organization_missing' }]);
    expect(organizationOf('gone')).toBeUndefined();
  });

  it('is reported by one event', async () => {
    await orphaned('told');
    await generateLink('told');

    expect(
      await gatehouse.database.superuser(
        `select event, source, data from events where tenant_id = 'told' and source = 'gatehouse'`,
      ),
    ).toEqual([
      {
        event: 'gatehouse.tenant.orphaned',
        source: 'gatehouse',
        data: { object: 'tenant', id: 'told', status: 'orphaned' },
      },
    ]);
  });

  it('is also detected by an update', async () => {
    await gatehouse.provision('gone-too');
    gatehouse.workos.deleteOrganization(organizationOf('gone-too')?.id ?? '');

    await patch('gone-too', { name: 'New' });
    await agePastDenial(gatehouse, 'gone-too');
    const res = await patch('gone-too', { name: 'New' });

    expect([res.status, res.body]).toMatchObject([409, { code: 'organization_missing' }]);
    expect((await get('gone-too')).body).toMatchObject({ status: 'orphaned' });
  });

  it('is restored with another organization', async () => {
    await orphaned('returning');
    const id = await foreignOrganization({});

    const res = await put('returning', { name: 'Back', workos_organization_id: id });

    expect([res.status, res.body]).toMatchObject([
      200,
      { status: 'active', workos_organization_id: id },
    ]);
    expect((await generateLink('returning')).status).toBe(201);
  });

  it('stays orphaned when the missing organization is named, and is restored once WorkOS has it again', async () => {
    const missing = await orphaned('still-missing');

    const early = await put('still-missing', { name: 'A', workos_organization_id: missing });
    const status = (await get('still-missing')).body as { status: string };
    const other = await foreignOrganization({});
    const late = await put('still-missing', { name: 'A', workos_organization_id: other });

    expect([early.status, status.status, late.status]).toEqual([409, 'orphaned', 200]);
  });
});

describe('patchTenant', () => {
  it('stops everything but reads while the tenant is suspended, and resumes afterwards', async () => {
    await gatehouse.provision('stopped');

    const suspended = await patch('stopped', { status: 'suspended' });
    const link = await generateLink('stopped');
    const resumed = await patch('stopped', { status: 'active' });

    expect(suspended.body).toMatchObject({ status: 'suspended' });
    expect([link.status, link.body]).toMatchObject([409, { code: 'tenant_not_active' }]);
    expect(resumed.body).toMatchObject({ status: 'active' });
    expect((await generateLink('stopped')).status).toBe(201);
  });

  it('suspends without a call to WorkOS, and so also while WorkOS is down', async () => {
    await gatehouse.provision('emergency');

    const calls = await upstreamCallsDuring(() =>
      patch('emergency', { status: 'suspended' }).expect(200),
    );

    expect(calls).toBe(0);
    expect(organizationOf('emergency')).toBeDefined();
  });

  it('does not end a suspension by a PUT', async () => {
    await gatehouse.provision('kept-out');
    await patch('kept-out', { status: 'suspended' });

    const res = await put('kept-out', { name: 'Renamed' });

    expect(res.body).toMatchObject({ name: 'Renamed', status: 'suspended' });
  });

  it.each([
    ['another status', { status: 'orphaned' }, 'status'],
    ['an organization id', { workos_organization_id: 'org_1' }, 'workos_organization_id'],
    ['metadata of ours', { metadata: { gatehouse_tenant: 'x' } }, 'metadata'],
  ])('refuses %s', async (_what, body, field) => {
    const res = await patch('acme', body);

    expect([res.status, res.body]).toMatchObject([422, { errors: [{ field }] }]);
  });

  it('accepts a verified domain only from clients with domains:verify', async () => {
    const body = { domains: [{ domain: 'patched.example', state: 'verified' }] };

    const res = await patch('acme', body, sibling);

    expect(res.status).toBe(403);
  });

  it('keeps the state that WorkOS gave to a domain', async () => {
    await put('verified-since', { name: 'A', domains: [{ domain: 'since.example' }] });
    const organization = organizationOf('verified-since');
    if (organization?.domains[0]) organization.domains[0].state = 'verified';

    const res = await patch('verified-since', {
      domains: [{ domain: 'since.example' }, { domain: 'second.example' }],
    });

    expect(res.body).toMatchObject({
      domains: [
        { domain: 'since.example', state: 'verified' },
        { domain: 'second.example', state: 'pending' },
      ],
    });
  });

  it('adds a domain beside one in a state that callers cannot set', async () => {
    await put('failed-domain', { name: 'A', domains: [{ domain: 'failed.example' }] });
    const organization = organizationOf('failed-domain');
    if (organization?.domains[0]) organization.domains[0].state = 'failed';
    await patch('failed-domain', { name: 'B' }).expect(200);

    const res = await patch('failed-domain', {
      domains: [{ domain: 'failed.example' }, { domain: 'fresh.example' }],
    });

    expect(res.status).toBe(200);
  });
});

describe('deleteTenant', () => {
  it('unlinks, leaves the organization at WorkOS, and answers 404 from then on', async () => {
    await gatehouse.provision('unlinked');

    const res = await remove('unlinked');

    expect(res.status).toBe(204);
    expect((await get('unlinked')).status).toBe(404);
    expect((await remove('unlinked')).status).toBe(404);
    expect((await patch('unlinked', { name: 'X' })).status).toBe(404);
    expect((await generateLink('unlinked')).status).toBe(404);
    expect(organizationOf('unlinked')).toBeDefined();
  });

  it('leaves a tombstone: the id is never used for another organization', async () => {
    await gatehouse.provision('buried');
    await remove('buried').expect(204);
    const id = await foreignOrganization({});

    const again = await put('buried', { name: 'Again' });
    const adopting = await put('buried', { name: 'Again', workos_organization_id: id });

    expect([again.status, again.body]).toMatchObject([409, { code: 'tenant_deleted' }]);
    expect([adopting.status, adopting.body]).toMatchObject([409, { code: 'tenant_deleted' }]);
  });

  it('deletes the organization too when asked to', async () => {
    await gatehouse.provision('erased');
    const id = organizationOf('erased')?.id ?? '';

    const res = await remove('erased', '?delete_organization=true');

    expect(res.status).toBe(204);
    expect(gatehouse.workos.organizations.has(id)).toBe(false);
    expect((await put('erased', { name: 'Again' })).body).toMatchObject({ code: 'tenant_deleted' });
  });

  it('succeeds when the organization was deleted before', async () => {
    await gatehouse.provision('gone-before');
    gatehouse.workos.deleteOrganization(organizationOf('gone-before')?.id ?? '');

    const res = await remove('gone-before', '?delete_organization=true');

    expect(res.status).toBe(204);
  });

  it('keeps the tenant in deleting when WorkOS fails, and finishes on the next request', async () => {
    await gatehouse.provision('half-deleted');
    const fault = { kind: 'status', status: 500 } as const;
    gatehouse.workos.fault('DELETE /organizations/*', fault, { times: 2 });

    const failed = await remove('half-deleted', '?delete_organization=true');
    const meanwhile = await get('half-deleted');
    const again = await remove('half-deleted', '?delete_organization=true');

    expect(failed.status).toBe(502);
    expect(meanwhile.body).toMatchObject({ status: 'deleting' });
    expect((await put('half-deleted', { name: 'X' })).status).toBe(409);
    expect(again.status).toBe(204);
    expect(organizationOf('half-deleted')).toBeUndefined();
  });

  it('ends a conflict without touching the organization', async () => {
    const id = await foreignOrganization({ external_id: 'gh:test:given-up' });
    await put('given-up', { name: 'A' }).expect(409);

    const res = await remove('given-up', '?delete_organization=true');

    expect(res.status).toBe(204);
    expect(gatehouse.workos.organizations.has(id)).toBe(true);
  });

  it('deletes an organization that a failed provisioning left behind', async () => {
    gatehouse.workos.fault('POST /organizations', { kind: 'after-effect-reset' }, { times: 1 });
    await put('half-made', { name: 'A' }).expect(502);

    const res = await remove('half-made', '?delete_organization=true');

    expect(res.status).toBe(204);
    expect(organizationOf('half-made')).toBeUndefined();
  });

  it('requires tenants:delete and a known value', async () => {
    const reader = await gatehouse.createClient({ scopes: ['tenants:read', 'tenants:write'] });

    const refused = await gatehouse.as(reader).delete('/v1/tenants/acme');
    const unknown = await remove('acme', '?delete_organization=yes');

    expect([refused.status, unknown.status]).toEqual([403, 422]);
    expect((await get('acme')).body).toMatchObject({ status: 'active' });
  });
});
