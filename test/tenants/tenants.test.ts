import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { tenantsCommand } from '../../src/cli/tenants.ts';
import type { Terminal } from '../../src/cli/output.ts';
import { agePastDenial } from '../support/missing.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/test-app.ts';

let gatehouse: TestApp;
/** Every scope, every tenant. */
let platform: TestClient;
/** What a sibling service usually has. */
let sibling: TestClient;
beforeAll(async () => {
  gatehouse = await startTestApp();
  platform = await gatehouse.createClient({ id: 'platform' });
  sibling = await gatehouse.createClient({
    id: 'sibling',
    scopes: ['tenants:read', 'tenants:write', 'tenants:delete'],
  });
});
afterAll(() => gatehouse.stop());
beforeEach(() => gatehouse.workos.clearFaults());

const put = (id: string, body: object, client = platform) =>
  gatehouse.as(client).put(`/v1/tenants/${id}`).send(body);
const patch = (id: string, body: object, client = platform) =>
  gatehouse.as(client).patch(`/v1/tenants/${id}`).send(body);
const get = (id: string, client = platform) => gatehouse.as(client).get(`/v1/tenants/${id}`);
const remove = (id: string, query = '') =>
  gatehouse.as(platform).delete(`/v1/tenants/${id}${query}`);
const generateLink = async (id: string) =>
  gatehouse
    .as(platform, await gatehouse.userToken({ tenant_id: id }))
    .post('/portal/generate_link')
    .send({ organization: id, intent: 'sso' });

/** The one organization with a tenant's external id. */
function organizationOf(tenantId: string) {
  const found = [...gatehouse.workos.organizations.values()].filter(
    ({ external_id }) => external_id === `gh:test:${tenantId}`,
  );
  if (found.length > 1) throw new Error(`${tenantId} has ${found.length} organizations.`);
  return found[0];
}

interface Organization {
  readonly id: string;
}
/** An organization that somebody made by hand, in WorkOS's dashboard. */
async function foreignOrganization(fields: object): Promise<string> {
  const response = await fetch(`${gatehouse.workos.url}/organizations`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${gatehouse.workos.apiKey}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ name: 'Made by hand', ...fields }),
  });
  return ((await response.json()) as Organization).id;
}

/** What WorkOS was asked meanwhile. */
async function upstreamCallsDuring(work: () => PromiseLike<unknown>): Promise<number> {
  const before = gatehouse.workos.requests.length;
  await work();
  return gatehouse.workos.requests.length - before;
}

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

