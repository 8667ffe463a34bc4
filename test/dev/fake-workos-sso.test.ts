import { describe, expect, it } from '@jest/globals';
import { type FakeWorkos } from '../../src/dev/fake-workos/server.ts';
import {
  MINUTE,
  REDIRECT_URI,
  fake,
  workos,
  organization,
  connection,
  pass,
  authorizeUrl,
  codeOf,
  exchange,
  useFakeSso,
} from './fake-workos-sso-setup.ts';

useFakeSso();

describe('GET /sso/authorize', () => {
  it.each([
    ['connection', () => ({ connection })],
    ['organization', () => ({ organization })],
  ])('signs in a user of the %s', async (_selector, selector) => {
    const url = workos.sso.getAuthorizationUrl({
      clientId: fake.clientId,
      redirectUri: `${REDIRECT_URI}?from=a%26b`,
      state: 'a?b&c=d',
      ...(selector() as { connection: string }),
    });
    const back = await fake.signIn(url);

    expect(back.origin + back.pathname).toBe(REDIRECT_URI);
    expect(Object.fromEntries(back.searchParams)).toEqual({
      from: 'a&b',
      code: expect.stringMatching(/^[0-9A-Z]{26}$/),
      state: 'a?b&c=d',
    });
    expect(fake.profileOf(back.searchParams.get('code') ?? '')).toMatchObject({
      organization_id: organization,
      connection_id: connection,
      connection_type: 'OktaSAML',
    });
  });

  it('signs in a user of a provider, who belongs to no organization', async () => {
    const code = await codeOf(authorizeUrl({ connection: null, provider: 'GoogleOAuth' }));

    expect(fake.profileOf(code)).toMatchObject({
      organization_id: null,
      connection_id: expect.stringMatching(/^conn_01[0-9A-Z]{24}$/),
      connection_type: 'GoogleOAuth',
    });
  });

  it('omits the state when none was given', async () => {
    const back = await fake.signIn(authorizeUrl({ state: null }));

    expect([...back.searchParams.keys()]).toEqual(['code']);
  });

  it.each([
    ['a client that is not its own', { client_id: 'client_other' }, 'client ID is not known'],
    ['no client', { client_id: null }, 'client ID is not known'],
    ['no redirect URI', { redirect_uri: null }, 'redirect URI is not registered'],
    ['a redirect URI that is none', { redirect_uri: 'javascript:alert(1)' }, 'not registered'],
    ['a redirect URI that is longer', { redirect_uri: `${REDIRECT_URI}/` }, 'not registered'],
    ['another redirect URI', { redirect_uri: 'https://other.test/cb' }, 'not registered'],
  ])('shows an error page for %s, and redirects nowhere', async (_what, changes, words) => {
    if (_what.includes('longer') || _what.includes('another')) fake.redirectUris.add(REDIRECT_URI);
    const answer = await fetch(authorizeUrl(changes), { redirect: 'manual' });

    expect([answer.status, answer.headers.get('location')]).toEqual([400, null]);
    expect(await answer.text()).toContain(words);
    await expect(fake.signIn(authorizeUrl(changes))).rejects.toThrow('Sign-in cannot start');
    expect(fake.state.signIns.size).toBe(0);
  });

  it.each<[string, Record<string, string | null>, string]>([
    ['no selector', { connection: null }, 'invalid_connection_selector'],
    ['two selectors', { provider: 'GoogleOAuth' }, 'invalid_connection_selector'],
    ['an unknown provider', { connection: null, provider: 'Acme' }, 'invalid_connection_selector'],
    ['a domain', { domain: 'acme.test' }, 'domain_connection_selector_not_allowed'],
    ['an unknown connection', { connection: 'conn_none' }, 'connection_invalid'],
    [
      'an unknown organization',
      { connection: null, organization: 'org_none' },
      'organization_invalid',
    ],
    ['another response type', { response_type: 'token' }, 'unsupported_response_type'],
    ['a plain code challenge', { code_challenge: 'x' }, 'invalid_request'],
  ])('sends %s back as an error with the state', async (_what, changes, error) => {
    const back = await fake.signIn(authorizeUrl(changes));

    expect(back.href).toMatch(REDIRECT_URI);
    expect(Object.fromEntries(back.searchParams)).toEqual({
      error,
      error_description: expect.stringMatching(/\w/),
      state: 'the state',
    });
  });

  it.each<[string, Parameters<FakeWorkos['addConnection']>[1][], string]>([
    ['no connection', [], 'organization_invalid'],
    ['two active connections', [{}, {}], 'ambiguous_connection_selector'],
    ['an inactive connection', [{ state: 'inactive' }], 'connection_unlinked'],
    ['an unlinked connection', [{ status: 'unlinked' }], 'connection_unlinked'],
  ])('sends an organization with %s back as an error', async (_what, connections, error) => {
    const { id } = await workos.organizations.createOrganization({ name: 'Other' });
    for (const given of connections) fake.addConnection(id, given);
    const back = await fake.signIn(authorizeUrl({ connection: null, organization: id }));

    expect(back.searchParams.get('error')).toBe(error);
  });

  it('takes the one active connection among others', async () => {
    fake.addConnection(organization, { state: 'inactive' });
    const code = await codeOf(authorizeUrl({ connection: null, organization }));

    expect(fake.profileOf(code).connection_id).toBe(connection);
  });

  it('stores all parameters in the log and with the code', async () => {
    const { codeChallenge, codeChallengeMethod } = await workos.pkce.generate();
    const url = workos.sso.getAuthorizationUrl({
      clientId: fake.clientId,
      redirectUri: REDIRECT_URI,
      provider: 'GoogleOAuth',
      loginHint: 'ada@acme.test',
      domainHint: 'acme.test',
      providerScopes: ['calendar', 'mail'],
      providerQueryParams: { hd: 'acme.test' },
      codeChallenge,
      codeChallengeMethod,
    });
    const code = await codeOf(`${url}&nonce=n-1&prompt=login`);
    const asked = {
      login_hint: 'ada@acme.test',
      domain_hint: 'acme.test',
      provider_scopes: 'calendar,mail',
      'provider_query_params[hd]': 'acme.test',
      code_challenge: codeChallenge,
      nonce: 'n-1',
      prompt: 'login',
    };

    expect(fake.requestsTo('GET /sso/authorize')).toMatchObject([{ query: asked }]);
    expect(fake.state.codes.get(code)?.query).toMatchObject(asked);
  });
});

