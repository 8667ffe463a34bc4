import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import supertest, { type Response } from 'supertest';
import { operator } from '../../src/cli/operator.ts';
import { createClientRegistry } from '../../src/clients/registry.ts';
import { createCallers } from '../support/callers.ts';
import { eventually } from '../support/eventually.ts';
import { closedGate } from '../support/gate.ts';
import { HOSTILE_URLS } from '../support/hostile-urls.ts';
import { leaksInDatabase, leaksInLogs } from '../support/leaks.ts';
import { createLaunch, fieldsOf, mints, openDoor, pressButton } from '../support/portal-calls.ts';
import { RETURN_ORIGIN, startTestApp, type TestApp, type TestClient } from '../support/test-app.ts';

const MINT = 'POST /portal/generate_link';

let gatehouse: TestApp;
let client: TestClient;
let admin: string;
/** Two replicas beside the one that everything is asked of. */
let replicas: readonly string[];

beforeAll(async () => {
  gatehouse = await startTestApp({ replicas: 3 });
  client = await gatehouse.createClient();
  admin = await gatehouse.userToken();
  await gatehouse.provision('acme');
  replicas = gatehouse.urls.slice(1);
});
afterEach(() => gatehouse.workos.clearFaults());
afterAll(() => gatehouse.stop());

const launch = (fields: Parameters<typeof createLaunch>[2] = {}) =>
  createLaunch(gatehouse, client, { userToken: admin, ...fields });
const open = (query: Record<string, string>, headers: Record<string, string> = {}) =>
  openDoor(gatehouse.url, query, headers);
const press = (fields: Record<string, string>, headers: Record<string, string> = {}) =>
  pressButton(gatehouse.url, fields, headers);
const setState = (userId: string, state: string) =>
  gatehouse.as(client).put(`/v1/tenants/acme/it-admins/${userId}`).send({ state });
/** Resolves once WorkOS is being asked for one more link. */
const underWay = (before: number) =>
  eventually(
    () => Promise.resolve(mints(gatehouse)),
    (count) => count > before,
  );
const launchRow = async (id: string) =>
  (await gatehouse.as(client).get(`/v1/portal-launches/${id}`)).body as Record<string, unknown>;
const registry = () => createClientRegistry(gatehouse.database.db);

/** What a stranger can tell two pages apart by. */
const pageOf = ({ status, headers, text }: Response) => {
  const { 'x-request-id': requestId = '', ...told } = headers as Record<string, string>;
  return { status, told: { ...told, date: '' }, text: text.replaceAll(requestId, '(request id)') };
};
const expectPage = (res: Response, status: number, heading: string): void => {
  expect(res.status).toBe(status);
  expect(res.headers['content-type']).toBe('text/html; charset=utf-8');
  expect(res.headers).not.toHaveProperty('location');
  expect(res.text).toContain(`<h1>${heading}</h1>`);
};
const GONE = 'This link no longer works';
const NOT_FOR_THIS = 'This link is for a browser window';

