import { describe, expect, it } from '@jest/globals';
import { operator } from '../../src/cli/operator.ts';
import {
  connect,
  createBrowser,
  exchange,
  grant,
  profileOf,
  REDIRECT_URI,
  sealerOf,
  signIn,
  type Exchanged,
  type LoginOptions,
} from '../support/sign-in.ts';
import { gatehouse, client, other, newCode, registry, useTokenEndpoint } from './token-setup.ts';

useTokenEndpoint();

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

  it('returns the same profile as the exchange', async () => {
    const { access_token, profile } = await newToken();

    const { status, body } = await profileOf(gatehouse, access_token);

    expect(status).toBe(200);
    expect(body).toEqual(profile);
  });

  it('accepts a token of an older release, which names no profile', async () => {
    const { access_token, profile } = await newToken();
    const sealed = sealerOf(gatehouse).open<{ profile?: string }>('access', access_token);
    const older = sealerOf(gatehouse).seal('access', { ...sealed, profile: undefined }, 600);

    const { status, body } = await profileOf(gatehouse, older);

    expect([status, body]).toEqual([200, profile]);
  });

  it('returns changes made at WorkOS since the exchange', async () => {
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

  it('refuses a token that WorkOS no longer accepts, without opening the circuit breaker', async () => {
    const { access_token } = await newToken();
    gatehouse.workos.state.accessTokens.clear();

    for (let count = 0; count < 25; count += 1)
      expectUnknown(await profileOf(gatehouse, access_token));

    expect((await exchange(gatehouse, grant(client, await newCode()))).status).toBe(200);
  });

  it('retries once when WorkOS fails, because nothing is spent', async () => {
    const { access_token } = await newToken();
    gatehouse.workos.fault('GET /sso/profile', { kind: 'status', status: 503 }, { times: 1 });

    expect((await profileOf(gatehouse, access_token)).status).toBe(200);
  });

  it('refuses the token once the tenant is suspended, without a call', async () => {
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
  ])('refuses the token once the client %s', async (_what, change) => {
    const changing = await gatehouse.createClient({ redirectUris: [REDIRECT_URI] });
    const { code } = await signIn(gatehouse, changing);
    const { body } = await exchange(gatehouse, grant(changing, code));
    await registry().update(operator('test'), changing.id, change);

    expectUnknown(await profileOf(gatehouse, String(body.access_token)));
  });

  it('refuses a provider’s profile once the client may not use every tenant any more', async () => {
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

  it('is a wrong answer of WorkOS if it is another user of the tenant', async () => {
    const { access_token, profile } = await newToken();
    const own = gatehouse.workos.state.profiles.get((profile as { id: string }).id);
    const body = { ...profile, ...own, id: 'prof_OTHER', email: 'other@acme.example' };
    gatehouse.workos.fault('GET /sso/profile', { kind: 'status', status: 200, body }, { times: 1 });

    const res = await profileOf(gatehouse, access_token);

    expect(res.body).toMatchObject({ status: 502, code: 'upstream_invalid_response' });
    expect(JSON.stringify(res.body)).not.toContain('other@acme.example');
  });

  it('answers a database failure with 503 and not as an invalid token', async () => {
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

  it('returns a URL of Gatehouse that redirects to WorkOS’s logout URL', async () => {
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

  const signedInTo = async (tenantId: string) => {
    await gatehouse.provision(tenantId);
    await connect(gatehouse, tenantId, 'GenericOIDC');
    const by = await gatehouse.createClient({ redirectUris: [REDIRECT_URI] });
    const { code } = await signIn(gatehouse, by, { query: { organization: tenantId } });
    const { body } = await exchange(gatehouse, grant(by, code));
    return { by, profileId: (body.profile as { id: string }).id };
  };

  it('answers 404 for a user of a tenant that the client has lost', async () => {
    const { by, profileId } = await signedInTo('lost');
    const before = await authorize(profileId, by);
    await registry().update(operator('test'), by.id, { tenants: ['beta'] });
    const asked = gatehouse.workos.requestsTo(LOGOUT).length;

    const res = await authorize(profileId, by);

    expect([before.status, res.status]).toEqual([200, 404]);
    expect(gatehouse.workos.requestsTo(LOGOUT)).toHaveLength(asked);
  });

  it('answers 404 for a user of a tenant that was deleted', async () => {
    const { by, profileId } = await signedInTo('gone');
    await gatehouse.as(client).delete('/v1/tenants/gone').expect(204);

    expect((await authorize(profileId, by)).status).toBe(404);
  });

  it('signs out a user whose sign-in an older release recorded, without the organization', async () => {
    const { by, profileId } = await signedInTo('older');
    const forget = 'update sign_ins set organization_id = null where profile_id = $1';
    await gatehouse.database.superuser(forget, [profileId]);

    expect((await authorize(profileId, by)).status).toBe(200);
  });

  it('knows the tenant once such a user has signed in again', async () => {
    const { by, profileId } = await signedInTo('again');
    const forget = 'update sign_ins set organization_id = null where profile_id = $1';
    await gatehouse.database.superuser(forget, [profileId]);
    const { code } = await signIn(gatehouse, by, { query: { organization: 'again' } });
    const { body } = await exchange(gatehouse, grant(by, code));
    await registry().update(operator('test'), by.id, { tenants: ['beta'] });

    expect((body.profile as { id: string }).id).toBe(profileId);
    expect((await authorize(profileId, by)).status).toBe(404);
  });

  it('signs out users of a suspended tenant', async () => {
    const { by, profileId } = await signedInTo('stopped');
    await gatehouse.as(client).patch('/v1/tenants/stopped').send({ status: 'suspended' });

    expect((await authorize(profileId, by)).status).toBe(200);
  });

  it('answers 404 for a profile that WorkOS has forgotten', async () => {
    const profileId = await signedIn();
    gatehouse.workos.fault(LOGOUT, { kind: 'status', status: 404 }, { times: 1 });

    expect((await authorize(profileId)).status).toBe(404);
  });

  it('answers connection_invalid when the connection does not support logout', async () => {
    await gatehouse.provision('saml');
    await connect(gatehouse, 'saml', 'OktaSAML');

    const res = await authorize(await signedIn({ query: { organization: 'saml' } }));

    expect(res.status).toBe(400);
    // SDKs for Go and PHP show `error` by itself, and WorkOS has nothing else here.
    expect(res.body).toMatchObject({
      ...{ code: 'connection_invalid', error: 'connection_invalid' },
      error_description: (res.body as { detail: string }).detail,
    });
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
  ])('refuses a reply of WorkOS with %s', async (_what, logout_url) => {
    const profileId = await signedIn();
    const body = { logout_url, logout_token: 'x' };
    gatehouse.workos.fault(LOGOUT, { kind: 'status', status: 200, body }, { times: 1 });

    const res = await authorize(profileId);

    expect(res.status).toBe(502);
    expect(res.body).toMatchObject({ code: 'upstream_invalid_response' });
  });

  it('accepts a logout URL of WorkOS', async () => {
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
  ])('refuses %s', async (_what, body) => {
    const res = await gatehouse.as(client).post('/sso/logout/authorize').send(body);

    expect(res.status).toBe(422);
  });

  it('ignores an unknown field, and says so', async () => {
    const body = { profile_id: await signedIn(), x: 1 };

    const res = await gatehouse.as(client).post('/sso/logout/authorize').send(body);

    expect([res.status, res.headers['gatehouse-ignored']]).toEqual([200, 'x']);
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
