import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { operator } from '../../src/cli/operator.ts';
import { createClientRegistry } from '../../src/clients/registry.ts';
import type { Fault } from '../../src/dev/fake-workos/server.ts';
import { eventually } from '../support/eventually.ts';
import { leaksInDatabase, leaksInLogs } from '../support/leaks.ts';
import {
  auditRows,
  connect,
  createBrowser,
  exchange,
  grant,
  login,
  profileOf,
  REDIRECT_URI,
  sealerOf,
  signIn,
  TOKEN,
  type Exchanged,
  type LoginOptions,
} from '../support/sign-in.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/test-app.ts';

let gatehouse: TestApp;
let client: TestClient;
let other: TestClient;
/** A replica of its own for what it counts. */
let counted: { readonly url: string; readonly adminUrl: string };

beforeAll(async () => {
  gatehouse = await startTestApp();
  client = await gatehouse.createClient({
    redirectUris: [REDIRECT_URI],
    tokenIssuer: gatehouse.issuer.url,
    tokenSubject: 'system:serviceaccount:shop:web',
  });
  other = await gatehouse.createClient({ redirectUris: [REDIRECT_URI] });
  await gatehouse.provision('acme');
  await connect(gatehouse, 'acme', 'GenericOIDC');
  const replica = await gatehouse.startReplica();
  counted = {
    url: `http://127.0.0.1:${replica.port}`,
    adminUrl: `http://127.0.0.1:${replica.adminPort}`,
  };
});
afterEach(() => gatehouse.workos.clearFaults());
afterAll(() => gatehouse.stop());