describe('launchPortal with a ticket', () => {
  it('redirects to the portal in a 303 whose Location alone holds the link', async () => {
    const { ticket } = await launch();

    const res = await open({ ticket });

    expect(res.status).toBe(303);
    expect(res.text).toBe('');
    const {
      date,
      location,
      'x-request-id': requestId,
      ...headers
    } = res.headers as Record<string, string>;
    expect([date, requestId]).toEqual([expect.any(String), expect.any(String)]);
    expect(location).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/portal\/setup\?token=\w+$/);
    expect(headers).toEqual({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'content-length': '0',
      'content-security-policy':
        "default-src 'none';frame-ancestors 'none';base-uri 'none';form-action 'none'",
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'origin-agent-cluster': '?1',
      'strict-transport-security': 'max-age=31536000; includeSubDomains',
      'x-content-type-options': 'nosniff',
      'x-dns-prefetch-control': 'off',
      'x-download-options': 'noopen',
      'x-frame-options': 'DENY',
      'x-permitted-cross-domain-policies': 'none',
      'x-xss-protection': '0',
      connection: 'close',
    });
  });

  it('mints only now, in the name of the launch', async () => {
    const { id, ticket } = await launch({
      intent: 'dsync',
      it_contact_emails: ['it@acme.example'],
    });
    const before = mints(gatehouse);

    const started = Date.now();
    const res = await open({ ticket });

    expect(mints(gatehouse)).toBe(before + 1);
    const minted = gatehouse.workos.requestsTo(MINT).at(-1);
    expect(minted?.at.getTime()).toBeGreaterThanOrEqual(started);
    expect(minted?.body).toMatchObject({ intent: 'dsync', it_contact_emails: ['it@acme.example'] });
    const rows = await gatehouse.database.superuser(
      `select operation, outcome, client_id, user_id, tenant_id, details from audit_trail
       where request_id = $1 order by id`,
      [res.headers['x-request-id']],
    );
    const row = {
      operation: 'launchPortal',
      client_id: client.id,
      user_id: 'ada',
      tenant_id: 'acme',
      details: { launch: id, intent: 'dsync' },
    };
    expect(rows).toEqual([
      { ...row, outcome: 'attempted' },
      { ...row, outcome: 'succeeded' },
    ]);
  });

  it('gives WorkOS its own return page, and with return_page: false the caller’s', async () => {
    const urls = { return_url: `${RETURN_ORIGIN}/back`, success_url: `${RETURN_ORIGIN}/done` };
    const page = /^https:\/\/gatehouse\.example\.com\/portal\/return\?launch=[\w-]{22}/;

    await open({ ticket: (await launch(urls)).ticket });
    await open({ ticket: (await launch({ ...urls, return_page: false })).ticket });

    const [ours, theirs] = gatehouse.workos.requestsTo(MINT).slice(-2);
    expect(ours?.body).toMatchObject({
      return_url: expect.stringMatching(page),
      success_url: expect.stringMatching(page),
    });
    expect(theirs?.body).toMatchObject(urls);
  });

  it('opens shortly before the ticket’s end, and not after it', async () => {
    const [early, late] = [await launch(), await launch()];
    const endIn = (id: string, interval: string) =>
      gatehouse.database.superuser(
        `update portal_launches set expires_at = now() + $2::interval where id = $1`,
        [id, interval],
      );
    await endIn(early.id, '5 s');
    await endIn(late.id, '-1 ms');

    const doors = [await open({ ticket: early.ticket }), await open({ ticket: late.ticket })];

    expect(doors.map(({ status }) => status)).toEqual([303, 410]);
  });

  it('shows a stranger the same page for every ticket that is no good', async () => {
    const [used, expired, revoked] = [await launch(), await launch(), await launch()];
    await open({ ticket: used.ticket });
    await gatehouse.database.superuser(
      `update portal_launches set expires_at = now() where id = $1`,
      [expired.id],
    );
    await gatehouse.as(client).post(`/v1/portal-launches/${revoked.id}/revoke`);
    const before = mints(gatehouse);

    const tickets = [used.ticket, expired.ticket, revoked.ticket, 'A'.repeat(43), 'x', '', "'--"];
    const pages = await Promise.all(
      tickets.flatMap((ticket) => [open({ ticket }), press({ ticket })]),
    );

    expectPage(pages[0] as Response, 410, GONE);
    for (const page of pages) expect(pageOf(page)).toEqual(pageOf(pages[0] as Response));
    expect(mints(gatehouse)).toBe(before);
  });

  it('shows the same page for an address that lost its ticket', async () => {
    expectPage(await open({}), 410, GONE);
  });

  it('refuses a ticket of absurd length and one given twice', async () => {
    const long = await open({ ticket: 'A'.repeat(201) });
    const twice = await supertest(gatehouse.url).get('/launch-portal?ticket=a&ticket=b');

    expectPage(long, 422, 'This link is not complete');
    expectPage(twice, 422, 'This link is not complete');
  });

  it.each(['head', 'options', 'put', 'patch', 'delete'] as const)(
    'refuses %s with 405 and leaves the ticket alone',
    async (method) => {
      const { ticket } = await launch();
      const before = mints(gatehouse);

      const refused = await Promise.all(
        Array.from({ length: 20 }, () =>
          supertest(gatehouse.url)[method]('/launch-portal').query({ ticket }),
        ),
      );

      for (const res of refused) {
        expect([res.status, res.headers.allow]).toEqual([405, 'GET, POST']);
        expect(res.headers).not.toHaveProperty('location');
      }
      expect(mints(gatehouse)).toBe(before);
      expect((await open({ ticket })).status).toBe(303);
    },
  );

  it('refuses POST with a redirect ticket with 405 and leaves the ticket alone', async () => {
    const { ticket } = await launch();
    const before = mints(gatehouse);

    const refused = await press({ ticket });

    expectPage(refused, 405, 'This page cannot be opened this way');
    expect(refused.headers.allow).toBe('GET');
    expect(mints(gatehouse)).toBe(before);
    expect((await open({ ticket })).status).toBe(303);
  });

  it.each<[string, Record<string, string>]>([
    ['a prefetch', { 'sec-purpose': 'prefetch' }],
    ['a prerender', { 'sec-purpose': 'prefetch;prerender' }],
    ['an older prefetch', { purpose: 'prefetch' }],
    ['Firefox’s older prefetch', { 'x-moz': 'prefetch' }],
    ['a link preview', { purpose: 'preview' }],
    ['a fetch by script', { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }],
    ['a fetch without CORS', { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'empty' }],
    ['an image', { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }],
    ['a frame', { 'sec-fetch-dest': 'iframe' }],
    ['an embedded object', { 'sec-fetch-dest': 'embed' }],
    ['a websocket', { 'sec-fetch-mode': 'websocket' }],
  ])('refuses %s and leaves the ticket alone', async (_case, headers) => {
    const { id, ticket } = await launch();
    const before = mints(gatehouse);

    const refused = await Promise.all(Array.from({ length: 5 }, () => open({ ticket }, headers)));

    for (const res of refused) expectPage(res, 403, NOT_FOR_THIS);
    expect(mints(gatehouse)).toBe(before);
    expect(await launchRow(id)).toMatchObject({ status: 'created', opened_at: null });
    expect((await open({ ticket })).status).toBe(303);
  });

  it.each<[string, Record<string, string>]>([
    ['a browser that says nothing of itself', {}],
    ['a click on another site', { 'sec-fetch-site': 'cross-site', 'sec-fetch-user': '?1' }],
    ['a sibling’s page', { 'sec-fetch-site': 'same-site' }],
  ])('opens for %s', async (_case, headers) => {
    const { ticket } = await launch();

    const res = await supertest(gatehouse.url).get('/launch-portal').query({ ticket }).set(headers);

    expect(res.status).toBe(303);
  });

  it('redirects once, however many come at once to however many replicas', async () => {
    const tickets = await Promise.all(
      Array.from({ length: 40 }, async () => (await launch()).ticket),
    );
    const callers = createCallers(gatehouse.urls, 20);
    const before = mints(gatehouse);

    const answers = await Promise.all(
      tickets.flatMap((ticket) =>
        Array.from({ length: 10 }, () =>
          callers.send({ method: 'GET', path: `/launch-portal?ticket=${ticket}` }),
        ),
      ),
    );

    await callers.close();
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 303)).toHaveLength(40);
    expect(statuses.filter((status) => status === 410)).toHaveLength(360);
    expect(mints(gatehouse) - before).toBeLessThanOrEqual(40);
  });

  it('may be tried again after a failure of WorkOS, and then redirects once', async () => {
    const { id, ticket } = await launch();
    gatehouse.workos.fault(MINT, { kind: 'truncated' }, { times: 1 });

    const failed = await open({ ticket });
    const again = await Promise.all(Array.from({ length: 10 }, () => open({ ticket })));

    expectPage(failed, 502, 'A service we rely on is not answering');
    expect(again.map(({ status }) => status).sort()).toEqual([303, ...Array<number>(9).fill(410)]);
    expect(await launchRow(id)).toMatchObject({ status: 'redirected' });
  });

  it('is spoken for while it is being redeemed', async () => {
    const { ticket } = await launch();
    const gate = closedGate();
    gatehouse.workos.fault(MINT, { kind: 'hold', until: gate.opened }, { times: 1 });
    const before = mints(gatehouse);

    const first = open({ ticket }).then((res) => res);
    await underWay(before);
    const second = await openDoor(replicas[0] ?? '', { ticket });
    gate.open();

    expectPage(second, 410, GONE);
    expect((await first).status).toBe(303);
  });

  it('lets no link go once the launch was revoked, not even one just minted', async () => {
    const { id, ticket } = await launch();
    const gate = closedGate();
    gatehouse.workos.fault(MINT, { kind: 'hold', until: gate.opened }, { times: 1 });
    const before = mints(gatehouse);

    const opening = open({ ticket }).then((res) => res);
    await underWay(before);
    await gatehouse.as(client).post(`/v1/portal-launches/${id}/revoke`);
    gate.open();

    expectPage(await opening, 410, GONE);
    expect(await launchRow(id)).toMatchObject({ status: 'revoked', redirected_at: null });
  });

  it('lets no link go whose success cannot be recorded', async () => {
    const { ticket } = await launch();
    await gatehouse.database.superuser(`
      create function refuse_row() returns trigger language plpgsql as
        $$ begin raise exception 'No space left on device' using errcode = '53100'; end $$;
      create trigger refuse_row before insert on audit_trail for each row
        when (new.outcome = 'succeeded') execute function refuse_row()`);

    const refused = await open({ ticket });
    await gatehouse.database.superuser('drop function refuse_row cascade');
    const again = await open({ ticket });

    expectPage(refused, 503, 'This is not available right now');
    expect(refused.headers['retry-after']).toMatch(/^\d+$/);
    expect(again.status).toBe(303);
  });
});

