import { describe, expect, it } from '@jest/globals';
import {
  gatehouse,
  sibling,
  put,
  get,
  organizationOf,
  foreignOrganization,
  upstreamCallsDuring,
  useTenants,
} from './tenants-setup.ts';

useTenants();

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

  it('creates an organization with our external id and our mark', async () => {
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

  it('turns a domain in another script into its ASCII form, and finds the tenant by both', async () => {
    const domains = ['Müller.example', '日本.example', 'xn--strae-oqa.example'];
    await put('scripts', { name: 'S', domains: domains.map((domain) => ({ domain })) }).expect(201);

    const stored = (await get('scripts')).body as { domains: { domain: string }[] };
    expect(stored.domains.map(({ domain }) => domain)).toEqual([
      'xn--mller-kva.example',
      'xn--wgv71a.example',
      'xn--strae-oqa.example',
    ]);
    for (const domain of ['MÜLLER.example', 'xn--mller-kva.example']) {
      const found = await gatehouse
        .as(sibling)
        .get(`/v1/tenants?domain=${encodeURIComponent(domain)}`);
      expect(found.body).toMatchObject({ data: [{ id: 'scripts' }] });
    }
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

  it('shows the organization id only to clients with tenants:adopt, and our mark to no client', async () => {
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

  it('accepts a registered client for IdP-initiated logins, and removes it again', async () => {
    const set = await put('signing-in', { name: 'A', sign_in_client_id: 'sibling' });
    const unset = await put('signing-in', { name: 'A', sign_in_client_id: null });

    expect(set.body).toMatchObject({ sign_in_client_id: 'sibling' });
    expect(unset.body).toMatchObject({ sign_in_client_id: null });
  });

  it('accepts a verified domain only from clients with domains:verify', async () => {
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

  it('lets a client with a prefix create and read tenants under it', async () => {
    const acmeOnly = await gatehouse.createClient({ tenants: ['acme-*', 'beta'] });

    const made = await put('acme-north', { name: 'North' }, acmeOnly);
    const listed = await gatehouse.as(acmeOnly).get('/v1/tenants');

    expect(made.status).toBe(201);
    expect((listed.body as { data: object[] }).data).toMatchObject([{ id: 'acme-north' }]);
  });

  it('does not pass on a refusal by WorkOS as if it concerned the caller', async () => {
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
