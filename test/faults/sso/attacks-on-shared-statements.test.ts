/** Exchanges of several clients and replicas that share statements: what one does harms no other. */
import { randomUUID } from 'node:crypto';
import { beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { holdLock } from '../../support/interleave.ts';
import { createLatch } from '../../support/latch.ts';
import {
  auditRows,
  connect,
  exchange,
  grant,
  REDIRECT_URI,
  signIn,
  TOKEN,
  type Exchanged,
} from '../../support/sign-in.ts';
import type { TestClient } from '../../support/test-app.ts';
import { useGatehouse } from '../../support/use-gatehouse.ts';
import { waitFor } from '../../support/wait-for.ts';

const gatehouse = useGatehouse({ replicas: 2 });

beforeAll(async () => {
  await gatehouse.provision('acme');
  await connect(gatehouse, 'acme');
});

const newClient = () => gatehouse.createClient({ redirectUris: [REDIRECT_URI] });

interface SignedIn {
  readonly client: TestClient;
  readonly code: string;
}

const signedIn = async (client: TestClient): Promise<SignedIn> => ({
  client,
  code: (await signIn(gatehouse, client)).code,
});

const send = ({ client, code }: SignedIn, replica = 0): Promise<Exchanged> =>
  exchange(gatehouse, grant(client, code), { url: gatehouse.urls[replica] ?? gatehouse.url });

const statuses = (answers: readonly Exchanged[]) => [
  ...new Set(answers.map(({ status }) => status)),
];

/** Holds all answers of WorkOS until as many exchanges have reached it. */
function together(exchanges: number) {
  const [all, resumed] = [createLatch(), createLatch()];
  let waiting = 0;
  const onReached = () => {
    if ((waiting += 1) === exchanges) all.open();
  };
  const hold = { kind: 'hold', until: resumed.opened, before: false, onReached } as const;
  gatehouse.workos.fault(TOKEN, hold, { times: exchanges });
  return { reached: all.opened, resume: resumed.open };
}

it('a code that two replicas get 200 times at once, from its client and others, is exchanged once', async () => {
  const [client, other] = [await newClient(), await newClient()];
  const { code } = await signedIn(client);
  const before = gatehouse.workos.requests.filter(({ path }) => path === '/sso/token').length;

  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, n) =>
      send({ client: n % 5 === 0 ? other : client, code }, n % 2),
    ),
  );

  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(answers.filter(({ status }) => status === 400)).toHaveLength(199);
  const after = gatehouse.workos.requests.filter(({ path }) => path === '/sso/token').length;
  expect(after - before).toBe(1);
});

/** As after an exchange that did not reach WorkOS. */
const giveBack = async (upstreamCode: string, client: TestClient) =>
  gatehouse.database.superuser(
    `insert into spent_codes (sha256, client_id, client_generation, expires_at, given_back_at)
     select sha256($1::bytea), id, generation, now() + interval '10 minutes', now() from clients where id = $2`,
    [upstreamCode, client.id],
  );

/** Resolves once as many statements wait for a lock. */
const waitForLocks = (statements: number) =>
  waitFor(async () => {
    const [waiting] = await gatehouse.database.superuser<{ n: number }>(
      'select count(distinct pid)::int as n from pg_locks where not granted',
    );
    return waiting?.n === statements;
  });

/** Locks a row of a code, and the whole table until `rollback to held`. */
async function lockRowThenTable(upstreamCode: string | undefined): Promise<pg.Client> {
  const session = new pg.Client({ connectionString: gatehouse.database.url });
  await session.connect();
  await session.query('begin');
  const row = 'select 1 from spent_codes where sha256 = sha256($1::bytea) for update';
  await session.query(row, [upstreamCode]);
  await session.query('savepoint held');
  await session.query('lock table spent_codes in exclusive mode');
  return session;
}

it('codes that were given back are exchanged on two replicas in opposite orders', async () => {
  const client = await newClient();
  // So many rows that Postgres looks each code up instead of reading the table in its order.
  await gatehouse.database.superuser(
    `insert into spent_codes (sha256, expires_at)
     select sha256(n::text::bytea), now() + interval '10 minutes' from generate_series(1, 150000) n`,
  );
  await gatehouse.database.superuser('analyze spent_codes');
  const parties: SignedIn[] = [];
  const codes: string[] = [];
  for (let n = 0; n < 12; n += 1) {
    const { code, upstreamCode } = await signIn(gatehouse, client);
    await giveBack(upstreamCode, client);
    parties.push({ client, code });
    codes.push(upstreamCode);
  }
  const session = await lockRowThenTable(codes[6]);
  const first = [await signedIn(client), await signedIn(client)].map(send);
  await waitForLocks(2);
  const rest = [
    ...parties.map((party) => send(party, 0)),
    ...parties.toReversed().map((party) => send(party, 1)),
  ];
  // They arrive later than all others.
  await Promise.all(
    [0, 1].map((n) =>
      Promise.all(Array.from({ length: 20 }, () => send({ client, code: 'none' }, n))),
    ),
  );
  await session.query('rollback to held');
  await Promise.all(first);
  await waitForLocks(2);
  await session.end();

  const answers = await Promise.all(rest);
  expect(statuses(answers).toSorted()).toEqual([200, 400]);
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(12);
});

it('a sign-in is released while a row of another client is locked', async () => {
  const [locked, free] = [await newClient(), await newClient()];
  expect((await send(await signedIn(locked))).status).toBe(200);
  const parties = [await signedIn(locked), await signedIn(free), await signedIn(free)];
  const lock = await holdLock(gatehouse.database, 'delete from sign_ins where client_id = $1', [
    locked.id,
  ]);
  const { reached, resume } = together(parties.length);
  const [ofLocked, ...ofFree] = parties.map((party) => send(party));
  await reached;
  resume();

  const answers = await Promise.all(ofFree);
  await lock.release();
  expect(statuses(answers)).toEqual([200]);
  await ofLocked;
});

const odd = [
  ['NUL', 'prof_\u0000'],
  ['a space', 'prof_ 1'],
  ['10 kB', `prof_${Array.from({ length: 700 }, () => randomUUID()).join('')}`],
] as const;

it.each(odd)('a profile whose id has %s harms no sign-in beside it', async (_what, id) => {
  const client = await newClient();
  const { code } = await signIn(gatehouse, client, { user: { id, email: 'odd@example.com' } });
  const parties = [await signedIn(client), { client, code }, await signedIn(client)];
  const { reached, resume } = together(parties.length);
  const sent = parties.map((party) => send(party));
  await reached;
  resume();

  const [first, poisoned, last] = await Promise.all(sent);
  expect([first?.status, last?.status]).toEqual([200, 200]);
  expect([poisoned?.status, poisoned?.body.code]).toEqual([502, 'upstream_invalid_response']);
  for (const { headers } of [first, last].filter((one) => one !== undefined)) {
    expect(await auditRows(gatehouse, headers.get('x-request-id'))).toMatchObject([
      { outcome: 'attempted' },
      { outcome: 'succeeded' },
    ]);
  }
  expect(await auditRows(gatehouse, poisoned?.headers.get('x-request-id'))).toMatchObject([
    { outcome: 'attempted' },
    { outcome: 'failed' },
  ]);
  expect((await send({ client, code })).status).toBe(400);
});
