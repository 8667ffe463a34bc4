import { describe, expect, it } from '@jest/globals';
import {
  authorizePath,
  createBrowser,
  login,
  organizationOf,
  REDIRECT_URI,
  signIn,
  type Query,
} from '../support/sign-in.ts';
import {
  ISSUER,
  gatehouse,
  client,
  limited,
  parametersOf,
  expectRefusal,
  expectPage,
  CHALLENGE,
  useSignIns,
} from './authorize-setup.ts';

useSignIns();

const authorize = (query: Query = {}, by = client) =>
  createBrowser(gatehouse).get(authorizePath(by, query));

const NOT_RIGHT = 'This sign-in address is not right';

describe('authorizeSso', () => {
  it('redirects to WorkOS with the organization, our redirect URI, a state and PKCE', async () => {
    const before = gatehouse.workos.requests.length;

    const page = await authorize({ state: 'st-1' });

    expect(page.status).toBe(302);
    expect(`${page.location?.origin ?? ''}${page.location?.pathname ?? ''}`).toBe(
      `${gatehouse.workos.url}/sso/authorize`,
    );
    expect(parametersOf(page)).toEqual({
      client_id: gatehouse.workos.clientId,
      redirect_uri: `${ISSUER}/sso/callback`,
      response_type: 'code',
      organization: await organizationOf(gatehouse, 'acme'),
      state: expect.stringMatching(/^[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    });
    expect(gatehouse.workos.requests).toHaveLength(before);
  });

  it('answers with an empty body that nobody may keep', async () => {
    const { text, headers } = await authorize();

    expect(text).toBe('');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  });

  it('stores nothing', async () => {
    const counts = () =>
      gatehouse.database.superuser(
        `select (select count(*) from spent_codes) as codes, (select count(*) from sign_ins) as sign_ins,
           (select count(*) from audit_trail) as audit`,
      );
    const before = await counts();

    await login(gatehouse, client);

    expect(await counts()).toEqual(before);
  });

  it('uses another state and another challenge each time', async () => {
    const [first, second] = await Promise.all([authorize(), authorize()]);

    expect(first.location?.searchParams.get('state')).not.toBe(
      second.location?.searchParams.get('state'),
    );
    expect(first.location?.searchParams.get('code_challenge')).not.toBe(
      second.location?.searchParams.get('code_challenge'),
    );
  });

  it.each([
    ['connection', { organization: undefined, connection: 'conn_1' }, { connection: 'conn_1' }],
    ['provider', { organization: undefined, provider: 'GoogleOAuth' }, { provider: 'GoogleOAuth' }],
    ['login_hint', { login_hint: 'ada+it@acme.example' }, { login_hint: 'ada+it@acme.example' }],
    ['domain_hint', { domain_hint: 'acme.example' }, { domain_hint: 'acme.example' }],
    ['nonce', { nonce: 'n-0S6 _WzA2Mj&=' }, { nonce: 'n-0S6 _WzA2Mj&=' }],
    ['prompt', { prompt: 'login' }, { prompt: 'login' }],
    ['provider_scopes', { provider_scopes: 'a,b c' }, { provider_scopes: 'a,b c' }],
    [
      'provider_query_params',
      { 'provider_query_params[hd]': 'acme.example', 'provider_query_params[x.y-z_]': '1' },
      { 'provider_query_params[hd]': 'acme.example', 'provider_query_params[x.y-z_]': '1' },
    ],
  ])('passes %s on', async (_name, query, upstream) => {
    expect(parametersOf(await authorize(query))).toMatchObject(upstream);
  });

  it('joins scopes that come one by one, as SDKs send them', async () => {
    const page = await createBrowser(gatehouse).get(
      `${authorizePath(client)}&provider_scopes=a&provider_scopes=b%20c`,
    );

    expect(parametersOf(page)).toMatchObject({ provider_scopes: 'a,b c' });
  });

  it.each([
    ['an unknown one', { screen: 'sign-up' }],
    ['the client secret', { client_secret: 'gh_secret' }],
    ['a domain', { domain: 'acme.example' }],
    ['a provider parameter of another form', { 'provider_query_params[[x]': '1' }],
    ['parameters of PKCE that are ours', { code_verifier: 'x' }],
  ])('does not pass on %s', async (_what, query) => {
    const sent = parametersOf(await authorize(query));

    expect(Object.keys(sent).toSorted()).toEqual([
      'client_id',
      'code_challenge',
      'code_challenge_method',
      'organization',
      'redirect_uri',
      'response_type',
      'state',
    ]);
  });

  it('takes a parameter without a value for one left out', async () => {
    const page = await authorize({ connection: '', provider: '', login_hint: '', state: '' });

    expect(parametersOf(page)).not.toHaveProperty('login_hint');
    expect(parametersOf(page)).toHaveProperty('organization');
  });

  it.each([
    ['none', { organization: undefined }],
    ['organization and connection', { connection: 'conn_1' }],
    ['organization and provider', { provider: 'GoogleOAuth' }],
    ['connection and provider', { organization: undefined, connection: 'c', provider: 'G' }],
    ['all three', { connection: 'conn_1', provider: 'GoogleOAuth' }],
  ])('refuses %s of the selectors where exactly one is needed', async (_what, query) => {
    expectRefusal(await authorize(query), 'invalid_request');
  });

  it.each([
    ['no response type', { response_type: undefined }, 'unsupported_response_type'],
    ['response type token', { response_type: 'token' }, 'unsupported_response_type'],
    ['response type code token', { response_type: 'code token' }, 'unsupported_response_type'],
    ['a challenge without method', { code_challenge: CHALLENGE }, 'invalid_request'],
    ['a method without challenge', { code_challenge_method: 'S256' }, 'invalid_request'],
    [
      'the method plain',
      { code_challenge: CHALLENGE, code_challenge_method: 'plain' },
      'invalid_request',
    ],
    [
      'the method s256',
      { code_challenge: CHALLENGE, code_challenge_method: 's256' },
      'invalid_request',
    ],
    [
      'a short challenge',
      { code_challenge: CHALLENGE.slice(1), code_challenge_method: 'S256' },
      'invalid_request',
    ],
    [
      'a padded challenge',
      { code_challenge: `${CHALLENGE}=`, code_challenge_method: 'S256' },
      'invalid_request',
    ],
    [
      'a connection with a space',
      { organization: undefined, connection: 'c 1' },
      'connection_invalid',
    ],
    [
      'a connection of 101 characters',
      { organization: undefined, connection: 'c'.repeat(101) },
      'connection_invalid',
    ],
    ['a provider with a digit', { organization: undefined, provider: 'G00gle' }, 'invalid_request'],
    ['an organization id', { organization: 'org_01ABC' }, 'organization_invalid'],
    ['a tenant in another case', { organization: 'ACME' }, 'organization_invalid'],
    ['a tenant id with NUL', { organization: 'acme\0' }, 'organization_invalid'],
    [
      'a tenant id of 5,000 characters',
      { organization: 'a'.repeat(5_000) },
      'organization_invalid',
    ],
  ])('refuses %s at the redirect URI', async (_what, query, error) => {
    const page = await authorize({ state: 'st-2', ...query });

    expectRefusal(page, error);
    expect(parametersOf(page)).toMatchObject({ state: 'st-2' });
  });

  it('says the same of a tenant that is unknown, another client’s or suspended', async () => {
    await gatehouse.provision('acme-paused');
    await gatehouse.as(client).patch('/v1/tenants/acme-paused').send({ status: 'suspended' });

    const pages = await Promise.all(
      ['acme-unknown', 'beta', 'acme-paused'].map((organization) =>
        authorize({ organization }, limited),
      ),
    );

    for (const page of pages) expectRefusal(page, 'organization_invalid');
    expect(new Set(pages.map(({ location }) => location?.href)).size).toBe(1);
  });

  it('refuses a provider’s login to a client without *', async () => {
    const query = { organization: undefined, provider: 'GoogleOAuth' };

    expectRefusal(await authorize(query, limited), 'unauthorized_client');
  });

  it('refuses a client without sso:login before it says anything of tenants', async () => {
    const without = await gatehouse.createClient({ redirectUris: [REDIRECT_URI], scopes: [] });

    expectRefusal(await authorize({ organization: 'no-such' }, without), 'unauthorized_client');
  });

  it.each([
    ['1,024 bytes', 's'.repeat(1_024)],
    [
      'every printable character',
      String.fromCharCode(...Array.from({ length: 95 }, (_, i) => i + 32)),
    ],
    ['a URL', 'https://app.example.com/?a=1&b=%2F+#x'],
    ['line feeds and controls', 'a\r\nLocation: https://evil.example\t\u0001'],
    ['other scripts and emoji', 'zürich 東京 🔑'],
    ['one character', '0'],
  ])('gives back a state of %s exactly', async (_what, state) => {
    const page = await createBrowser(gatehouse).get(
      authorizePath(client, { state, response_type: 'token' }),
    );
    const { onward } = await signIn(gatehouse, client, { query: { state } });

    expect(page.location?.searchParams.get('state')).toBe(state);
    expect(onward.searchParams.get('state')).toBe(state);
  });

  it.each([
    ['1,025 characters', 's'.repeat(1_025)],
    ['513 characters of two bytes', 'é'.repeat(513)],
    ['10,000 characters', 's'.repeat(10_000)],
  ])('refuses a state of %s and does not give it back', async (_what, state) => {
    const page = await authorize({ state });

    expectRefusal(page, 'invalid_request');
    expect(parametersOf(page)).not.toHaveProperty('state');
  });

  it.each([
    ['no client', { client_id: undefined }],
    ['an unknown client', { client_id: 'nobody' }],
    ['a client with NUL', { client_id: 'client-1\0' }],
    ['a client of 10,000 characters', { client_id: 'c'.repeat(10_000) }],
    ['WorkOS’s client id', { client_id: 'client_fake' }],
    ['no redirect URI', { redirect_uri: undefined }],
    ['another redirect URI', { redirect_uri: 'https://evil.example/callback' }],
  ])('shows a page for %s, and redirects nowhere', async (_what, query) => {
    expectPage(await authorize({ ...query, state: 'st-3' }), 400, NOT_RIGHT);
  });

  it('shows a page for a disabled client', async () => {
    const disabled = await gatehouse.createClient({ redirectUris: [REDIRECT_URI], disabled: true });

    expectPage(await authorize({}, disabled), 400, NOT_RIGHT);
  });

  const twice = (name: string, value = 'a') =>
    createBrowser(gatehouse).get(
      `${authorizePath(client, { state: 'st-3', [name]: value })}&${new URLSearchParams({ [name]: value }).toString()}`,
    );

  it.each([
    ['client_id', () => client.id],
    ['redirect_uri', () => REDIRECT_URI],
  ])('shows a page where %s comes twice, even the same', async (name, value) => {
    expectPage(await twice(name, value()), 400, NOT_RIGHT);
  });

  it.each(['organization', 'response_type', 'code_challenge', 'login_hint', 'unheard-of'])(
    'tells the sibling where %s came twice',
    async (name) => {
      const page = await twice(name);

      expectRefusal(page, 'invalid_request');
      expect(parametersOf(page)).toMatchObject({
        error_description: `${name} was given twice.`,
        state: 'st-3',
      });
    },
  );

  it('gives back no state that came twice, and repeats no name that is none', async () => {
    const state = await twice('state');
    const odd = await twice('"\\\r\n');

    for (const page of [state, odd]) expectRefusal(page, 'invalid_request');
    expect(parametersOf(state)).not.toHaveProperty('state');
    expect(parametersOf(odd).error_description).toBe('A parameter was given twice.');
  });

  it.each(['HEAD', 'POST', 'PUT', 'OPTIONS'])('refuses %s', async (method) => {
    const res = await fetch(`${gatehouse.url}${authorizePath(client)}`, {
      method,
      redirect: 'manual',
    });

    expect(res.status).toBe(405);
    expect(res.headers.get('allow')).toBe('GET');
    expect(res.headers.getSetCookie()).toEqual([]);
  });
});

describe('the cookie of a login', () => {
  it('is of this host, unseen by scripts, and ends with the login', async () => {
    const [cookie = ''] = (await authorize()).setCookie;
    const [pair = '', ...attributes] = cookie.split('; ');

    expect(pair).toMatch(/^__Host-gatehouse-flow-[0-9a-z]{9}-[\w-]{22}=[\w.-]+$/);
    expect(attributes.toSorted()).toEqual([
      'HttpOnly',
      'Max-Age=600',
      'Path=/',
      'SameSite=Lax',
      'Secure',
    ]);
  });

  it('is one of five at most, the oldest goes first', async () => {
    const browser = createBrowser(gatehouse);
    const begun: string[] = [];
    for (let count = 0; count < 5; count += 1) {
      const { setCookie } = await browser.get(authorizePath(client));
      begun.push(setCookie[0]?.split('=')[0] ?? '');
    }

    const { setCookie } = await browser.get(authorizePath(client));

    expect(setCookie).toHaveLength(2);
    const [oldest = ''] = begun.toSorted();
    expect(setCookie[1]).toBe(`${oldest}=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax`);
    expect(browser.cookies.size).toBe(5);
  });

  it('leaves other logins of the same browser alone', async () => {
    const browser = createBrowser(gatehouse);
    const [first, second] = [
      await login(gatehouse, client, { browser }),
      await login(gatehouse, client, { browser }),
    ];

    const pages = [await browser.get(first.back), await browser.get(second.back)];

    expect(pages.map(({ location }) => location?.searchParams.has('code'))).toEqual([true, true]);
    expect(browser.cookies.size).toBe(0);
  });

  it('is found among others', async () => {
    const browser = createBrowser(gatehouse);
    for (const name of ['a', 'gatehouse-flow-x', '__Host-other'])
      browser.cookies.set(name, 'x=y==');

    const { onward } = await signIn(gatehouse, client, { browser });

    expect(onward.searchParams.has('code')).toBe(true);
  });
});
<<<<<<< HEAD:test/sso/authorize.test.ts
=======

describe('callbackSso', () => {
  it('leads to the redirect URI with a code of ours, state and iss, and spends the cookie', async () => {
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

  it('sends no state where the sibling sent none', async () => {
    const { onward } = await signIn(gatehouse, client);

    expect([...onward.searchParams.keys()]).toEqual(['code', 'iss']);
  });

  it('keeps what the redirect URI has in its query', async () => {
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

  it('tells the sibling of an error that WorkOS itself found', async () => {
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
  ])('calls an error code of %s a server_error', async (_what, error) => {
    const { browser, back } = await login(gatehouse, client, { error: 'access_denied' });
    back.searchParams.set('error', error);

    expect(parametersOf(await browser.get(back))).toMatchObject({ error: 'server_error' });
  });

  it('lets no organization id and no control character through in a description', async () => {
    const { browser, back } = await login(gatehouse, client, { error: 'organization_invalid' });
    back.searchParams.set('error_description', 'No org_01HXYZ\r\n"here"\\ ümlaut');

    expect(parametersOf(await browser.get(back)).error_description).toBe(
      'No the organization   here    mlaut',
    );
  });

  it.each([
    ['neither code nor error', (back: URL) => back.searchParams.delete('code')],
    ['an empty code', (back: URL) => back.searchParams.set('code', '')],
  ])('says server_error for %s', async (_what, change) => {
    const { browser, back } = await login(gatehouse, client);
    change(back);

    expectRefusal({ ...(await browser.get(back)), setCookie: [] }, 'server_error');
  });

  it('shows a page once the client was disabled or lost the redirect URI meanwhile', async () => {
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

  it('gives an address of ours at which a browser signs in', async () => {
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
  ])('takes %s too', async (_what, selector) => {
    const { url } = (await create({ redirect_uri: REDIRECT_URI, ...selector })).body as {
      url: string;
    };

    expect(parametersOf(await createBrowser(gatehouse).get(url))).toMatchObject(selector);
  });

  it.each([
    ['an unknown tenant', { organization: 'nobody' }, 404, 'tenant_not_found'],
    ['no selector', {}, 422, 'invalid_request'],
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
  it('gives the tenant whose connection it is', async () => {
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
  it('gives a profile without a tenant, and the provider’s tokens', async () => {
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

describe('what WorkOS is asked', () => {
  it('is one token request with our own key, redirected code and verifier', async () => {
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
>>>>>>> 2027eb6 (refactor: the cookie package parses and writes cookies, in one place):test/sso/sso.test.ts
