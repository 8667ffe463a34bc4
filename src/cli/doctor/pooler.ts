import type pg from 'pg';
import type { Secret } from '../../core/secret.ts';
import { withTimeout } from '../../core/with-timeout.ts';
import { explainDatabase, hostOf } from '../../db/explain.ts';
import { withSession } from '../../db/owner-session.ts';
import { asPostgresError } from '../../db/problems.ts';
import { fault, ok, type Check, type Finding } from './check.ts';
import type { World } from './world.ts';

export const POOLER_CHECKS: readonly Check[] = [
  { name: 'prepared statements', run: checkPreparedStatements },
  { name: 'notifications', run: checkNotifications },
];

const OPTIONS = { name: 'gatehouse doctor', statementTimeoutMs: 2_000 };
/** SQLSTATEs that a pooler causes which gives a session's statements to another server. */
const MIXED_UP = ['26000', '42P05', '08P01'];

async function checkPreparedStatements(world: World): Promise<Finding> {
  if (world.values.DATABASE_PREPARED_STATEMENTS === false) return ok('are not used');
  await world.database();
  const url = world.setting('DATABASE_URL');
  try {
    await withSession(url, OPTIONS, (one) =>
      withSession(url, OPTIONS, async (other) => {
        for (let round = 0; round < 10; round += 1)
          await Promise.all([prepared(one), prepared(other)]);
      }),
    );
    return ok('work');
  } catch (error) {
    if (!MIXED_UP.includes(asPostgresError(error).code ?? '')) throw error;
    return fault(
      'a transaction pooler mixes up the prepared statements of its clients',
      'Set max_prepared_statements of PgBouncer (1.21 or later), or DATABASE_PREPARED_STATEMENTS=false.',
    );
  }
}

const prepared = (client: pg.Client) => client.query({ name: 'doctor', text: 'select 1 as one' });

const WAIT_MS = 3_000;

async function checkNotifications(world: World): Promise<Finding> {
  await world.database();
  const direct = world.values.DATABASE_DIRECT_URL;
  const url = direct ?? world.setting('DATABASE_URL');
  const name = direct ? 'DATABASE_DIRECT_URL' : 'DATABASE_URL';
  try {
    return (await arrives(url, world.setting('DATABASE_URL')))
      ? ok(`arrive through ${name}`)
      : fault(
          `notifications do not arrive through ${name}: a transaction pooler stands in between, or it is another server or database`,
          'Set DATABASE_DIRECT_URL to Postgres itself, with the database of DATABASE_URL; until then, events and revocations take seconds longer.',
        );
  } catch (error) {
    const { cause = error } = error as { cause?: unknown };
    return fault(
      `${hostOf(url)} cannot be used: ${explainDatabase(cause)}`.replaceAll('DATABASE_URL', name),
      `Correct ${name}.`,
    );
  }
}

/** Sends as the service does, and listens where the service listens. */
const arrives = (listenUrl: Secret, sendUrl: Secret): Promise<boolean> =>
  withSession(listenUrl, OPTIONS, async (listener) => {
    const channel = `gatehouse_doctor_${process.pid}`;
    const heard = new Promise<true>((resolve) => {
      listener.on('notification', () => {
        resolve(true);
      });
    });
    await listener.query(`listen ${channel}`);
    await withSession(sendUrl, OPTIONS, (sender) => sender.query(`notify ${channel}`));
    return (await withTimeout(heard, WAIT_MS)) ?? false;
  });
