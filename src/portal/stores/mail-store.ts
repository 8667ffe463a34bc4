import type { Queryable } from '../../core/ports.ts';
import type { Language } from '../../core/languages.ts';
import type { Database } from '../../db/database.ts';

export interface NewMail {
  readonly launchId: string;
  readonly tenantId: string;
  /** In lower case. */
  readonly address: string;
  readonly language: Language;
  readonly sealedUrl: string;
}

export interface QueuedMail extends NewMail {
  /** How often it was begun, with this attempt. */
  readonly attempts: number;
}

/** An hour's e-mails that are too many. */
export interface MailLimit {
  readonly of: 'tenant' | 'address';
  readonly most: number;
  /** Seconds until one more may be sent. */
  readonly retryAfter: number;
}

const PER_HOUR = { tenant: 30, address: 5 } as const;

/** Everybody who sends to the tenant or the address waits here, so that both are counted exactly. */
const LOCK = `select pg_advisory_xact_lock(hashtextextended('mails of ' || $1, 0)),
  pg_advisory_xact_lock(hashtextextended('mails to ' || $2, 0))`;
const COUNT = `select count(*)::int as count,
    ceil(extract(epoch from min(created_at) + interval '1 hour' - now()))::int as "retryAfter"
  from launch_mails where created_at > now() - interval '1 hour' and`;
const INSERT = `insert into launch_mails (launch_id, tenant_id, address, language, sealed_url)
  values ($1, $2, $3, $4, $5)`;

interface Count {
  readonly count: number;
  readonly retryAfter: number;
}

/** Queues the mail in the transaction that creates its launch. @returns the limit that forbids it */
export async function queueMail(tx: Queryable, mail: NewMail): Promise<MailLimit | undefined> {
  const { launchId, tenantId, address, language, sealedUrl } = mail;
  await tx.query(LOCK, [tenantId, address]);
  const [ofTenant] = await tx.query<Count>(`${COUNT} tenant_id = $1`, [tenantId]);
  const [toAddress] = await tx.query<Count>(`${COUNT} address = $1`, [address]);
  const limit = limitOf('tenant', ofTenant) ?? limitOf('address', toAddress);
  if (limit) return limit;
  await tx.query(INSERT, [launchId, tenantId, address, language, sealedUrl]);
  return undefined;
}

function limitOf(
  what: MailLimit['of'],
  { count, retryAfter }: Count = NONE,
): MailLimit | undefined {
  const most = PER_HOUR[what];
  return count < most ? undefined : { of: what, most, retryAfter: Math.max(1, retryAfter) };
}

const NONE: Count = { count: 0, retryAfter: 1 };

/** A mail is not taken again before this time, which is longer than its sending may take. */
const LEASE = `interval '2 minutes'`;
/** One process takes a mail: the others skip its row. */
const TAKE = {
  name: 'take-launch-mails',
  text: `update launch_mails set attempts = attempts + 1, due_at = now() + ${LEASE}
    where launch_id in (select launch_id from launch_mails where state = 'queued' and due_at <= now()
      order by due_at limit $1 for update skip locked)
    returning launch_id as "launchId", tenant_id as "tenantId", address, language,
      sealed_url as "sealedUrl", attempts`,
};
/** Nothing is written by a process that another has overtaken. */
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
