import { describe, expect, it } from '@jest/globals';
import { type Response } from 'supertest';
import { HOSTILE_URLS } from '../support/hostile-urls.ts';
import { fieldsOf, linkRequests } from '../support/portal-calls.ts';
import { RETURN_ORIGIN, type TestApp } from '../support/test-app.ts';
import {
  MINT,
  gatehouse,
  client,
  admin,
  open,
  press,
  setState,
  pageOf,
  expectPage,
  NOT_FOR_THIS,
  useLaunchPage,
  itLeavesNoSecrets,
} from './launch-page-setup.ts';

useLaunchPage();

describe('launchPortal for a signed-in user', () => {
  const asked = (fields: Record<string, string> = {}) => ({
    client_id: client.id,
    tenant_id: 'acme',
    intent: 'sso',
    ...fields,
  });
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const cookie = (token: string) => ({ cookie: `session=${token}` });

  it.each([
    ['a bearer token', bearer],
    ['a cookie', cookie],
  ])('redirects an IT admin with %s', async (_case, carrying) => {
    const before = linkRequests(gatehouse);

    const res = await open(asked({ return_url: `${RETURN_ORIGIN}/back` }), carrying(admin));

    expect([res.status, res.text]).toEqual([303, '']);
    expect(res.headers.location).toContain('/portal/setup?token=');
    expect(res.headers).not.toHaveProperty('set-cookie');
    expect(linkRequests(gatehouse)).toBe(before + 1);
    const { data } = (await gatehouse.as(client).get('/v1/portal-launches?limit=1')).body as {
      data: object[];
    };
    expect(data).toMatchObject([{ mode: 'direct', user_id: 'ada', status: 'redirected' }]);
    const rows = await gatehouse.database.superuser<{ outcome: string }>(
      'select outcome from audit_trail where request_id = $1 order by id',
      [res.headers['x-request-id']],
    );
    expect(rows[0]?.outcome).toBe('attempted');
    expect(rows.at(-1)?.outcome).toBe('succeeded');
  });

  it('redirects a user to whom the registry grants the role', async () => {
    await setState('gus', 'granted');

    const res = await open(
      asked(),
      cookie(await gatehouse.userToken({ sub: 'gus', roles: ['member'] })),
    );

    expect(res.status).toBe(303);
  });

  it.each<[string, Record<string, unknown> | string, number, string]>([
    ['nobody signed in', '', 403, 'Please sign in first'],
    ['no token at all', 'nonsense', 401, 'Please sign in again'],
    ['a sign-in that has ended', { exp: 1 }, 401, 'Please sign in again'],
    ['a token for another audience', { aud: 'elsewhere' }, 401, 'Please sign in again'],
    ['a token of another issuer', { iss: 'https://evil.example' }, 401, 'Please sign in again'],
    ['a workload token', { aud: 'gatehouse-clients' }, 401, 'Please sign in again'],
    ['a member', { roles: ['member'] }, 403, 'Only IT admins can do this'],
    ['an IT admin of another tenant', { tenant_id: 'globex' }, 403, 'Only IT admins can do this'],
    ['a user of two tenants', { tenant_id: ['acme', 'globex'] }, 401, 'Please sign in again'],
  ])('refuses %s', async (_case, claims, status, heading) => {
    const token = typeof claims === 'string' ? claims : await gatehouse.userToken(claims);
    const before = gatehouse.workos.requests.length;

    const pages = await Promise.all([
      open(asked(), token === '' ? {} : bearer(token)),
      open(asked(), token === '' ? {} : cookie(token)),
    ]);

    for (const page of pages) expectPage(page, status, heading);
    expect(gatehouse.workos.requests).toHaveLength(before);
  });

  it('refuses two cookies of the same name, because one may be planted', async () => {
    const res = await open(asked(), { cookie: `session=${admin}; session=${admin}` });

    expectPage(res, 403, 'Please sign in first');
  });

  it('refuses a client’s key in place of a user’s token', async () => {
    const res = await open(asked(), bearer(client.key));

    expectPage(res, 401, 'Please sign in again');
  });

  it.each<[string, Record<string, string>, number, string]>([
    ['an unknown client', { client_id: 'nobody' }, 404, 'There is nothing at this address'],
    ['an unknown intent', { intent: 'saml' }, 422, 'This link is not complete'],
    ['an organization id', { tenant_id: 'org_01ABC' }, 422, 'This link is not complete'],
    [
      'a foreign return_url',
      { return_url: 'https://evil.example' },
      422,
      'This link is not complete',
    ],
  ])('refuses %s', async (_case, fields, status, heading) => {
    const before = gatehouse.workos.requests.length;

    const res = await open(asked(fields), cookie(admin));

    expectPage(res, status, heading);
    expect(res.text).not.toContain('evil');
    expect(gatehouse.workos.requests).toHaveLength(before);
  });

  it('names the client’s id to whoever made a link with an unknown one', async () => {
    const res = await open(asked({ client_id: 'nobody' }), cookie(admin));

    expect(res.text).toMatch(/client_id<\/code> must be your client’s id/);
  });

  it.each(['client_id', 'tenant_id', 'intent'])('refuses a link without %s', async (missing) => {
    const fields = Object.fromEntries(Object.entries(asked()).filter(([name]) => name !== missing));

    const res = await open(fields, cookie(admin));

    expectPage(res, 422, 'This link is not complete');
    expect(res.text).toContain(missing);
  });

  it.each<[string, Parameters<TestApp['createClient']>[0], number]>([
    ['is disabled', { disabled: true }, 404],
    ['lacks portal:launch', { scopes: ['portal:invite'] }, 403],
    ['may not use the tenant', { tenants: ['globex'] }, 404],
  ])('refuses a client that %s', async (_case, fields, status) => {
    const other = await gatehouse.createClient(fields);
    const before = gatehouse.workos.requests.length;

    const res = await open(asked({ client_id: other.id }), cookie(admin));

    expect(res.status).toBe(status);
    expect(gatehouse.workos.requests).toHaveLength(before);
  });

  it('does not reveal to users of other tenants whether a tenant exists', async () => {
    const foreign = cookie(await gatehouse.userToken({ tenant_id: 'globex' }));

    const pages = await Promise.all(
      [{}, foreign].map((headers) =>
        Promise.all([
          open(asked(), headers),
          open(asked({ tenant_id: 'does-not-exist' }), headers),
        ]),
      ),
    );

    for (const [there, not] of pages as [Response, Response][])
      expect(pageOf(there)).toEqual(pageOf(not));
  });

  it('refuses a suspended tenant', async () => {
    await gatehouse.provision('still');
    await gatehouse.as(client).patch('/v1/tenants/still').send({ status: 'suspended' });
    const before = linkRequests(gatehouse);

    const res = await open(
      asked({ tenant_id: 'still' }),
      cookie(await gatehouse.userToken({ tenant_id: 'still' })),
    );

    expectPage(res, 409, 'Your organization’s setup is paused');
    expect(linkRequests(gatehouse)).toBe(before);
  });

  it.each(['return_url', 'success_url'])('refuses every hostile %s', async (field) => {
    const before = linkRequests(gatehouse);

    const answers = await Promise.all(
      HOSTILE_URLS.map(async (url) => {
        const res = await open(asked({ [field]: url }), cookie(admin));
        return [url, res.status, res.headers.location];
      }),
    );

    expect(answers).toEqual(HOSTILE_URLS.map((url) => [url, 422, undefined]));
    expect(linkRequests(gatehouse)).toBe(before);
  });

  it('asks for a click first when another site caused the request', async () => {
    const before = linkRequests(gatehouse);
    const fields = asked({ return_url: `${RETURN_ORIGIN}/back?a=1&b=2` });

    const page = await open(fields, { ...cookie(admin), 'sec-fetch-site': 'cross-site' });

    expectPage(page, 200, 'Set up single sign-on');
    expect(linkRequests(gatehouse)).toBe(before);
    expect(fieldsOf(page.text)).toEqual(fields);
    const pressed = await press(fieldsOf(page.text), cookie(admin));
    expect(pressed.status).toBe(303);
    expect(pressed.headers.location).toContain('/portal/setup?token=');
  });

  it('shows that page only to users who may open the portal', async () => {
    const member = await gatehouse.userToken({ roles: ['member'] });

    const res = await open(asked(), { ...cookie(member), 'sec-fetch-site': 'cross-site' });

    expectPage(res, 403, 'Only IT admins can do this');
  });

  it('refuses the form when another site sends it', async () => {
    const before = linkRequests(gatehouse);

    const res = await press(asked(), { ...cookie(admin), 'sec-fetch-site': 'cross-site' });

    expectPage(res, 403, NOT_FOR_THIS);
    expect(linkRequests(gatehouse)).toBe(before);
  });

  it('shows a page that WorkOS fails, with Retry-After', async () => {
    gatehouse.workos.fault(MINT, { kind: 'status', status: 422, body: { message: 'sk_upstream' } });

    const res = await open(asked(), cookie(admin));

    expectPage(res, 502, 'We could not open this page');
    expect(res.text).not.toContain('sk_upstream');
  });
});

itLeavesNoSecrets();
