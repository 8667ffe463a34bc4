/** When WorkOS is down or asks to be left alone, hardly anything is asked of it. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createCaller, type Answer, type Caller } from '../support/http-caller.ts';
import { waitForAnswer } from '../support/wait-for.ts';
import { createLaunch, linkRequests, openLaunchPage } from '../support/portal-calls.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/test-app.ts';
import { within } from '../support/within.ts';

const MINT = 'POST /portal/generate_link';

let gatehouse: TestApp;
let client: TestClient;
let admin: string;
const callers: Caller[] = [];

beforeAll(async () => {
  gatehouse = await startTestApp();
  client = await gatehouse.createClient();
  admin = await gatehouse.userToken();
  await gatehouse.provision('acme');
});
afterEach(() => gatehouse.workos.clearFaults());
afterAll(async () => {
  await Promise.all(callers.map((caller) => caller.close()));
  await gatehouse.stop();
});

/** A replica of its own, for none forgets what WorkOS has told it. */
async function newReplica() {
  // What other replicas have heard from WorkOS before would hold this one back too.
  await gatehouse.database.superuser('delete from upstream_holds');
  const { port, adminPort } = await gatehouse.startReplica();
  const url = `http://127.0.0.1:${port}`;
  const caller = createCaller(url, 20);
  callers.push(caller);
  const send = (method: string, path: string, body: object) =>
    caller.send({
      method,
      path,
      headers: {
        authorization: `Bearer ${client.key}`,
        'gatehouse-user-token': admin,
        'content-type': 'application/json',
      },
      body: JSON.stringify(body),
    });
  return {
    url,
    adminUrl: `http://127.0.0.1:${adminPort}`,
    generateLink: () =>
      send('POST', '/portal/generate_link', { organization: 'acme', intent: 'sso' }),
    rename: (name: string) => send('PUT', '/v1/tenants/acme', { name }),
  };
}

const refusals = (answers: readonly Answer[]) =>
  new Set(answers.map(({ status, json }) => `${status} ${json.code ?? ''}`));
const retryAfter = ({ headers }: Answer): number => Number(headers['retry-after']);

describe('a WorkOS that fails every time', () => {
  it('is asked hardly more than once a call, then not at all, and then again', async () => {
    const replica = await newReplica();
    gatehouse.workos.fault(MINT, { kind: 'status', status: 503 });
    const before = linkRequests(gatehouse);

    const answers: Answer[] = [];
    const caller = async () => {
      for (let count = 0; count < 50; count += 1) answers.push(await replica.generateLink());
    };
    await Promise.all(Array.from({ length: 20 }, caller));

    expect(answers).toHaveLength(1_000);
    expect(linkRequests(gatehouse) - before).toBeLessThanOrEqual(1_200);
    expect(refusals(answers)).toEqual(new Set(['502 upstream_error', '503 upstream_unavailable']));
    for (const answer of answers.filter(({ status }) => status === 503))
      expect(retryAfter(answer)).toBeGreaterThanOrEqual(1);

    const asked = linkRequests(gatehouse);
    const times: number[] = [];
    for (let count = 0; count < 100; count += 1) {
      const started = performance.now();
      await replica.generateLink();
      times.push(performance.now() - started);
    }
    // The median, since other tests keep the machine busy.
    expect(times.sort((a, b) => a - b)[50]).toBeLessThan(within(50));
    expect(linkRequests(gatehouse)).toBeLessThanOrEqual(asked + 1);

    // What else there is at WorkOS goes on, and so does this replica.
    expect((await replica.rename('Renamed')).status).toBe(200);
    expect((await fetch(`${replica.adminUrl}/readyz`)).status).toBe(200);

    gatehouse.workos.clearFaults();
    await waitForAnswer(replica.generateLink, ({ status }) => status === 201, 10_000, 100);
  });

  it('refuses its key: the replica stays ready, and stops asking', async () => {
    const replica = await newReplica();
    gatehouse.workos.fault(MINT, { kind: 'status', status: 401 });
    const before = linkRequests(gatehouse);

    const answers = await Promise.all(Array.from({ length: 200 }, () => replica.generateLink()));

    expect(refusals(answers)).toEqual(
      new Set(['502 upstream_auth_failed', '503 upstream_unavailable']),
    );
    expect(linkRequests(gatehouse) - before).toBeLessThan(100);
    expect((await fetch(`${replica.adminUrl}/readyz`)).status).toBe(200);
    const metrics = await (await fetch(`${replica.adminUrl}/metrics`)).text();
    expect(metrics).toMatch(/refused\w*(\{.*\})? [1-9]/);
  });
});

