/** `gatehouse maintain` killed, or cut off from Postgres, at moments that nobody chose, and repeated. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { OWNER } from '../../../src/dev/roles.ts';
import { startFaultWorld, type FaultWorld } from '../../support/fault-world.ts';
import { runGatehouse, startGatehouseProcess } from '../../support/gatehouse-process.ts';
import { waitFor } from '../../support/wait-for.ts';

const OLD = 40_000;
const RECENT = 500;

let world: FaultWorld;
let env: Readonly<Record<string, string>>;
beforeAll(async () => {
  world = await startFaultWorld();
  env = world.ownerEnv;
  await add('old', OLD, '100 days');
  await add('recent', RECENT, '1 hour');
  // Without partitions of its own, a row comes into the default partition, which then gets bounds.
  await world.superuser(`insert into audit_trail (at, operation, outcome, request_id, details)
    values (now() + interval '90 days', 'recent', 'succeeded', 'r', '{}')`);
});
afterAll(() => world.stop());

async function add(what: string, count: number, age: string): Promise<void> {
  await world.superuser(
    `insert into audit_trail (at, operation, outcome, request_id, details)
     select now() - $2::interval, $1, 'succeeded', 'r', '{}' from generate_series(1, $3::int)`,
    [what, age, count],
  );
  await world.superuser(
    `insert into sign_ins (client_id, profile_id, at) select 'c', $1 || n, now() - $2::interval
     from generate_series(1, $3::int) n`,
    [what, age, count],
  );
}

const left = async () => {
  const [row] = await world.superuser<Record<string, number>>(
    `select (select count(*) from audit_trail where operation = 'old')::int as "oldAudit",
       (select count(*) from audit_trail where operation = 'recent')::int as "recentAudit",
       (select count(*) from sign_ins where profile_id like 'old%')::int as "oldSignIns",
       (select count(*) from sign_ins where profile_id like 'recent%')::int as "recentSignIns",
       (select count(*) from audit_trail_default)::int as "withoutPartition",
       (select count(*) from pg_constraint where conname = 'settling')::int as "unfinished"`,
  );
  return row;
};

/** Starts it, and interrupts it a moment after it has begun. */
async function interrupt(how: 'kill' | 'cut off'): Promise<number | string> {
  const { child, ended } = startGatehouseProcess(['maintain'], env);
  const ofOwner = `from pg_stat_activity where usename = '${OWNER}'`;
  await waitFor(
    async () => child.exitCode !== null || (await world.superuser(`select ${ofOwner}`)).length > 0,
    { withinMs: 30_000, everyMs: 2, what: 'a session of maintain' },
  );
  await pause(Math.random() * 150);
  if (how === 'kill') child.kill('SIGKILL');
  else await world.superuser(`select pg_terminate_backend(pid) ${ofOwner}`);
  return ended;
}

it('loses nothing that is recent, and the next one deletes what is old and leaves nothing unfinished', async () => {
  const ends: unknown[] = [];
  for (let round = 0; round < 4; round += 1)
    ends.push(await interrupt('kill'), await interrupt('cut off'));
  const between = await left();

  const last = await runGatehouse(['maintain'], env);

  expect(ends).toContain('SIGKILL');
  expect(between).toMatchObject({ recentSignIns: RECENT, recentAudit: RECENT + 1 });
  expect({ code: last.code, err: last.err }).toMatchObject({ code: 0 });
  expect(await left()).toEqual({
    oldAudit: 0,
    recentAudit: RECENT + 1,
    oldSignIns: 0,
    recentSignIns: RECENT,
    withoutPartition: 0,
    unfinished: 0,
  });
}, 120_000);
