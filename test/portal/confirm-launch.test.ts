import { describe, expect, it } from '@jest/globals';
import supertest from 'supertest';
import { operator } from '../../src/cli/operator.ts';
import { createClientRegistry } from '../../src/clients/registry.ts';
import { holdLock, pauseCall } from '../support/interleave.ts';
import { createLoadBalancer } from '../support/load-balancer.ts';
import {
  createLaunch,
  fieldsOf,
  linkRequests,
  openLaunchPage,
  pressButton,
} from '../support/portal-calls.ts';
import { type TestClient } from '../support/test-app.ts';
import { waitFor } from '../support/wait-for.ts';
import {
  MINT,
  gatehouse,
  client,
  replicas,
  launch,
  open,
  press,
  setState,
  launchRow,
  expectPage,
  NOT_FOR_THIS,
  useLaunchPage,
  itLeavesNoSecrets,
} from './launch-page-setup.ts';

useLaunchPage();

const isLockAwaited = async () =>
  (await gatehouse.database.superuser('select 1 from pg_locks where not granted')).length > 0;

const registry = () => createClientRegistry(gatehouse.database.db);

describe('confirmLaunch', () => {
  it('shows a page whose button redeems the ticket; showing the page redeems nothing', async () => {
    const { id, ticket } = await launch({ mode: 'confirm' });
    const before = linkRequests(gatehouse);

    const pages = await Promise.all(Array.from({ length: 100 }, () => open({ ticket })));

    for (const page of pages) expectPage(page, 200, 'Set up single sign-on');
    expect(linkRequests(gatehouse)).toBe(before);
    expect(await launchRow(id)).toMatchObject({ status: 'opened' });
    expect(fieldsOf(pages[0]?.text ?? '')).toEqual({ ticket });
    const pressed = await press(fieldsOf(pages[0]?.text ?? ''));
    expect([pressed.status, pressed.text]).toEqual([303, '']);
    expect(pressed.headers.location).toContain('/portal/setup?token=');
    expect((await press({ ticket })).status).toBe(410);
  });

  it('opens the portal although a mail scanner looks at the page when WorkOS answers', async () => {
    const { ticket } = await launch({ mode: 'confirm' });
    // Whatever writes to the launch, once WorkOS is asked, is held up with its lock.
    await gatehouse.database.superuser(`
      create function hold() returns trigger language plpgsql as
        'begin perform pg_advisory_xact_lock(7); return new; end';
      create trigger hold after update on portal_launches for each row
        when (old.lease_until = new.lease_until) execute function hold()`);
    const lock = await holdLock(gatehouse.database, 'select pg_advisory_lock(7)');
    const call = pauseCall(gatehouse.workos, MINT, 'after-effect');
    const pressed = press({ ticket }).then((answer) => answer);
    await call.reached;
    let isAnswered = false;
    const looked = open({ ticket }).then((answer) => {
      isAnswered = true;
      return answer;
    });
    await waitFor(async () => isAnswered || (await isLockAwaited()));

    call.resume();

    expect((await pressed).status).toBe(303);
    expect((await looked).status).toBe(200);
    await lock.release();
    await gatehouse.database.superuser('drop function hold cascade');
  });

  it('shows its page to a possible link preview from another site', async () => {
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
  ])('refuses %s without redeeming the ticket', async (_case, headers) => {
    const { ticket } = await launch({ mode: 'confirm' });

    const refused = await press({ ticket }, headers);

    expectPage(refused, 403, NOT_FOR_THIS);
    expect((await press({ ticket })).status).toBe(303);
  });

  it('refuses another site’s form from a browser without Fetch Metadata too', async () => {
    const { ticket } = await launch({ mode: 'confirm' });
    const post = (origin: string) =>
      supertest(gatehouse.url).post('/launch-portal').type('form').set({ origin }).send({ ticket });

    expectPage(await post('https://evil.example'), 403, NOT_FOR_THIS);
    expect((await post(gatehouse.config.publicUrl)).status).toBe(303);
  });

  it('accepts only a form', async () => {
    const { ticket } = await launch({ mode: 'confirm' });

    const res = await supertest(gatehouse.url).post('/launch-portal').send({ ticket });

    expect(res.status).toBe(415);
    expect(res.headers['content-type']).toBe('text/html; charset=utf-8');
  });

  it('redirects once when many click at the same time', async () => {
    const { ticket } = await launch({ mode: 'confirm' });
    const before = linkRequests(gatehouse);

    const pressed = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        pressButton(gatehouse.urls[index % 3] ?? '', { ticket }),
      ),
    );

    expect(pressed.map(({ status }) => status).sort()).toEqual([
      303,
      ...Array<number>(19).fill(410),
    ]);
    expect(linkRequests(gatehouse)).toBe(before + 1);
  });

  it('needs no signed-in user for a ticket of fifteen minutes', async () => {
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

  it('opens for its user once they are signed in', async () => {
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
    const before = linkRequests(gatehouse);

    const refused = await press({ ticket }, await cookieOf(claims));

    expect(refused.status).toBe(status);
    expect(linkRequests(gatehouse)).toBe(before);
    expect((await press({ ticket }, await cookieOf({}))).status).toBe(303);
  });

  it('is refused once the grant is withdrawn', async () => {
    const { ticket } = await long();
    await gatehouse.as(client).delete('/v1/tenants/acme/it-admins/lin');

    expectPage(await press({ ticket }, await cookieOf({})), 403, 'Only IT admins can do this');
  });
});

