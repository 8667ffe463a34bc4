import pg from 'pg';
import type { Secret } from '../secret.ts';

/** Any constant: all that counts is that every process of ours uses the same one. */
const LEADER_LOCK = 7_201_900_115;
const ASK_MS = 2_000;

export interface LeadershipOptions {
  /** Without a transaction pooler in between: the lock is the session's. */
  readonly url: Secret;
  /** Heard while leading only. */
  readonly channel: string;
  readonly onNotification: () => void;
  readonly onChange: (leading: boolean) => void;
}

export interface Leadership {
  leading(): boolean;
  /** Lets the lock go, so that another takes over at once. */
  stop(): Promise<void>;
}

/**
 * One process of all leads: the one whose session has an advisory lock. Who loses the session loses
 * the lock, and learns of it within some seconds; so what the leader does must do no harm where
 * another does it too.
 */
export function seekLeadership(options: LeadershipOptions): Leadership {
  let leading = false;
  let stopped = false;
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;

  const set = (now: boolean): void => {
    if (now === leading) return;
    leading = now;
    options.onChange(now);
  };
  const lose = (): void => {
    const lost = client;
    client = undefined;
    set(false);
    void lost?.end().catch(() => undefined);
  };
  const round = async (): Promise<void> => {
    try {
      client ??= await open(options, lose);
      if (!leading) set(await acquire(client, options.channel));
      else await client.query('select 1');
    } catch {
      lose();
    }
    if (!stopped) timer = setTimeout(start, ASK_MS);
  };
  let running: Promise<void> = Promise.resolve();
  const start = (): void => {
    running = round();
  };
  start();

  return {
    leading: () => leading,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
      const last = client;
      lose();
      await last?.end().catch(() => undefined);
    },
  };
}

async function open({ url, onNotification }: LeadershipOptions, onEnd: () => void) {
  const client = new pg.Client({
    connectionString: url.reveal(),
    connectionTimeoutMillis: 2_000,
    query_timeout: 2_000,
    keepAlive: true,
    application_name: 'gatehouse-leader',
  });
  client.on('error', () => undefined);
  client.on('notification', onNotification);
  await client.connect();
  client.once('end', onEnd);
  return client;
}

async function acquire(client: pg.Client, channel: string): Promise<boolean> {
  const { rows } = await client.query<{ won: boolean }>(
    `select pg_try_advisory_lock(${LEADER_LOCK}) as won`,
  );
  if (!rows[0]?.won) return false;
  await client.query(`listen ${channel}`);
  return true;
}