describe('confirmLaunch', () => {
  it('shows a page whose button redeems, and burns nothing by showing it', async () => {
    const { id, ticket } = await launch({ mode: 'confirm' });
    const before = mints(gatehouse);

    const pages = await Promise.all(Array.from({ length: 100 }, () => open({ ticket })));

    for (const page of pages) expectPage(page, 200, 'Set up single sign-on');
    expect(mints(gatehouse)).toBe(before);
    expect(await launchRow(id)).toMatchObject({ status: 'opened' });
    expect(fieldsOf(pages[0]?.text ?? '')).toEqual({ ticket });
    const pressed = await press(fieldsOf(pages[0]?.text ?? ''));
    expect([pressed.status, pressed.text]).toEqual([303, '']);
    expect(pressed.headers.location).toContain('/portal/setup?token=');
    expect((await press({ ticket })).status).toBe(410);
  });

  it('shows its page to what may be a link preview from another site', async () => {
    const { ticket } = await launch({ mode: 'confirm' });

    const res = await open({ ticket }, { 'sec-fetch-site': 'cross-site' });

    expect(res.status).toBe(200);
    expect(res.headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    });
    expect(res.headers['content-security-policy']).toContain(
      "form-action 'self' https://127.0.0.1 http://127.0.0.1 https://setup.workos.com",
    );
  });

  it.each<[string, Record<string, string>]>([
    ['another site’s form', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['a sibling’s form', { 'sec-fetch-site': 'same-site', origin: 'https://a.example.com' }],
    ['a fetch by script', { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }],
    ['a form in a frame', { 'sec-fetch-dest': 'iframe' }],
  ])('refuses %s and leaves the ticket alone', async (_case, headers) => {
    const { ticket } = await launch({ mode: 'confirm' });

    const refused = await press({ ticket }, headers);

    expectPage(refused, 403, NOT_FOR_THIS);
    expect((await press({ ticket })).status).toBe(303);
  });

  it('refuses another site’s form also from a browser without Fetch Metadata', async () => {
    const { ticket } = await launch({ mode: 'confirm' });
    const post = (origin: string) =>
      supertest(gatehouse.url).post('/launch-portal').type('form').set({ origin }).send({ ticket });

    expectPage(await post('https://evil.example'), 403, NOT_FOR_THIS);
    expect((await post(gatehouse.config.publicUrl)).status).toBe(303);
  });

  it('takes a form and nothing else', async () => {
    const { ticket } = await launch({ mode: 'confirm' });

    const res = await supertest(gatehouse.url).post('/launch-portal').send({ ticket });

    expect(res.status).toBe(415);
    expect(res.headers['content-type']).toBe('text/html; charset=utf-8');
  });

  it('redirects once, however many press at once', async () => {
    const { ticket } = await launch({ mode: 'confirm' });
    const before = mints(gatehouse);

    const pressed = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        pressButton(gatehouse.urls[index % 3] ?? '', { ticket }),
      ),
    );

    expect(pressed.map(({ status }) => status).sort()).toEqual([
      303,
      ...Array<number>(19).fill(410),
    ]);
    expect(mints(gatehouse)).toBe(before + 1);
  });

  it('does not ask who is signed in for a ticket of fifteen minutes', async () => {
    const { ticket } = await launch({ mode: 'confirm', expires_in: 900 });

    expect((await press({ ticket })).status).toBe(303);
  });
});