const newCode = async (options?: LoginOptions) => (await signIn(gatehouse, client, options)).code;
const basic = (id: string, key: string) => ({
  authorization: `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(key)}`).toString('base64')}`,
});
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const registry = () => createClientRegistry(gatehouse.database.db);
const workloadToken = () =>
  gatehouse.issuer.sign({ aud: 'gatehouse-clients', sub: 'system:serviceaccount:shop:web' });
const expectRefusal = ({ status, headers, body }: Exchanged, error: string, expected = 400) => {
  expect(status).toBe(expected);
  expect(headers.get('content-type')).toBe('application/json');
  expect(headers.get('cache-control')).toBe('no-store');
  expect(body).toMatchObject({
    type: expect.stringMatching(/\/docs\/problems#[\w-]+$/),
    title: expect.any(String),
    status: expected,
    detail: expect.any(String),
    instance: expect.stringMatching(/^urn:uuid:/),
    code: expect.stringMatching(/^[a-z_]+$/),
    error,
    error_description: body.detail,
    message: body.detail,
  });
};

describe('exchangeSsoCode', () => {
  it('answers the profile with the tenant id, and a token, and nothing of it may be kept', async () => {
    const { status, headers, body } = await exchange(gatehouse, grant(client, await newCode()));

    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toEqual({
      token_type: 'Bearer',
      access_token: expect.stringMatching(/^[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+$/),
      expires_in: 600,
      profile: expect.objectContaining({
        object: 'profile',
        organization_id: 'acme',
        connection_type: 'GenericOIDC',
        email: expect.stringContaining('@'),
      }),
    });
  });

  it.each<[string, () => Promise<{ fields?: object; headers?: Record<string, string> }>]>([
    ['client_secret', () => Promise.resolve({ fields: { client_secret: client.key } })],
    ['Basic', () => Promise.resolve({ headers: basic(client.id, client.key) })],
    ['Bearer', () => Promise.resolve({ headers: bearer(client.key) })],
    [
      'Basic and client_secret',
      () =>
        Promise.resolve({
          fields: { client_secret: client.key },
          headers: basic(client.id, client.key),
        }),
    ],
    [
      'Bearer and client_secret',
      () => Promise.resolve({ fields: { client_secret: client.key }, headers: bearer(client.key) }),
    ],
    [
      'Basic without client_id, and an empty client_secret',
      () =>
        Promise.resolve({
          fields: { client_id: undefined, client_secret: '' },
          headers: basic(client.id, client.key),
        }),
    ],
    [
      'Bearer without client_id',
      () => Promise.resolve({ fields: { client_id: undefined }, headers: bearer(client.key) }),
    ],
    ['a workload token as Bearer', async () => ({ headers: bearer(await workloadToken()) })],
    [
      'a workload token as client_secret',
      async () => ({ fields: { client_secret: await workloadToken() } }),
    ],
    [
      'a workload token as both, as SDKs send it',
      async () => {
        const token = await workloadToken();
        return { fields: { client_secret: token }, headers: bearer(token) };
      },
    ],
  ])('authenticates the client by %s', async (_how, credentials) => {
    const { fields, headers } = await credentials();

    const { status } = await exchange(
      gatehouse,
      { ...grant(client, await newCode()), client_secret: undefined, ...fields },
      { ...(headers && { headers }) },
    );

    expect(status).toBe(200);
  });

  it.each<[string, () => { fields?: object; headers?: Record<string, string> }]>([
    ['no credential', () => ({})],
    ['a wrong secret', () => ({ fields: { client_secret: `${client.key.slice(0, -1)}!` } })],
    ['another client’s secret', () => ({ fields: { client_secret: other.key } })],
    ['another client’s id', () => ({ fields: { client_id: other.id, client_secret: client.key } })],
    ['another client’s id in Basic', () => ({ headers: basic(other.id, client.key) })],
    ['two ids', () => ({ fields: { client_id: other.id }, headers: basic(client.id, client.key) })],
    [
      'two secrets',
      () => ({ fields: { client_secret: other.key }, headers: basic(client.id, client.key) }),
    ],
    [
      'a good secret beside a bad Bearer',
      () => ({ fields: { client_secret: client.key }, headers: bearer('gh_bad') }),
    ],
    [
      'a bad secret beside a good Bearer',
      () => ({ fields: { client_secret: 'x' }, headers: bearer(client.key) }),
    ],
    [
      'a good secret beside Digest',
      () => ({
        fields: { client_secret: client.key },
        headers: { authorization: 'Digest username="x"' },
      }),
    ],
    [
      'a good secret beside Basic that cannot be read',
      () => ({ fields: { client_secret: client.key }, headers: { authorization: 'Basic {}' } }),
    ],
    [
      'Basic with broken encoding',
      () => ({
        headers: { authorization: `Basic ${Buffer.from('client-1:%zz').toString('base64')}` },
      }),
    ],
    ['an id without a secret in Basic', () => ({ headers: basic(client.id, '') })],
    ['WorkOS’s own key', () => ({ fields: { client_secret: 'sk_test_fake' } })],
    ['a secret of 16 KB', () => ({ fields: { client_secret: 'x'.repeat(16_000) } })],
    ['a secret with a line feed', () => ({ fields: { client_secret: `${client.key}\nx: y` } })],
  ])('refuses %s as invalid_client, and says how to authenticate', async (_what, credentials) => {
    const { fields, headers } = credentials();

    const refused = await exchange(
      gatehouse,
      { ...grant(client, 'any'), client_secret: undefined, ...fields },
      { ...(headers && { headers }) },
    );

    expectRefusal(refused, 'invalid_client', 401);
    expect(refused.headers.get('www-authenticate')).toBe('Basic realm="gatehouse"');
  });

  it('refuses a user’s token and an expired workload token as invalid_client', async () => {
    const tokens = [
      await gatehouse.userToken(),
      await gatehouse.issuer.sign({
        aud: 'gatehouse-clients',
        sub: 'system:serviceaccount:shop:web',
        exp: Math.floor(Date.now() / 1_000) - 60,
      }),
    ];
    for (const token of tokens) {
      const fields = { ...grant(client, 'any'), client_secret: token };

      expectRefusal(await exchange(gatehouse, fields), 'invalid_client', 401);
    }
  });

  it('refuses a disabled client and a revoked key as invalid_client', async () => {
    const disabled = await gatehouse.createClient({ disabled: true });
    const revoked = await gatehouse.createClient();
    await registry().revokeKey(operator('test'), revoked.id, revoked.key.split('_')[1] ?? '');

    for (const one of [disabled, revoked])
      expectRefusal(await exchange(gatehouse, grant(one, 'any')), 'invalid_client', 401);
  });

  it.each([
    ['no grant type', { grant_type: undefined }, 'invalid_request'],
    ['the grant type password', { grant_type: 'password' }, 'unsupported_grant_type'],
    ['client_credentials', { grant_type: 'client_credentials' }, 'unsupported_grant_type'],
    ['the grant type in capitals', { grant_type: 'AUTHORIZATION_CODE' }, 'unsupported_grant_type'],
    ['no code', { code: undefined }, 'invalid_request'],
    ['an empty code', { code: '' }, 'invalid_request'],
    ['a code that is text', { code: 'code' }, 'invalid_grant'],
    ['a code of 8 KB and more', { code: 'c'.repeat(8_193) }, 'invalid_request'],
    ['another redirect URI', { redirect_uri: 'https://app.example.com/other' }, 'invalid_grant'],
    ['a redirect URI with a slash more', { redirect_uri: `${REDIRECT_URI}/` }, 'invalid_grant'],
    ['a verifier that nobody asked for', { code_verifier: 'v'.repeat(43) }, 'invalid_grant'],
  ])('refuses %s, and the code is good after it', async (_what, fields, error) => {
    const { code, upstreamCode } = await signIn(gatehouse, client);

    expectRefusal(await exchange(gatehouse, { ...grant(client, code), ...fields }), error);

    expect(gatehouse.workos.tokenCalls(upstreamCode)).toBe(0);
    expect((await exchange(gatehouse, grant(client, code))).status).toBe(200);
  });

  it('takes the redirect URI of the authorization request', async () => {
    const fields = { ...grant(client, await newCode()), redirect_uri: REDIRECT_URI };

    expect((await exchange(gatehouse, fields)).status).toBe(200);
  });

  it('refuses a client without sso:login as unauthorized_client', async () => {
    const without = await gatehouse.createClient({ scopes: ['tenants:read'] });

    expectRefusal(await exchange(gatehouse, grant(without, 'any')), 'unauthorized_client');
  });

  const post = async (headers: Record<string, string>, body: string) => {
    const res = await fetch(`${gatehouse.url}/sso/token`, { method: 'POST', headers, body });
    return {
      status: res.status,
      headers: res.headers,
      body: (await res.json()) as Exchanged['body'],
    };
  };
  const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
  const JSON_TYPE = { 'content-type': 'application/json' };

  it('takes JSON', async () => {
    const { status, body } = await post(JSON_TYPE, JSON.stringify(grant(client, await newCode())));

    expect(status).toBe(200);
    expect(body).toMatchObject({ profile: { organization_id: 'acme' } });
  });

  it.each<[string, Record<string, string>, string, number]>([
    ['a doubled code', FORM, 'grant_type=authorization_code&code=a&code=b', 400],
    ['a doubled client_id', FORM, 'client_id=a&client_id=a', 400],
    ['JSON with a doubled name', JSON_TYPE, '{"code":"a","code":"b"}', 400],
    ['JSON that ends early', JSON_TYPE, '{"code":', 400],
    ['a list', JSON_TYPE, '[]', 400],
    ['a code that is a number', JSON_TYPE, '{"code":1}', 400],
    ['JSON with NUL', JSON_TYPE, '{"client_id":"\\u0000"}', 400],
    ['bytes that are not UTF-8', FORM, 'code=%ff&client_id=%00', 401],
    ['another media type', { 'content-type': 'text/plain' }, 'code=a', 415],
    ['a body of 64 KB and more', FORM, `code=${'a'.repeat(65_536)}`, 413],
  ])('refuses %s in RFC 6749’s terms', async (_what, headers, body, status) => {
    expectRefusal(
      await post(headers, body),
      status === 401 ? 'invalid_client' : 'invalid_request',
      status,
    );
  });

  it('ignores what it does not know (RFC 6749 §3.2)', async () => {
    const fields = { ...grant(client, await newCode()), scope: 'openid', resource: 'x' };

    expect((await exchange(gatehouse, fields)).status).toBe(200);
  });

  it('answers 405 to GET, and takes nothing from the query', async () => {
    const query = new URLSearchParams(grant(client, 'any')).toString();
    const got = await fetch(`${gatehouse.url}/sso/token?${query}`);
    const posted = await fetch(`${gatehouse.url}/sso/token?${query}`, {
      method: 'POST',
      headers: FORM,
      body: '',
    });

    expect([got.status, posted.status]).toEqual([405, 401]);
  });

  it('leaves two rows in the audit trail: attempted, then who signed in', async () => {
    const { headers, body } = await exchange(gatehouse, grant(client, await newCode()));

    const { id, connection_id } = body.profile as { id: string; connection_id: string };
    const row = {
      operation: 'exchangeSsoCode',
      client_id: client.id,
      user_id: null,
      tenant_id: 'acme',
    };
    expect(await auditRows(gatehouse, headers.get('x-request-id'))).toEqual([
      { ...row, outcome: 'attempted', details: {} },
      { ...row, outcome: 'succeeded', details: { profile_id: id, connection_id } },
    ]);
  });

  it('takes an expiry that WorkOS did not tell for five minutes', async () => {
    const body = {
      access_token: 'upstream',
      token_type: 'Bearer',
      profile: gatehouse.workos.profileOf((await signIn(gatehouse, client)).upstreamCode),
    };
    gatehouse.workos.fault(TOKEN, { kind: 'status', status: 200, body }, { times: 1 });

    expect((await exchange(gatehouse, grant(client, await newCode()))).body).toMatchObject({
      expires_in: 300,
    });
  });

  it.each([
    [59.9, 59],
    [7_200, 3_600],
  ])('makes an expiry of %d s to %d', async (upstream, expected) => {
    const body = {
      access_token: 'upstream',
      expires_in: upstream,
      profile: gatehouse.workos.profileOf((await signIn(gatehouse, client)).upstreamCode),
    };
    gatehouse.workos.fault(TOKEN, { kind: 'status', status: 200, body }, { times: 1 });

    expect((await exchange(gatehouse, grant(client, await newCode()))).body).toMatchObject({
      expires_in: expected,
    });
  });
});

describe('exchangeSsoCode while WorkOS misbehaves', () => {
  const status = (code: number, body?: unknown): Fault => ({ kind: 'status', status: code, body });
  const PROFILE = {
    object: 'profile',
    id: 'prof_1',
    organization_id: null,
    connection_id: 'c',
    connection_type: 'OktaSAML',
    idp_id: '1',
    email: 'a@b.example',
  };

  it.each<[string, Fault, number, string, string]>([
    [
      'a code it does not know',
      status(400, { error: 'invalid_grant', error_description: 'The code "x" of org_1' }),
      400,
      'invalid_grant',
      'invalid_grant',
    ],
    [
      'invalid_client',
      status(400, { error: 'invalid_client' }),
      502,
      'server_error',
      'upstream_rejected',
    ],
    ['422', status(422, { message: 'no' }), 502, 'server_error', 'upstream_rejected'],
    ['401', status(401, { message: 'Unauthorized' }), 502, 'server_error', 'upstream_auth_failed'],
    ['403', status(403), 502, 'server_error', 'upstream_forbidden'],
    ['404', status(404), 502, 'server_error', 'upstream_rejected'],
    ['500', status(500), 502, 'server_error', 'upstream_error'],
    ['503', status(503), 502, 'server_error', 'upstream_error'],
    [
      'a redirect 307',
      { kind: 'redirect', status: 307, location: 'http://127.0.0.1:1/' },
      502,
      'server_error',
      'upstream_invalid_response',
    ],
    [
      'a redirect 302',
      { kind: 'redirect', status: 302, location: 'http://127.0.0.1:1/' },
      502,
      'server_error',
      'upstream_invalid_response',
    ],
    [
      'HTML',
      { kind: 'content-type', type: 'text/html', body: '<html>' },
      502,
      'server_error',
      'upstream_invalid_response',
    ],
    ['an end too early', { kind: 'truncated' }, 502, 'server_error', 'upstream_invalid_response'],
    ['null', status(200, null), 502, 'server_error', 'upstream_invalid_response'],
    ['a list', status(200, []), 502, 'server_error', 'upstream_invalid_response'],
    ['a number', status(200, 1), 502, 'server_error', 'upstream_invalid_response'],
    ['{}', status(200, {}), 502, 'server_error', 'upstream_invalid_response'],
    [
      'no profile',
      status(200, { access_token: 'x' }),
      502,
      'server_error',
      'upstream_invalid_response',
    ],
    [
      'no access token',
      status(200, { profile: PROFILE }),
      502,
      'server_error',
      'upstream_invalid_response',
    ],
    [
      'a profile without id',
      status(200, { access_token: 'x', profile: { ...PROFILE, id: undefined } }),
      502,
      'server_error',
      'upstream_invalid_response',
    ],
    [
      'groups that are no list',
      status(200, { access_token: 'x', profile: { ...PROFILE, groups: 'all' } }),
      502,
      'server_error',
      'upstream_invalid_response',
    ],
    [
      'a negative expiry',
      status(200, { access_token: 'x', expires_in: -1, profile: PROFILE }),
      502,
      'server_error',
      'upstream_invalid_response',
    ],
    [
      'a body of 1 MB',
      { kind: 'huge', bytes: 1_000_000 },
      502,
      'server_error',
      'upstream_invalid_response',
    ],
    [
      'a profile of no organization',
      status(200, { access_token: 'x', profile: PROFILE }),
      400,
      'invalid_grant',
      'invalid_grant',
    ],
  ])(
    'answers %s in RFC 6749’s terms, after one call',
    async (_what, fault, expected, error, code) => {
      const { code: own, upstreamCode } = await signIn(gatehouse, client);
      gatehouse.workos.fault(TOKEN, fault, { times: 1 });

      const refused = await exchange(gatehouse, grant(client, own));

      expectRefusal(refused, error, expected);
      expect(refused.body).toMatchObject({ code });
      expect(JSON.stringify(refused.body)).not.toMatch(/org_|sk_test/);
      expect(gatehouse.workos.tokenCalls(upstreamCode)).toBe(1);
      expectRefusal(await exchange(gatehouse, grant(client, own)), 'invalid_grant');
      expect(gatehouse.workos.tokenCalls(upstreamCode)).toBe(1);
      const rows = await auditRows(gatehouse, refused.headers.get('x-request-id'));
      expect(rows.map(({ outcome }) => outcome as string)).toEqual([
        'attempted',
        expected === 400 ? 'refused' : 'failed',
      ]);
    },
  );

  it('gives up after 3 s where it never answers, or a byte a second', async () => {
    const faults: Fault[] = [{ kind: 'silence' }, { kind: 'slow-body', bytesPerSecond: 1 }];
    const codes = await Promise.all(faults.map(() => signIn(gatehouse, client)));
    for (const fault of faults) gatehouse.workos.fault(TOKEN, fault, { times: 1 });
    const began = performance.now();

    const refused = await Promise.all(
      codes.map(({ code }) => exchange(gatehouse, grant(client, code))),
    );

    expect(performance.now() - began).toBeLessThan(4_500);
    for (const one of refused) expectRefusal(one, 'server_error', 504);
    for (const { upstreamCode } of codes) expect(gatehouse.workos.tokenCalls(upstreamCode)).toBe(1);
  });
});

describe('exchangeSsoCode while WorkOS is not to be asked', () => {
  /** A replica of its own, for none forgets what WorkOS has told it. */
  const newReplica = async () => {
    const { port } = await gatehouse.startReplica();
    return { url: `http://127.0.0.1:${port}` };
  };
  const expectGoodLater = async (
    { code, upstreamCode }: { code: string; upstreamCode: string },
    replica: { url: string },
  ) => {
    expect(gatehouse.workos.tokenCalls(upstreamCode)).toBe(0);
    await eventually(
      () => exchange(gatehouse, grant(client, code), replica),
      ({ status }) => status === 200,
      10_000,
      100,
    );
    expect(gatehouse.workos.tokenCalls(upstreamCode)).toBe(1);
  };

  it('spends no code while it holds back after a 429', async () => {
    const replica = await newReplica();
    const waiting = await signIn(gatehouse, client);
    gatehouse.workos.fault(TOKEN, { kind: 'status', status: 429, retryAfter: 2 }, { times: 1 });
    await exchange(gatehouse, grant(client, await newCode()), replica);

    const held = await exchange(gatehouse, grant(client, waiting.code), replica);

    expectRefusal(held, 'temporarily_unavailable', 503);
    expect(held.body).toMatchObject({ code: 'upstream_rate_limited' });
    expect(held.headers.get('retry-after')).toMatch(/^[12]$/);
    await expectGoodLater(waiting, replica);
  });

  it('spends no code while the circuit breaker is open', async () => {
    const replica = await newReplica();
    const waiting = await signIn(gatehouse, client);
    const codes = await Promise.all(Array.from({ length: 20 }, () => newCode()));
    gatehouse.workos.fault(TOKEN, { kind: 'status', status: 503 }, { times: 20 });
    await Promise.all(codes.map((code) => exchange(gatehouse, grant(client, code), replica)));

    const refused = await exchange(gatehouse, grant(client, waiting.code), replica);

    expectRefusal(refused, 'temporarily_unavailable', 503);
    expect(refused.body).toMatchObject({ code: 'upstream_unavailable' });
    expect(refused.headers.get('retry-after')).toBe('5');
    await expectGoodLater(waiting, replica);
  });
});

