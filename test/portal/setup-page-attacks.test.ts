import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import supertest from 'supertest';
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
const HTML = '<img src=x onerror=alert(1)>"\'&';
let client: TestClient;
let organizationId: string;

beforeAll(async () => {
  client = await gatehouse.createClient({ name: `Product ${HTML}` });
  await gatehouse
    .as(client)
    .put('/v1/tenants/acme')
    .send({ name: `Acme ${HTML}` })
    .expect(201);
  organizationId = [...gatehouse.workos.organizations.keys()][0] ?? '';
});

const get = (path: string, cookie = '', replica = 0) =>
  supertest(gatehouse.urls[replica] ?? '')
    .get(path)
    .set({ ...NAVIGATION, ...(cookie && { cookie }) });

interface Opened {
  readonly id: string;
  readonly path: string;
  readonly cookie: string;
}

async function open(userToken?: string): Promise<Opened> {
  const token = userToken ?? (await gatehouse.userToken());
  const { ticket, id } = await createLaunch(gatehouse, client, { userToken: token, intent: 'any' });
  const res = await get(`/setup?ticket=${ticket}`);
  return { id, path: pathOf(res), cookie: cookiesOf(res) };
}

/** Begins a test of a sign-in, and signs in at the identity provider. */
async function signIn(
  { path, cookie }: Opened,
  how: Parameters<typeof gatehouse.workos.signIn>[1] = {},
) {
  const connection = gatehouse.workos.addConnection(organizationId);
  await applyEvents(gatehouse, workosEvent('connection.activated', { ...connection }));
  const begun = await get(`${path}/sign-in-test?connection=${connection.id}`, cookie);
  const back = await gatehouse.workos.signIn(begun.headers.location ?? '', how);
  const code = back.searchParams.get('code') ?? '';
  return { address: back.pathname + back.search, flow: cookiesOf(begun), code };
}

async function tested(opened: Opened, how: Parameters<typeof signIn>[1] = {}) {
  const { address, flow, code } = await signIn(opened, how);
  const returned = await get(address, `${opened.cookie}; ${flow}`);
  return { result: pathOf(returned), code };
}

const setStatus = (status: string) =>
  gatehouse.as(client).patch('/v1/tenants/acme').send({ status }).expect(200);
const revoke = (id: string) =>
  gatehouse.as(client).post(`/v1/portal-launches/${id}/revoke`).expect(200);

describe('a spent ticket', () => {
  const sha256 = (text: string) => createHash('sha256').update(text).digest('base64url');

  it.each<[string, (ticket: string) => string]>([
    ['itself', (ticket) => ticket],
    ['hashed', sha256],
    ['hashed with a name', (ticket) => sha256(`gatehouse setup page session ${ticket}`)],
  ])('%s is no session of the page that it opened', async (_case, derive) => {
    const { ticket, id } = await createLaunch(gatehouse, client, { intent: 'any' });
    const opened = await get(`/setup?ticket=${ticket}`);
    const path = pathOf(opened);
    const [name = ''] = cookiesOf(opened).split('=');
    const derived = await get(path, `${name}=${derive(ticket)}`);
    const own = await get(path, cookiesOf(opened));

    expect(path).toContain(id);
    expect([derived.status, own.status]).toEqual([410, 200]);
  });
});

