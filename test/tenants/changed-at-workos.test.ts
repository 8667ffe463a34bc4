/** Domains and names that were changed at WorkOS without Gatehouse's tenants: in the Admin Portal, or one by one. */
import { describe, expect, it } from '@jest/globals';
import {
  gatehouse,
  organizationOf,
  patch,
  platform,
  put,
  sibling,
  useTenants,
} from './tenants-setup.ts';

useTenants();

interface Changes {
  readonly name?: string;
  readonly domains?: readonly { readonly domain: string }[];
}

const UPDATES = [
  ['PATCH /v1/tenants/{id}', (id: string, body: Changes) => patch(id, body, sibling)],
  [
    'PUT /organizations/{id}',
    (id: string, { domains, ...rest }: Changes) =>
      gatehouse
        .as(sibling)
        .put(`/organizations/${id}`)
        .send({ ...rest, ...(domains && { domains: domains.map(({ domain }) => domain) }) }),
  ],
] as const;

const domainsOf = (id: string) =>
  organizationOf(id)?.domains.map(({ domain, state }) => `${domain} ${state}`);

const addDomain = (id: string, domain: string) =>
  gatehouse
    .as(sibling)
    .post('/organization_domains')
    .send({ domain, organization_id: id })
    .expect(201);

const removeDomain = (id: string) =>
  gatehouse
    .as(sibling)
    .delete(`/organization_domains/${organizationOf(id)?.domains[0]?.id}`)
    .expect(204);

describe.each(UPDATES)('%s', (name, update) => {
  const tenant = (what: string) => `${what}-${name.slice(0, 3).toLowerCase()}`;

  it('removes a domain that was added one by one', async () => {
    const id = tenant('added');
    const domains = [{ domain: `${id}.example` }];
    await put(id, { name: 'A', domains });
    await addDomain(id, `second-${id}.example`);

    await update(id, { domains }).expect(200);

    expect(domainsOf(id)).toEqual([`${id}.example pending`]);
  });

  it('adds a domain again that was removed one by one', async () => {
    const id = tenant('removed');
    const domains = [{ domain: `${id}.example` }];
    await put(id, { name: 'A', domains });
    await removeDomain(id);

    await update(id, { domains }).expect(200);

    expect(domainsOf(id)).toEqual([`${id}.example pending`]);
  });

  it('does not verify a domain again that was removed as a verified one', async () => {
    const id = tenant('verified');
    const domains = [{ domain: `${id}.example` }];
    await put(id, { name: 'A', domains: [{ domain: `${id}.example`, state: 'verified' }] });
    await removeDomain(id);

    await update(id, { domains: [...domains, { domain: `second-${id}.example` }] }).expect(200);

    expect(domainsOf(id)).toEqual([`${id}.example pending`, `second-${id}.example pending`]);
  });

  it('restores a name that was changed in the dashboard', async () => {
    const id = tenant('renamed');
    await put(id, { name: 'A' });
    const organization = organizationOf(id);
    if (organization) organization.name = 'Changed by hand';

    await update(id, { name: 'A' }).expect(200);

    expect(organizationOf(id)?.name).toBe('A');
  });
});

describe('a domain that exists as pending', () => {
  const verified = (domain: string) => [{ domain, state: 'verified' }];

  it.each([
    [
      'PUT /v1/tenants/{id}',
      (id: string) => put(id, { name: 'A', domains: verified(`${id}.example`) }),
    ],
    ['PATCH /v1/tenants/{id}', (id: string) => patch(id, { domains: verified(`${id}.example`) })],
    [
      'PUT /organizations/{id}',
      (id: string) =>
        gatehouse
          .as(platform)
          .put(`/organizations/${id}`)
          .send({ domain_data: verified(`${id}.example`) }),
    ],
  ])('is verified by a client that may say so: %s', async (name, update) => {
    const id = `proved-${name.slice(0, 9).toLowerCase().replaceAll(/\W/g, '')}`;
    await put(id, { name: 'A', domains: [{ domain: `${id}.example` }] });

    await update(id).expect(200);

    expect(domainsOf(id)).toEqual([`${id}.example verified`]);
  });
});

describe('PUT /v1/tenants/{id}', () => {
  it('asks WorkOS for nothing if the tenant is as wanted, so that a deployment may repeat it', async () => {
    await put('repeated', { name: 'A' });
    const before = gatehouse.workos.requests.length;

    await put('repeated', { name: 'A' }, platform).expect(200);

    expect(gatehouse.workos.requests).toHaveLength(before);
  });
});