describe('the log line of an exchange', () => {
  const lineOf = async ({ headers }: Exchanged): Promise<object> => {
    const [line = '{}'] = await eventually(
      () =>
        Promise.resolve(
          gatehouse.logs.filter((one) => one.includes(headers.get('x-request-id') ?? 'none')),
        ),
      (lines) => lines.length > 0,
    );
    return JSON.parse(line) as object;
  };

  it('names the client once it is authenticated, though the code is refused', async () => {
    const line = await lineOf(await exchange(gatehouse, grant(client, 'any')));

    expect(line).toMatchObject({ operation: 'exchangeSsoCode', client_id: client.id });
  });

  it('names nobody who only says who he is', async () => {
    const fields = { ...grant(client, 'any'), client_secret: other.key };

    const line = await lineOf(await exchange(gatehouse, fields));

    expect(line).toMatchObject({ operation: 'exchangeSsoCode', code: 'invalid_client' });
    expect(line).not.toHaveProperty('client_id');
  });
});

describe('getSsoProfile', () => {
  const newToken = async (options?: LoginOptions) =>
    (await exchange(gatehouse, grant(client, await newCode(options)))).body as {
      access_token: string;
      profile: object;
    };
  const expectUnknown = ({ status, headers, body }: Exchanged) => {
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toBe('Bearer realm="gatehouse", error="invalid_token"');
    expect(body).toMatchObject({ code: 'invalid_access_token' });
  };

  it('answers the same profile as the exchange', async () => {
    const { access_token, profile } = await newToken();

    const { status, body } = await profileOf(gatehouse, access_token);

    expect(status).toBe(200);
    expect(body).toEqual(profile);
  });

  it('answers a change that WorkOS has heard of since', async () => {
    const { access_token, profile } = await newToken();
    const { connection_id, id } = profile as { connection_id: string; id: string };
    gatehouse.workos.addUser(connection_id, { id, first_name: 'Augusta' });

    expect((await profileOf(gatehouse, access_token)).body).toMatchObject({
      first_name: 'Augusta',
    });
  });

  it.each([
    ['no token', {}],
    ['an API key', { key: true }],
    ['Basic', { authorization: 'Basic eDp5' }],
    ['text', { authorization: 'Bearer token' }],
    ['two tokens', { authorization: 'Bearer a b' }],
  ])('refuses %s', async (_what, given: { key?: boolean; authorization?: string }) => {
    const authorization = given.key ? `Bearer ${client.key}` : given.authorization;
    const res = await fetch(`${gatehouse.url}/sso/profile`, {
      ...(authorization !== undefined && { headers: { authorization } }),
    });

    expectUnknown({
      status: res.status,
      headers: res.headers,
      body: (await res.json()) as Exchanged['body'],
    });
  });

  it('refuses a token in the query', async () => {
    const { access_token } = await newToken();
    const query = new URLSearchParams({ access_token }).toString();

    expect((await fetch(`${gatehouse.url}/sso/profile?${query}`)).status).toBe(401);
  });

  it('refuses a token that WorkOS no longer takes, however often, and WorkOS stays open', async () => {
    const { access_token } = await newToken();
    gatehouse.workos.state.accessTokens.clear();

    for (let count = 0; count < 25; count += 1)
      expectUnknown(await profileOf(gatehouse, access_token));

    expect((await exchange(gatehouse, grant(client, await newCode()))).status).toBe(200);
  });

  it('asks again once where WorkOS fails, for nothing is spent', async () => {
    const { access_token } = await newToken();
    gatehouse.workos.fault('GET /sso/profile', { kind: 'status', status: 503 }, { times: 1 });

    expect((await profileOf(gatehouse, access_token)).status).toBe(200);
  });

  it('refuses once the tenant is suspended, without a call', async () => {
    await gatehouse.provision('paused');
    await connect(gatehouse, 'paused');
    const { access_token } = await newToken({ query: { organization: 'paused' } });
    await gatehouse.as(client).patch('/v1/tenants/paused').send({ status: 'suspended' });
    const before = gatehouse.workos.requestsTo('GET /sso/profile').length;

    expectUnknown(await profileOf(gatehouse, access_token));
    expect(gatehouse.workos.requestsTo('GET /sso/profile')).toHaveLength(before);
  });

  it.each([
    ['is disabled', { disabled: true }],
    ['loses sso:login', { scopes: [] }],
    ['loses the tenant', { tenants: ['beta'] }],
  ])('refuses once the client %s', async (_what, change) => {
    const changing = await gatehouse.createClient({ redirectUris: [REDIRECT_URI] });
    const { code } = await signIn(gatehouse, changing);
    const { body } = await exchange(gatehouse, grant(changing, code));
    await registry().update(operator('test'), changing.id, change);

    expectUnknown(await profileOf(gatehouse, String(body.access_token)));
  });

  it('refuses a provider’s profile once the client lost *', async () => {
    const changing = await gatehouse.createClient({ redirectUris: [REDIRECT_URI] });
    const { code } = await signIn(gatehouse, changing, {
      query: { organization: undefined, provider: 'GoogleOAuth' },
    });
    const { body } = await exchange(gatehouse, grant(changing, code));
    const before = await profileOf(gatehouse, String(body.access_token));
    await registry().update(operator('test'), changing.id, { tenants: ['acme'] });

    expect(before.status).toBe(200);
    expectUnknown(await profileOf(gatehouse, String(body.access_token)));
  });

  it('refuses a profile that moved to another organization', async () => {
    const { access_token, profile } = await newToken();
    await gatehouse.provision('gamma');
    const users = gatehouse.workos.state.profiles;
    const user = users.get((profile as { id: string }).id);
    if (!user) throw new Error('The fake has forgotten the user.');
    const [organizationId = ''] = [...gatehouse.workos.organizations.keys()].slice(-1);
    users.set(user.id, { ...user, organization_id: organizationId });

    expectUnknown(await profileOf(gatehouse, access_token));
    users.set(user.id, user);
  });

  it('does not take a failure of the database for a bad token', async () => {
    const { access_token } = await newToken();
    const { superuser } = gatehouse.database;
    await superuser('alter table clients rename to clients_away');

    const { status } = await profileOf(gatehouse, access_token);

    await superuser('alter table clients_away rename to clients');
    expect(status).toBeGreaterThanOrEqual(500);
  });
});

