import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WorkOS } from '@workos-inc/node';
import * as openid from 'openid-client';
import OAuth2Strategy from 'passport-oauth2';
import { WorkOS as WorkOS7 } from 'workos-node-7';
import { WorkOS as WorkOS8 } from 'workos-node-8';
import { freePort } from '../../src/dev/embedded-postgres.ts';
import { connect, createBrowser, organizationOf, REDIRECT_URI } from '../support/sign-in.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/test-app.ts';

let gatehouse: TestApp;
let client: TestClient;

beforeAll(async () => {
  // Chosen beforehand, because the public URL names it.
  const port = await freePort();
  gatehouse = await startTestApp({
    env: { PORT: String(port), PUBLIC_URL: `http://127.0.0.1:${port}` },
  });
  client = await gatehouse.createClient({ redirectUris: [REDIRECT_URI] });
  await gatehouse.provision('acme');
  const connection = await connect(gatehouse, 'acme');
  gatehouse.workos.addUser(connection, {
    email: 'ada@acme.example',
    first_name: 'Ada',
    last_name: null,
    role: { slug: 'admin' },
    groups: ['IT'],
    custom_attributes: { cost_center: '42', nested: { a: [1, null] } },
    raw_attributes: { 'urn:oid:1': ['x'] },
  });
});
afterAll(() => gatehouse.stop());

/** Signs in as a person does between the authorization URL and the redirect URI. */
const walk = async (authorizationUrl: string | URL, error?: string): Promise<URL> => {
  const browser = createBrowser(gatehouse);
  const { location } = await browser.get(authorizationUrl);
  if (!location) throw new Error('No login began.');
  const back = await gatehouse.workos.signIn(location.href, {
    ...(error !== undefined && { error }),
  });
  const page = await browser.get(back);
  if (!page.location) throw new Error(`The callback answered ${page.status}.`);
  return page.location;
};
const codeOf = (url: URL): string => url.searchParams.get('code') ?? '';

const optionsFor = (url: string) => {
  const { hostname, port } = new URL(url);
  return { apiHostname: hostname, port: Number(port), https: false };
};
const SDKS = [
  ['11', (key: string, url: string) => new WorkOS(key, optionsFor(url)).sso],
  ['8', (key: string, url: string) => new WorkOS8(key, optionsFor(url)).sso],
  ['7', (key: string, url: string) => new WorkOS7(key, optionsFor(url)).sso],
] as const;

describe.each(SDKS)('SDK %s', (_version, ssoOf) => {
  const sso = (key = client.key) => ssoOf(key, gatehouse.url);
  const request = () => ({ clientId: client.id, redirectUri: REDIRECT_URI, organization: 'acme' });

  it('signs a user in', async () => {
    const url = sso().getAuthorizationUrl({ ...request(), state: 'st ä+&' });
    const onward = await walk(url);
    expect(onward.searchParams.get('state')).toBe('st ä+&');

    const { profile, accessToken } = await sso().getProfileAndToken({
      clientId: client.id,
      code: codeOf(onward),
    });

    expect(profile).toMatchObject({ organizationId: 'acme', email: 'ada@acme.example' });
    expect(await sso().getProfile({ accessToken })).toEqual(profile);
  });

  it('passes on hints, scopes and parameters for the provider', async () => {
    const url = sso().getAuthorizationUrl({
      ...request(),
      loginHint: 'ada@acme.example',
      domainHint: 'acme.example',
      providerScopes: ['calendar.read', 'profile'],
      providerQueryParams: { hd: 'acme.example', max_age: 3 },
    });

    const { location } = await createBrowser(gatehouse).get(url);

    expect(Object.fromEntries(location?.searchParams ?? [])).toMatchObject({
      login_hint: 'ada@acme.example',
      domain_hint: 'acme.example',
      provider_scopes: 'calendar.read,profile',
      'provider_query_params[hd]': 'acme.example',
      'provider_query_params[max_age]': '3',
    });
  });

  it('returns the same fields as with WorkOS, with the tenant id', async () => {
    const direct = ssoOf(gatehouse.workos.apiKey, gatehouse.workos.url);
    const directUrl = direct.getAuthorizationUrl({
      clientId: gatehouse.workos.clientId,
      redirectUri: REDIRECT_URI,
      organization: await organizationOf(gatehouse, 'acme'),
    });
    const atWorkos = await direct.getProfileAndToken({
      clientId: gatehouse.workos.clientId,
      code: codeOf(await gatehouse.workos.signIn(directUrl)),
    });

    const atGatehouse = await sso().getProfileAndToken({
      clientId: client.id,
      code: codeOf(await walk(sso().getAuthorizationUrl(request()))),
    });

    expect(atGatehouse.profile).toEqual({ ...atWorkos.profile, organizationId: 'acme' });
    expect(Object.keys(atGatehouse).toSorted()).toEqual(Object.keys(atWorkos).toSorted());
  });

  it('returns the same fields for a provider’s login', async () => {
    const direct = ssoOf(gatehouse.workos.apiKey, gatehouse.workos.url);
    const provider = { redirectUri: REDIRECT_URI, provider: 'GoogleOAuth' };
    const directUrl = direct.getAuthorizationUrl({
      ...provider,
      clientId: gatehouse.workos.clientId,
    });
    const atWorkos = await direct.getProfileAndToken({
      clientId: gatehouse.workos.clientId,
      code: codeOf(await gatehouse.workos.signIn(directUrl)),
    });

    const url = sso().getAuthorizationUrl({ ...provider, clientId: client.id });
    const atGatehouse = await sso().getProfileAndToken({
      clientId: client.id,
      code: codeOf(await walk(url)),
    });

    expect(atGatehouse.profile).toEqual(atWorkos.profile);
    expect(shapeOf(atGatehouse)).toEqual(shapeOf(atWorkos));
  });

  it('throws the same error for an invalid code', async () => {
    const direct = ssoOf(gatehouse.workos.apiKey, gatehouse.workos.url);
    const errorOf = (promise: Promise<unknown>): Promise<unknown> =>
      promise.then(
        () => 'no error',
        (error: unknown) => {
          const { name, status, error: code } = error as Record<string, unknown>;
          return { name, status, code };
        },
      );

    const atWorkos = await errorOf(
      direct.getProfileAndToken({ clientId: gatehouse.workos.clientId, code: 'unknown' }),
    );
    const atGatehouse = await errorOf(
      sso().getProfileAndToken({ clientId: client.id, code: 'unknown' }),
    );

    expect(atGatehouse).toEqual(atWorkos);
    expect(atGatehouse).toMatchObject({ status: 400, code: 'invalid_grant' });
  });

  it('reports a wrong key as such', async () => {
    const exchange = sso('gh_wrong').getProfileAndToken({ clientId: client.id, code: 'x' });

    await expect(exchange).rejects.toMatchObject({ status: 401 });
  });
});

