/** The button of the confirm page pressed twice by one browser. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Response } from 'supertest';
import { interleave, pauseCall } from '../../support/interleave.ts';
import { dump, leaksInDatabase, leaksInLogs } from '../../support/leaks.ts';
import {
  createLaunch,
  headingIn,
  linkRequests,
  openLaunchPage,
  pressButton,
} from '../../support/portal-calls.ts';
import type { TestClient } from '../../support/test-app.ts';
import { useGatehouse } from '../../support/use-gatehouse.ts';

const MINT = 'POST /portal/generate_link';
const COOKIE =
  /^(__Host-gatehouse-browser=([A-Za-z0-9_-]{22})); Path=\/; HttpOnly; Secure; SameSite=Lax$/;

const gatehouse = useGatehouse({ replicas: 2 });
let client: TestClient;

beforeAll(async () => {
  client = await gatehouse.createClient();
  await gatehouse.provision('acme');
});

const setCookieOf = ({ headers }: Response): string =>
  String((headers as Record<string, unknown>)['set-cookie']);
/** Returns a page without the parts that differ in each reply. */
const textOf = ({ status, text }: Response): [number, string] => [
  status,
  text.replace(/Reference <code>[^<]*<\/code>/, ''),
];

interface Visitor {
  readonly id: string;
  readonly ticket: string;
  readonly cookie: string;
}

/** Opens the confirm page of a new launch in a browser. */
async function visitor(headers: Record<string, string> = {}): Promise<Visitor> {
  const { id, ticket } = await createLaunch(gatehouse, client, { mode: 'confirm' });
  const page = await openLaunchPage(gatehouse.url, { ticket }, headers);
  return { id, ticket, cookie: headers.cookie ?? COOKIE.exec(setCookieOf(page))?.[1] ?? '' };
}

const press = ({ ticket, cookie }: Omit<Visitor, 'id'>, replica = 0): Promise<Response> =>
  Promise.resolve(pressButton(gatehouse.urls[replica] ?? '', { ticket }, cookie ? { cookie } : {}));

/** Clicks twice, the second time on the other replica while WorkOS creates the link. */
const pressTwice = (first: Visitor, second: Omit<Visitor, 'id'> = first) =>
  interleave(
    pauseCall(gatehouse.workos, MINT),
    () => press(first),
    () => press(second, 1),
  );

const setAgo = (id: string, column: string, interval: string) =>
  gatehouse.database.superuser(
    `update portal_launches set ${column} = now() - $2::interval where id = $1`,
    [id, interval],
  );

const deadLink = () => press({ ticket: 'A'.repeat(43), cookie: '' });

describe('a second click of the same browser', () => {
  it('is told that the portal is being opened, while WorkOS creates the link', async () => {
    const before = linkRequests(gatehouse);

    const [first, second] = await pressTwice(await visitor());

    expect(first.status).toBe(303);
    expect([second.status, headingIn(second)]).toEqual([200, 'The Admin Portal is being opened']);
    expect(second.text).toContain('another tab');
    expect(second.text).toContain('start again');
    expect(second.headers).toMatchObject({ 'cache-control': 'no-store' });
    expect(linkRequests(gatehouse)).toBe(before + 1);
  });

  it('is told so for 10 seconds after the redirect', async () => {
    const person = await visitor();
    await press(person);

    const at = await press(person, 1);
    await setAgo(person.id, 'redirected_at', '9 seconds');
    const early = await press(person);
    await setAgo(person.id, 'redirected_at', '11 seconds');
    const late = await press(person);

    expect([at, early].map(headingIn)).toEqual([
      'The Admin Portal is being opened',
      'The Admin Portal is being opened',
    ]);
    expect([late.status, headingIn(late)]).toEqual([410, 'This link no longer works']);
  });

  it('opens the portal when the first click has failed', async () => {
    const person = await visitor();
    gatehouse.workos.fault(MINT, { kind: 'status', status: 500 });
    const first = await press(person);
    gatehouse.workos.clearFaults();

    const second = await press(person);

    expect(first.status).toBeGreaterThanOrEqual(500);
    expect(second.status).toBe(303);
  });

  it('gets the page of a dead link once the launch is revoked', async () => {
    const person = await visitor();
    await press(person);
    await gatehouse.as(client).post(`/v1/portal-launches/${person.id}/revoke`);

    expect(textOf(await press(person))).toEqual(textOf(await deadLink()));
  });

  it('does not need the cookie for the first click', async () => {
    const { ticket } = await visitor();

    expect((await press({ ticket, cookie: '' })).status).toBe(303);
  });
});

