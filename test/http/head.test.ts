/** HEAD, which RFC 9110 §9.1 asks for wherever GET is taken. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { connect } from '../support/sign-in.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

const gatehouse = useGatehouse();
let client: TestClient;
beforeAll(async () => {
  client = await gatehouse.createClient();
  await gatehouse.provision('acme');
  await connect(gatehouse, 'acme');
});

/** Headers that differ between any two answers. */
const ofOneAnswer = ['date', 'x-request-id', 'ratelimit'];
const headersOf = (given: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(given).filter(([name]) => !ofOneAnswer.includes(name)));

describe('HEAD', () => {
  it.each([
    ['a list', '/v1/tenants', 200],
    ['an object', '/v1/tenants/acme', 200],
    ['an object of WorkOS', '/organizations/acme', 200],
    ['a list of WorkOS', '/connections?organization_id=acme', 200],
    ['a list of WorkOS, in any case', '/Connections?organization_id=acme', 200],
    ['what does not exist', '/v1/tenants/nobody', 404],
    ['a wrong query', '/v1/tenants?limit=x', 422],
    ['what is not offered', '/fga/v1/check', 501],
  ])(
    'of %s answers with the status and the headers of GET, and no body',
    async (_what, path, status) => {
      const got = await gatehouse.as(client).get(path);
      const head = await gatehouse.as(client).head(path);

      expect([got.status, head.status, head.text]).toEqual([status, status, undefined]);
      expect(headersOf(head.headers)).toEqual(headersOf(got.headers));
    },
  );

  it('needs the same rights as GET', async () => {
    const other = await gatehouse.createClient({ tenants: ['other'], scopes: ['it_admins:read'] });

    expect((await gatehouse.anonymous.head('/v1/tenants')).status).toBe(401);
    expect((await gatehouse.as(other).head('/v1/tenants')).status).toBe(403);
  });
});