describe('the login page', () => {
  let session: string;

  function press(fields: Record<string, string>): Promise<Response> {
    const body = new URLSearchParams({ session, ...fields });
    return fetch(`${fake.url}/idp/login`, { method: 'POST', body, redirect: 'manual' });
  }

  async function backFrom(fields: Record<string, string>): Promise<Record<string, string>> {
    const answer = await press(fields);
    expect(answer.status).toBe(302);
    return Object.fromEntries(new URL(answer.headers.get('location') ?? '').searchParams);
  }

  async function open(url = authorizeUrl()): Promise<Response> {
    const login = await fetch(url);
    session = new URL(login.url).searchParams.get('session') ?? '';
    return login;
  }

  it('offers two users of the organization, under a strict policy', async () => {
    const login = await open();
    const html = await login.text();

    expect(html).toContain('<h1>Sign in to Acme &amp; Sons</h1>');
    expect(html).toMatch(/Continue as Ada Lovelace.*Continue as Grace Hopper/s);
    expect(html).not.toMatch(/<script|<style|style=/);
    expect(login.headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'self'; form-action 'self' http: https:; " +
        "base-uri 'none'; frame-ancestors 'none'",
    );
    expect(login.headers.get('cache-control')).toBe('no-store');
  });

  it('signs in the user whose button is pressed, once', async () => {
    const html = await (await open()).text();
    const [, user = ''] = /name="user" value="(\w+)">Continue as Grace/.exec(html) ?? [];
    const { code = '', state } = await backFrom({ user });

    expect([fake.profileOf(code).name, state]).toEqual(['Grace Hopper', 'the state']);
    expect((await press({ user })).status).toBe(410);
    expect(fake.state.codes.size).toBe(1);
  });

  it('signs in anybody by e-mail address, as the same user every time', async () => {
    await open();
    const first = await backFrom({ email: 'new@acme.test' });
    await open();
    const second = await backFrom({ email: 'new@acme.test' });

    expect(fake.profileOf(first.code ?? '')).toMatchObject({
      email: 'new@acme.test',
      first_name: null,
      name: null,
      role: null,
    });
    expect(fake.profileOf(second.code ?? '').id).toBe(fake.profileOf(first.code ?? '').id);
  });

  it('is shown again for an invalid address', async () => {
    await open();
    const again = await press({ email: 'no "address"' });

    expect(again.status).toBe(422);
    expect(await again.text()).toContain('value="no &quot;address&quot;"');
    expect(await backFrom({ email: 'new@acme.test' })).toHaveProperty('code');
  });

  it('fills in a login hint of an unknown user', async () => {
    const known = await (await open(authorizeUrl({ login_hint: 'ada@users.example.com' }))).text();
    const unknown = await (await open(authorizeUrl({ login_hint: 'eve@acme.test' }))).text();

    expect(known).toContain('type="email" value=""');
    expect(unknown).toContain('type="email" value="eve@acme.test"');
  });

  it.each(['access_denied', 'server_error', 'signin_consent_denied'])(
    'redirects with %s when that is chosen',
    async (error) => {
      const html = await (await open()).text();
      const back = await backFrom({ error });

      expect(html).toMatch(new RegExp(`>${error}<|value="${error}"`));
      expect(back).toEqual({
        error,
        error_description: expect.stringMatching(/^The /),
        state: 'the state',
      });
      expect((await press({ error })).status).toBe(410);
      expect(fake.state.codes.size).toBe(0);
    },
  );

  it('is over after ten minutes', async () => {
    await open();
    pass(10 * MINUTE);

    expect((await press({ email: 'new@acme.test' })).status).toBe(410);
    const again = await fetch(`${fake.url}/idp/login?session=${session}`);
    expect([again.status, await again.text()]).toEqual([
      410,
      expect.stringContaining('This sign-in has expired'),
    ]);
  });

  it('is not in the log of requests', async () => {
    await open();
    await press({ email: 'new@acme.test' });

    expect(fake.requests.map(({ path }) => path)).toEqual(['/organizations', '/sso/authorize']);
  });
});