describe('another browser with the same ticket', () => {
  const OTHERS: readonly [string, () => Promise<string>][] = [
    ['without a cookie', () => Promise.resolve('')],
    ['with an empty cookie', () => Promise.resolve('__Host-gatehouse-browser=')],
    ['with the cookie of another page', async () => (await visitor()).cookie],
    ['with a cookie made up', () => Promise.resolve(`__Host-gatehouse-browser=${'A'.repeat(22)}`)],
  ];

  it.each(OTHERS)(
    'gets the page of a dead link while WorkOS creates the link: %s',
    async (_case, other) => {
      const person = await visitor();

      const [first, second] = await pressTwice(person, { ...person, cookie: await other() });

      expect(first.status).toBe(303);
      expect(textOf(second)).toEqual(textOf(await deadLink()));
    },
  );

  it.each(OTHERS)('gets it after the redirect: %s', async (_case, other) => {
    const person = await visitor();
    await press(person);

    const second = await press({ ...person, cookie: await other() });

    expect(textOf(second)).toEqual(textOf(await deadLink()));
  });

  it('gets it when the first click came without a cookie', async () => {
    const person = await visitor();
    await press({ ...person, cookie: '' });

    for (const cookie of ['', person.cookie])
      expect((await press({ ...person, cookie })).status).toBe(410);
  });

  it('gets it when another browser has opened the portal', async () => {
    const [person, other] = [await visitor(), await visitor()];
    await press({ ...person, cookie: other.cookie });

    expect(textOf(await press(person))).toEqual(textOf(await deadLink()));
  });
});

describe('the browser’s cookie', () => {
  it('is set with the confirm page, and hidden from scripts and other hosts', async () => {
    const { ticket } = await createLaunch(gatehouse, client, { mode: 'confirm' });

    expect(setCookieOf(await openLaunchPage(gatehouse.url, { ticket }))).toMatch(COOKIE);
  });

  it('stays the same for a browser that has one, so that two open pages both work', async () => {
    const { cookie } = await visitor();
    const { ticket } = await createLaunch(gatehouse, client, { mode: 'confirm' });

    const again = await openLaunchPage(gatehouse.url, { ticket }, { cookie });

    expect(again.text).toContain('Open the Admin Portal');
    expect(setCookieOf(again)).toBe('undefined');
  });

  it.each(['', 'x', 'A'.repeat(23), '"><script>'])(
    'is replaced when it is not one of ours: %s',
    async (value) => {
      const { ticket } = await createLaunch(gatehouse, client, { mode: 'confirm' });
      const cookie = `__Host-gatehouse-browser=${value}`;

      expect(setCookieOf(await openLaunchPage(gatehouse.url, { ticket }, { cookie }))).toMatch(
        COOKIE,
      );
    },
  );

  it('does nothing for GET and HEAD', async () => {
    const person = await visitor();
    await press(person);

    const [get, head] = [
      await openLaunchPage(gatehouse.url, { ticket: person.ticket }, { cookie: person.cookie }),
      await gatehouse.anonymous
        .head('/launch-portal')
        .query({ ticket: person.ticket })
        .set('cookie', person.cookie),
    ];

    expect([get.status, head.status]).toEqual([410, 405]);
  });

  it('is in no log, and in no table in clear', async () => {
    const person = await visitor();
    await press(person);
    await press(person);
    const value = person.cookie.split('=')[1] ?? '';

    expect(value).toHaveLength(22);
    expect(leaksInLogs(gatehouse, [value, person.ticket])).toEqual([]);
    expect(await leaksInDatabase(gatehouse, [value, person.ticket])).toEqual([]);
    expect((await dump(gatehouse)).length).toBeGreaterThan(10);
  });
});
