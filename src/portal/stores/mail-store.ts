import type { Queryable } from '../../core/ports.ts';
import type { Language } from '../../core/languages.ts';
import type { Database } from '../../db/database.ts';

export interface NewMail {
  readonly launchId: string;
  readonly clientId: string;
  readonly tenantId: string;
  /** In lower case. */
  readonly address: string;
  readonly language: Language;
  readonly sealedUrl: string;
}

export interface QueuedMail extends Omit<NewMail, 'clientId'> {
  /** How often it was begun, with this attempt. */
  readonly attempts: number;
}

/** A limit on the e-mails of an hour that is reached. */
export interface MailLimit {
  readonly of: 'tenant' | 'address';
  /** The limit counts the e-mails of this client, or of all. */
  readonly by: 'client' | 'all';
  readonly most: number;
  /** Seconds until one more may be sent. */
  readonly retryAfter: number;
}

/** E-mails of an hour. One client may send half of them, so that the others can reach the same people. */
const PER_HOUR = { tenant: { client: 30, all: 60 }, address: { client: 5, all: 10 } } as const;

/** Everybody who sends to the tenant or the address waits here, so that both are counted exactly. */
const LOCK = `select pg_advisory_xact_lock(hashtextextended('mails of ' || $1, 0)),
  pg_advisory_xact_lock(hashtextextended('mails to ' || $2, 0))`;
const SECONDS_LEFT = `ceil(extract(epoch from min(m.created_at) + interval '1 hour' - now()))::int`;
const OF_CLIENT = `from launch_mails m join portal_launches l on l.id = m.launch_id
  where l.client_id = $2 and`;
const countOf = (column: 'tenant_id' | 'address', from: string): string =>
  `select count(*)::int as count, ${SECONDS_LEFT} as "retryAfter"
    ${from} m.created_at > now() - interval '1 hour' and m.${column} = $1`;
const INSERT = `insert into launch_mails (launch_id, tenant_id, address, language, sealed_url)
  values ($1, $2, $3, $4, $5)`;

interface Count {
  readonly count: number;
  readonly retryAfter: number;
}

/** Queues the mail in the transaction that creates its launch. @returns the limit that forbids it */
export async function queueMail(tx: Queryable, mail: NewMail): Promise<MailLimit | undefined> {
  const { launchId, clientId, tenantId, address, language, sealedUrl } = mail;
  await tx.query(LOCK, [tenantId, address]);
  const limit =
    (await limitOf(tx, 'tenant', tenantId, clientId)) ??
    (await limitOf(tx, 'address', address, clientId));
  if (limit) return limit;
  await tx.query(INSERT, [launchId, tenantId, address, language, sealedUrl]);
  return undefined;
}

async function limitOf(
  tx: Queryable,
  of: MailLimit['of'],
  value: string,
  clientId: string,
): Promise<MailLimit | undefined> {
  const column = of === 'tenant' ? 'tenant_id' : of;
  const own = await tx.query<Count>(countOf(column, OF_CLIENT), [value, clientId]);
  const all = await tx.query<Count>(countOf(column, 'from launch_mails m where'), [value]);
  return reached(of, 'client', own[0]) ?? reached(of, 'all', all[0]);
}

function reached(
  of: MailLimit['of'],
  by: MailLimit['by'],
  { count, retryAfter }: Count = NONE,
): MailLimit | undefined {
  const most = PER_HOUR[of][by];
  return count < most ? undefined : { of, by, most, retryAfter: Math.max(1, retryAfter) };
}

const NONE: Count = { count: 0, retryAfter: 1 };

/** A mail is not taken again before this time, which is longer than its sending may take. */
const LEASE = `interval '2 minutes'`;
/** Clients take turns, however many mails each has. One process takes a mail: the others skip its row. */
const TAKE = {
  name: 'take-launch-mails',
  text: `with due as materialized (
      select m.launch_id, row_number() over (partition by l.client_id order by m.due_at) as turn
      from launch_mails m left join portal_launches l on l.id = m.launch_id
      where m.state = 'queued' and m.due_at <= now())
    update launch_mails set attempts = attempts + 1, due_at = now() + ${LEASE}
    where launch_id in (select m.launch_id from launch_mails m join due using (launch_id)
      where m.state = 'queued' and m.due_at <= now()
      order by due.turn, m.due_at limit $1 for update of m skip locked)
    returning launch_id as "launchId", tenant_id as "tenantId", address, language,
      sealed_url as "sealedUrl", attempts`,
};
/** SQL: no other process has taken the mail since this attempt began. */
const OWN = `launch_id = $1 and attempts = $2 and state = 'queued'`;
const END = `update launch_mails set state = $3, reason = $4, sealed_url = null, ended_at = now()
  where ${OWN}`;
const AGAIN = `update launch_mails set reason = $3, due_at = now() + make_interval(secs => $4)
  where ${OWN}`;

const WAITING = `select count(*)::int as count from (
  select from launch_mails where state = 'queued' limit 10000) waiting`;

export type MailStore = ReturnType<typeof createMailStore>;

export const createMailStore = (db: Database) => ({
  take: (most: number): Promise<QueuedMail[]> => db.query<QueuedMail>(TAKE, [most]),

  async end({ launchId, attempts }: QueuedMail, state: 'sent' | 'failed', reason: string | null) {
    await db.query(END, [launchId, attempts, state, reason]);
  },

  async again({ launchId, attempts }: QueuedMail, reason: string, afterSeconds: number) {
    await db.query(AGAIN, [launchId, attempts, reason, afterSeconds]);
  },

  /** How many e-mails wait, counted up to 10,000. */
  async waiting(): Promise<number> {
    const [row] = await db.query<{ count: number }>(WAITING);
    return row?.count ?? 0;
  },
});
