import { beforeAll, describe, expect, it } from '@jest/globals';
import { interleave, pauseCall } from '../support/interleave.ts';
import { leaksInDatabase, leaksInLogs } from '../support/leaks.ts';
import supertest, { type Response } from 'supertest';
import {
  cookiesOf,
  createLaunch,
  headingIn,
  NAVIGATION,
  pathOf,
  pressButton,
} from '../support/portal-calls.ts';
import type { TestApp, TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';
import { applyEvents, workosEvent } from '../support/workos-events.ts';

const gatehouse: TestApp = useGatehouse({ replicas: 2 });
let client: TestClient;
let admin: string;
let organizationId: string;

beforeAll(async () => {
  client = await gatehouse.createClient();
  admin = await gatehouse.userToken();
  await gatehouse.provision('acme');
  organizationId = [...gatehouse.workos.organizations.keys()][0] ?? '';
});

const OWN_FORM = { ...NAVIGATION, 'sec-fetch-site': 'same-origin' };

const launch = (fields: Parameters<typeof createLaunch>[2] = {}) =>
  createLaunch(gatehouse, client, { userToken: admin, intent: 'any', ...fields });

const get = (path: string, headers: Record<string, string> = {}, replica = 0) =>
  supertest(gatehouse.urls[replica] ?? '')
    .get(path)
    .set({ ...NAVIGATION, ...headers });

const setCookies = ({ headers }: Response) => (headers['set-cookie'] ?? []) as unknown as string[];

interface Browser {
  readonly path: string;
  readonly cookie: string;
  readonly id: string;
}

/** A browser that has redeemed the ticket of a setup page. */
async function browser(fields: Parameters<typeof createLaunch>[2] = {}): Promise<Browser> {
  const { ticket, id } = await launch(fields);
  const res = await get(`/setup?ticket=${ticket}`);
  return { id, path: pathOf(res), cookie: cookiesOf(res) };
}

const shown = ({ path, cookie }: Browser, replica = 0) => get(path, { cookie }, replica);

const formTokenIn = (html: string): string =>
  /name="form_token" value="([^"]+)"/.exec(html)?.[1] ?? '';

/** Presses a button of the page. */
async function press(
  { path, cookie }: Pick<Browser, 'path' | 'cookie'>,
  fields: Record<string, string> = {},
  headers: Record<string, string> = OWN_FORM,
) {
  const page = await get(path, { cookie });
  return supertest(gatehouse.url)
    .post(path)
    .type('form')
    .set({ ...headers, cookie })
    .send({ intent: 'sso', form_token: formTokenIn(page.text), ...fields });
}

