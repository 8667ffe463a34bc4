import { X509Certificate, createPublicKey } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose';
import { exchangeOverHttp } from '../support/http-exchange.ts';
import {
  MINUTE,
  REDIRECT_URI,
  fake,
  workos,
  clock,
  newConnection,
  organization,
  connection,
  start,
  pass,
  authorizeUrl,
  codeOf,
  exchange,
  useFakeSso,
} from './fake-workos-sso-setup.ts';

useFakeSso();

describe('POST /sso/token', () => {
  const verifier = 'v'.repeat(43);
  const challenge = '7w_YNF9DSfIdPf_pRjSq646_kPr-2-o9NAl16JGghdM';
  const pkce = { code_challenge: challenge, code_challenge_method: 'S256' };
  const unasked = {};

  it('gives the profile and a token for it', async () => {
    const { accessToken, profile, oauthTokens } = await exchange(await codeOf());

    expect(profile).toEqual({
      id: expect.stringMatching(/^prof_01/),
      idpId: expect.any(String),
      organizationId: organization,
      connectionId: connection,
      connectionType: 'OktaSAML',
      email: 'ada@users.example.com',
      firstName: 'Ada',
      lastName: 'Lovelace',
      name: 'Ada Lovelace',
      role: { slug: 'admin' },
      roles: [{ slug: 'admin' }],
      groups: ['IT'],
      customAttributes: {},
      rawAttributes: expect.objectContaining({ email: 'ada@users.example.com' }),
    });
    expect(oauthTokens).toBeUndefined();
    expect(await workos.sso.getProfile({ accessToken })).toEqual(profile);
  });

  it('accepts JSON as well as a form', async () => {
    const { data } = await workos.post<{ token_type: string; expires_in: number }>('/sso/token', {
      grant_type: 'authorization_code',
      client_id: fake.clientId,
      client_secret: fake.apiKey,
      code: await codeOf(),
    });

    expect(data).toMatchObject({ token_type: 'Bearer', expires_in: 600 });
  });

  it('gives the tokens of a provider, for the scopes that were asked for', async () => {
    const url = { connection: null, provider: 'GitHubOAuth', provider_scopes: 'repo,user' };
    const { oauthTokens } = await exchange(await codeOf(authorizeUrl(url)));

    expect(oauthTokens).toMatchObject({
      accessToken: expect.stringMatching(/\w/),
      expiresAt: clock.getTime() / 1000 + 3600,
      scopes: ['repo', 'user'],
    });
  });

  it('gives names and a role as null, and leaves out what the user lacks', async () => {
    const nothing = { first_name: null, last_name: null, name: null, role: null };
    const code = await codeOf(authorizeUrl(), { ...nothing, groups: undefined });
    const { profile } = await exchange(code);

    expect(profile).toMatchObject({ firstName: null, lastName: null, name: null, role: null });
    expect(profile).not.toHaveProperty('groups');
  });

  it('returns a profile of another organization only when the test asks for it', async () => {
    const stranger = { organization_id: 'org_other', email: 'ada@users.example.com' };
    const { profile } = await exchange(await codeOf(authorizeUrl(), stranger));
    const next = await exchange(await codeOf());

    expect(profile.organizationId).toBe('org_other');
    expect(next.profile).toMatchObject({
      organizationId: organization,
      email: 'ada@users.example.com',
    });
  });

  it('accepts a code for ten minutes', async () => {
    const [early, late] = [await codeOf(), await codeOf()];
    pass(10 * MINUTE - 1);
    await exchange(early);
    pass(1);

    await expect(exchange(late)).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it('accepts a code once', async () => {
    const code = await codeOf();
    await exchange(code);

    await expect(exchange(code)).rejects.toMatchObject({
      status: 400,
      error: 'invalid_grant',
      errorDescription: expect.stringContaining('expired or is invalid'),
    });
    expect([fake.tokenCalls(code), fake.tokenCalls('another')]).toEqual([2, 0]);
  });

  it('accepts the verifier of the code challenge', async () => {
    expect(await exchange(await codeOf(authorizeUrl(pkce)), verifier)).toHaveProperty('profile');
  });

  it.each([
    ['no verifier', pkce, undefined],
    ['another verifier', pkce, 'w'.repeat(43)],
    ['a verifier nobody asked for', unasked, verifier],
  ])('refuses %s, and the code stays valid', async (_what, changes, given) => {
    const code = await codeOf(authorizeUrl(changes));

    await expect(exchange(code, given)).rejects.toMatchObject({ error: 'invalid_grant' });
    expect(fake.state.codes.get(code)?.used_at).toBeNull();
  });

  it.each([
    ['another grant', { grant_type: 'client_credentials' }, 400, 'unsupported_grant_type'],
    ['another client', { client_id: 'client_other' }, 400, 'invalid_client'],
    ['another secret', { client_secret: 'sk_test_other' }, 400, 'invalid_client'],
    ['an unknown code', { code: 'guessed' }, 400, 'invalid_grant'],
    ['a code that is no text', { code: 7 }, 422, undefined],
  ])('refuses %s, and the code stays valid', async (_what, changes, status, error) => {
    const code = await codeOf();
    const body = {
      grant_type: 'authorization_code',
      client_id: fake.clientId,
      client_secret: fake.apiKey,
      code,
      ...changes,
    };
    const answer = await fetch(`${fake.url}/sso/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

    expect(answer.status).toBe(status);
    expect(((await answer.json()) as { error?: string }).error).toBe(error);
    expect(fake.state.codes.get(code)?.used_at).toBeNull();
  });

  it.each([
    ['reset after the headers', { kind: 'reset', when: 'after-headers' }, 200, true],
    ['reset after the effect', { kind: 'after-effect-reset' }, undefined, true],
    ['reset before the headers', { kind: 'reset', when: 'before-headers' }, undefined, false],
    ['a status', { kind: 'status', status: 503 }, 503, false],
  ] as const)('can be made to fail with %s', async (_what, fault, status, spent) => {
    const code = await codeOf();
    fake.fault('POST /sso/token', fault, { times: 1 });
    const form = new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: fake.clientId,
      client_secret: fake.apiKey,
      code,
    });
    const answer = await exchangeOverHttp(`${fake.url}/sso/token`, form.toString(), {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });

    expect(answer.status).toBe(status);
    expect(fake.state.codes.get(code)?.used_at !== null).toBe(spent);
    expect(fake.tokenCalls(code)).toBe(1);
  });
});

describe('an access token', () => {
  it('is valid for ten minutes', async () => {
    const { accessToken } = await exchange(await codeOf());
    pass(10 * MINUTE);

    const answer = await fetch(`${fake.url}/sso/profile`, {
      headers: { authorization: `Bearer ${accessToken}` },
    });
    expect([answer.status, await answer.json()]).toEqual([401, { error: 'Unauthorized' }]);
  });

  it('is signed by the key of the JWKS, which comes with its certificate', async () => {
    const { accessToken, profile } = await exchange(await codeOf());
    const jwks = await fetch(workos.userManagement.getJwksUrl(fake.clientId));
    const { keys } = (await fetch(`${fake.url}/sso/jwks/${fake.clientId}`).then((r) =>
      r.json(),
    )) as JSONWebKeySet;
    const { payload } = await jwtVerify(accessToken, createLocalJWKSet({ keys }), {
      algorithms: ['RS256'],
      audience: fake.clientId,
      issuer: fake.url,
      currentDate: clock,
    });
    const certificate = new X509Certificate(Buffer.from(keys[0]?.x5c?.[0] ?? '', 'base64'));

    expect(jwks.status).toBe(200);
    expect(payload.sub).toBe(profile.id);
    expect(keys).toHaveLength(1);
    const key = createPublicKey({ key: { ...keys[0] }, format: 'jwk' });
    expect(certificate.publicKey.equals(key)).toBe(true);
    expect(certificate.verify(key)).toBe(true);
    expect(certificate.subject).toBe('CN=Fake WorkOS');
    expect(certificate.fingerprint256.replaceAll(':', '').toLowerCase()).toBe(
      Buffer.from(keys[0]?.['x5t#S256'] ?? '', 'base64url').toString('hex'),
    );
  });
});

describe('single logout', () => {
  async function authorizeLogout(connectionType: string) {
    const { id } = fake.addConnection(organization, { connection_type: connectionType });
    const { data } = await workos.post<{ logout_url: string; logout_token: string }>(
      '/sso/logout/authorize',
      { profile_id: fake.addUser(id, { name: 'Eve' }).id },
    );
    return { ...data, id };
  }

  it('ends on a page that says so, once', async () => {
    const { logout_url, logout_token } = await authorizeLogout('GenericOIDC');
    const answer = await fetch(logout_url);

    expect(logout_url).toBe(`${fake.url}/sso/logout?token=${logout_token}`);
    expect([answer.status, await answer.text()]).toEqual([
      200,
      expect.stringContaining('Eve is no longer signed in here.'),
    ]);
    expect((await fetch(logout_url)).status).toBe(404);
  });

  it('ends at the post-logout URI of the connection', async () => {
    const { logout_url, id } = await authorizeLogout('GenericOIDC');
    fake.setPostLogoutUri(id, 'https://app.test/bye');
    const answer = await fetch(logout_url, { redirect: 'manual' });

    expect([answer.status, answer.headers.get('location')]).toEqual([302, 'https://app.test/bye']);
  });

  it('is over after ten minutes', async () => {
    const { logout_url } = await authorizeLogout('GenericOIDC');
    pass(10 * MINUTE);

    expect((await fetch(logout_url)).status).toBe(404);
  });

  it('is for GenericOIDC connections only', async () => {
    await expect(authorizeLogout('OktaSAML')).rejects.toMatchObject({
      status: 400,
      error: 'connection_invalid',
    });
  });
});

describe('a passwordless session', () => {
  const wanted = { type: 'MagicLink', email: 'eve@acme.test' } as const;

  function follow(link: string): Promise<Response> {
    return fetch(link, { redirect: 'manual' });
  }

  it('has a link that signs its user in, once', async () => {
    const session = await workos.passwordless.createSession({
      ...wanted,
      redirectURI: REDIRECT_URI,
      state: 'the state',
    });
    const answer = await follow(session.link);
    const back = new URL(answer.headers.get('location') ?? '');
    const { profile } = await exchange(back.searchParams.get('code') ?? '');

    expect(session).toEqual({
      object: 'passwordless_session',
      id: expect.stringMatching(/^passwordless_session_01/),
      email: 'eve@acme.test',
      expiresAt: '2026-11-22T12:15:00.000Z',
      link: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/passwordless\/\w+\/confirm$/),
    });
    expect([answer.status, back.searchParams.get('state')]).toEqual([302, 'the state']);
    expect(profile).toMatchObject({
      email: 'eve@acme.test',
      connectionType: 'MagicLink',
      organizationId: null,
    });
    expect((await follow(session.link)).status).toBe(410);
  });

  it('signs in a user of the connection it names', async () => {
    const { link } = await workos.passwordless.createSession({
      ...wanted,
      redirectURI: REDIRECT_URI,
      connection,
    });
    const back = new URL((await follow(link)).headers.get('location') ?? '');
    const { profile } = await exchange(back.searchParams.get('code') ?? '');

    expect([...back.searchParams.keys()]).toEqual(['code']);
    expect(profile).toMatchObject({ connectionId: connection, organizationId: organization });
  });

  it('lives as long as it was asked to', async () => {
    const options = { ...wanted, redirectURI: REDIRECT_URI, expiresIn: 3600 };
    const { link } = await workos.passwordless.createSession(options);
    pass(60 * MINUTE);

    expect((await follow(link)).status).toBe(410);
  });

  it('is sent', async () => {
    const { id } = await workos.passwordless.createSession({
      ...wanted,
      redirectURI: REDIRECT_URI,
    });

    expect(await workos.passwordless.sendSession(id)).toEqual({ success: true });
    expect(fake.state.passwordlessSessions.get(id)?.sent_at).toBe(clock.toISOString());
    await expect(workos.passwordless.sendSession('none')).rejects.toMatchObject({ status: 404 });
  });

  it('redirects to the first registered redirect URI when it names none', async () => {
    fake.redirectUris.add(REDIRECT_URI);
    const { link } = await workos.passwordless.createSession(wanted);

    expect((await follow(link)).headers.get('location')).toMatch(REDIRECT_URI);
  });

  it.each([
    ['no e-mail address', { email: 'eve' }, 422],
    ['another type', { type: 'Password' }, 422],
    ['a life of 899 seconds', { expires_in: 899 }, 422],
    ['a life of 86401 seconds', { expires_in: 86_401 }, 422],
    ['a redirect URI that is not registered', { redirect_uri: 'https://other.test' }, 422],
    ['an unknown connection', { connection: 'conn_none' }, 404],
  ])('is refused with %s', async (_what, changes, status) => {
    fake.redirectUris.add(REDIRECT_URI);

    await expect(
      workos.post('/passwordless/sessions', { ...wanted, ...changes }),
    ).rejects.toMatchObject({ status });
    expect(fake.state.passwordlessSessions.size).toBe(0);
  });
});

describe('the state file', () => {
  it('keeps users, codes, tokens and the signing key over a restart', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'fake-workos-sso-'));
    const stateFile = join(folder, 'state.json');
    await fake.stop();
    await start({ stateFile });
    await newConnection('Acme');
    const code = await codeOf();
    const { accessToken, profile } = await exchange(await codeOf());
    const before = fake.state;
    await fake.stop();
    await start({ stateFile });

    expect(fake.state).toEqual(before);
    expect((await exchange(code)).profile).toEqual(profile);
    expect(await workos.sso.getProfile({ accessToken })).toEqual(profile);
    expect((await fake.signIn(authorizeUrl())).searchParams.get('code')).not.toBe(code);
    rmSync(folder, { recursive: true });
  });
});
