import { beforeAll, describe, expect, it } from '@jest/globals';
import { organizationOf } from '../support/sign-in.ts';
import {
  type ListBody,
  gatehouse,
  client,
  acme,
  globex,
  nobodys,
  get,
  useResources,
} from './resources-setup.ts';

useResources();

const answers = (operation: string, body: unknown, status = 200) =>
  gatehouse.workos.fault(operation, { kind: 'status', status, body }, { times: 1 });

/** What WorkOS may say some day, around what it says today. */
const STRANGE = {
  internal_note: 'not for us',
  secret_of_workos: { deep: [1] },
};

describe('a connection', () => {
  it('has the tenant’s id in place of the organization’s', async () => {
    const { id } = gatehouse.workos.addConnection(acme, { name: 'Okta' });

    const res = await get(`/connections/${id}`).expect(200);

    expect(res.body).toEqual({
      ...gatehouse.workos.state.connections.get(id),
      organization_id: 'acme',
    });
  });

  it('passes on unknown values and nulls, and drops fields outside the contract', async () => {
    const { id } = gatehouse.workos.addConnection(acme);
    answers('GET /connections/*', {
      object: 'connection',
      id,
      organization_id: acme,
      connection_type: 'TelepathySAML',
      name: null,
      state: 'dreaming',
      status: 'entangled',
      callback_endpoint: 'https://auth.workos.com/sso/saml/acs/x',
      domains: null,
      created_at: '2026-11-22T12:00:00.000Z',
      ...STRANGE,
    });

    const res = await get(`/connections/${id}`).expect(200);

    expect(res.body).toEqual({
      object: 'connection',
      id,
      organization_id: 'acme',
      connection_type: 'TelepathySAML',
      name: null,
      state: 'dreaming',
      status: 'entangled',
      callback_endpoint: 'https://auth.workos.com/sso/saml/acs/x',
      domains: null,
      created_at: '2026-11-22T12:00:00.000Z',
    });
  });
});

describe('a deletion', () => {
  it('that a proxy answers with a page has not happened', async () => {
    const { id } = gatehouse.workos.addConnection(acme);
    gatehouse.workos.fault('DELETE /connections/*', {
      ...{ kind: 'status', status: 200, body: 'Sign in to the network' },
      headers: { 'content-type': 'text/html' },
    });

    const res = await gatehouse
      .as(client, await gatehouse.userToken())
      .delete(`/connections/${id}`);

    gatehouse.workos.clearFaults();
    expect([res.status, res.body]).toMatchObject([502, { code: 'upstream_invalid_response' }]);
    expect(gatehouse.workos.state.connections.has(id)).toBe(true);
  });

  it('has happened if the answer is empty, whatever type a proxy gives it', async () => {
    const { id } = gatehouse.workos.addConnection(acme);
    const empty = { kind: 'content-type', type: 'text/html', body: '' } as const;
    gatehouse.workos.fault('DELETE /connections/*', empty);

    const res = await gatehouse
      .as(client, await gatehouse.userToken())
      .delete(`/connections/${id}`);

    gatehouse.workos.clearFaults();
    expect(res.status).toBe(204);
  });
});

describe('a directory user', () => {
  it('has tenant ids, also in its groups, and unchanged attributes', async () => {
    const directory = gatehouse.workos.addDirectory(acme);
    const attributes = {
      organization_id: acme,
      nested: { organization_id: globex, __proto: null, list: [{ organization_id: acme }] },
      empty: null,
    };
    const user = gatehouse.workos.addDirectoryUser(directory.id, {
      raw_attributes: attributes,
      custom_attributes: attributes,
      role: { slug: 'chief' },
    });
    const group = gatehouse.workos.addDirectoryGroup(directory.id, { raw_attributes: attributes });
    gatehouse.workos.addToGroup(group.id, user.id);

    const res = await get(`/directory_users/${user.id}`).expect(200);
    const listed = await get(`/directory_users?directory=${directory.id}`).expect(200);

    expect(res.body).toEqual({
      ...user,
      organization_id: 'acme',
      raw_attributes: attributes,
      custom_attributes: attributes,
      groups: [{ ...group, organization_id: 'acme', raw_attributes: attributes }],
    });
    expect((listed.body as ListBody).data).toEqual([res.body]);
  });

  it('shows nothing of another client’s organization anywhere', async () => {
    const directory = gatehouse.workos.addDirectory(acme);
    const user = gatehouse.workos.addDirectoryUser(directory.id);
    answers('GET /directory_users/*', {
      ...user,
      groups: [
        { object: 'directory_group', id: 'directory_group_1', organization_id: globex },
        { object: 'directory_group', id: 'directory_group_2', organization_id: nobodys },
        { object: 'directory_group', id: 'directory_group_3', organization_id: null },
      ],
    });

    const res = await get(`/directory_users/${user.id}`).expect(200);

    expect(res.body).toMatchObject({
      organization_id: 'acme',
      groups: [{ id: 'directory_group_3' }],
    });
    expect(res.text).not.toContain(globex);
    expect(res.text).not.toContain(nobodys);
  });
});

