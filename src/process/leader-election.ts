import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { NotTheLeader, type Fence } from '../db/fence.ts';
import type { Secret } from '../core/secret.ts';

/** The name of the lease's row in `leases`, the same in every process. */
const LEASE = 'worker';
/** A leader that has not renewed for this long is replaced. */
const LEASE_MS = 10_000;
const RENEW_MS = 2_000;
/** The lease may still be ours after a failure, so renewal is retried soon. */
const RETRY_MS = 500;

export interface LeadershipOptions {
  /** Must not pass through a transaction pooler, or notifications are lost. The lease itself works through one. */
  readonly url: Secret;
  readonly channel: string;
  readonly onNotification: () => void;
  readonly onChange: (leading: boolean) => void;
  /** Called when the lease could not be taken or renewed; this is retried. */
  readonly onFailure: (error: unknown) => void;
}

export interface Leadership {
  leading(): boolean;
  /** The fence of the current term. Undefined while this process does not lead. */
  fence(): Fence | undefined;
  /** Releases the lease, so that another process takes over at once. */
  stop(): Promise<void>;
}

interface Lease {
  readonly term: string;
  /** A time of `performance.now()`, which also counts while the process is stopped. */
  readonly until: number;
}

/**
 * Leader election by a lease in the database, timed by the database's clock. The leader renews the
 * lease every two seconds; one that is frozen or cut off loses it after ten. The term grows with
 * each change of leader and fences late writes of a former one. See ADR 0011.
 */
export function joinLeaderElection(options: LeadershipOptions): Leadership {
  const holder = randomUUID();
  let lease: Lease | undefined;
  let notified = false;
  let stopped = false;
  let session: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;

  const leading = (): boolean => !stopped && lease !== undefined && lease.until > performance.now();
  const notify = (): void => {
    const now = leading();
    if (now === notified) return;
    notified = now;
    options.onChange(now);
  };
  const closeSession = (): void => {
    const lost = session;
    session = undefined;
    lost?.end().catch(options.onFailure);
  };
  const round = async (): Promise<void> => {
    let pauseMs = RENEW_MS;
    try {
      session ??= await open(options, closeSession);
      lease = await takeOrRenew(session, holder);
    } catch (error) {
      options.onFailure(error);
      closeSession();
      pauseMs = RETRY_MS;
    }
    notify();
    if (!stopped) timer = setTimeout(start, pauseMs);
  };
  let running: Promise<void> = Promise.resolve();
  const start = (): void => {
    running = round();
  };
  start();

  return {
    leading,
    fence: () => (leading() && lease ? fenceOf(holder, lease.term) : undefined),
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
      notify();
      const last = session;
      session = undefined;
      // If this fails, the lease expires by itself.
      if (lease) await last?.query(RELEASE, [LEASE, holder]).catch(options.onFailure);
      await last?.end().catch(options.onFailure);
    },
  };
}

async function open(options: LeadershipOptions, onEnd: () => void): Promise<pg.Client> {
  const { url, channel, onNotification, onFailure } = options;
  const session = new pg.Client({
    connectionString: url.reveal(),
    connectionTimeoutMillis: 2_000,
    query_timeout: 2_000,
    keepAlive: true,
    application_name: 'gatehouse-leader',
  });
  session.on('error', onFailure);
  session.on('notification', onNotification);
  try {
    await session.connect();
    await session.query(`listen ${channel}`);
  } catch (error) {
    session.end().catch(onFailure);
    throw error;
  }
  session.once('end', onEnd);
  return session;
}

/*
 * Uses `clock_timestamp()`, because the statement may have waited for a write that the lease fences.
 * The term grows whenever the holder changes. A lease that ends later than any that is taken now was taken
 * before the database's clock was set back. It counts as free: should its holder be alive, the term fences it.
 */
const TAKE_OR_RENEW = `insert into leases as l (name, holder, term, until)
  values ($1, $2, 1, clock_timestamp() + make_interval(secs => $3))
  on conflict (name) do update set holder = excluded.holder,
    term = l.term + case when l.holder = excluded.holder then 0 else 1 end,
    until = clock_timestamp() + make_interval(secs => $3)
  where l.holder is null or l.holder = excluded.holder or l.until <= clock_timestamp()
    or l.until > clock_timestamp() + make_interval(secs => 2 * $3)
  returning term`;

/** Returns undefined when another process holds the lease. */
async function takeOrRenew(session: pg.Client, holder: string): Promise<Lease | undefined> {
  // Measured before the statement, so that the lease never ends later here than in the database.
  const until = performance.now() + LEASE_MS;
  const { rows } = await session.query<{ term: string }>(TAKE_OR_RENEW, [
    LEASE,
    holder,
    LEASE_MS / 1_000,
  ]);
  return rows[0] && { term: rows[0].term, until };
}

const RELEASE = `update leases set holder = null, until = clock_timestamp() where name = $1 and holder = $2`;

const FENCE = {
  name: 'lease-fence',
  text: `select from leases
    where name = $1 and holder = $2 and term = $3 and until > clock_timestamp() for share`,
};

const fenceOf =
  (holder: string, term: string): Fence =>
  async (tx) => {
    const rows = await tx.query(FENCE, [LEASE, holder, term]);
    if (rows.length === 0) throw new NotTheLeader('Another process leads.');
  };