/** Returns the names and types of all members, recursively. */
const shapeOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shapeOf(inner)]))
    : typeof value;

describe.each([
  ['11', (key: string, url: string) => new WorkOS(key, optionsFor(url))],
  ['8', (key: string, url: string) => new WorkOS8(key, optionsFor(url))],
] as const)('SDK %s with PKCE', (_version, workosOf) => {
  it('signs a user in, but not without its verifier', async () => {
    const { sso } = workosOf(client.key, gatehouse.url);
    const { url, state, codeVerifier } = await sso.getAuthorizationUrlWithPKCE({
      clientId: client.id,
      redirectUri: REDIRECT_URI,
      organization: 'acme',
    });
    const onward = await walk(url);
    const grant = { clientId: client.id, code: codeOf(onward) };

    expect(onward.searchParams.get('state')).toBe(state);
    await expect(sso.getProfileAndToken(grant)).rejects.toMatchObject({ error: 'invalid_grant' });
    const { profile } = await sso.getProfileAndToken({ ...grant, codeVerifier });
    expect(profile.organizationId).toBe('acme');
  });
});

describe('openid-client', () => {
  const discover = (authentication: openid.ClientAuth) =>
    openid.discovery(new URL(gatehouse.url), client.id, undefined, authentication, {
      algorithm: 'oauth2',
      // oxlint-disable-next-line typescript/no-deprecated -- marked so that nobody does it outside tests
      execute: [openid.allowInsecureRequests],
    });
  const begin = async (config: openid.Configuration) => {
    const pkceCodeVerifier = openid.randomPKCECodeVerifier();
    const expectedState = openid.randomState();
    const url = openid.buildAuthorizationUrl(config, {
      redirect_uri: REDIRECT_URI,
      organization: 'acme',
      state: expectedState,
      code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
    });
    return { url, checks: { pkceCodeVerifier, expectedState } };
  };

  it.each([
    ['client_secret_basic', () => openid.ClientSecretBasic(client.key)],
    ['client_secret_post', () => openid.ClientSecretPost(client.key)],
  ])('discovers, signs a user in and reads the profile by %s', async (_method, authentication) => {
    const config = await discover(authentication());
    const { url, checks } = await begin(config);

    const tokens = await openid.authorizationCodeGrant(config, await walk(url), checks);

    expect(tokens).toMatchObject({ token_type: 'bearer', profile: { organization_id: 'acme' } });
    const res = await openid.fetchProtectedResource(
      config,
      tokens.access_token,
      new URL('/sso/profile', config.serverMetadata().issuer),
      'GET',
    );
    expect(await res.json()).toMatchObject({ email: 'ada@acme.example' });
  });

  it('finds iss in every redirect, and refuses one without it or with another', async () => {
    const config = await discover(openid.ClientSecretBasic(client.key));
    const { url, checks } = await begin(config);
    const onward = await walk(url);
    const [without, foreign] = [new URL(onward), new URL(onward)];
    without.searchParams.delete('iss');
    foreign.searchParams.set('iss', 'https://evil.example');

    for (const forged of [without, foreign])
      await expect(openid.authorizationCodeGrant(config, forged, checks)).rejects.toThrow();
    const tokens = await openid.authorizationCodeGrant(config, onward, checks);
    expect(tokens.access_token).toEqual(expect.any(String));
  });

  it('reads an error that came instead of a code', async () => {
    const config = await discover(openid.ClientSecretBasic(client.key));
    const { url, checks } = await begin(config);
    const onward = await walk(url, 'signin_consent_denied');

    await expect(openid.authorizationCodeGrant(config, onward, checks)).rejects.toMatchObject({
      error: 'signin_consent_denied',
    });
  });

  it('reads a refused code and a refused client', async () => {
    const config = await discover(openid.ClientSecretBasic(client.key));
    const stranger = await discover(openid.ClientSecretBasic('gh_wrong'));
    const { url, checks } = await begin(config);
    const onward = await walk(url);
    await openid.authorizationCodeGrant(config, onward, checks);

    await expect(openid.authorizationCodeGrant(config, onward, checks)).rejects.toMatchObject({
      error: 'invalid_grant',
      status: 400,
    });
    await expect(openid.authorizationCodeGrant(stranger, onward, checks)).rejects.toMatchObject({
      status: 401,
      cause: [{ scheme: 'basic', parameters: { realm: 'gatehouse' } }],
    });
  });
});

