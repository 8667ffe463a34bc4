/** A privilege of the service that somebody has revoked. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { RUNTIME } from '../../src/dev/roles.ts';
import type { Gatehouse } from '../../src/process/gateway.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';
import { waitFor } from '../support/wait-for.ts';

const gatehouse = useGatehouse();
let replica: Gatehouse;
let client: TestClient;
beforeAll(async () => {
  client = await gatehouse.createClient();
  await gatehouse.provision('acme');
  await gatehouse.database.superuser(`revoke insert, update on portal_launches from ${RUNTIME}`);
  replica = await gatehouse.startReplica();
});

const readyz = async () => {
  const answer = await fetch(`http://127.0.0.1:${replica.adminPort}/readyz`);
  return { status: answer.status, text: await answer.text() };
};

describe('a privilege on a table that the role of DATABASE_URL lacks', () => {
  it('makes requests that need it fail with 503 and not 500, and no others', async () => {
    const agent = gatehouse.as(client, await gatehouse.userToken());

    const launch = await agent
      .post('/v1/portal-launches')
      .send({ tenant_id: 'acme', intent: 'sso' });
    const tenant = await agent.get('/v1/tenants/acme');

    expect(launch.status).toBe(503);
    expect(launch.headers['retry-after']).toBeDefined();
    expect(launch.body).toMatchObject({
      code: 'dependency_unavailable',
      detail: expect.stringContaining('privilege'),
    });
    expect(tenant.status).toBe(200);
  });

  it('is named by an error in the log and by /readyz, which stays 200', async () => {
    const named = await waitFor(() =>
      gatehouse.logs.find((line) => line.includes('lacks privileges')),
    );
    const ready = await readyz();

    expect(JSON.parse(named)).toMatchObject({
      level: 50,
      lacking: 'portal_launches (insert, update)',
      msg: expect.stringContaining('gatehouse migrate'),
    });
    expect(ready.status).toBe(200);
    expect(ready.text).toContain(
      'database: the role lacks privileges on portal_launches (insert, update); run "gatehouse migrate"',
    );
  });
});

describe('the use of the schema of the tables, if the role lacks it', () => {
  it('makes the process not ready, because no request would work', async () => {
    await gatehouse.database.superuser(`revoke usage on schema public from ${RUNTIME}, public`);

    const without = await readyz();
    await gatehouse.database.superuser(`grant usage on schema public to ${RUNTIME}, public`);
    const after = await readyz();

    expect(without.status).toBe(503);
    expect(without.text).toContain('42501: the role lacks rights; run "gatehouse migrate"');
    expect(after.status).toBe(200);
  });
});
