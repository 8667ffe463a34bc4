/** A code is sent to WorkOS once, unless it certainly did not arrive there. A replay does no harm. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { WorkOS } from '@workos-inc/node';
import { operator } from '../../src/cli/operator.ts';
import type { SealedCode } from '../../src/sso/protocol/flow.ts';
import { createSsoStore } from '../../src/sso/codes/store.ts';
import {
  auditRows,
  connect,
  createBrowser,
  exchange,
  grant,
  REDIRECT_URI,
  sealerOf,
  signIn,
  TOKEN,
  type Exchanged,
} from '../support/sign-in.ts';
import { sdkOptions } from '../support/sdk.ts';
import { closedTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/test-app.ts';
import { waitForAnswer } from '../support/wait-for.ts';

const REPLICAS = [0, 1, 2] as const;
const RETRY_LATER = { kind: 'status', status: 429, retryAfter: 2 } as const;

let gatehouse: TestApp;
/** A proxy between Gatehouse and WorkOS. */
let way: TcpProxy;
let client: TestClient;
let other: TestClient;
let connection: string;

beforeAll(async () => {
  way = await closedTcpProxy();
  gatehouse = await startTestApp({
    replicas: REPLICAS.length,
    env: {
      WORKOS_API_BASE_URL: `http://127.0.0.1:${way.port}`,
      DEFAULT_SIGN_IN_CLIENT: 'client-1',
    },
  });
  await way.open(gatehouse.workos.port);
  client = await gatehouse.createClient({
    redirectUris: [REDIRECT_URI],
    initiateLoginUri: 'https://app.example.com/login',
  });
  other = await gatehouse.createClient({ redirectUris: [REDIRECT_URI] });
  await gatehouse.provision('acme');
  connection = await connect(gatehouse, 'acme');
});
afterEach(() => gatehouse.workos.clearFaults());
afterAll(async () => {
  await gatehouse.stop();
  await way.stop();
});

const onReplica = (code: string, replica: number, by = client) =>
  exchange(gatehouse, grant(by, code), { url: gatehouse.urls[replica] ?? '' });