describe('the test of a sign-in', () => {
  it('is not ended by the cookie of another one', async () => {
    const opened = await open();
    const [one, other] = [await signIn(opened), await signIn(opened)];
    const [name = ''] = one.flow.split('=');
    const [, foreign = ''] = other.flow.split('=');
    const planted = await get(one.address, `${opened.cookie}; ${name}=${foreign}`);
    const own = await get(one.address, `${opened.cookie}; ${one.flow}`);

    expect([planted.status, pathOf(planted)]).toEqual([302, opened.path]);
    expect(pathOf(own)).toContain('/sign-in-test/result?token=');
    expect(gatehouse.workos.tokenCalls(one.code)).toBe(0);
  });

  it('shows its profile to one of two requests at two replicas', async () => {
    const opened = await open();
    const { result, code } = await tested(opened);
    const answers = await Promise.all([
      get(result, opened.cookie, 0),
      get(result, opened.cookie, 1),
    ]);

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 303]);
    expect(gatehouse.workos.tokenCalls(code)).toBe(1);
  });

  it.each<[string, (opened: Opened) => Promise<unknown>, number]>([
    ['the tenant was suspended', () => setStatus('suspended'), 409],
    ['the launch was revoked', ({ id }) => revoke(id), 410],
  ])('spends no code once %s', async (_case, act, status) => {
    const opened = await open();
    const { result, code } = await tested(opened);
    await act(opened);
    const res = await get(result, opened.cookie);
    await setStatus('active');

    expect([res.status, gatehouse.workos.tokenCalls(code)]).toEqual([status, 0]);
  });

  it('shows a profile of any shape as text', async () => {
    const opened = await open();
    const { result } = await tested(opened, {
      user: {
        email: `${HTML}@acme.com`,
        first_name: HTML.repeat(2_000),
        last_name: 'Love',
        raw_attributes: {
          [HTML]: HTML,
          list: [HTML, { deep: [HTML] }],
          number: 1e300,
          nothing: null,
          ...Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`a${n}`, HTML])),
        },
      },
    });
    const res = await get(result, opened.cookie);

    expect([res.status, headingIn(res)]).toEqual([200, 'The sign-in works']);
    expect(res.text).not.toContain('<img');
    expect(res.text.length).toBeLessThan(100_000);
  });

  it('shows what the identity provider said as text', async () => {
    const opened = await open();
    const { address, flow } = await signIn(opened, { error: 'access_denied' });
    const said = new URLSearchParams({ error_description: `${HTML}\u202e${'x'.repeat(3_000)}` });
    const returned = await get(
      `${address.replace(/&error_description=[^&]*/, '')}&${said.toString()}`,
      `${opened.cookie}; ${flow}`,
    );
    const res = await get(pathOf(returned), opened.cookie);

    expect([res.status, headingIn(res)]).toEqual([200, 'The sign-in did not work']);
    expect(res.text).not.toContain('<img');
    expect(res.text).not.toContain('\u202e');
    expect(res.text.length).toBeLessThan(20_000);
  });
});

describe('names of people, tenants and products', () => {
  it('are text on every page', async () => {
    const user = await gatehouse.userToken({ sub: HTML.replaceAll(' ', '') });
    const { ticket } = await createLaunch(gatehouse, client, {
      userToken: user,
      intent: 'any',
      mode: 'confirm',
    });
    const confirm = await get(`/setup?ticket=${ticket}`);
    const clicked = await pressButton(gatehouse.url, { ticket }, { cookie: cookiesOf(confirm) });
    const setup = await get(pathOf(clicked), cookiesOf(clicked));

    for (const page of [confirm, setup]) {
      expect(page.status).toBe(200);
      expect(page.text).toContain('&lt;img');
      expect(page.text).not.toContain('<img src=x');
    }
  });
});

describe('the parameter lang', () => {
  it.each([
    ['unknown', 'xx'],
    ['with HTML', 'de"><script>'],
    ['twice', 'de&lang=fr'],
    ['very long', 'x'.repeat(2_000)],
    ['with NUL', 'de-%00'],
    ['of a path', '../en'],
    ['empty', ''],
  ])('%s breaks no page and is not repeated on it', async (_case, lang) => {
    const opened = await open();
    const text = lang.includes('&') ? lang : encodeURIComponent(lang).replace('%2500', '%00');
    const res = await get(`${opened.path}?lang=${text}`, opened.cookie);

    expect([200, 400, 422]).toContain(res.status);
    expect(res.text).not.toContain('"><script>');
    expect(res.text).not.toContain('x'.repeat(100));
  });
});