describe('putTenant', () => {
  it('answers 201 the first time and 200 after, with the same tenant', async () => {
    const first = await put('acme', { name: 'Acme' });
    const second = await put('acme', { name: 'Acme' });

    expect([first.status, second.status]).toEqual([201, 200]);
    expect(first.body).toEqual({
      object: 'tenant',
      id: 'acme',
      workos_organization_id: organizationOf('acme')?.id,
      name: 'Acme',
      status: 'active',
      domains: [],
      metadata: {},
      sign_in_client_id: null,
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
    expect(second.body).toEqual(first.body);
  });

  it('makes an organization with our external id and our mark', async () => {
    await put('marked', {
      name: 'Marked',
      domains: [{ domain: 'marked.example' }],
      metadata: { plan: 'gold' },
    });

    expect(organizationOf('marked')).toMatchObject({
      name: 'Marked',
      external_id: 'gh:test:marked',
      metadata: { plan: 'gold', gatehouse_tenant: 'marked' },
      domains: [{ domain: 'marked.example', state: 'pending' }],
    });
  });

  it.each([
    [
      'the same',
      { name: 'Same', domains: [{ domain: 'same.example' }], metadata: { a: '1', b: '2' } },
    ],
    ['less', { name: 'Same' }],
    ['the same in another order', { metadata: { b: '2', a: '1' }, name: 'Same' }],
    ['a domain in capital letters', { name: 'Same', domains: [{ domain: 'SAME.Example' }] }],
  ])('asks nothing of WorkOS when %s is put again', async (_what, body) => {
    const original = {
      name: 'Same',
      domains: [{ domain: 'Same.example' }],
      metadata: { a: '1', b: '2' },
    };
    await put('same', original);

    const calls = await upstreamCallsDuring(() => put('same', body).expect(200));

    expect(calls).toBe(0);
    expect((await get('same')).body).toMatchObject({
      ...original,
      domains: [{ domain: 'same.example', state: 'pending' }],
    });
  });

  it('writes changes to WorkOS, with our external id and our mark', async () => {
    await put('changing', { name: 'Before', metadata: { plan: 'gold' } });

    const res = await put('changing', { name: 'After', domains: [{ domain: 'Changing.Example' }] });

    expect(res.body).toMatchObject({
      name: 'After',
      metadata: { plan: 'gold' },
      domains: [{ domain: 'changing.example', state: 'pending' }],
    });
    expect(gatehouse.workos.requestsTo('PUT /organizations/*').at(-1)?.body).toMatchObject({
      name: 'After',
      external_id: 'gh:test:changing',
      metadata: { gatehouse_tenant: 'changing' },
    });
    expect(organizationOf('changing')).toMatchObject({
      name: 'After',
      metadata: { plan: 'gold', gatehouse_tenant: 'changing' },
    });
  });

  it('shows the organization id only to clients with tenants:adopt, and our mark to nobody', async () => {
    await put('shown', { name: 'Shown', metadata: { plan: 'gold' } });

    const toSibling = await get('shown', sibling);
    const toPlatform = await get('shown');

    expect(toSibling.text).not.toMatch(/org_|gatehouse_/);
    expect(toPlatform.body).toMatchObject({ workos_organization_id: organizationOf('shown')?.id });
    expect(toPlatform.text).not.toContain('gatehouse_');
  });

  it('compares tenant ids byte for byte', async () => {
    await put('Case', { name: 'One' });
    await put('case', { name: 'Other' });

    expect(organizationOf('Case')?.id).not.toBe(organizationOf('case')?.id);
    expect((await get('Case')).body).toMatchObject({ id: 'Case', name: 'One' });
  });

  it.each([
    'org_01ABC',
    '-acme',
    '.acme',
    'a'.repeat(65),
    'a%00b',
    'a%20b',
    'caf%C3%A9',
    'a%2Fb',
    'a:b',
  ])('refuses the tenant id %s', async (id) => {
    const calls = await upstreamCallsDuring(async () => {
      const res = await put(id, { name: 'Acme' });

      expect(res.status).toBe(422);
      expect((res.body as { errors: object[] }).errors).toContainEqual(
        expect.objectContaining({ field: 'tenant_id' }),
      );
    });

    expect(calls).toBe(0);
  });

  it.each([
    ['no name', {}, 'name'],
    ['a name with a control character', { name: 'A\u0007' }, 'name'],
    ['an unknown field', { name: 'A', external_id: 'x' }, 'external_id'],
    ['metadata of ours', { name: 'A', metadata: { gatehouse_tenant: 'other' } }, 'metadata'],
    ['any key that begins as ours do', { name: 'A', metadata: { gatehouse_x: '1' } }, 'metadata'],
    ['a long metadata value', { name: 'A', metadata: { a: 'x'.repeat(601) } }, 'metadata.a'],
    ['a number in metadata', { name: 'A', metadata: { a: 1 } }, 'metadata.a'],
    [
      'more metadata than leaves room for our mark',
      {
        name: 'A',
        metadata: Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`k${i}`, ''])),
      },
      'metadata',
    ],
    [
      'a domain that is none',
      { name: 'A', domains: [{ domain: 'no domain' }] },
      'domains.0.domain',
    ],
    [
      'a domain twice, once in capitals',
      { name: 'A', domains: [{ domain: 'a.example' }, { domain: 'A.example' }] },
      'domains',
    ],
    [
      'a state of WorkOS’s',
      { name: 'A', domains: [{ domain: 'a.example', state: 'failed' }] },
      'domains.0.state',
    ],
    [
      'a client that does not exist',
      { name: 'A', sign_in_client_id: 'nobody' },
      'sign_in_client_id',
    ],
    [
      'an organization id that is none',
      { name: 'A', workos_organization_id: 'acme' },
      'workos_organization_id',
    ],
  ])('refuses %s and changes nothing', async (_what, body, field) => {
    const calls = await upstreamCallsDuring(async () => {
      const res = await put('refused', body);

      expect(res.status).toBe(422);
      expect(res.type).toBe('application/problem+json');
      expect((res.body as { errors: unknown[] }).errors).toContainEqual(
        expect.objectContaining({ field }),
      );
    });

    expect(calls).toBe(0);
    expect((await get('refused')).status).toBe(404);
  });

  it('accepts a registered client as the one at which logins begin, and forgets it again', async () => {
    const set = await put('signing-in', { name: 'A', sign_in_client_id: 'sibling' });
    const unset = await put('signing-in', { name: 'A', sign_in_client_id: null });

    expect(set.body).toMatchObject({ sign_in_client_id: 'sibling' });
    expect(unset.body).toMatchObject({ sign_in_client_id: null });
  });

  it('takes a domain as verified only from clients with domains:verify', async () => {
    const body = { name: 'V', domains: [{ domain: 'v.example', state: 'verified' }] };

    const refused = await put('verified', body, sibling);
    const accepted = await put('verified', body);

    expect([refused.status, refused.body]).toMatchObject([403, { code: 'insufficient_scope' }]);
    expect([accepted.status, accepted.body]).toMatchObject([
      201,
      { domains: [{ state: 'verified' }] },
    ]);
    expect(organizationOf('verified')?.domains).toMatchObject([{ state: 'verified' }]);
  });

  it('answers another client’s tenant and an unknown one with the same 404', async () => {
    const acmeOnly = await gatehouse.createClient({ tenants: ['acme-*', 'beta'] });
    await put('gamma', { name: 'Gamma' });

    const foreign = await put('gamma', { name: 'Mine now' }, acmeOnly);
    const unknown = await get('delta', acmeOnly);
    const outside = await put('acme', { name: 'No prefix' }, acmeOnly);

    const known = (body: object) => ({ ...body, instance: '' });
    expect([foreign.status, unknown.status, outside.status]).toEqual([404, 404, 404]);
    expect(known(foreign.body as object)).toEqual(known(unknown.body as object));
    expect(known(outside.body as object)).toEqual(known(unknown.body as object));
    expect((await get('gamma')).body).toMatchObject({ name: 'Gamma' });
  });

  it('lets a client with a prefix make and see tenants under it', async () => {
    const acmeOnly = await gatehouse.createClient({ tenants: ['acme-*', 'beta'] });

    const made = await put('acme-north', { name: 'North' }, acmeOnly);
    const listed = await gatehouse.as(acmeOnly).get('/v1/tenants');

    expect(made.status).toBe(201);
    expect((listed.body as { data: object[] }).data).toMatchObject([{ id: 'acme-north' }]);
  });

  it('passes on no refusal of WorkOS’s as if it were about the caller', async () => {
    await put('refusing', { name: 'Before' });
    gatehouse.workos.fault('PUT /organizations/*', { kind: 'status', status: 403 }, { times: 1 });

    const res = await put('refusing', { name: 'After' });

    expect(res.status).toBe(502);
    expect(res.body).toMatchObject({ code: 'upstream_forbidden' });
    expect((await get('refusing')).body).toMatchObject({ name: 'Before' });
  });
});

