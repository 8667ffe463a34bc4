import { describe, expect, it } from '@jest/globals';
import { operator } from '../../src/cli/operator.ts';
import { createClientRegistry } from '../../src/clients/registry.ts';
import { SIGN_IN_ERRORS } from '../../src/dev/fake-workos/sso/sign-in-errors.ts';
import {
  createBrowser,
  exchange,
  grant,
  login,
  REDIRECT_URI,
  signIn,
  TOKEN,
} from '../support/sign-in.ts';
import {
  ISSUER,
  gatehouse,
  client,
  limited,
  connection,
  parametersOf,
  expectRefusal,
  expectPage,
  CHALLENGE,
  useSignIns,
} from './authorize-setup.ts';

useSignIns();

describe('callbackSso', () => {
  it('redirects to the redirect URI with a code of Gatehouse, state and iss, and deletes the cookie', async () => {
    const { browser, back, upstreamCode } = await login(gatehouse, client, {
      query: { state: 'st-4' },
    });

    const page = await browser.get(back);

    expect(page.status).toBe(302);
    expect(page.text).toBe('');
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    expect(page.location?.href.startsWith(`${REDIRECT_URI}?code=`)).toBe(true);
    expect(parametersOf(page)).toEqual({
      code: expect.stringMatching(/^[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+$/),
      state: 'st-4',
      iss: ISSUER,
    });
    expect(page.location?.href).not.toContain(upstreamCode);
    expect(page.setCookie).toEqual([
      expect.stringMatching(
        /^__Host-gatehouse-flow-[\w-]+=; Max-Age=0; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
      ),
    ]);
    expect(gatehouse.workos.tokenCalls(upstreamCode)).toBe(0);
  });

  it('sends no state when the client sent none', async () => {
    const { onward } = await signIn(gatehouse, client);

    expect([...onward.searchParams.keys()]).toEqual(['code', 'iss']);
  });

  it('keeps the query of the redirect URI', async () => {
    const { onward } = await signIn(gatehouse, client, {
      query: { redirect_uri: 'https://app.example.com/in?from=sso&x' },
    });

    expect(onward.href.startsWith('https://app.example.com/in?from=sso&x&code=')).toBe(true);
  });

  it.each(Object.entries(SIGN_IN_ERRORS))(
    'tells the sibling of %s, with state and iss',
    async (error, description) => {
      const { browser, back } = await login(gatehouse, client, { query: { state: 'st-5' }, error });

      const page = await browser.get(back);

      expect(page.location?.href.startsWith(`${REDIRECT_URI}?error=`)).toBe(true);
      expect(parametersOf(page)).toEqual({
        error,
        error_description: description,
        state: 'st-5',
        iss: ISSUER,
      });
      expect(browser.cookies.size).toBe(0);
    },
  );

  it('passes an error of WorkOS on to the client', async () => {
    const { browser, back } = await login(gatehouse, client, {
      query: { organization: 'beta', state: 'st-6' },
    });

    expect(parametersOf(await browser.get(back))).toMatchObject({
      error: 'organization_invalid',
      state: 'st-6',
    });
  });

  it.each([
    ['upper case', 'Access_Denied'],
    ['markup', '<script>'],
    ['65 characters', 'e'.repeat(65)],
    ['2,000 characters', 'e'.repeat(2_000)],
    ['nothing', ''],
  ])('replaces an error code of %s by server_error', async (_what, error) => {
    const { browser, back } = await login(gatehouse, client, { error: 'access_denied' });
    back.searchParams.set('error', error);

    expect(parametersOf(await browser.get(back))).toMatchObject({ error: 'server_error' });
  });

  it('removes organization ids and control characters from a description', async () => {
    const { browser, back } = await login(gatehouse, client, { error: 'organization_invalid' });
    back.searchParams.set('error_description', 'No org_01HXYZ\r\n"here"\\ ümlaut');

    expect(parametersOf(await browser.get(back)).error_description).toBe(
      'No the organization   here    mlaut',
    );
  });

  it.each([
    ['neither code nor error', (back: URL) => back.searchParams.delete('code')],
    ['an empty code', (back: URL) => back.searchParams.set('code', '')],
  ])('sends server_error for %s', async (_what, change) => {
    const { browser, back } = await login(gatehouse, client);
    change(back);

    expectRefusal({ ...(await browser.get(back)), setCookie: [] }, 'server_error');
  });

  it('shows a page when the client was disabled or lost the redirect URI during the login', async () => {
    const registry = createClientRegistry(gatehouse.database.db);
    const changes = [{ disabled: true }, { redirectUris: ['https://app.example.com/other'] }];
    for (const change of changes) {
      const changing = await gatehouse.createClient({ redirectUris: [REDIRECT_URI] });
      const { browser, back } = await login(gatehouse, changing);
      await registry.update(operator('test'), changing.id, change);

      expectPage(await browser.get(back), 400, 'This sign-in is no longer valid');
    }
  });
});

describe('createAuthorizationUrl', () => {
  const create = (body: object, by = client) =>
    gatehouse.as(by).post('/v1/sso/authorization-urls').send(body);

  it('returns a URL of Gatehouse at which a browser signs in', async () => {
    const res = await create({
      redirect_uri: REDIRECT_URI,
      organization: 'acme',
      state: 'st 7',
      login_hint: 'ada@acme.example',
      nonce: 'n',
      prompt: 'login',
      domain_hint: 'acme.example',
      code_challenge: CHALLENGE,
    });

    expect(res.status).toBe(201);
    const { object, url } = res.body as { object: string; url: string };
    expect(object).toBe('authorization_url');
    expect(url.startsWith(`${ISSUER}/sso/authorize?`)).toBe(true);
    expect(Object.fromEntries(new URL(url).searchParams)).toEqual({
      client_id: client.id,
      response_type: 'code',
      redirect_uri: REDIRECT_URI,
      organization: 'acme',
      state: 'st 7',
      login_hint: 'ada@acme.example',
      nonce: 'n',
      prompt: 'login',
      domain_hint: 'acme.example',
      code_challenge: CHALLENGE,
      code_challenge_method: 'S256',
    });
    expect((await createBrowser(gatehouse).get(url)).location?.origin).toBe(gatehouse.workos.url);
  });

  it.each([
    ['a connection', { connection: 'conn_1' }],
    ['a provider', { provider: 'GoogleOAuth', provider_scopes: 'a,b' }],
  ])('accepts %s', async (_what, selector) => {
    const { url } = (await create({ redirect_uri: REDIRECT_URI, ...selector })).body as {
      url: string;
    };

    expect(parametersOf(await createBrowser(gatehouse).get(url))).toMatchObject(selector);
  });

  it.each([
    ['an unknown tenant', { organization: 'nobody' }, 404, 'tenant_not_found'],
    ['no login target', {}, 422, 'invalid_request'],
    ['two selectors', { organization: 'acme', provider: 'G' }, 422, 'invalid_request'],
    ['a connection that is none', { connection: 'c 1' }, 422, 'invalid_request'],
    [
      'a foreign redirect URI',
      { redirect_uri: 'https://evil.example/' },
      400,
      'unregistered_redirect_uri',
    ],
    [
      'plain',
      { organization: 'acme', code_challenge: CHALLENGE, code_challenge_method: 'plain' },
      422,
      'invalid_request',
    ],
    [
      'a method alone',
      { organization: 'acme', code_challenge_method: 'S256' },
      422,
      'invalid_request',
    ],
    ['a short challenge', { organization: 'acme', code_challenge: 'abc' }, 422, 'invalid_request'],
    [
      'a state of 513 × 2 bytes',
      { organization: 'acme', state: 'é'.repeat(513) },
      422,
      'invalid_request',
    ],
    ['a state with a line feed', { organization: 'acme', state: 'a\nb' }, 422, 'invalid_request'],
    ['an unknown field', { organization: 'acme', screen: 'x' }, 422, 'invalid_request'],
    [
      'a client of its own choice',
      { organization: 'acme', client_id: 'client-1' },
      422,
      'invalid_request',
    ],
  ])('refuses %s', async (_what, body, status, code) => {
    const res = await create({ redirect_uri: REDIRECT_URI, ...body });

    expect(res.status).toBe(status);
    expect(res.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(res.body).toMatchObject({ status, code });
  });

  it('answers the same for an unknown tenant and another client’s', async () => {
    const [unknown, foreign] = await Promise.all(
      ['acme-none', 'beta'].map(async (organization) => {
        const res = await create({ redirect_uri: REDIRECT_URI, organization }, limited);
        return { ...(res.body as object), instance: '' };
      }),
    );

    expect(unknown).toEqual(foreign);
  });

  it('refuses a provider’s login to a client without *', async () => {
    const res = await create({ redirect_uri: REDIRECT_URI, provider: 'GoogleOAuth' }, limited);

    expect(res.status).toBe(422);
    expect(res.body).toMatchObject({
      errors: [{ field: 'provider', code: 'unauthorized_client' }],
    });
  });

  it('refuses a client without sso:login', async () => {
    const without = await gatehouse.createClient({ scopes: [], redirectUris: [REDIRECT_URI] });

    const res = await create({ redirect_uri: REDIRECT_URI, organization: 'acme' }, without);

    expect(res.status).toBe(403);
    expect(res.body).toMatchObject({ code: 'insufficient_scope' });
  });
});

describe('oauthMetadata', () => {
  it('describes the authorization server (RFC 8414)', async () => {
    const res = await gatehouse.anonymous.get('/.well-known/oauth-authorization-server');

    expect(res.status).toBe(200);
    expect(res.body).toEqual({
      issuer: ISSUER,
      authorization_endpoint: `${ISSUER}/sso/authorize`,
      token_endpoint: `${ISSUER}/sso/token`,
      response_types_supported: ['code'],
      grant_types_supported: ['authorization_code'],
      code_challenge_methods_supported: ['S256'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
      authorization_response_iss_parameter_supported: true,
      service_documentation: `${ISSUER}/docs`,
    });
  });
});

describe('a sign-in by connection', () => {
  it('returns the tenant that owns the connection', async () => {
    const { code, upstreamCode } = await signIn(gatehouse, client, {
      query: { organization: undefined, connection },
    });

    const { status, body } = await exchange(gatehouse, grant(client, code));

    expect(status).toBe(200);
    expect(body).toMatchObject({ profile: { organization_id: 'acme', connection_id: connection } });
    expect(gatehouse.workos.tokenCalls(upstreamCode)).toBe(1);
  });
});

describe('a sign-in by provider', () => {
  it('returns a profile without a tenant, and the provider’s tokens', async () => {
    const { code } = await signIn(gatehouse, client, {
      query: { organization: undefined, provider: 'GoogleOAuth', provider_scopes: 'calendar' },
    });

    const { status, body } = await exchange(gatehouse, grant(client, code));

    expect(status).toBe(200);
    expect(body).toMatchObject({
      profile: { organization_id: null, connection_type: 'GoogleOAuth' },
      oauth_tokens: { provider: 'GoogleOAuth', scopes: ['calendar'] },
    });
    expect(Object.keys(body.oauth_tokens as object).toSorted()).toEqual([
      'access_token',
      'expires_at',
      'provider',
      'refresh_token',
      'scopes',
    ]);
  });
});

describe('the request to WorkOS', () => {
  it('is one token request with Gatehouse’s key, the code of the callback and the verifier', async () => {
    const { code } = await signIn(gatehouse, client);
    await exchange(gatehouse, grant(client, code));

    expect(gatehouse.workos.requestsTo(TOKEN).at(-1)?.body).toEqual({
      client_id: gatehouse.workos.clientId,
      client_secret: gatehouse.workos.apiKey,
      grant_type: 'authorization_code',
      code: expect.any(String),
      code_verifier: expect.stringMatching(/^[\w-]{43}$/),
    });
  });
});
