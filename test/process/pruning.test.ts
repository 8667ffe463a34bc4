/** Every process prunes each hour, and each would read whole tables for what another has just deleted. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { startRepeatingTask, type Task } from '../../src/core/repeating-task.ts';
import { inTurn } from '../../src/db/turn.ts';
import { startPruning } from '../../src/process/pruning.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { waitFor } from '../support/wait-for.ts';

const OFTEN_MS = 20;
const CHORES = ['idempotency keys', 'owned objects', 'spent codes', 'rate limits'];

let database: TestDatabase;
const logger = pino({ level: 'silent' });
let tasks: Task[] = [];
let rounds = new Map<string, number>();
let pruned: string[] = [];
let fails = false;

/** A process that prunes often. */
function startProcess(): Task[] {
  const { db } = database;
  const told = {
    ...db,
    query<R extends object>(...asked: Parameters<typeof db.query>): Promise<R[]> {
      const [statement] = asked;
      const text = typeof statement === 'string' ? statement : statement.text;
      if (!/select ctid|pg_relation_size/.test(text)) return db.query<R>(...asked);
      pruned.push(/(?:from |size\(')(\w+)/.exec(text)?.[1] ?? text);
      return fails ? Promise.reject(new Error('no')) : db.query<R>(...asked);
    },
  };
  const onTaskRun = (name: string) => rounds.set(name, (rounds.get(name) ?? 0) + 1);
  return startPruning({ db: told, logger }, (name, _everyMs, work) =>
    startRepeatingTask(name, OFTEN_MS, { logger, onTaskRun }, work),
  );
}
async function roundsOfAll(least: number): Promise<void> {
  rounds = new Map();
  await waitFor(() => CHORES.every((chore) => (rounds.get(`prune ${chore}`) ?? 0) >= least));
}

beforeAll(async () => {
  database = await createTestDatabase();
  tasks = [...startProcess(), ...startProcess(), ...startProcess()];
});
afterAll(async () => {
  await Promise.all(tasks.map((task) => task.stop()));
  await database.stop();
});

const TABLES = ['idempotency_keys', 'owned_objects', 'rate_limits', 'spent_codes'];

it('of three processes one prunes, until its turn is over', async () => {
  await roundsOfAll(9);
  expect(pruned.toSorted()).toEqual(TABLES);

  pruned = [];
  await database.superuser('update leases set until = now()');
  await roundsOfAll(9);
  expect(pruned.toSorted()).toEqual(TABLES);
});

it('prunes again where the last attempt failed, and where the clock of the database was set back', async () => {
  fails = true;
  await database.superuser('update leases set until = now()');
  pruned = [];
  await waitFor(() => pruned.filter((table) => table === 'spent_codes').length > 3);
  fails = false;
  await roundsOfAll(3);

  pruned = [];
  await database.superuser(`update leases set until = now() + interval '2 days'`);
  await roundsOfAll(9);
  expect(pruned.toSorted()).toEqual(TABLES);
});

it('a failure that comes after another process has taken the turn does not end it', async () => {
  const began: string[] = [];
  const take = (who: string, work?: () => Promise<void>) =>
    inTurn(database.db, { name: 'chore', seconds: 60 }, async () => {
      began.push(who);
      await work?.();
    });

  const late = take('late', async () => {
    await database.superuser(`update leases set until = now() where name = 'chore'`);
    await take('next');
    throw new Error('no');
  });
  await expect(late).rejects.toThrow('no');
  await take('third');

  expect(began).toEqual(['late', 'next']);
});