describe('an id of an organization', () => {
  it('is not shown in a field where WorkOS has none today', async () => {
    const directory = gatehouse.workos.addDirectory(acme);
    answers('GET /directories/*', { ...directory, external_key: globex, domain: acme });

    const res = await get(`/directories/${directory.id}`).expect(200);

    expect(res.body).toMatchObject({ id: directory.id, organization_id: 'acme', domain: 'acme' });
    expect(res.body).not.toHaveProperty('external_key');
  });

  it('is no cursor', async () => {
    const { id } = gatehouse.workos.addDirectory(acme);
    const list_metadata = { before: null, after: globex };
    answers('GET /directories', {
      ...{ object: 'list', data: [gatehouse.workos.state.directories.get(id)], list_metadata },
    });

    const res = await get('/directories?organization_id=acme');

    expect(res.text).not.toContain(globex);
  });
});

describe('an organization', () => {
  const fields = {
    name: 'Initech',
    external_id: 'initech',
    metadata: { crm: '7' },
    domain_data: [{ domain: 'initech.example', state: 'pending' }],
  };
  let made: unknown;
  beforeAll(async () => {
    const res = await gatehouse.as(client).post('/organizations').send(fields).expect(201);
    made = res.body;
  });

  it('is the tenant, with its id twice, without our marks, and with its domains', () => {
    expect(made).toEqual({
      object: 'organization',
      id: 'initech',
      external_id: 'initech',
      name: 'Initech',
      metadata: { crm: '7' },
      allow_profiles_outside_organization: false,
      domains: [
        expect.objectContaining({
          domain: 'initech.example',
          organization_id: 'initech',
          state: 'pending',
        }),
      ],
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
  });

  it.each(['/organizations/initech', '/organizations/external_id/initech'])(
    'is found at %s',
    async (path) => {
      expect((await get(path).expect(200)).body).toEqual(made);
    },
  );

  it('cannot be created twice, under a deleted tenant’s id, or without an external_id', async () => {
    const post = (body: object) => gatehouse.as(client).post('/organizations').send(body);

    const again = await post(fields);
    const nameless = await post({ name: 'Initech' });

    expect([again.status, again.body]).toMatchObject([400, { code: 'external_id_already_used' }]);
    expect([nameless.status, nameless.body]).toMatchObject([
      422,
      { errors: [{ field: 'external_id' }] },
    ]);
  });

  it('is changed, including fields that only WorkOS stores, and keeps its external_id', async () => {
    const put = (body: object) => gatehouse.as(client).put('/organizations/initech').send(body);

    const res = await put({
      name: 'Initech 2',
      external_id: 'initech',
      stripe_customer_id: 'cus_1',
    });
    const moved = await put({ external_id: 'acme' });

    expect([res.status, res.body]).toMatchObject([
      200,
      { id: 'initech', name: 'Initech 2', stripe_customer_id: 'cus_1', external_id: 'initech' },
    ]);
    expect([moved.status, moved.body]).toMatchObject([
      422,
      { errors: [{ code: 'external_id_immutable' }] },
    ]);
    const tenant = await get('/v1/tenants/initech').expect(200);
    expect(tenant.body).toMatchObject({ name: 'Initech 2' });
  });

  it('is deleted, at WorkOS too', async () => {
    await gatehouse.as(client).post('/organizations').send({ name: 'B', external_id: 'initech-b' });
    const organization = await organizationOf(gatehouse, 'initech-b');

    await gatehouse.as(client).delete('/organizations/initech-b').expect(204);

    expect(gatehouse.workos.organizations.has(organization)).toBe(false);
    await get('/organizations/initech-b').expect(404);
  });

  it('that is gone at WorkOS is not found', async () => {
    await gatehouse.provision('initech-gone');
    gatehouse.workos.deleteOrganization(await organizationOf(gatehouse, 'initech-gone'));

    await get('/organizations/initech-gone').expect(404);
  });
});

describe('provider icons', () => {
  it('are returned for each requested type, even an unknown one', async () => {
    const res = await get('/v1/provider-icons?type=OktaSAML,Nonsense').expect(200);

    expect(res.body).toMatchObject({
      object: 'list',
      data: [
        {
          type: 'OktaSAML',
          name: expect.stringContaining('Okta'),
          icon: { light: expect.any(String) },
        },
        { type: 'Nonsense', icon: null },
      ],
    });
  });
});