describe('passport-oauth2', () => {
  interface Visit {
    readonly query: Record<string, string>;
    readonly session: Record<string, unknown>;
  }
  interface User {
    readonly accessToken: string;
    readonly profile: Readonly<Record<string, unknown>>;
  }

  /** A strategy as a product would write it: it names a tenant, and takes the profile as the user. */
  class GatehouseStrategy extends OAuth2Strategy {
    constructor(key: string) {
      super(
        {
          authorizationURL: `${gatehouse.url}/sso/authorize`,
          tokenURL: `${gatehouse.url}/sso/token`,
          clientID: client.id,
          clientSecret: key,
          callbackURL: REDIRECT_URI,
          state: true,
          pkce: true,
        },
        (
          accessToken: string,
          _refreshToken: string,
          profile: User['profile'],
          done: OAuth2Strategy.VerifyCallback,
        ) => done(null, { accessToken, profile } satisfies User),
      );
      this._oauth2.useAuthorizationHeaderforGET(true);
    }

    override authorizationParams({ organization }: { organization: string }): object {
      return { organization };
    }

    override userProfile(
      accessToken: string,
      done: (error?: unknown, profile?: unknown) => void,
    ): void {
      this._oauth2.get(`${gatehouse.url}/sso/profile`, accessToken, (error: unknown, body) => {
        if (error) done(error);
        else done(null, JSON.parse(String(body)));
      });
    }
  }

  /** Returns what Passport makes of a request: a redirect, or a user. */
  const visit = (strategy: GatehouseStrategy, request: Visit): Promise<URL | User> =>
    new Promise((resolve, reject) => {
      const run = Object.assign(Object.create(strategy) as GatehouseStrategy, {
        redirect: (url: string) => resolve(new URL(url)),
        success: (user: User) => resolve(user),
        fail: (challenge: { message: string }) => reject(new Error(challenge.message)),
        error: reject,
      });
      run.authenticate(request as never, { organization: 'acme' });
    });
  const arrive = async (strategy: GatehouseStrategy, session: Visit['session'], error?: string) => {
    const onward = await walk((await visit(strategy, { query: {}, session })) as URL, error);
    return { query: Object.fromEntries(onward.searchParams), session };
  };

  it('signs a user in with state and PKCE, and reads the profile', async () => {
    const strategy = new GatehouseStrategy(client.key);

    const user = await visit(strategy, await arrive(strategy, {}));

    expect(user).toMatchObject({
      accessToken: expect.any(String),
      profile: { organization_id: 'acme', email: 'ada@acme.example' },
    });
  });

  it('reads that the user was denied', async () => {
    const strategy = new GatehouseStrategy(client.key);
    const request = await arrive(strategy, {}, 'access_denied');

    await expect(visit(strategy, request)).rejects.toThrow(
      'The identity provider denied access to the user.',
    );
  });

  it('reads a refused client', async () => {
    const strategy = new GatehouseStrategy('gh_wrong');
    const request = await arrive(strategy, {});

    await expect(visit(strategy, request)).rejects.toMatchObject({ code: 'invalid_client' });
  });
});
