import { beforeAll, describe, expect, it } from '@jest/globals';
import supertest from 'supertest';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

const gatehouse = useGatehouse({ replicas: 3 });
let client: TestClient;
beforeAll(async () => {
  client = await gatehouse.createClient();
  await gatehouse.provision('acme');
  await gatehouse.provision('globex');
});

const at = (userId: string, tenantId = 'acme') =>
  `/v1/tenants/${tenantId}/it-admins/${encodeURIComponent(userId)}`;
const put = (userId: string, state: string, tenantId = 'acme') =>
  gatehouse.as(client).put(at(userId, tenantId)).send({ state });
const generateLink = (token: string, replica = 0) =>
  supertest(gatehouse.urls[replica] ?? '')
    .post('/portal/generate_link')
    .set('authorization', `Bearer ${client.key}`)
    .set('gatehouse-user-token', token)
    .send({ organization: 'acme', intent: 'sso' });

describe('putItAdmin', () => {
  it('answers 201 the first time and 200 after', async () => {
    const first = await put('grace', 'granted');
    const second = await put('grace', 'denied');

    expect([first.status, second.status]).toEqual([201, 200]);
    expect(first.body).toEqual({
      object: 'it_admin',
      tenant_id: 'acme',
      user_id: 'grace',
      state: 'granted',
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
    const { created_at } = first.body as { created_at: string };
    expect(second.body).toMatchObject({ state: 'denied', created_at });
  });

  it.each(['auth0|123', 'ada@acme.example', 'a/b', '%', '"quoted"', 'x'.repeat(255)])(
    'takes the user id %s as it is',
    async (userId) => {
      await put(userId, 'granted').expect(201);

      const res = await gatehouse.as(client).get(at(userId));

      expect(res.body).toMatchObject({ user_id: userId, state: 'granted' });
    },
  );

  it.each([
    ['a user id of 256 characters', at('x'.repeat(256)), { state: 'granted' }, 'user_id'],
    ['a user id that is not ASCII', at('ä'), { state: 'granted' }, 'user_id'],
    ['a user id with NUL', at('\0'), { state: 'granted' }, 'user_id'],
    ['another state', at('x'), { state: 'maybe' }, 'state'],
    ['no state', at('x'), {}, 'state'],
    ['another field', at('x'), { state: 'granted', role: 'admin' }, 'role'],
  ])('refuses %s', async (_what, path, body, field) => {
    const res = await gatehouse.as(client).put(path).send(body);

    expect(res.status).toBe(422);
    expect((res.body as { errors: object[] }).errors).toContainEqual(
      expect.objectContaining({ field }),
    );
  });

  it('makes one user an IT admin of one tenant', async () => {
    const [acme, globex] = await Promise.all(
      ['acme', 'globex'].map((tenant_id) =>
        gatehouse.userToken({ sub: 'hedy', tenant_id, roles: [] }),
      ),
    );
    const before = await generateLink(acme ?? '');
    await put('hedy', 'granted').expect(201);

    const after = await generateLink(acme ?? '');
    const elsewhere = await gatehouse
      .as(client, globex)
      .post('/portal/generate_link')
      .send({ organization: 'globex', intent: 'sso' });

    expect([before.status, after.status, elsewhere.status]).toEqual([403, 201, 403]);
  });

  it('does not make an IT admin of whoever has another tenant’s token', async () => {
    await put('ida', 'granted').expect(201);

    const res = await generateLink(await gatehouse.userToken({ sub: 'ida', tenant_id: 'globex' }));

    expect([res.status, res.body]).toMatchObject([403, { code: 'it_admin_required' }]);
  });

  it('compares user ids byte for byte', async () => {
    await put('Kay', 'granted').expect(201);

    const res = await generateLink(await gatehouse.userToken({ sub: 'kay', roles: [] }));

    expect(res.status).toBe(403);
  });

  it('denies at once, on every replica, whatever the token says', async () => {
    const token = await gatehouse.userToken({ sub: 'mallory' });
    const before = await Promise.all([0, 1, 2].map((replica) => generateLink(token, replica)));
    await put('mallory', 'denied').expect(201);
    const asked = gatehouse.workos.requests.length;

    const after: Awaited<ReturnType<typeof generateLink>>[] = [];
    for (let round = 0; round < 10; round++)
      after.push(
        ...(await Promise.all(
          Array.from({ length: 10 }, (_, i) => generateLink(token, 1 + (i % 2))),
        )),
      );

    expect(before.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(after.filter(({ status }) => status !== 403)).toHaveLength(0);
    expect(gatehouse.workos.requests).toHaveLength(asked);
  });
});

describe('deleteItAdmin', () => {
  it('takes a grant away at once, on every replica', async () => {
    const token = await gatehouse.userToken({ sub: 'nora', roles: [] });
    await put('nora', 'granted').expect(201);
    await generateLink(token, 1).expect(201);
    await gatehouse.as(client).delete(at('nora')).expect(204);

    const after: Awaited<ReturnType<typeof generateLink>>[] = [];
    for (let round = 0; round < 10; round++)
      after.push(
        ...(await Promise.all(
          Array.from({ length: 10 }, (_, i) => generateLink(token, 1 + (i % 2))),
        )),
      );

    expect(after.filter(({ status }) => status !== 403)).toHaveLength(0);
  });

  it('lets the token decide again after a denial', async () => {
    await put('olga', 'denied').expect(201);
    await gatehouse.as(client).delete(at('olga')).expect(204);

    const res = await generateLink(await gatehouse.userToken({ sub: 'olga' }));

    expect(res.status).toBe(201);
  });

  it('answers 404 where the registry says nothing', async () => {
    const [remove, get] = [
      await gatehouse.as(client).delete(at('nobody')),
      await gatehouse.as(client).get(at('nobody')),
    ];

    expect([remove.status, remove.body]).toMatchObject([404, { code: 'not_found' }]);
    expect([get.status, get.body]).toMatchObject([404, { code: 'not_found' }]);
  });
});

describe('listItAdmins', () => {
  it('lists one tenant’s users, by id', async () => {
    await put('b', 'granted', 'globex').expect(201);
    await put('a', 'denied', 'globex').expect(201);

    const res = await gatehouse.as(client).get('/v1/tenants/globex/it-admins');

    expect(res.body).toMatchObject({
      object: 'list',
      data: [
        { user_id: 'a', state: 'denied', tenant_id: 'globex' },
        { user_id: 'b', state: 'granted', tenant_id: 'globex' },
      ],
    });
  });

  it.each([
    ['no such tenant', {}, '/v1/tenants/unknown/it-admins', 404],
    ['a tenant of others', { tenants: ['globex'] }, '/v1/tenants/acme/it-admins', 404],
    [
      'a client without the scope',
      { scopes: ['tenants:read' as const] },
      '/v1/tenants/acme/it-admins',
      403,
    ],
  ])('refuses %s', async (_what, fields, path, status) => {
    const caller = await gatehouse.createClient({
      ...fields,
      ...('scopes' in fields && { scopes: [...fields.scopes] }),
    });

    const res = await gatehouse.as(caller).get(path);

    expect(res.status).toBe(status);
  });

  it('lets a client that may only read change nothing', async () => {
    const reader = await gatehouse.createClient({ scopes: ['it_admins:read'] });

    const written = await gatehouse.as(reader).put(at('zoe')).send({ state: 'granted' });
    const removed = await gatehouse.as(reader).delete(at('grace'));

    expect([written.status, removed.status]).toEqual([403, 403]);
  });
});