describe('a WorkOS that asks us to slow down', () => {
  const limited = async (value: number | string | undefined) => {
    const replica = await newReplica();
    gatehouse.workos.fault(
      MINT,
      { kind: 'status', status: 429, ...(value !== undefined && { retryAfter: value }) },
      { times: 1 },
    );
    const before = linkRequests(gatehouse);

    const first = await replica.generateLink();
    const others = await Promise.all(Array.from({ length: 20 }, () => replica.generateLink()));

    expect(refusals([first, ...others])).toEqual(new Set(['503 upstream_rate_limited']));
    expect(first.text).not.toContain('Too Many Requests');
    expect(linkRequests(gatehouse) - before).toBe(1);
    return { replica, first, others };
  };
  const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000).toUTCString();

  it.each<[string, () => number | string, number, number]>([
    ['in seconds', () => 7, 7, 7],
    ['by a date', () => inSeconds(8), 7, 8],
  ])('%s: is left alone for as long', async (_case, value, least, most) => {
    const { replica, first, others } = await limited(value());

    expect(retryAfter(first)).toBeGreaterThanOrEqual(least);
    expect(retryAfter(first)).toBeLessThanOrEqual(most);
    for (const answer of others) expect(retryAfter(answer)).toBeLessThanOrEqual(most);
    // Only of what it said it of.
    expect((await replica.rename(`Renamed ${least} ${most}`)).status).toBe(200);
  });

  it.each<[string, () => number | string | undefined]>([
    ['without a time', () => undefined],
    ['for a day', () => 86_400],
    ['until next year', () => inSeconds(365 * 86_400)],
    ['in words', () => 'soon'],
    ['for less than nothing', () => '-5'],
  ])('%s: is left alone for a moment of our own', async (_case, value) => {
    const { first } = await limited(value());

    expect(retryAfter(first)).toBeGreaterThanOrEqual(1);
    expect(retryAfter(first)).toBeLessThanOrEqual(30);
  });

  it.each<[string, () => number | string]>([
    ['a second', () => 1],
    ['a date gone by', () => inSeconds(-60)],
    ['no time at all', () => 0],
  ])('for %s: is asked again soon', async (_case, value) => {
    const { replica } = await limited(value());

    await waitForAnswer(replica.generateLink, ({ status }) => status === 201, 3_000);
  });

  it('shows a browser a page that says when to come back, and keeps its ticket good', async () => {
    const replica = await newReplica();
    const { ticket } = await createLaunch(gatehouse, client, { userToken: admin });
    gatehouse.workos.fault(MINT, { kind: 'status', status: 429, retryAfter: 2 }, { times: 1 });

    const held = await openLaunchPage(replica.url, { ticket });
    // The other replica hears of it too, and opens the ticket once WorkOS may be asked again.
    const elsewhere = await waitForAnswer(
      () => openLaunchPage(gatehouse.url, { ticket }),
      ({ status }) => status === 303,
      20_000,
    );

    expect(held.status).toBe(503);
    expect(held.headers['retry-after']).toBe('2');
    expect(held.text).toContain('We are very busy right now');
    expect(elsewhere.status).toBe(303);
  });
});
