/** Tickets that are redeemed at the same time share statements: each is decided alone, and harms no other. */
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { Response } from 'supertest';
import { operator } from '../../../src/cli/operator.ts';
import { createClientRegistry } from '../../../src/clients/registry.ts';
import { sha256 } from '../../../src/core/sha256.ts';
import { REDEEM } from '../../../src/portal/stores/redeem-store.ts';
import { RELEASE_LAUNCHES } from '../../../src/portal/stores/release-store.ts';
import { createPortalStores } from '../../../src/portal/stores/stores.ts';
import { holdLock } from '../../support/interleave.ts';
import { createLatch } from '../../support/latch.ts';
import { createLoadBalancer } from '../../support/load-balancer.ts';
import {
  createLaunch,
  linkRequests,
  openLaunchPage,
  type Launch,
} from '../../support/portal-calls.ts';
import type { TestClient } from '../../support/test-app.ts';
import { useGatehouse } from '../../support/use-gatehouse.ts';
import { waitFor } from '../../support/wait-for.ts';

const MINT = 'POST /portal/generate_link';

const gatehouse = useGatehouse({ replicas: 2 });
let client: TestClient;

beforeAll(async () => {
  client = await gatehouse.createClient();
  await gatehouse.provision('acme');
});
afterEach(() => gatehouse.workos.clearFaults());

const launchOf = (by = client) => createLaunch(gatehouse, by);
const open = ({ ticket }: Launch): Promise<Response> =>
  openLaunchPage(gatehouse.url, { ticket }).then((answer) => answer);

const outcomesOf = async ({ id }: Launch): Promise<string[]> =>
  (
    await gatehouse.database.superuser<{ outcome: string }>(
      `select outcome from audit_trail where details->>'launch' = $1 and operation = 'launchPortal' order by id`,
      [id],
    )
  ).map(({ outcome }) => outcome);

const statusOf = async ({ id }: Launch) => {
  const launch = await gatehouse.as(client).get(`/v1/portal-launches/${id}`);
  return (launch.body as { status: string }).status;
};

const LOCK = 'select 1 from portal_launches where id = $1 for update';
const isLockAwaited = async () => {
  const [waiting] = await gatehouse.database.superuser<{ n: number }>(
    'select count(*)::int as n from pg_locks where not granted',
  );
  return waiting?.n !== 0;
};

/** Holds all answers of WorkOS until so many redemptions have reached it. */
function together(redemptions: number) {
  const [all, resumed] = [createLatch(), createLatch()];
  let waiting = 0;
  const onReached = () => {
    if ((waiting += 1) === redemptions) all.open();
  };
  const hold = { kind: 'hold', until: resumed.opened, before: false, onReached } as const;
  gatehouse.workos.fault(MINT, hold, { times: redemptions });
  return { reached: all.opened, resume: resumed.open };
}

/** Redeems all, and runs `meanwhile` once WorkOS has created their links. */
async function releaseTogether(all: readonly Launch[], meanwhile: () => Promise<unknown>) {
  const { reached, resume } = together(all.length);
  const answers = all.map((launch) => open(launch));
  await reached;
  await meanwhile();
  resume();
  return answers;
}

/** Takes tickets in statements that several attempts share. @returns the attempts that took one */
async function takeTogether(tickets: readonly Launch[]) {
  const { redeem } = createPortalStores(gatehouse.database.db).tickets;
  const take = (ticket: string) =>
    redeem({ sha256: sha256(ticket), mode: 'redirect', browserSha256: null });
  // The first attempt waits for the lock, and all others share the statement after it.
  const lock = await holdLock(gatehouse.database, 'lock table portal_launches in exclusive mode');
  const all = Promise.all([take('unknown'), ...tickets.map(({ ticket }) => take(ticket))]);
  await lock.release();
  return (await all).filter((taken) => taken !== undefined);
}

describe('one ticket', () => {
  it('is redeemed once when two replicas get it 200 times at once', async () => {
    const { ticket } = await launchOf();
    const callers = createLoadBalancer(gatehouse.urls, 50);
    const before = linkRequests(gatehouse);

    const answers = await Promise.all(
      Array.from({ length: 200 }, () =>
        callers.send({ method: 'GET', path: `/launch-portal?ticket=${ticket}` }),
      ),
    );

    await callers.close();
    const statuses = answers.map(({ status }) => status).toSorted();
    expect(statuses).toEqual([303, ...Array<number>(199).fill(410)]);
    expect(linkRequests(gatehouse)).toBe(before + 1);
  });

  it('goes to one of the attempts that share a statement', async () => {
    const [a, b, c] = [await launchOf(), await launchOf(), await launchOf()];

    const taken = await takeTogether([a, b, a, c, a, b]);

    expect(taken.map(({ id }) => id).toSorted()).toEqual([a.id, b.id, c.id].toSorted());
    expect(new Set(taken.map(({ attempt }) => attempt)).size).toBe(3);
    expect(await takeTogether([a, b, c])).toEqual([]);
  });

  it('is not leased to an attempt of before the database’s clock was set back', async () => {
    const launch = await launchOf();
    await gatehouse.database.superuser(
      `update portal_launches set attempt = gen_random_uuid(), lease_until = now() + interval '10 minutes' where id = $1`,
      [launch.id],
    );

    const res = await open(launch);

    expect(res.status).toBe(303);
  });

  it('is dead for a request that waited until its revocation was committed', async () => {
    const launch = await launchOf();
    const before = linkRequests(gatehouse);
    const session = new pg.Client({ connectionString: gatehouse.database.url });
    await session.connect();
    await session.query('begin');
    await session.query('update portal_launches set revoked_at = now() where id = $1', [launch.id]);
    const opening = open(launch);
    await waitFor(isLockAwaited);
    await session.query('commit');
    await session.end();

    expect((await opening).status).toBe(410);
    expect(linkRequests(gatehouse)).toBe(before);
  });
});

