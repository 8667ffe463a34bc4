/** WorkOS, or something before it, answers about another organization than the one that was asked for. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Fault } from '../../../src/dev/fake-workos/server.ts';
import { organizationOf } from '../../support/sign-in.ts';
import { startTestApp, type TestApp, type TestClient } from '../../support/test-app.ts';

let gatehouse: TestApp;
let client: TestClient;
let acme: string;
let globex: string;

beforeAll(async () => {
  gatehouse = await startTestApp();
  client = await gatehouse.createClient();
  for (const tenant of ['acme', 'globex', 'initech']) await gatehouse.provision(tenant);
  acme = await organizationOf(gatehouse, 'acme');
  globex = await organizationOf(gatehouse, 'globex');
});
afterEach(() => gatehouse.workos.clearFaults());
afterAll(() => gatehouse.stop());

const answer = (body: unknown): Fault => ({ kind: 'status', status: 200, body });
const globexAsSent = async (): Promise<Record<string, unknown>> => {
  const { url, apiKey } = gatehouse.workos;
  const headers = { authorization: `Bearer ${apiKey}` };
  const response = await fetch(`${url}/organizations/${globex}`, { headers });
  return (await response.json()) as Record<string, unknown>;
};

describe('an answer about another organization', () => {
  it.each([
    ['GET /organizations/acme', 'GET'],
    ['PUT /organizations/acme', 'PUT'],
    ['PATCH /v1/tenants/acme', 'PUT'],
  ])('is a wrong answer for %s, and shows and changes nothing', async (operation, upstream) => {
    const [method = '', path = ''] = operation.split(' ');
    gatehouse.workos.fault(`${upstream} /organizations/${acme}`, answer(await globexAsSent()));
    const agent = gatehouse.as(client);

    const res =
      method === 'GET'
        ? await agent.get(path)
        : method === 'PUT'
          ? await agent.put(path).send({ name: 'Acme 2' })
          : await agent.patch(path).send({ name: 'Acme 3' });

    expect(res.text).not.toContain('globex');
    expect([res.status, (res.body as { code?: string }).code]).toEqual([
      502,
      'upstream_invalid_response',
    ]);
    const rows = await gatehouse.database.superuser(
      `select id, name, organization_id from tenants where id <> 'initech' order by id`,
    );
    expect(rows).toEqual([
      { id: 'acme', name: 'Tenant acme', organization_id: acme },
      { id: 'globex', name: 'Tenant globex', organization_id: globex },
    ]);
  });

  it('stores nothing in the mirror', async () => {
    const stored = () =>
      gatehouse.database.superuser(`select * from mirror where organization_id = $1`, [globex]);
    await gatehouse.database.superuser('delete from mirror');
    const mixedUp = answer(await globexAsSent());
    gatehouse.workos.fault(`GET /organizations/${acme}`, mixedUp);
    gatehouse.workos.fault(`PUT /organizations/${acme}`, mixedUp);

    const res = await gatehouse.as(client).get('/v1/tenants/acme/setup?refresh=true');
    await gatehouse.as(client).get('/organizations/acme').expect(502);
    await gatehouse.as(client).patch('/v1/tenants/acme').send({ name: 'Acme 4' }).expect(502);

    expect(res.text).not.toContain('globex');
    expect(await stored()).toEqual([]);
  });

  it('is invalid if a list contains another organization’s connection', async () => {
    const theirs = gatehouse.workos.addConnection(globex, { state: 'active' });
    const connection = {
      ...{ object: 'connection', id: theirs.id, organization_id: globex, name: 'globex' },
      ...{ connection_type: 'OktaSAML', state: 'active', domains: [] },
      ...{ created_at: '2026-01-01T00:00:00.000Z', updated_at: '2026-01-01T00:00:00.000Z' },
    };
    const page = {
      object: 'list',
      data: [connection],
      list_metadata: { before: null, after: null },
    };
    gatehouse.workos.fault('GET /connections', answer(page));

    const res = await gatehouse.as(client).get('/v1/tenants/initech/setup?refresh=true');

    expect(res.text).not.toContain(theirs.id);
    expect(res.text).not.toContain('globex');
    const rows = await gatehouse.database.superuser(`select 1 from mirror where id = $1`, [
      theirs.id,
    ]);
    expect(rows).toEqual([]);
  });
});