describe('opening the setup page', () => {
  it('takes the ticket out of the address at once, and opens on every replica', async () => {
    const { ticket, url } = await launch();
    const opened = await get(`/setup?ticket=${ticket}`);

    expect(new URL(url).pathname).toBe('/setup');
    expect([opened.status, opened.headers.location]).toEqual([
      303,
      expect.stringMatching(/^https:\/\/gatehouse\.example\.com\/setup\/launch_[0-9a-f]{32}$/),
    ]);
    expect(setCookies(opened)).toEqual([
      expect.stringMatching(
        /^__Host-gatehouse-setup-\w{9}-[0-9a-f]{32}=[\w-]{43}; Max-Age=3600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
      ),
    ]);
    const page = await get(pathOf(opened), { cookie: cookiesOf(opened) }, 1);
    expect([page.status, headingIn(page)]).toEqual([200, 'What is set up']);
  });

  it('shows a button for a ticket that may be mailed, and uses nothing up', async () => {
    const { ticket } = await launch({ mode: 'confirm' });
    const path = `/setup?ticket=${ticket}`;
    for (let count = 0; count < 3; count += 1) await get(path);
    const page = await get(path);
    const cookie = cookiesOf(page);
    const clicked = await pressButton(gatehouse.url, { ticket }, { cookie });
    const twice = await pressButton(gatehouse.url, { ticket }, { cookie });
    const stranger = await pressButton(gatehouse.url, { ticket });

    expect([page.status, headingIn(page)]).toEqual([200, 'See what is set up']);
    expect([clicked.status, twice.status, stranger.status]).toEqual([303, 303, 410]);
    expect(twice.headers.location).toBe(clicked.headers.location);
  });

  it('leads only the browser that redeemed the ticket back by it', async () => {
    const { ticket } = await launch();
    const path = `/setup?ticket=${ticket}`;
    const cookie = cookiesOf(await get(path));

    expect([(await get(path, { cookie })).status, (await get(path)).status]).toEqual([303, 410]);
  });

  it('opens for a signed-in IT admin without a ticket, and no longer once they sign out', async () => {
    const session = `session=${admin}`;
    const opened = await get('/setup?client_id=client-1&tenant_id=acme', {
      cookie: session,
      'sec-fetch-site': 'same-site',
    });
    const path = pathOf(opened);
    const cookie = cookiesOf(opened);
    const demoted = await gatehouse.userToken({ roles: ['member'] });
    const as = async (user: string) => (await get(path, { cookie: `${cookie}; ${user}` })).status;

    expect([await as(session), await as(''), await as(`session=${demoted}`)]).toEqual([
      200, 403, 403,
    ]);
  });

  it.each([
    ['another browser', ({ path }: Browser) => get(path)],
    [
      'the session of another page under the name of this one',
      async ({ path, cookie }: Browser) => {
        const [name = ''] = cookie.split('=');
        const [, value = ''] = (await browser()).cookie.split('=');
        return get(path, { cookie: `${name}=${value}` });
      },
    ],
    [
      'the session of another page',
      async ({ path }: Browser) => get(path, { cookie: (await browser()).cookie }),
    ],
    [
      'an unknown page',
      ({ cookie }: Browser) => get(`/setup/launch_${'0'.repeat(32)}`, { cookie }),
    ],
  ])('is refused to %s', async (_case, request) => {
    const res = await request(await browser());

    expect([res.status, headingIn(res)]).toEqual([410, 'This setup page is closed']);
  });
});

describe('the buttons of the setup page', () => {
  it('begin a launch of their own, with the page’s user, client and addresses', async () => {
    const opened = await browser({ return_url: 'https://app.example.com/settings' });
    const res = await press(opened, { intent: 'dsync' });
    const minted = gatehouse.workos.requestsTo('POST /portal/generate_link').at(-1)?.body;
    const list = await gatehouse.as(client).get('/v1/portal-launches').query({ limit: 1 });
    const { data } = list.body as { data: object[] };

    expect([res.status, res.headers.location]).toEqual([303, expect.stringMatching(/^http/)]);
    expect(minted).toMatchObject({ organization: organizationId, intent: 'dsync' });
    expect(data[0]).toMatchObject({
      intent: 'dsync',
      mode: 'setup_page',
      status: 'redirected',
      user_id: 'ada',
      setup_launch_id: opened.id,
    });
    const back = new URL((minted as { return_url: string }).return_url);
    const page = await get(back.pathname + back.search);
    expect(page.text).toContain(`href="${opened.path}"`);
    const trail = await gatehouse.database.superuser<{ outcome: string }>(
      `select outcome from audit_trail where operation = 'launchFromSetupPage' and user_id = 'ada' order by id`,
    );
    expect(trail.map(({ outcome }) => outcome)).toEqual(['attempted', 'attempted', 'succeeded']);
  });

  it.each([
    ['without the token of its form', { form_token: '' }, OWN_FORM, 403],
    ['by a form of another site', {}, { ...OWN_FORM, 'sec-fetch-site': 'cross-site' }, 403],
    ['by a form of a browser that says nothing', { form_token: 'x' }, {}, 403],
    ['with an intent that does not exist', { intent: 'any' }, OWN_FORM, 422],
  ])('do nothing when pressed %s', async (_case, fields, headers, status) => {
    const before = gatehouse.workos.requestsTo('POST /portal/generate_link').length;
    const res = await press(await browser(), fields, headers);

    expect(res.status).toBe(status);
    expect(gatehouse.workos.requestsTo('POST /portal/generate_link')).toHaveLength(before);
  });

  it.each([
    [
      'the user was denied',
      async () => setState('ada', 'denied'),
      async () => setState('ada', 'granted'),
      403,
    ],
    [
      'the tenant was suspended',
      async () => setStatus('suspended'),
      async () => setStatus('active'),
      409,
    ],
  ])('and the page are refused once %s', async (_case, act, undo, status) => {
    const opened = await browser();
    const before = await shown(opened);
    await act();
    const [pressed, after] = [await press(opened), await shown(opened)];
    await undo();

    expect([before.status, pressed.status, after.status]).toEqual([200, status, status]);
  });

  it('and the page end when the launch is revoked, also while WorkOS makes the link', async () => {
    const opened = await browser();
    const [pressed, revoked] = await interleave(
      pauseCall(gatehouse.workos, 'POST /portal/generate_link'),
      () => press(opened),
      () => gatehouse.as(client).post(`/v1/portal-launches/${opened.id}/revoke`),
    );

    expect([pressed.status, (await shown(opened)).status]).toEqual([410, 410]);
    expect(revoked.body).toMatchObject({ status: 'revoked' });
  });
});

