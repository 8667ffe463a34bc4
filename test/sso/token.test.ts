import { describe, expect, it } from '@jest/globals';
import { operator } from '../../src/cli/operator.ts';
import { leaksInDatabase, leaksInLogs } from '../support/leaks.ts';
import {
  auditRows,
  exchange,
  grant,
  login,
  profileOf,
  REDIRECT_URI,
  sealerOf,
  signIn,
  TOKEN,
  type Exchanged,
} from '../support/sign-in.ts';
import {
  gatehouse,
  client,
  other,
  counted,
  newCode,
  registry,
  expectRefusal,
  useTokenEndpoint,
} from './token-setup.ts';

useTokenEndpoint();

const basic = (id: string, key: string) => ({
  authorization: `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(key)}`).toString('base64')}`,
});

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

const workloadToken = () =>
  gatehouse.issuer.sign({ aud: 'gatehouse-clients', sub: 'system:serviceaccount:shop:web' });

describe('exchangeSsoCode', () => {
  it('returns the profile with the tenant id and a token, with no-store', async () => {
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
  ])('refuses %s, and the code stays valid', async (_what, fields, error) => {
    const { code, upstreamCode } = await signIn(gatehouse, client);

    expectRefusal(await exchange(gatehouse, { ...grant(client, code), ...fields }), error);

    expect(gatehouse.workos.tokenCalls(upstreamCode)).toBe(0);
    expect((await exchange(gatehouse, grant(client, code))).status).toBe(200);
  });

  it('accepts the redirect URI of the authorization request', async () => {
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

  it('accepts JSON', async () => {
    const { status, body } = await post(JSON_TYPE, JSON.stringify(grant(client, await newCode())));

    expect(status).toBe(200);
    expect(body).toMatchObject({ profile: { organization_id: 'acme' } });
  });

  it.each<[string, Record<string, string>, string, number]>([
    ['a duplicate code', FORM, 'grant_type=authorization_code&code=a&code=b', 400],
    ['a duplicate client_id', FORM, 'client_id=a&client_id=a', 400],
    ['JSON with a duplicate name', JSON_TYPE, '{"code":"a","code":"b"}', 400],
    ['JSON that ends early', JSON_TYPE, '{"code":', 400],
    ['a list', JSON_TYPE, '[1]', 400],
    ['a code that is a number', JSON_TYPE, '{"code":1}', 400],
    ['JSON with NUL', JSON_TYPE, '{"client_id":"\\u0000"}', 400],
    ['bytes that are not UTF-8', FORM, 'code=%ff&client_id=%00', 401],
    ['another media type', { 'content-type': 'text/plain' }, 'code=a', 415],
    ['a body of 64 KB and more', FORM, `code=${'a'.repeat(65_536)}`, 413],
  ])('refuses %s with an OAuth error (RFC 6749)', async (_what, headers, body, status) => {
    expectRefusal(
      await post(headers, body),
      status === 401 ? 'invalid_client' : 'invalid_request',
      status,
    );
  });

  it('ignores unknown parameters (RFC 6749 §3.2)', async () => {
    const fields = { ...grant(client, await newCode()), scope: 'openid', resource: 'x' };

    expect((await exchange(gatehouse, fields)).status).toBe(200);
  });

  it('answers 405 to GET, and reads nothing from the query', async () => {
    const query = new URLSearchParams(grant(client, 'any')).toString();
    const got = await fetch(`${gatehouse.url}/sso/token?${query}`);
    const posted = await fetch(`${gatehouse.url}/sso/token?${query}`, {
      method: 'POST',
      headers: FORM,
      body: '',
    });

    expect([got.status, posted.status]).toEqual([405, 401]);
  });

  it('writes two audit rows: attempted, then succeeded with the profile', async () => {
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

  it('uses five minutes when WorkOS does not state an expiry', async () => {
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
  ])('turns an expiry of %d s into %d', async (upstream, expected) => {
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

describe('metrics', () => {
  const outcomes = async (): Promise<Record<string, number>> => {
    const text = await (await fetch(`${counted.adminUrl}/metrics`)).text();
    const lines = text.matchAll(
      /^gatehouse_sign_ins_total\{step="token",outcome="(\w+)"\} (\d+)$/gm,
    );
    return Object.fromEntries([...lines].map(([, code = '', count]) => [code, Number(count)]));
  };
  const redeem = async (fields: object = {}) =>
    exchange(gatehouse, { ...grant(client, await newCode()), ...fields }, { url: counted.url });

  it('count exchanges by outcome', async () => {
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

describe('logs and tables after a sign-in', () => {
  it('contain no code, verifier, cookie, token or key', async () => {
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