describe('putTenant with workos_organization_id', () => {
  it('adopts the organization: writes our external id, our mark and the name', async () => {
    const id = await foreignOrganization({ metadata: { since: '2020' } });

    const res = await put('adopted', { name: 'Adopted', workos_organization_id: id });

    expect(res.status).toBe(201);
    expect(res.body).toMatchObject({ status: 'active', workos_organization_id: id });
    expect(organizationOf('adopted')).toMatchObject({
      id,
      name: 'Adopted',
      metadata: { since: '2020', gatehouse_tenant: 'adopted' },
    });
  });

  it('keeps the domains that the organization has, unless others are given', async () => {
    const id = await foreignOrganization({
      domain_data: [{ domain: 'kept.example', state: 'verified' }],
    });

    const res = await put('adopting', { name: 'A', workos_organization_id: id });

    expect(res.body).toMatchObject({ domains: [{ domain: 'kept.example', state: 'verified' }] });
  });

  it('is safe to repeat', async () => {
    const id = await foreignOrganization({});
    await put('adopted-twice', { name: 'A', workos_organization_id: id });

    const calls = await upstreamCallsDuring(() =>
      put('adopted-twice', { name: 'A', workos_organization_id: id }).expect(200),
    );

    expect(calls).toBe(0);
  });

  it('needs tenants:adopt', async () => {
    const id = await foreignOrganization({});

    const res = await put('unadopted', { name: 'A', workos_organization_id: id }, sibling);

    expect([res.status, res.body]).toMatchObject([403, { code: 'insufficient_scope' }]);
    expect((await get('unadopted')).status).toBe(404);
  });

  it.each([
    ['with a foreign external id', () => foreignOrganization({ external_id: 'crm-7' })],
    [
      'marked for another tenant',
      () => foreignOrganization({ metadata: { gatehouse_tenant: 'another' } }),
    ],
    ['mapped to another tenant', () => Promise.resolve(organizationOf('acme')?.id ?? '')],
    ['that WorkOS does not know', () => Promise.resolve('org_01UNKNOWN')],
  ])('refuses an organization %s, and leaves nothing behind', async (_which, make) => {
    const id = await make();
    const before = gatehouse.workos.organizations.get(id);

    const res = await put('conflicting', { name: 'C', workos_organization_id: id });

    expect([res.status, res.body]).toMatchObject([409, { code: 'organization_conflict' }]);
    expect((await get('conflicting')).status).toBe(404);
    expect(gatehouse.workos.organizations.get(id)).toEqual(before);
  });

  it('refuses to move an active tenant to another organization', async () => {
    const id = await foreignOrganization({});

    const res = await put('acme', { name: 'Acme', workos_organization_id: id });

    expect([res.status, res.body]).toMatchObject([409, { code: 'organization_conflict' }]);
    expect((await get('acme')).body).toMatchObject({ status: 'active' });
  });
});