const expectInvalidGrant = ({ status, body }: Exchanged) => {
  expect([status, body.error]).toEqual([400, 'invalid_grant']);
};
const expectTryAgain = ({ status, headers, body }: Exchanged, code: string) => {
  expect([status, body.error, body.code]).toEqual([503, 'temporarily_unavailable', code]);
  expect(headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
};
const rowsOf = async ({ headers }: Pick<Exchanged, 'headers'>) =>
  (await auditRows(gatehouse, headers.get('x-request-id'))).map(
    ({ outcome, details }) => [outcome, details] as const,
  );
/** Seals the content of a code again: by another replica's clock, or changed. */
const resealed = (code: string, change: object = {}, secondsAhead = 0): string => {
  const sealed = sealerOf(gatehouse).open<SealedCode>('code', code);
  return sealerOf(gatehouse, secondsAhead).seal('code', { ...sealed, ...change }, 600);
};
const withoutWay = async <T>(work: () => Promise<T>): Promise<T> => {
  await way.stop();
  try {
    return await work();
  } finally {
    await way.open(gatehouse.workos.port);
  }
};

describe('a spent code', () => {
  it('replayed 200 times causes no server error and uses up no database connections', async () => {
    const { code, upstreamCode } = await signIn(gatehouse, client);
    expect((await onReplica(code, 0)).status).toBe(200);
    const sessions = async () => {
      const [row] = await gatehouse.database.superuser<{ sessions: number }>(
        'select sessions::int from pg_stat_database where datname = current_database()',
      );
      return row?.sessions ?? 0;
    };
    const reads: number[] = [];
    const replays: Exchanged[] = [];
    let left = 200;
    const replayer = async (replica: number) => {
      while (left-- > 0) {
        replays.push(await onReplica(code, replica));
        if (left % 20 === 0) reads.push((await gatehouse.as(other).get('/v1/tenants/acme')).status);
      }
    };
    const before = await sessions();

    await Promise.all(Array.from({ length: 40 }, (_, n) => replayer(n % 2)));

    expect(new Set(replays.map(({ status }) => status))).toEqual(new Set([400]));
    expect(replays).toHaveLength(200);
    expect(new Set(reads)).toEqual(new Set([200]));
    // The sum of both pools, plus some sessions of the test itself. One session for each replay would be 200.
    expect((await sessions()) - before).toBeLessThan(50);
    expect(gatehouse.workos.tokenCalls(upstreamCode)).toBe(1);
  }, 60_000);
});

describe('a code that WorkOS did not receive', () => {
  it('because the connection was refused is valid again, for one exchange', async () => {
    const { code, upstreamCode } = await signIn(gatehouse, client);

    const refused = await withoutWay(() => onReplica(code, 0));
    const answers = await Promise.all(Array.from({ length: 8 }, (_, n) => onReplica(code, n % 2)));

    expectTryAgain(refused, 'upstream_unavailable');
    expect(await rowsOf(refused)).toEqual([
      ['attempted', {}],
      ['failed', { code_given_back: true, reason: 'upstream_unreachable' }],
    ]);
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([200, 400, 400, 400, 400, 400, 400, 400]);
    expect(gatehouse.workos.tokenCalls(upstreamCode)).toBe(1);
  });

  it('because the connection was refused is exchanged by the retry of SDK 11', async () => {
    const { code, upstreamCode } = await signIn(gatehouse, client);
    const statuses: number[] = [];
    const fetchFn: typeof fetch = async (...request) => {
      const { status, body } = await (statuses.length === 0
        ? withoutWay(() => fetch(...request))
        : fetch(...request));
      statuses.push(status);
      // Without it the SDK would wait for as long as the gateway asks.
      const headers = { 'content-type': 'application/json', 'retry-after': '0' };
      return new Response(body, { status, headers });
    };
    const { sso } = new WorkOS(client.key, { ...sdkOptions(gatehouse), fetchFn });

    const { profile } = await sso.getProfileAndToken({ clientId: client.id, code });

    expect(profile.organizationId).toBe('acme');
    expect(statuses).toEqual([503, 200]);
    expect(gatehouse.workos.tokenCalls(upstreamCode)).toBe(1);
  });

  it('because WorkOS answered 429 is valid again on another replica once the Retry-After is over', async () => {
    const { code: spent } = await signIn(gatehouse, client);
    expect((await onReplica(spent, 0)).status).toBe(200);
    const { code, upstreamCode } = await signIn(gatehouse, client);
    gatehouse.workos.fault(TOKEN, RETRY_LATER, { times: 1 });
    const onEach = (status: number) =>
      Promise.all(
        REPLICAS.map((replica) =>
          waitForAnswer(
            () => onReplica(spent, replica),
            (answer) => answer.status === status,
          ),
        ),
      );

    const limited = await onReplica(code, 2);
    // A replica that waits for the end of a Retry-After refuses even a spent code with 503.
    const held = await onEach(503);
    const callsDuringHold = gatehouse.workos.tokenCalls(upstreamCode);
    await onEach(400);
    const [again, replay] = [await onReplica(code, 1), await onReplica(code, 1)];

    for (const answer of [limited, ...held]) expectTryAgain(answer, 'upstream_rate_limited');
    expect(callsDuringHold).toBe(1);
    expect(again.status).toBe(200);
    expectInvalidGrant(replay);
    expect(gatehouse.workos.tokenCalls(upstreamCode)).toBe(2);
  });

  it('is valid only for its own client, and not for a later client with the same id', async () => {
    const { code, upstreamCode } = await signIn(gatehouse, client);
    await withoutWay(() => onReplica(code, 0));
    const { superuser } = gatehouse.database;

    expectInvalidGrant(await onReplica(resealed(code, { client: other.id }), 1, other));
    await superuser('update spent_codes set client_generation = gen_random_uuid()');
    expectInvalidGrant(await onReplica(code, 1));

    expect(gatehouse.workos.tokenCalls(upstreamCode)).toBe(0);
  });

  it('can be given back only by its own attempt', async () => {
    const store = createSsoStore(gatehouse.database.db);
    const spend = () =>
      store.spend({ code: 'a code', age: 0, actor: operator('test'), tenantId: undefined });
    const first = await spend();
    if (!first) throw new Error('The code was not good.');

    expect(await store.giveBack(first, {})).toBe(true);
    const second = await spend();
    expect(second).toBeDefined();
    expect(await store.giveBack(first, {})).toBe(false);
    expect(await spend()).toBeUndefined();
  });

  it('of an IdP-initiated login is valid when the callback is loaded again', async () => {
    const { workos, config } = gatehouse;
    const back = await workos.idpInitiated(connection, `${config.publicUrl}/sso/callback`);
    const browser = createBrowser(gatehouse);

    const refused = await withoutWay(() => browser.get(back));
    const again = await browser.get(back);

    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await rowsOf(refused)).toContainEqual([
      'failed',
      { code_given_back: true, reason: 'upstream_unreachable' },
    ]);
    expect([again.status, again.location?.pathname]).toEqual([302, '/login']);
  });
});

describe('a code with a state from before the database was restored', () => {
  const goodFrom = (secondsAgo: number) =>
    gatehouse.database.superuser(
      `insert into settings (name, value)
       values ('codes_good_from', floor(extract(epoch from now()) - $1)::bigint::text)
       on conflict (name) do update set value = excluded.value`,
      [secondsAgo],
    );
  beforeEach(() => goodFrom(60));
  afterEach(() => goodFrom(86_400));

  it.each([
    ['is not sent to WorkOS', -120, 400, 0],
    ['is sent to WorkOS if its state is newer', -5, 200, 1],
  ])('%s', async (_what, secondsAhead, status, calls) => {
    const user = { email: 'ada@acme.example' };
    const upstreamCode = gatehouse.workos.issueCode(connection, { user });
    const state = sealerOf(gatehouse, secondsAhead).seal(
      'magic',
      { client: client.id, redirectUri: REDIRECT_URI, selector: { magicLink: user } },
      86_400,
    );
    const query = new URLSearchParams({ code: upstreamCode, state }).toString();
    const { location } = await createBrowser(gatehouse).get(`/sso/callback?${query}`);

    const answer = await onReplica(location?.searchParams.get('code') ?? '', 0);

    expect(answer.status).toBe(status);
    expect(gatehouse.workos.tokenCalls(upstreamCode)).toBe(calls);
  });
});

describe('replicas whose clocks are each up to a minute off', () => {
  it.each([-118, -60, 58, 118])('accept each other’s codes: %d s ahead', async (secondsAhead) => {
    const { code } = await signIn(gatehouse, client);

    expect((await onReplica(resealed(code, {}, secondsAhead), 1)).status).toBe(200);
  });

  it('refuse a code that has expired by their own clock', async () => {
    const { code, upstreamCode } = await signIn(gatehouse, client);

    expectInvalidGrant(await onReplica(resealed(code, {}, -601), 1));
    expect(gatehouse.workos.tokenCalls(upstreamCode)).toBe(0);
  });
});
