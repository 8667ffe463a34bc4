import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { NotTheLeader, type Fence } from '../db/fence.ts';
import type { Secret } from '../core/secret.ts';

/** The lease's row in `leases`. Any constant: all that counts is that every process uses the same one. */
const LEASE = 'worker';
/** A leader that cannot renew for so long is replaced. */
const LEASE_MS = 10_000;
const RENEW_MS = 2_000;
/** After a failure, the lease may still be ours: it is renewed as soon as a session is there again. */
const RETRY_MS = 500;

export interface LeadershipOptions {
  /** Without a transaction pooler in between if notifications are to be heard; the lease needs none of it. */
  readonly url: Secret;
  readonly channel: string;
  readonly onNotification: () => void;
  readonly onChange: (leading: boolean) => void;
  /** The lease could not be taken or renewed; it is tried again. */
  readonly onFailure: (error: unknown) => void;
}

export interface Leadership {
  leading(): boolean;
  /** The fence of the present term. Undefined when another process leads, or none. */
  fence(): Fence | undefined;
  /** Gives the lease back, so that another takes over at once. */
  stop(): Promise<void>;
}

interface Lease {
  readonly term: string;
  /** By `performance.now()`, which also counts while the process is stopped. */
  readonly until: number;
}

/**
 * One process of all leads: the one that holds a lease in the database, by the database's clock. It
 * renews the lease every two seconds; a leader that is frozen or cut off loses it after ten, and the
 * term that grows with each change of hands fences its late writes. See ADR 0011.
 */
export function joinLeaderElection(options: LeadershipOptions): Leadership {
  const holder = randomUUID();
  let lease: Lease | undefined;
  let told = false;
  let stopped = false;
  let session: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;

  const leading = (): boolean => !stopped && lease !== undefined && lease.until > performance.now();
  const tell = (): void => {
    const now = leading();
    if (now === told) return;
    told = now;
    options.onChange(now);
  };
  const drop = (): void => {
    const lost = session;
    session = undefined;
    lost?.end().catch(options.onFailure);
  };
  const round = async (): Promise<void> => {
    let pauseMs = RENEW_MS;
    try {
      session ??= await open(options, drop);
      lease = await takeOrRenew(session, holder);
    } catch (error) {
      options.onFailure(error);
      drop();
      pauseMs = RETRY_MS;
    }
    tell();
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
      tell();
      const last = session;
      session = undefined;
      // If this fails, the lease ends by itself.
      if (lease) await last?.query(GIVE_BACK, [LEASE, holder]).catch(options.onFailure);
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
 * `clock_timestamp()`, because the statement may have waited for a write that the lease fences.
 * The term grows unless the holder stays the same.
 */
const TAKE_OR_RENEW = `insert into leases as l (name, holder, term, until)
  values ($1, $2, 1, clock_timestamp() + make_interval(secs => $3))
  on conflict (name) do update set holder = excluded.holder,
    term = l.term + case when l.holder = excluded.holder then 0 else 1 end,
    until = clock_timestamp() + make_interval(secs => $3)
  where l.holder is null or l.holder = excluded.holder or l.until <= clock_timestamp()
  returning term`;

/** @returns undefined when another process has the lease */
async function takeOrRenew(session: pg.Client, holder: string): Promise<Lease | undefined> {
  // From before the statement: then it never ends later here than in the database.
  const until = performance.now() + LEASE_MS;
  const { rows } = await session.query<{ term: string }>(TAKE_OR_RENEW, [
    LEASE,
    holder,
    LEASE_MS / 1_000,
  ]);
  return rows[0] && { term: rows[0].term, until };
}

const GIVE_BACK = `update leases set holder = null, until = clock_timestamp() where name = $1 and holder = $2`;

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