describe('a tenant in conflict', () => {
  it('is one whose external id an organization without our mark has; it is left alone', async () => {
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

  it('leaves it when a person adopts the organization by its id', async () => {
    const id = await foreignOrganization({ external_id: 'gh:test:resolved' });
    await put('resolved', { name: 'Resolved' }).expect(409);

    const res = await put('resolved', { name: 'Resolved', workos_organization_id: id });

    expect([res.status, res.body]).toMatchObject([
      200,
      { status: 'active', workos_organization_id: id },
    ]);
    expect(organizationOf('resolved')?.metadata).toEqual({ gatehouse_tenant: 'resolved' });
  });

  it('is also one whose external id belongs to an organization marked for another tenant', async () => {
    await foreignOrganization({
      external_id: 'gh:test:other-mark',
      metadata: { gatehouse_tenant: 'somebody' },
    });

    const res = await put('other-mark', { name: 'A' });

    expect([res.status, res.body]).toMatchObject([409, { code: 'organization_conflict' }]);
  });
});

describe('an orphaned tenant', () => {
  it('is one whose organization is gone; it is never silently made again', async () => {
    await orphaned('gone');

    const [link, update] = [await generateLink('gone'), await put('gone', { name: 'New' })];

    expect((await get('gone')).body).toMatchObject({ status: 'orphaned' });
    expect([link.status, link.body]).toMatchObject([409, { code: 'organization_missing' }]);
    expect([update.status, update.body]).toMatchObject([409, { code: 'organization_missing' }]);
    expect(organizationOf('gone')).toBeUndefined();
  });

  it('is told of by an event of ours, once', async () => {
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

  it('is noticed by an update as well', async () => {
    await gatehouse.provision('gone-too');
    gatehouse.workos.deleteOrganization(organizationOf('gone-too')?.id ?? '');

    await patch('gone-too', { name: 'New' });
    await agePastDenial(gatehouse, 'gone-too');
    const res = await patch('gone-too', { name: 'New' });

    expect([res.status, res.body]).toMatchObject([409, { code: 'organization_missing' }]);
    expect((await get('gone-too')).body).toMatchObject({ status: 'orphaned' });
  });

  it('comes back with another organization', async () => {
    await orphaned('returning');
    const id = await foreignOrganization({});

    const res = await put('returning', { name: 'Back', workos_organization_id: id });

    expect([res.status, res.body]).toMatchObject([
      200,
      { status: 'active', workos_organization_id: id },
    ]);
    expect((await generateLink('returning')).status).toBe(201);
  });

  it('stays orphaned when the missing organization is named, and comes back when it does', async () => {
    const missing = await orphaned('still-missing');

    const early = await put('still-missing', { name: 'A', workos_organization_id: missing });
    const status = (await get('still-missing')).body as { status: string };
    const other = await foreignOrganization({});
    const late = await put('still-missing', { name: 'A', workos_organization_id: other });

    expect([early.status, status.status, late.status]).toEqual([409, 'orphaned', 200]);
  });
});

describe('patchTenant', () => {
  it('stops everything but reading while suspended, and lets it go on', async () => {
    await gatehouse.provision('stopped');

    const suspended = await patch('stopped', { status: 'suspended' });
    const link = await generateLink('stopped');
    const resumed = await patch('stopped', { status: 'active' });

    expect(suspended.body).toMatchObject({ status: 'suspended' });
    expect([link.status, link.body]).toMatchObject([409, { code: 'tenant_not_active' }]);
    expect(resumed.body).toMatchObject({ status: 'active' });
    expect((await generateLink('stopped')).status).toBe(201);
  });

  it('suspends without asking WorkOS, so also while WorkOS is down', async () => {
    await gatehouse.provision('emergency');

    const calls = await upstreamCallsDuring(() =>
      patch('emergency', { status: 'suspended' }).expect(200),
    );

    expect(calls).toBe(0);
    expect(organizationOf('emergency')).toBeDefined();
  });

  it('does not end a suspension by putting the tenant', async () => {
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

  it('takes a domain as verified only from clients with domains:verify', async () => {
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

  it('adds a domain beside one in a state that callers cannot name', async () => {
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

  it('is content when the organization was gone before', async () => {
    await gatehouse.provision('gone-before');
    gatehouse.workos.deleteOrganization(organizationOf('gone-before')?.id ?? '');

    const res = await remove('gone-before', '?delete_organization=true');

    expect(res.status).toBe(204);
  });

  it('keeps a tenant as deleting when WorkOS fails, and finishes when asked again', async () => {
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

  it('leaves no organization of ours behind that a failed provisioning made', async () => {
    gatehouse.workos.fault('POST /organizations', { kind: 'after-effect-reset' }, { times: 1 });
    await put('half-made', { name: 'A' }).expect(502);

    const res = await remove('half-made', '?delete_organization=true');

    expect(res.status).toBe(204);
    expect(organizationOf('half-made')).toBeUndefined();
  });

  it('needs tenants:delete, and a value it knows', async () => {
    const reader = await gatehouse.createClient({ scopes: ['tenants:read', 'tenants:write'] });

    const refused = await gatehouse.as(reader).delete('/v1/tenants/acme');
    const unknown = await remove('acme', '?delete_organization=yes');

    expect([refused.status, unknown.status]).toEqual([403, 422]);
    expect((await get('acme')).body).toMatchObject({ status: 'active' });
  });
});

interface TenantList {
  readonly data: readonly { readonly id: string }[];
  readonly list_metadata: { readonly before: string | null; readonly after: string | null };
}

describe('listTenants', () => {
  let reader: TestClient;
  const all = Array.from({ length: 25 }, (_, i) => `page-${String(i).padStart(2, '0')}`);
  beforeAll(async () => {
    reader = await gatehouse.createClient({ scopes: ['tenants:read'], tenants: ['page-*'] });
    for (const id of all) {
      const domains = id === 'page-07' ? [{ domain: 'Seven.Example' }] : [];
      await put(id, { name: id, domains }).expect(201);
    }
    await patch('page-11', { status: 'suspended' }).expect(200);
  });

  const list = async (query: string): Promise<TenantList> =>
    (await gatehouse.as(reader).get(`/v1/tenants${query}`).expect(200)).body as TenantList;
  const ids = ({ data }: TenantList) => data.map(({ id }) => id);

  it.each([
    ['asc', all],
    ['desc', all.toReversed()],
  ])('shows each once, in pages, forwards and back, with order=%s', async (order, expected) => {
    const forwards: string[] = [];
    let page = await list(`?order=${order}&limit=7`);
    const first = page;
    forwards.push(...ids(page));
    while (page.list_metadata.after !== null) {
      page = await list(`?order=${order}&limit=7&after=${page.list_metadata.after}`);
      forwards.push(...ids(page));
    }
    const backwards = ids(page);
    while (page.list_metadata.before !== null) {
      page = await list(`?order=${order}&limit=7&before=${page.list_metadata.before}`);
      backwards.unshift(...ids(page));
    }

    expect(first.list_metadata.before).toBeNull();
    expect(forwards).toEqual(expected);
    expect(backwards).toEqual(expected);
  });

  it('shows ten, the newest first, where nothing else is asked', async () => {
    expect(ids(await list(''))).toEqual(all.toReversed().slice(0, 10));
  });

  it('has no cursors where everything is on one page', async () => {
    const page = await list('?limit=100');

    expect(page.data).toHaveLength(25);
    expect(page.list_metadata).toEqual({ before: null, after: null });
  });

  it('ends exactly at a full page', async () => {
    const { list_metadata } = await list('?limit=25');

    expect(list_metadata.after).toBeNull();
  });

  it.each([
    ['status=suspended', ['page-11']],
    ['domain=seven.example', ['page-07']],
    ['domain=SEVEN.EXAMPLE', ['page-07']],
    ['domain=eight.example', []],
    ['status=orphaned', []],
  ])('filters by %s', async (query, expected) => {
    expect(ids(await list(`?${query}`))).toEqual(expected);
  });

  it.each([
    'limit=0',
    'limit=101',
    'limit=x',
    'order=up',
    'status=deleted',
    'domain=-',
    'after=page-01&before=page-02',
    'after=%00',
    'limit=1&limit=2',
    'unknown=1',
  ])('refuses ?%s', async (query) => {
    const res = await gatehouse.as(reader).get(`/v1/tenants?${query}`);

    expect([res.status, res.body]).toMatchObject([422, { code: 'invalid_request' }]);
  });
});

describe('gatehouse tenants verify', () => {
  const verify = async () => {
    let out = '';
    const terminal: Terminal = {
      shown: false,
      attended: false,
      out: (text) => void (out += text),
      err: () => undefined,
      ask: () => Promise.resolve(''),
    };
    const { db } = gatehouse.database;
    const code = await tenantsCommand(['verify'], { terminal, db, config: gatehouse.config });
    const { differences } = JSON.parse(out) as { differences: Record<string, unknown>[] };
    return { code, differences };
  };

  it('lists what differs on either side, and ends with 1', async () => {
    await gatehouse.provision('renamed-there');
    const renamed = organizationOf('renamed-there');
    if (renamed) renamed.name = 'Renamed by hand';
    await gatehouse.provision('unmarked-there');
    delete organizationOf('unmarked-there')?.metadata.gatehouse_tenant;
    const stray = await foreignOrganization({ external_id: 'gh:test:stray' });

    const { code, differences } = await verify();

    expect(code).toBe(1);
    expect(differences).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ tenantId: 'renamed-there', what: expect.stringMatching(/name/) }),
        expect.objectContaining({
          tenantId: 'unmarked-there',
          what: expect.stringMatching(/mark/),
        }),
        expect.objectContaining({ organizationId: stray }),
      ]),
    );
    expect(differences).not.toContainEqual(expect.objectContaining({ tenantId: 'acme' }));
  });
});
