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

  it('answers with an empty body and no-store', async () => {
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

  it.each([
    'provider_scopes=a&provider_scopes=b%20c',
    'provider_scopes[]=a&provider_scopes[]=b%20c',
    'provider_scopes%5B0%5D=a&provider_scopes%5B1%5D=b%20c',
  ])('joins scopes in the forms in which SDKs send them: %s', async (scopes) => {
    const page = await createBrowser(gatehouse).get(`${authorizePath(client)}&${scopes}`);

    expect(parametersOf(page)).toMatchObject({ provider_scopes: 'a,b c' });
  });

  it.each([
    ['JSON', '{"hd":"acme.example","ok":"a\\"b"}'],
    ['Python’s', `{'hd': 'acme.example', 'ok': 'a"b'}`],
    ['Python’s with the other quotes', `{"hd": 'acme.example', "ok": "a\\"b"}`],
  ])('passes on parameters for the provider that are one text, %s', async (_form, text) => {
    const page = await authorize({ provider_query_params: text });

    expect(parametersOf(page)).toMatchObject({
      'provider_query_params[hd]': 'acme.example',
      'provider_query_params[ok]': 'a"b',
    });
  });

  it('joins scopes that Python’s helper for PKCE has written as one list', async () => {
    const page = await authorize({ provider_scopes: "['openid', 'email']" });

    expect(parametersOf(page)).toMatchObject({ provider_scopes: 'openid,email' });
  });

  it.each([
    [{ organization: undefined, organization_id: 'acme' }, 'organization'],
    [{ organization: undefined, connection_id: 'conn_1' }, 'connection'],
  ])('takes the selector by the name that helpers of Go use: %j', async (query, name) => {
    expect(parametersOf(await authorize(query))).toHaveProperty(name);
  });

  it.each([
    ['an unknown one', { screen: 'sign-up' }],
    ['the client secret', { client_secret: 'gh_secret' }],
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

  it('treats a parameter without a value as omitted', async () => {
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
  ])('refuses %s of the login targets, because exactly one is needed', async (_what, query) => {
    expectRefusal(await authorize(query), 'invalid_connection_selector');
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
    ['a domain', { domain: 'acme.example' }, 'domain_connection_selector_not_allowed'],
    ['another tenant by an unknown name', { orgId: 'globex' }, 'invalid_request'],
    [
      'parameters for the provider that are no map',
      { provider_query_params: "{'hd': 1}" },
      'invalid_request',
    ],
    [
      'parameters for the provider that are code',
      { provider_query_params: "{'hd': str(1)}" },
      'invalid_request',
    ],
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

  it('answers the same for a tenant that is unknown, another client’s or suspended', async () => {
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

  it('refuses a client without sso:login before it reveals anything about tenants', async () => {
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
  ])('returns a state of %s unchanged', async (_what, state) => {
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
  ])('refuses a state of %s and does not return it', async (_what, state) => {
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
  ])('shows a page for %s and does not redirect', async (_what, query) => {
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
  ])('shows a page when %s is given twice, even with the same value', async (name, value) => {
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

  it('does not return a duplicated state, and echoes no malformed parameter name', async () => {
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
