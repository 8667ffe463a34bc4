import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createGatehouseClient, type GatehouseClient } from '../../client/index.js';
import { currentUserToken, withUserToken } from '../../client/acting-user.js';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

const gatehouse = useGatehouse();
let billing: TestClient;
let client: GatehouseClient;
const connect = (options: object = {}) =>
  createGatehouseClient({ baseUrl: gatehouse.url, apiKey: billing.key, ...options });

beforeAll(async () => {
  await gatehouse.provision('acme');
  billing = await gatehouse.createClient();
  client = connect({ userToken: currentUserToken });
});

const launch = { body: { tenant_id: 'acme', intent: 'sso' as const } };

describe('a client of Gatehouse', () => {
  it('calls an operation by its path', async () => {
    const { data } = await client.GET('/v1/tenants/{tenant_id}', {
      params: { path: { tenant_id: 'acme' } },
    });

    expect(data?.status).toBe('active');
  });

  it('answers a refusal with a typed problem', async () => {
    const { error, response } = await client.PUT('/v1/tenants/{tenant_id}', {
      params: { path: { tenant_id: 'beta' } },
      body: { name: '' },
    });

    expect(response.status).toBe(422);
    expect(error).toMatchObject({ code: 'invalid_request', errors: [{ field: 'name' }] });
    expect(error?.instance).toContain(response.headers.get('X-Request-ID'));
  });

  it('names the acting user of each call, and nobody where there is none', async () => {
    const tokens = await Promise.all(['ada', 'bob'].map((sub) => gatehouse.userToken({ sub })));
    const calls = [...tokens, undefined].map((token) =>
      withUserToken(token, () => client.POST('/v1/portal-launches', launch)),
    );
    const answers = await Promise.all(calls);

    expect(answers.map(({ data, error }) => data?.user_id ?? error?.code)).toEqual([
      'ada',
      'bob',
      'acting_user_required',
    ]);
  });

  it('lets a call name its own acting user', async () => {
    const header = { 'Gatehouse-User-Id': 'eve', 'Gatehouse-User-Roles': 'it_admin' };
    const { data } = await withUserToken(await gatehouse.userToken(), () =>
      client.POST('/v1/portal-launches', { ...launch, params: { header } }),
    );

    expect(data?.user_id).toBe('eve');
  });

  it('asks for the key each time, so that a workload token may change', async () => {
    const keys = [billing.key, 'gh_revoked'];
    const changing = connect({ apiKey: () => keys.shift() });
    const statuses = [];
    for (let call = 0; call < 2; call += 1)
      statuses.push((await changing.GET('/v1/upstream-budget')).response.status);

    expect(statuses).toEqual([200, 401]);
  });
});

it.each([undefined, '', 'localhost:8080', '127.0.0.1:8080', 'https://', 'https://a.example?b=c'])(
  'refuses a base URL that is none in words: %j',
  (baseUrl) => {
    expect(() => connect({ baseUrl })).toThrow(
      /^baseUrl must be the address of Gatehouse, such as/,
    );
  },
);

describe('what the client does not send', () => {
  const sent: string[] = [];
  const fetch = (request: Request) => {
    sent.push(request.url);
    return Promise.resolve(Response.json({}));
  };
  afterEach(() => {
    sent.splice(0);
  });

  it.each(['', '.', '..', '../../beta'])(
    'is a path that leads to another operation: %j',
    async (user_id) => {
      const params = { path: { tenant_id: 'acme', user_id } };
      const call = connect({ fetch }).DELETE('/v1/tenants/{tenant_id}/it-admins/{user_id}', {
        params,
      });
      await call.catch(() => undefined);

      expect(sent.filter((url) => !url.includes('/v1/tenants/acme/it-admins/..%2F'))).toEqual([]);
    },
  );

  it.each([undefined, '', 'gh_key\nX-Other: 1', 'gh_kéy'])(
    'is a malformed key, and no error prints it: %j',
    async (apiKey) => {
      const call = connect({ fetch, apiKey }).GET('/v1/tenants');

      await expect(call).rejects.toThrow(new TypeError('apiKey is missing or malformed.'));
      expect(sent).toEqual([]);
    },
  );
});
