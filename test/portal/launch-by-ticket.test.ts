import { describe, expect, it } from '@jest/globals';
import supertest, { type Response } from 'supertest';
import { createLoadBalancer } from '../support/load-balancer.ts';
import { waitForAnswer } from '../support/wait-for.ts';
import { createLatch } from '../support/latch.ts';
import { linkRequests, openLaunchPage } from '../support/portal-calls.ts';
import { RETURN_ORIGIN } from '../support/test-app.ts';
import {
  MINT,
  gatehouse,
  client,
  replicas,
  launch,
  open,
  press,
  launchRow,
  pageOf,
  expectPage,
  NOT_FOR_THIS,
  useLaunchPage,
  itLeavesNoSecrets,
} from './launch-page-setup.ts';

useLaunchPage();

/** Resolves once WorkOS has received one more request for a link. */
const underWay = (before: number) =>
  waitForAnswer(
    () => Promise.resolve(linkRequests(gatehouse)),
    (count) => count > before,
  );

const GONE = 'This link no longer works';

describe('launchPortal with a ticket', () => {
  it('redirects to the portal with a 303 that has the link only in Location', async () => {
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

  it('creates the link only at the click, for the user of the launch', async () => {
    const { id, ticket } = await launch({
      intent: 'dsync',
      it_contact_emails: ['it@acme.example'],
    });
    const before = linkRequests(gatehouse);

    const started = Date.now();
    const res = await open({ ticket });

    expect(linkRequests(gatehouse)).toBe(before + 1);
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

  it('sends WorkOS Gatehouse’s return page, or the caller’s URLs with return_page: false', async () => {
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

  it('opens shortly before the ticket expires, and not after', async () => {
    const [early, late] = [await launch(), await launch()];
    const endIn = (id: string, interval: string) =>
      gatehouse.database.superuser(
        `update portal_launches set expires_at = now() + $2::interval where id = $1`,
        [id, interval],
      );
    await endIn(early.id, '5 s');
    await endIn(late.id, '-1 ms');

    const answers = [await open({ ticket: early.ticket }), await open({ ticket: late.ticket })];

    expect(answers.map(({ status }) => status)).toEqual([303, 410]);
  });

  it('shows the same page for every invalid ticket', async () => {
    const [used, expired, revoked] = [await launch(), await launch(), await launch()];
    await open({ ticket: used.ticket });
    await gatehouse.database.superuser(
      `update portal_launches set expires_at = now() where id = $1`,
      [expired.id],
    );
    await gatehouse.as(client).post(`/v1/portal-launches/${revoked.id}/revoke`);
    const before = linkRequests(gatehouse);

    const tickets = [used.ticket, expired.ticket, revoked.ticket, 'A'.repeat(43), 'x', '', "'--"];
    const pages = await Promise.all(
      tickets.flatMap((ticket) => [open({ ticket }), press({ ticket })]),
    );

    expectPage(pages[0] as Response, 410, GONE);
    for (const page of pages) expect(pageOf(page)).toEqual(pageOf(pages[0] as Response));
    expect(linkRequests(gatehouse)).toBe(before);
  });

  it('shows the same page for a URL without its ticket', async () => {
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
      const before = linkRequests(gatehouse);

      const refused = await Promise.all(
        Array.from({ length: 20 }, () =>
          supertest(gatehouse.url)[method]('/launch-portal').query({ ticket }),
        ),
      );

      for (const res of refused) {
        expect([res.status, res.headers.allow]).toEqual([405, 'GET, POST']);
        expect(res.headers).not.toHaveProperty('location');
      }
      expect(linkRequests(gatehouse)).toBe(before);
      expect((await open({ ticket })).status).toBe(303);
    },
  );

  it('refuses POST with a redirect ticket with 405, without redeeming it', async () => {
    const { ticket } = await launch();
    const before = linkRequests(gatehouse);

    const refused = await press({ ticket });

    expectPage(refused, 405, 'This page cannot be opened this way');
    expect(refused.headers.allow).toBe('GET');
    expect(linkRequests(gatehouse)).toBe(before);
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
  ])('refuses %s without redeeming the ticket', async (_case, headers) => {
    const { id, ticket } = await launch();
    const before = linkRequests(gatehouse);

    const refused = await Promise.all(Array.from({ length: 5 }, () => open({ ticket }, headers)));

    for (const res of refused) expectPage(res, 403, NOT_FOR_THIS);
    expect(linkRequests(gatehouse)).toBe(before);
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

  it('redirects once per ticket when many requests reach several replicas at the same time', async () => {
    const tickets = await Promise.all(
      Array.from({ length: 40 }, async () => (await launch()).ticket),
    );
    const callers = createLoadBalancer(gatehouse.urls, 20);
    const before = linkRequests(gatehouse);

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
    expect(linkRequests(gatehouse) - before).toBeLessThanOrEqual(40);
  });

  it('can be retried after a failure of WorkOS, and then redirects once', async () => {
    const { id, ticket } = await launch();
    gatehouse.workos.fault(MINT, { kind: 'truncated' }, { times: 1 });

    const failed = await open({ ticket });
    const again = await Promise.all(Array.from({ length: 10 }, () => open({ ticket })));

    expectPage(failed, 502, 'A service we rely on is not answering');
    expect(again.map(({ status }) => status).sort()).toEqual([303, ...Array<number>(9).fill(410)]);
    expect(await launchRow(id)).toMatchObject({ status: 'redirected' });
  });

  it('cannot be redeemed by a second request while it is being redeemed', async () => {
    const { ticket } = await launch();
    const gate = createLatch();
    gatehouse.workos.fault(MINT, { kind: 'hold', until: gate.opened }, { times: 1 });
    const before = linkRequests(gatehouse);

    const first = open({ ticket }).then((res) => res);
    await underWay(before);
    const second = await openLaunchPage(replicas[0] ?? '', { ticket });
    gate.open();

    expectPage(second, 410, GONE);
    expect((await first).status).toBe(303);
  });

  it('releases no link once the launch is revoked, even if WorkOS has already created it', async () => {
    const { id, ticket } = await launch();
    const gate = createLatch();
    gatehouse.workos.fault(MINT, { kind: 'hold', until: gate.opened }, { times: 1 });
    const before = linkRequests(gatehouse);

    const opening = open({ ticket }).then((res) => res);
    await underWay(before);
    await gatehouse.as(client).post(`/v1/portal-launches/${id}/revoke`);
    gate.open();

    expectPage(await opening, 410, GONE);
    expect(await launchRow(id)).toMatchObject({ status: 'revoked', redirected_at: null });
  });

  it('releases no link when its success cannot be recorded', async () => {
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

itLeavesNoSecrets();