const setState = (userId: string, state: string) =>
  gatehouse.as(client).put(`/v1/tenants/acme/it-admins/${userId}`).send({ state });
const setStatus = (status: string) =>
  gatehouse.as(client).patch('/v1/tenants/acme').send({ status });

describe('what the setup page shows', () => {
  it('is read from WorkOS when the page opens, and says so when it could not be', async () => {
    await gatehouse.provision('fresh');
    const organization = [...gatehouse.workos.organizations.keys()].at(-1) ?? '';
    const userToken = await gatehouse.userToken({ tenant_id: 'fresh' });
    const opened = await browser({ tenant_id: 'fresh', userToken });
    gatehouse.workos.addConnection(organization, { name: 'Acme <Okta>' });
    const { text: fresh } = await shown(opened);
    gatehouse.workos.fault('*', { kind: 'status', status: 500 });
    await gatehouse.database.superuser(
      `update mirror_reads set read_at = now() - interval '1 hour'`,
    );
    const { text: stale } = await shown(opened, 1);

    expect(fresh).toContain('Acme &lt;Okta&gt;');
    expect(fresh).toContain('https://cdn.workos.com/provider-icons/light/okta.svg');
    expect(fresh).not.toContain('We could not check this');
    expect(stale).toContain('We could not check this just now');
  });

  it('is in the language of the browser', async () => {
    const opened = await browser();
    const texts = await Promise.all(
      ['de-AT', 'fr'].map(async (language) =>
        headingIn(await get(opened.path, { cookie: opened.cookie, 'accept-language': language })),
      ),
    );

    expect(texts).toEqual(['Was eingerichtet ist', 'Ce qui est configuré']);
  });
});