describe('a launch whose row is locked', () => {
  it('holds up no ticket that is redeemed beside it', async () => {
    const [first, locked, last] = [await launchOf(), await launchOf(), await launchOf()];
    const lock = await holdLock(gatehouse.database, LOCK, [locked.id]);
    const waiting = open(locked);

    const answers = await Promise.all([first, last].map((launch) => open(launch)));

    expect(answers.map(({ status }) => status)).toEqual([303, 303]);
    await lock.release();
    expect((await waiting).status).toBe(303);
  });

  it('holds up no link that is released beside it, and its own is released once the lock is gone', async () => {
    const [first, locked, last] = [await launchOf(), await launchOf(), await launchOf()];
    const before = linkRequests(gatehouse);
    let lock: Awaited<ReturnType<typeof holdLock>> | undefined;
    const [ofFirst, ofLocked, ofLast] = await releaseTogether([first, locked, last], async () => {
      lock = await holdLock(gatehouse.database, LOCK, [locked.id]);
    });

    expect([(await ofFirst)?.status, (await ofLast)?.status]).toEqual([303, 303]);
    await lock?.release();
    expect((await ofLocked)?.status).toBe(303);
    expect(await outcomesOf(locked)).toEqual(['attempted', 'succeeded']);
    expect(linkRequests(gatehouse)).toBe(before + 3);
  });
});

describe('a launch that Postgres refuses to change', () => {
  /** Makes Postgres refuse what `condition` says of this launch. */
  const refuse = ({ id }: Launch, condition: string) =>
    gatehouse.database.superuser(
      `alter table portal_launches add constraint refused check (id <> '${id}' or ${condition}) not valid`,
    );
  afterEach(() =>
    gatehouse.database.superuser('alter table portal_launches drop constraint if exists refused'),
  );

  it('harms no ticket that is redeemed beside it', async () => {
    const [first, poisoned, last] = [await launchOf(), await launchOf(), await launchOf()];
    await refuse(poisoned, 'attempt is null');

    const answers = await Promise.all([first, poisoned, last].map((launch) => open(launch)));

    expect(answers.map(({ status }) => status)).toEqual([303, 500, 303]);
    expect(await outcomesOf(poisoned)).toEqual([]);
    expect(await statusOf(poisoned)).toBe('created');
  });

  it('harms no link that is released beside it', async () => {
    const [first, poisoned, last] = [await launchOf(), await launchOf(), await launchOf()];
    const sent = await releaseTogether([first, poisoned, last], () =>
      refuse(poisoned, 'redirected_at is null'),
    );

    const answers = await Promise.all(sent);
    expect(answers.map(({ status }) => status)).toEqual([303, 500, 303]);
    expect(await outcomesOf(first)).toEqual(['attempted', 'succeeded']);
    expect(await outcomesOf(poisoned)).toEqual(['attempted', 'failed']);
    expect(await statusOf(poisoned)).toBe('failed');
  });
});

it('links that WorkOS has created at the same time are released each by its own permission', async () => {
  const parties: { launch: Launch; client: TestClient }[] = [];
  for (let n = 0; n < 8; n += 1) {
    const own = await gatehouse.createClient();
    parties.push({ client: own, launch: await launchOf(own) });
  }
  const registry = createClientRegistry(gatehouse.database.db);
  const sent = await releaseTogether(
    parties.map(({ launch }) => launch),
    async () => {
      for (const { client: own } of parties.filter((_, n) => n % 2 === 1))
        await registry.update(operator('test'), own.id, { disabled: true });
    },
  );

  const answers = await Promise.all(sent);
  expect(answers.map(({ status }) => status)).toEqual([303, 410, 303, 410, 303, 410, 303, 410]);
  for (const [n, { launch }] of parties.entries())
    expect(await outcomesOf(launch)).toEqual(['attempted', n % 2 === 0 ? 'succeeded' : 'refused']);
});

describe('with 100,000 launches', () => {
  // All have expired: for Postgres, whose statistics are older than the newest tickets, hardly any is live.
  beforeAll(async () => {
    await gatehouse.database.superuser(
      `insert into portal_launches (id, tenant_id, client_id, user_id, intent, mode, ticket_sha256, role_source,
         needs_signed_in_user, return_page, it_contact_emails, expires_at)
       select 'launch_' || n, 'acme', 'many', 'ada', 'sso', 'redirect', sha256(n::text::bytea), 'token', false, true,
         '{}', now() from generate_series(1, 100000) n`,
    );
    await gatehouse.database.superuser('analyze portal_launches');
  });

  it.each([
    ['redeems', REDEEM, ['[]', '200ms'], ['portal_launches_pkey', 'portal_launches_ticket']],
    ['releases', RELEASE_LAUNCHES, ['[]', '[]'], ['portal_launches_pkey']],
  ] as const)(
    'the statement that %s finds its launches by their keys',
    async (_what, statement, values, keys) => {
      const rows = await gatehouse.database.superuser<{ 'QUERY PLAN': string }>(
        `explain ${statement.text}`,
        values,
      );

      const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
      const indexes = new Set(plan.match(/portal_launches_\w+/g));
      expect([...indexes].toSorted()).toEqual(keys);
      expect(plan).not.toContain('Seq Scan on portal_launches');
    },
  );

  it('the statement that redeems locks its launches in one order', async () => {
    const rows = await gatehouse.database.superuser<{ 'QUERY PLAN': string }>(
      `explain ${REDEEM.text}`,
      ['[]', '200ms'],
    );

    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).toMatch(/LockRows[^]*?Sort[^]*?Sort Key: l_1.id/);
  });
});