describe('confirmLaunch with a long ticket', () => {
  const long = async () => {
    await setState('lin', 'granted');
    const userToken = await gatehouse.userToken({ sub: 'lin', roles: [] });
    return launch({ mode: 'confirm', expires_in: 86_400, userToken });
  };
  const cookieOf = async (claims: Record<string, unknown>) => ({
    cookie: `theme=dark; session=${await gatehouse.userToken({ sub: 'lin', roles: [], ...claims })}`,
  });

  it('opens for its user, once he is signed in', async () => {
    const { ticket } = await long();

    const stranger = await press({ ticket });
    const user = await press({ ticket }, await cookieOf({}));

    expectPage(stranger, 403, 'Please sign in first');
    expect(user.status).toBe(303);
  });

  it.each([
    ['another user', { sub: 'ada' }, 403],
    ['a user of the same name in another tenant', { tenant_id: 'globex' }, 403],
    ['a sign-in that has ended', { exp: 1 }, 401],
    ['a sign-in for another audience', { aud: 'elsewhere' }, 401],
  ])('refuses %s', async (_case, claims, status) => {
    const { ticket } = await long();
    const before = mints(gatehouse);

    const refused = await press({ ticket }, await cookieOf(claims));

    expect(refused.status).toBe(status);
    expect(mints(gatehouse)).toBe(before);
    expect((await press({ ticket }, await cookieOf({}))).status).toBe(303);
  });

  it('refuses once the grant is withdrawn', async () => {
    const { ticket } = await long();
    await gatehouse.as(client).delete('/v1/tenants/acme/it-admins/lin');

    expectPage(await press({ ticket }, await cookieOf({})), 403, 'Only IT admins can do this');
  });
});

