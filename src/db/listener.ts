import pg from 'pg';
import type { Secret } from '../core/secret.ts';

export interface ListenerOptions {
  readonly url: Secret;
  /** Called when clients or tenants changed, or may have changed unnoticed. */
  readonly onChange: () => void;
  /** Called when listening begins and ends. */
  readonly onState: (listening: boolean) => void;
  /** Called when the connection could not be opened or was lost. It is retried. */
  readonly onFailure: (error: unknown) => void;
}

const CHANNEL = 'gatehouse';
const RETRY_MS = 2_000;

/**
 * Listens for committed changes to clients and tenants (LISTEN). An optimization only: caches of them
 * live for less than a second anyway, so without it a change takes effect a little later.
 */
export function listenForChanges({ url, onChange, onState, onFailure }: ListenerOptions): {
  stop(): Promise<void>;
} {
  let stopped = false;
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;

  const lose = (error: unknown): void => {
    if (stopped) return;
    clearTimeout(timer);
    timer = setTimeout(start, RETRY_MS);
    onFailure(error);
    onState(false);
    onChange();
  };
  const connect = async (): Promise<void> => {
    const next = open(url);
    client = next;
    next.on('notification', onChange);
    try {
      await next.connect();
      await next.query(`listen ${CHANNEL}`);
    } catch (error) {
      await end(next);
      throw error;
    }
    // The first error is the cause; the end of the connection only follows from it.
    let broken: unknown;
    next.on('error', (error) => (broken ??= error));
    next.once('end', () => {
      lose(broken ?? new Error('Connection terminated'));
    });
    onState(true);
    onChange();
  };
  // The driver's constructor may throw, because it reads the CA file; hence `connect` is async.
  const start = (): void => {
    connect().catch(lose);
  };
  start();

  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      if (client) await end(client);
    },
  };
}

function open(url: Secret): pg.Client {
  const client = new pg.Client({
    connectionString: url.reveal(),
    connectionTimeoutMillis: 2_000,
    query_timeout: 2_000,
    keepAlive: true,
    application_name: 'gatehouse-listen',
  });
  // Either `connect` rejects or `end` follows. Without a listener the error would end the process.
  client.on('error', () => undefined);
  return client;
}

/** A broken connection cannot be closed properly, and need not be. */
const end = (client: pg.Client): Promise<void> => client.end().catch(() => undefined);
