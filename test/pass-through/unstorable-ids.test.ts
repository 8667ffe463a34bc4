/** WorkOS, or something before it, answers with an id that Postgres cannot hold. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

const gatehouse = useGatehouse();
let client: TestClient;
beforeAll(async () => {
  client = await gatehouse.createClient();
  await gatehouse.provision('acme');
});

const PAGE = { before: null, after: null };
const connection = { id: 'conn_1', object: 'connection', organization_id: 'org_\0' };

describe('an object of an organization whose id holds a NUL', () => {
  it.each([
    ['is in no list', '/connections', { object: 'list', data: [connection], list_metadata: PAGE }],
    ['is not found', '/connections/conn_1', connection],
  ])('%s', async (_what, path, body) => {
    gatehouse.workos.fault(`GET ${path}`, { kind: 'status', status: 200, body }, { times: 1 });

    const res = await gatehouse.as(client).get(path);

    expect([res.status, (res.body as { data?: unknown }).data]).toEqual(
      path === '/connections' ? [200, []] : [404, undefined],
    );
  });
});
