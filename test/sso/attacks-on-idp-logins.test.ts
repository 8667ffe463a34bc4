import { describe, expect, it } from '@jest/globals';
import { operator } from '../../src/cli/operator.ts';
import { createClientRegistry } from '../../src/clients/registry.ts';
import {
  auditRows,
  authorizePath,
  createBrowser,
  exchange,
  grant,
  login,
  organizationOf,
  signIn,
  TOKEN,
  type Page,
} from '../support/sign-in.ts';
import {
  gatehouse,
  client,
  signInClient,
  tokenRequests,
  expectPage,
  withReplica,
  withoutAudit,
  useSsoAttacks,
} from './attacks-setup.ts';

useSsoAttacks();

describe('an IdP-initiated login', () => {
  let addresses = 0;
  const CALLBACK = 'https://gatehouse.example.com/sso/callback';
  const NOT_HERE = 'Please sign in from your product';
  const arrive = (back: URL, browser = createBrowser(gatehouse), address = newAddress()) =>
    browser.get(back, { headers: { 'x-forwarded-for': address } });
  /** Every request has another address, except in tests of the rate limit. */
  function newAddress(): string {
    addresses += 1;
    return `198.51.100.${addresses}`;
  }
  const begin = async (tenantId = 'acme', error?: string) => {
    const organizationId = await organizationOf(gatehouse, tenantId);
    const [found] = [...gatehouse.workos.state.connections.values()].filter(
      ({ organization_id }) => organization_id === organizationId,
    );
    return gatehouse.workos.idpInitiated(found?.id ?? '', CALLBACK, undefined, error);
  };
  const setTenant = (tenantId: string, change: object) =>
    gatehouse.as(client).patch(`/v1/tenants/${tenantId}`).send(change);

  it('is redirected to the client’s login URI with iss and tenant, and without the user', async () => {
    const back = await begin();

    const page = await arrive(back);

    expect(page.status).toBe(302);
    expect(page.location?.href).toBe(
      'https://app.example.com/login?via=sso&iss=https%3A%2F%2Fgatehouse.example.com&tenant=acme',
    );
    expect(page.text).toBe('');
    expect(page.setCookie).toEqual([
      '__Host-gatehouse-bounced=1; Max-Age=60; Path=/; HttpOnly; Secure; SameSite=Lax',
    ]);
    expect(gatehouse.workos.tokenCalls(back.searchParams.get('code') ?? '')).toBe(1);
    const row = { operation: 'callbackSso', client_id: null, user_id: null, details: {} };
    expect(await auditRows(gatehouse, page.headers.get('x-request-id'))).toEqual([
      { ...row, outcome: 'attempted', tenant_id: null },
      { ...row, outcome: 'refused', tenant_id: 'acme', details: { reason: 'idp_initiated' } },
    ]);
    expect(
      await gatehouse.database.superuser('select 1 from sign_ins where client_id = $1', [
        signInClient.id,
      ]),
    ).toEqual([]);
  });

  it('leads to a proper login, which its cookie does not block', async () => {
    const browser = createBrowser(gatehouse);
    const { location } = await arrive(await begin(), browser);

    const { code } = await signIn(gatehouse, signInClient, {
      browser,
      query: { organization: location?.searchParams.get('tenant') ?? '' },
    });

    expect((await exchange(gatehouse, grant(signInClient, code))).status).toBe(200);
  });

  it('is redirected to the client that the tenant names', async () => {
    const own = await gatehouse.createClient({ initiateLoginUri: 'https://beta.example/login' });
    await setTenant('beta', { sign_in_client_id: own.id });

    const { location } = await arrive(await begin('beta'));

    expect(location?.href).toBe(
      'https://beta.example/login?iss=https%3A%2F%2Fgatehouse.example.com&tenant=beta',
    );
  });

  it('shows a page the second time within a minute, without a call', async () => {
    const browser = createBrowser(gatehouse);
    await arrive(await begin(), browser);
    const before = tokenRequests();

    expectPage(await arrive(await begin(), browser), 404, NOT_HERE);
    expectPage(
      await arrive(await begin('acme', 'idp_initiated_sso_disabled'), browser),
      404,
      NOT_HERE,
    );
    expect(tokenRequests()).toBe(before);
  });

  it('is not blocked by a cookie that a subdomain planted', async () => {
    const browser = createBrowser(gatehouse);
    browser.cookies.set('gatehouse-bounced', '1');

    expect((await arrive(await begin(), browser)).status).toBe(302);
  });

  it('that WorkOS refused as IdP-initiated is redirected without a call', async () => {
    const before = gatehouse.workos.requests.length;

    const page = await arrive(await begin('acme', 'idp_initiated_sso_disabled'));

    expect(page.location?.searchParams.get('tenant')).toBe('acme');
    expect(gatehouse.workos.requests).toHaveLength(before);
  });

  it('that WorkOS refused is redirected by its connection, which alone WorkOS’s guide reads', async () => {
    // The list of connections is how Gatehouse gets to know them without an event.
    await gatehouse.as(client).get('/v1/tenants/acme/setup').expect(200);
    const back = await begin('acme', 'idp_initiated_sso_disabled');
    const before = gatehouse.workos.requests.length;
    const named = new URL(back);
    for (const name of ['organization_id', 'organization']) named.searchParams.delete(name);
    const unknown = new URL(named);
    unknown.searchParams.set('connection_id', 'conn_unknown');

    expect((await arrive(named)).location?.searchParams.get('tenant')).toBe('acme');
    expectPage(await arrive(unknown), 404, NOT_HERE);
    const setDeleted = (at: string) =>
      gatehouse.database.superuser(`update mirror set deleted_at = ${at} where id = $1`, [
        named.searchParams.get('connection_id'),
      ]);
    await setDeleted('now()');
    expectPage(await arrive(named), 404, NOT_HERE);
    await setDeleted('null');
    expect(gatehouse.workos.requests).toHaveLength(before);
  });

  it.each([
    ['another error', 'error=access_denied&organization_id=ORG'],
    ['another error and a code', 'error=access_denied&code=x'],
    ['an unknown organization', 'error=idp_initiated_sso_disabled&organization_id=org_x'],
    ['no organization', 'error=idp_initiated_sso_disabled'],
    ['a tenant for an organization', 'error=idp_initiated_sso_disabled&organization_id=acme'],
    ['an organization with NUL', 'error=idp_initiated_sso_disabled&organization_id=org_%00'],
    ['a connection with NUL', 'error=idp_initiated_sso_disabled&connection_id=conn_%00'],
    ['neither code nor error', ''],
    ['an empty code', 'code='],
    ['only text', 'x=y'],
  ])('with %s shows a page without a call', async (_what, query) => {
    const organization = await organizationOf(gatehouse, 'acme');
    const before = gatehouse.workos.requests.length;

    const page = await arrive(new URL(`${CALLBACK}?${query.replace('ORG', organization)}`));

    expectPage(page, 404, NOT_HERE);
    expect(gatehouse.workos.requests).toHaveLength(before);
  });

  it('with a code that WorkOS does not know shows a page', async () => {
    const page = await arrive(new URL(`${CALLBACK}?code=unknown`));

    expectPage(page, 404, NOT_HERE);
    expect(gatehouse.workos.tokenCalls('unknown')).toBe(1);
    const rows = await auditRows(gatehouse, page.headers.get('x-request-id'));
    expect(rows.map(({ outcome }) => outcome as string)).toEqual(['attempted', 'refused']);
  });

  it('spends its code once, whichever browser brings it', async () => {
    const back = await begin();
    await arrive(back);

    expectPage(await arrive(back), 404, NOT_HERE);
    expect(gatehouse.workos.tokenCalls(back.searchParams.get('code') ?? '')).toBe(1);
  });

  it('cannot be made from a login in progress, whose code is bound to its browser’s verifier', async () => {
    const { back, upstreamCode } = await login(gatehouse, client);
    back.searchParams.delete('state');

    expectPage(await arrive(back), 404, NOT_HERE);
    expect(gatehouse.workos.tokenCalls(upstreamCode)).toBe(1);
  });

  it.each<[string, object]>([
    ['lacks sso:login', { scopes: ['tenants:read'] }],
    ['lacks the tenant', { tenants: ['acme'] }],
    ['is disabled', { disabled: true }],
    ['has no initiate_login_uri', { initiateLoginUri: null }],
  ])('shows a page when the client %s', async (_what, fields) => {
    const unfit = await gatehouse.createClient({
      initiateLoginUri: 'https://unfit.example/login',
      ...fields,
    });
    await setTenant('beta', { sign_in_client_id: unfit.id });

    expectPage(await arrive(await begin('beta')), 404, NOT_HERE);
  });

  it('shows a page when another client was registered later under the id that the tenant names', async () => {
    const addressed = { initiateLoginUri: 'https://old.example/login' };
    const old = await gatehouse.createClient(addressed);
    await setTenant('beta', { sign_in_client_id: old.id });
    expect((await arrive(await begin('beta'))).status).toBe(302);

    await createClientRegistry(gatehouse.database.db).delete(operator('test'), old.id);
    await gatehouse.createClient({ ...addressed, id: old.id });

    expectPage(await arrive(await begin('beta')), 404, NOT_HERE);
  });

  it('works for a whole company behind one address, also while all arrive at once', async () => {
    const address = newAddress();
    const people = await Promise.all(Array.from({ length: 120 }, () => begin()));

    const pages = await Promise.all(
      people.map((back) => arrive(back, createBrowser(gatehouse), address)),
    );

    expect(pages.map(({ status }) => status)).toEqual(Array<number>(120).fill(302));
  });

  it('shows a page when neither the tenant nor the settings name a client', async () => {
    await withReplica({ defaultSignInClient: undefined }, async (url) => {
      const page = await createBrowser(gatehouse).get(await begin(), { url });

      expectPage(page, 404, NOT_HERE);
    });
  });

  it('shows a page when the tenant is suspended', async () => {
    await setTenant('beta', { status: 'suspended' });

    expectPage(await arrive(await begin('beta')), 404, NOT_HERE);
    await setTenant('beta', { status: 'active' });
  });

  it('shows a page when WorkOS fails, after one call', async () => {
    const back = await begin();
    gatehouse.workos.fault(TOKEN, { kind: 'status', status: 500 }, { times: 1 });

    const page = await arrive(back);
    const again = await arrive(back);

    expect([page.status, again.status]).toEqual([502, 404]);
    expect(gatehouse.workos.tokenCalls(back.searchParams.get('code') ?? '')).toBe(1);
    const rows = await auditRows(gatehouse, page.headers.get('x-request-id'));
    expect(rows.map(({ outcome }) => outcome as string)).toEqual(['attempted', 'failed']);
  });

  it('makes no call to WorkOS while the audit trail cannot be written', async () => {
    const back = await begin();

    await withoutAudit(async () => {
      expect((await arrive(back)).status).toBe(503);
    });

    expect(gatehouse.workos.tokenCalls(back.searchParams.get('code') ?? '')).toBe(0);
  });

  it('is limited to ten refused codes a minute per address, without affecting other addresses', async () => {
    const address = newAddress();
    const pages: Page[] = [];
    for (let count = 0; count < 11; count += 1)
      pages.push(
        await arrive(new URL(`${CALLBACK}?code=flood-${count}`), createBrowser(gatehouse), address),
      );

    expect(pages.map(({ status }) => status)).toEqual([...Array<number>(10).fill(404), 429]);
    expect(Number(pages.at(-1)?.headers.get('retry-after'))).toBeGreaterThan(30);
    expect(pages.at(-1)?.text).toContain('<h1>Too many requests at once</h1>');
    expect(gatehouse.workos.tokenCalls('flood-10')).toBe(0);
    expect((await arrive(await begin())).status).toBe(302);
  });
});

describe('an unknown caller', () => {
  it('learns nothing about tenants from authorizeSso without a registered redirect URI', async () => {
    const pages = await Promise.all(
      ['acme', 'no-such-tenant'].map((organization) =>
        createBrowser(gatehouse).get(
          authorizePath(client, { organization, redirect_uri: 'https://evil.example/' }),
        ),
      ),
    );
    const texts = pages.map(({ text, headers }) =>
      text.replaceAll(headers.get('x-request-id') ?? '', ''),
    );

    expect(texts[0]).toBe(texts[1]);
  });
});