describe('launchPortal after permission is lost', () => {
  /** Changes between the creation and the redemption of a ticket that take permission away. */
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
    const before = linkRequests(gatehouse);

    await lose(sub, losing);

    for (const url of gatehouse.urls) {
      const [redirect, confirm] = tickets.map(({ ticket }) => ticket) as [string, string];
      const answers = [
        await openLaunchPage(url, { ticket: redirect }),
        await pressButton(url, { ticket: confirm }),
      ];
      expect(answers.map((answer) => answer.status)).toEqual([status, status]);
      for (const { headers } of answers) expect(headers).not.toHaveProperty('www-authenticate');
    }
    expect(linkRequests(gatehouse)).toBe(before);
  });

  it.each([
    ['suspended', 409],
    ['deleted', 404],
  ])('refuses at once on every replica: the tenant is %s', async (status, expected) => {
    const tenantId = `soon-${status}`;
    await gatehouse.provision(tenantId);
    const userToken = await gatehouse.userToken({ tenant_id: tenantId });
    const { ticket } = await launch({ tenant_id: tenantId, userToken });
    const before = linkRequests(gatehouse);
    const tenant = gatehouse.as(client);
    if (status === 'deleted') await tenant.delete(`/v1/tenants/${tenantId}`);
    else await tenant.patch(`/v1/tenants/${tenantId}`).send({ status });

    for (const url of gatehouse.urls)
      expect((await openLaunchPage(url, { ticket })).status).toBe(expected);

    expect(linkRequests(gatehouse)).toBe(before);
  });

  it('releases no link after a denial, by any way and on any replica', async () => {
    const userToken = await gatehouse.userToken({ sub: 'ned' });
    const launches = await Promise.all(Array.from({ length: 60 }, () => launch({ userToken })));
    const callers = createLoadBalancer(replicas, 10);
    const body = JSON.stringify({ organization: 'acme', intent: 'sso' });
    const headers = {
      authorization: `Bearer ${client.key}`,
      'gatehouse-user-token': userToken,
      'content-type': 'application/json',
    };
    const direct = `/launch-portal?client_id=${client.id}&tenant_id=acme&intent=sso`;
    const before = linkRequests(gatehouse);

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
    expect(linkRequests(gatehouse)).toBe(before);
  });

  it('records the refusal in the audit trail', async () => {
    const userToken = await gatehouse.userToken({ sub: 'rex' });
    const { id, ticket } = await launch({ userToken });
    await setState('rex', 'denied');

    const res = await open({ ticket });

    const rows = await gatehouse.database.superuser(
      'select outcome, user_id, tenant_id, details from audit_trail where request_id = $1',
      [res.headers['x-request-id']],
    );
    expect(rows).toEqual([
      {
        outcome: 'refused',
        user_id: 'rex',
        tenant_id: 'acme',
        details: { launch: id, reason: 'it_admin_required' },
      },
    ]);
  });
});

itLeavesNoSecrets();