describe('authorizeSsoLogout', () => {
  const LOGOUT = 'POST /sso/logout/authorize';
  const authorize = (profileId: string, by = client) =>
    gatehouse.as(by).post('/sso/logout/authorize').send({ profile_id: profileId });
  const signedIn = async (options?: LoginOptions) =>
    (
      (await exchange(gatehouse, grant(client, await newCode(options)))).body.profile as {
        id: string;
      }
    ).id;

  it('gives an address of ours that leads to WorkOS’s, and no more', async () => {
    const res = await authorize(await signedIn());

    expect(res.status).toBe(200);
    expect(res.headers['cache-control']).toBe('no-store');
    const { logout_url: url, logout_token: token } = res.body as Record<string, string>;
    expect(url).toBe(`https://gatehouse.example.com/sso/logout?token=${token ?? ''}`);
    const page = await createBrowser(gatehouse).get(url ?? '');
    expect(page.status).toBe(302);
    expect(page.text).toBe('');
    expect(page.location?.href).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/sso\/logout\?token=\w+$/);
    expect((await fetch(page.location ?? '')).status).toBe(200);
  });

  it.each(['another client', 'nobody'])(
    'answers 404 for a profile that %s signed in',
    async (who) => {
      const profileId = who === 'nobody' ? 'prof_unknown' : await signedIn();
      const before = gatehouse.workos.requestsTo(LOGOUT).length;

      const res = await authorize(profileId, other);

      expect(res.status).toBe(404);
      expect(res.body).toMatchObject({ code: 'not_found' });
      expect(gatehouse.workos.requestsTo(LOGOUT)).toHaveLength(before);
    },
  );

  it('answers 404 for a profile that WorkOS has forgotten', async () => {
    const profileId = await signedIn();
    gatehouse.workos.fault(LOGOUT, { kind: 'status', status: 404 }, { times: 1 });

    expect((await authorize(profileId)).status).toBe(404);
  });

  it('passes on that the connection has no sign-out', async () => {
    await gatehouse.provision('saml');
    await connect(gatehouse, 'saml', 'OktaSAML');

    const res = await authorize(await signedIn({ query: { organization: 'saml' } }));

    expect(res.status).toBe(400);
    expect(res.body).toMatchObject({ code: 'connection_invalid' });
  });

  it.each([
    ['another host', 'https://evil.example/sso/logout'],
    ['a host that ends alike', 'https://evilworkos.com/sso/logout'],
    ['a host that begins alike', 'https://auth.workos.com.evil.example/'],
    ['a user name', 'https://auth.workos.com@evil.example/'],
    ['a user name at WorkOS', 'https://evil@auth.workos.com/'],
    ['http', 'http://auth.workos.com/sso/logout'],
    ['a script', 'javascript:alert(1)'],
    ['a script on loopback', 'javascript://127.0.0.1/%0aalert(1)'],
    ['data', 'data:text/html,x'],
    ['a path', '/sso/logout'],
    ['a number', 1],
    ['nothing', undefined],
    ['10 KB', `https://auth.workos.com/${'a'.repeat(10_000)}`],
  ])('refuses WorkOS’s answer with %s', async (_what, logout_url) => {
    const profileId = await signedIn();
    const body = { logout_url, logout_token: 'x' };
    gatehouse.workos.fault(LOGOUT, { kind: 'status', status: 200, body }, { times: 1 });

    const res = await authorize(profileId);

    expect(res.status).toBe(502);
    expect(res.body).toMatchObject({ code: 'upstream_invalid_response' });
  });

  it('follows WorkOS’s own address', async () => {
    const body = { logout_url: 'https://auth.workos.com/sso/logout?token=t', logout_token: 't' };
    const profileId = await signedIn();
    gatehouse.workos.fault(LOGOUT, { kind: 'status', status: 200, body }, { times: 1 });

    const { logout_url: url } = (await authorize(profileId)).body as Record<string, string>;

    expect((await createBrowser(gatehouse).get(url ?? '')).location?.href).toBe(body.logout_url);
  });

  it.each([
    ['a missing profile_id', {}],
    ['one that is empty', { profile_id: '' }],
    ['one with NUL', { profile_id: 'prof_\0' }],
    ['an unknown field', { profile_id: 'prof_1', x: 1 }],
  ])('refuses %s', async (_what, body) => {
    const res = await gatehouse.as(client).post('/sso/logout/authorize').send(body);

    expect(res.status).toBe(422);
  });

  it('shows a page for a token that is missing, of another kind or expired', async () => {
    const tokens = [
      '',
      'x',
      sealerOf(gatehouse).seal('state', { url: 'https://auth.workos.com/' }, 300),
      sealerOf(gatehouse, -301).seal('logout', { url: 'https://auth.workos.com/' }, 300),
    ];
    for (const token of tokens) {
      const page = await createBrowser(gatehouse).get(`/sso/logout?token=${token}`);

      expect(page.status).toBe(400);
      expect(page.location).toBeUndefined();
    }
  });
});