describe('launchPortal after a right is gone', () => {
  /** What happens between issue and redemption: all but the ticket's own end. */
  const LOSSES: [string, (id: string, client: TestClient) => Promise<unknown>, number][] = [
    ['the user is denied', (id) => setState(id, 'denied'), 403],
    [
      'the client is disabled',
      (_id, { id }) => registry().update(operator('test'), id, { disabled: true }),
      410,
    ],
    [
      'the client loses portal:launch',
      (_id, { id }) => registry().update(operator('test'), id, { scopes: ['portal:invite'] }),
      403,
    ],
    [
      'the client loses the tenant',
      (_id, { id }) => registry().update(operator('test'), id, { tenants: ['globex'] }),
      404,
    ],
    ['the client is deleted', (_id, { id }) => registry().delete(operator('test'), id), 410],
    [
      'the client is made anew',
      async (_id, { id }) => {
        await registry().delete(operator('test'), id);
        await gatehouse.createClient({ id });
      },
      410,
    ],
  ];

  it.each(LOSSES)('refuses at once on every replica: %s', async (_case, lose, status) => {
    const losing = await gatehouse.createClient();
    const sub = `user-of-${losing.id}`;
    const userToken = await gatehouse.userToken({ sub });
    const tickets = await Promise.all(
      ['redirect', 'confirm'].map((mode) => createLaunch(gatehouse, losing, { mode, userToken })),
    );
    const before = mints(gatehouse);

    await lose(sub, losing);

    for (const url of gatehouse.urls) {
      const [redirect, confirm] = tickets.map(({ ticket }) => ticket) as [string, string];
      const doors = [
        await openDoor(url, { ticket: redirect }),
        await pressButton(url, { ticket: confirm }),
      ];
      expect(doors.map((door) => door.status)).toEqual([status, status]);
      for (const { headers } of doors) expect(headers).not.toHaveProperty('www-authenticate');
    }
    expect(mints(gatehouse)).toBe(before);
  });

  it.each([
    ['suspended', 409],
    ['deleted', 404],
  ])('refuses at once on every replica: the tenant is %s', async (status, expected) => {
    const tenantId = `soon-${status}`;
    await gatehouse.provision(tenantId);
    const userToken = await gatehouse.userToken({ tenant_id: tenantId });
    const { ticket } = await launch({ tenant_id: tenantId, userToken });
    const before = mints(gatehouse);
    const tenant = gatehouse.as(client);
    if (status === 'deleted') await tenant.delete(`/v1/tenants/${tenantId}`);
    else await tenant.patch(`/v1/tenants/${tenantId}`).send({ status });

    for (const url of gatehouse.urls)
      expect((await openDoor(url, { ticket })).status).toBe(expected);

    expect(mints(gatehouse)).toBe(before);
  });

  it('lets nothing through from a denial on, by any door of the other replicas', async () => {
    const userToken = await gatehouse.userToken({ sub: 'ned' });
    const launches = await Promise.all(Array.from({ length: 60 }, () => launch({ userToken })));
    const callers = createCallers(replicas, 10);
    const body = JSON.stringify({ organization: 'acme', intent: 'sso' });
    const headers = {
      authorization: `Bearer ${client.key}`,
      'gatehouse-user-token': userToken,
      'content-type': 'application/json',
    };
    const direct = `/launch-portal?client_id=${client.id}&tenant_id=acme&intent=sso`;
    const before = mints(gatehouse);

    await setState('ned', 'denied');
    const answers = await Promise.all(
      launches.flatMap(({ ticket }) => [
        callers.send({ method: 'GET', path: `/launch-portal?ticket=${ticket}` }),
        callers.send({ method: 'GET', path: direct, headers: { cookie: `session=${userToken}` } }),
        callers.send({ method: 'POST', path: '/portal/generate_link', headers, body }),
      ]),
    );

    await callers.close();
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([403]));
    expect(mints(gatehouse)).toBe(before);
  });

  it('writes down that it refused', async () => {
    const userToken = await gatehouse.userToken({ sub: 'rex' });
    const { id, ticket } = await launch({ userToken });
    await setState('rex', 'denied');

    const res = await open({ ticket });

    const rows = await gatehouse.database.superuser(
      'select outcome, user_id, tenant_id, details from audit_trail where request_id = $1',
      [res.headers['x-request-id']],
    );
    expect(rows).toEqual([
      { outcome: 'refused', user_id: 'rex', tenant_id: 'acme', details: { launch: id } },
    ]);
  });
});

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
    const before = mints(gatehouse);

    const res = await open(asked({ return_url: `${RETURN_ORIGIN}/back` }), carrying(admin));

    expect([res.status, res.text]).toEqual([303, '']);
    expect(res.headers.location).toContain('/portal/setup?token=');
    expect(res.headers).not.toHaveProperty('set-cookie');
    expect(mints(gatehouse)).toBe(before + 1);
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

  it('redirects whom the registry grants the role', async () => {
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

  it('refuses two cookies of the name, of which one may be planted', async () => {
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

  it('tells nobody who is not of the tenant whether there is such a tenant', async () => {
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
    const before = mints(gatehouse);

    const res = await open(
      asked({ tenant_id: 'still' }),
      cookie(await gatehouse.userToken({ tenant_id: 'still' })),
    );

    expectPage(res, 409, 'Your organization’s setup is paused');
    expect(mints(gatehouse)).toBe(before);
  });

  it.each(['return_url', 'success_url'])('refuses every hostile %s', async (field) => {
    const before = mints(gatehouse);

    const answers = await Promise.all(
      HOSTILE_URLS.map(async (url) => {
        const res = await open(asked({ [field]: url }), cookie(admin));
        return [url, res.status, res.headers.location];
      }),
    );

    expect(answers).toEqual(HOSTILE_URLS.map((url) => [url, 422, undefined]));
    expect(mints(gatehouse)).toBe(before);
  });

  it('asks for a click first when another site sent the browser', async () => {
    const before = mints(gatehouse);
    const fields = asked({ return_url: `${RETURN_ORIGIN}/back?a=1&b=2` });

    const page = await open(fields, { ...cookie(admin), 'sec-fetch-site': 'cross-site' });

    expectPage(page, 200, 'Set up single sign-on');
    expect(mints(gatehouse)).toBe(before);
    expect(fieldsOf(page.text)).toEqual(fields);
    const pressed = await press(fieldsOf(page.text), cookie(admin));
    expect(pressed.status).toBe(303);
    expect(pressed.headers.location).toContain('/portal/setup?token=');
  });

  it('shows that page only to whom it would let in', async () => {
    const member = await gatehouse.userToken({ roles: ['member'] });

    const res = await open(asked(), { ...cookie(member), 'sec-fetch-site': 'cross-site' });

    expectPage(res, 403, 'Only IT admins can do this');
  });

  it('refuses the form when another site sends it', async () => {
    const before = mints(gatehouse);

    const res = await press(asked(), { ...cookie(admin), 'sec-fetch-site': 'cross-site' });

    expectPage(res, 403, NOT_FOR_THIS);
    expect(mints(gatehouse)).toBe(before);
  });

  it('says to a person that WorkOS fails, and when to come back', async () => {
    gatehouse.workos.fault(MINT, { kind: 'status', status: 422, body: { message: 'sk_upstream' } });

    const res = await open(asked(), cookie(admin));

    expectPage(res, 502, 'We could not open this page');
    expect(res.text).not.toContain('sk_upstream');
  });
});

describe('after all this', () => {
  it('no ticket, link or token stands in a log line or in the database', async () => {
    const { ticket } = await launch();
    await open({ ticket });
    const secrets = [ticket, admin, client.key];

    expect(leaksInLogs(gatehouse, secrets)).toEqual([]);
    expect(gatehouse.logs.filter((line) => line.includes('ticket='))).toEqual([]);
    expect(await leaksInDatabase(gatehouse, secrets)).toEqual([]);
  });
});