describe('the test of a sign-in', () => {
  /** Begins a test of a connection, and signs in as the identity provider is told to. */
  async function tested(opened: Browser, how: Parameters<typeof gatehouse.workos.signIn>[1] = {}) {
    const connection = gatehouse.workos.addConnection(organizationId);
    await applyEvents(gatehouse, workosEvent('connection.activated', { ...connection }));
    const begun = await get(`${opened.path}/sign-in-test?connection=${connection.id}`, {
      cookie: opened.cookie,
    });
    const cookie = `${opened.cookie}; ${cookiesOf(begun)}`;
    const back = await gatehouse.workos.signIn(begun.headers.location ?? '', how);
    const address = back.pathname + back.search;
    return { begun, cookie, address, returned: await get(address, { cookie }) };
  }

  it('shows once what the identity provider sent, and keeps nothing', async () => {
    const opened = await browser();
    const user = { email: 'ada@secret.example', first_name: 'Ada <b>', last_name: null };
    const { returned, cookie } = await tested(opened, { user });
    const result = await get(pathOf(returned), { cookie });
    const again = await get(pathOf(returned), { cookie });

    expect([result.status, headingIn(result)]).toEqual([
      200,
      'The sign-in works, but details are missing',
    ]);
    expect(result.text).toContain('ada@secret.example');
    expect(result.text).toContain('Ada &lt;b&gt;');
    expect(result.text).toContain('sent no value for: Last name.');
    expect([again.status, pathOf(again)]).toEqual([303, opened.path]);
    expect(await leaksInDatabase(gatehouse, ['ada@secret.example'])).toEqual([]);
    const trail = await gatehouse.database.superuser(
      `select outcome, tenant_id from audit_trail where operation = 'showSignInTest' order by id`,
    );
    expect(trail).toEqual([
      { outcome: 'attempted', tenant_id: 'acme' },
      { outcome: 'succeeded', tenant_id: 'acme' },
    ]);
  });

  it.each([
    ['access_denied', 'Usually the application is not assigned'],
    ['profile_not_allowed_outside_organization', 'outside the domains of your organization'],
  ])('says the likely cause of %s', async (error, cause) => {
    const { returned, cookie } = await tested(await browser(), { error });
    const result = await get(pathOf(returned), { cookie });

    expect([result.status, headingIn(result)]).toEqual([200, 'The sign-in did not work']);
    expect(result.text).toContain(cause);
    expect(result.text).toContain(`<code>${error}</code>`);
  });

  it('does not show a profile of another organization', async () => {
    const user = { email: 'eve@other.example', organization_id: 'org_other' };
    const { returned, cookie } = await tested(await browser(), { user });
    const result = await get(pathOf(returned), { cookie });

    expect(headingIn(result)).toBe('The sign-in did not work');
    expect(result.text).not.toContain('eve@other.example');
  });

  it('ends in the browser that began it, and spends no code elsewhere', async () => {
    const [opened, other] = [await browser(), await browser()];
    const { address, returned, begun } = await tested(opened);
    const code = new URL(address, gatehouse.url).searchParams.get('code') ?? '';
    const flow = cookiesOf(begun);
    const answers = [
      await get(address),
      await get(address, { cookie: opened.cookie }),
      await get(pathOf(returned), { cookie: flow }),
      await get(pathOf(returned), { cookie: other.cookie }),
      await get(pathOf(returned).replace(opened.id, other.id), { cookie: other.cookie }),
    ];

    expect(answers.map(({ status }) => status)).toEqual([302, 302, 410, 410, 303]);
    expect(answers.slice(0, 2).map(pathOf)).toEqual([opened.path, opened.path]);
    expect(gatehouse.workos.tokenCalls(code)).toBe(0);
  });

  it.each([
    ['a connection of another tenant', {}, 303],
    ['a request of another site', { 'sec-fetch-site': 'cross-site' }, 403],
    ['a request in advance', { 'sec-purpose': 'prefetch' }, 403],
  ])('does not begin for %s', async (_case, headers, status) => {
    const { path, cookie } = await browser();
    const res = await get(`${path}/sign-in-test?connection=conn_other`, { cookie, ...headers });

    expect(res.status).toBe(status);
    if (status === 303) expect(pathOf(res)).toBe(path);
  });
});

describe('after all requests', () => {
  it('no ticket, session or link is in a log line or in the database', async () => {
    const { ticket } = await launch();
    const opened = await get(`/setup?ticket=${ticket}`);
    const secrets = [ticket, cookiesOf(opened).split('=')[1] ?? '', admin, client.key];

    expect(leaksInLogs(gatehouse, secrets)).toEqual([]);
    expect(await leaksInDatabase(gatehouse, secrets)).toEqual([]);
  });
});