describe('metrics', () => {
  const outcomes = async (): Promise<Record<string, number>> => {
    const text = await (await fetch(`${counted.adminUrl}/metrics`)).text();
    const lines = text.matchAll(/^gatehouse_sign_ins_total\{outcome="(\w+)"\} (\d+)$/gm);
    return Object.fromEntries([...lines].map(([, code = '', count]) => [code, Number(count)]));
  };
  const redeem = async (fields: object = {}) =>
    exchange(gatehouse, { ...grant(client, await newCode()), ...fields }, { url: counted.url });

  it('count exchanges by what came of them', async () => {
    await redeem();
    await redeem();
    await redeem({ code: 'x' });
    await redeem({ client_secret: 'x' });
    await redeem({ grant_type: 'password' });
    gatehouse.workos.fault(TOKEN, { kind: 'status', status: 500 }, { times: 1 });
    await redeem();
    gatehouse.workos.fault(TOKEN, { kind: 'status', status: 200, body: {} }, { times: 1 });
    await redeem();

    expect(await outcomes()).toEqual({
      ok: 2,
      invalid_grant: 1,
      invalid_client: 1,
      unsupported_grant_type: 1,
      upstream_error: 1,
      upstream_invalid_response: 1,
    });
  });
});

describe('what a sign-in leaves behind', () => {
  it('holds no code, verifier, cookie, token, or key, in no log and no table', async () => {
    const { browser, back, upstreamCode } = await login(gatehouse, client, {
      query: { state: 'canary-state' },
    });
    const cookies = [...browser.cookies.values()];
    const sealedState = back.searchParams.get('state') ?? '';
    const { location } = await browser.get(back);
    const code = location?.searchParams.get('code') ?? '';
    const { body } = await exchange(gatehouse, grant(client, code));
    const accessToken = String(body.access_token);
    await profileOf(gatehouse, accessToken);
    await exchange(gatehouse, grant(client, code));
    const verifier = sealerOf(gatehouse).open<{ verifier: string }>('flow', cookies[0] ?? '');
    const canaries = [
      upstreamCode,
      code,
      sealedState,
      accessToken,
      verifier?.verifier ?? '',
      sealerOf(gatehouse).open<{ token: string }>('access', accessToken)?.token ?? '',
      client.key,
      'canary-state',
      (body.profile as { email: string }).email,
      ...cookies,
      ...gatehouse.config.keys.map((key) => key.reveal()),
    ];

    expect(canaries.every((canary) => canary.length > 8)).toBe(true);
    expect(leaksInLogs(gatehouse, canaries)).toEqual([]);
    expect(await leaksInDatabase(gatehouse, canaries)).toEqual([]);
  });
});