describe('a sign-in that begins at the identity provider', () => {
  it('returns a code and no state', async () => {
    const back = await fake.idpInitiated(connection, REDIRECT_URI, { email: 'eve@acme.test' });
    const { profile } = await exchange(back.searchParams.get('code') ?? '');

    expect([...back.searchParams.keys()]).toEqual(['code']);
    expect(profile).toMatchObject({ email: 'eve@acme.test', organizationId: organization });
  });

  it('names connection and organization when it is disabled', async () => {
    const error = 'idp_initiated_sso_disabled';
    const back = await fake.idpInitiated(connection, REDIRECT_URI, undefined, error);

    expect(Object.fromEntries(back.searchParams)).toEqual({
      error,
      error_description: 'IdP-initiated SSO is disabled for the connection.',
      connection_id: connection,
      organization_id: organization,
    });
  });
});

describe('addUser', () => {
  it('changes the user with this e-mail address, or adds one', async () => {
    const added = fake.addUser(connection, { email: 'eve@acme.test', name: 'Eve' });
    const changed = fake.addUser(connection, { email: 'eve@acme.test', groups: ['IT'] });
    const other = fake.addUser(connection, {});

    expect(changed).toEqual({ ...added, groups: ['IT'] });
    expect(other.id).not.toBe(added.id);
    expect(fake.profileOf(await codeOf()).id).toBe(added.id);
  });
});
