import pg from 'pg';
import type { Secret } from '../core/secret.ts';

export interface ListenerOptions {
  readonly url: Secret;
  /** Something was revoked or changed, or it cannot be known whether something was. */
  readonly onChange: () => void;
  readonly onState: (listening: boolean) => void;
  /** No connection, or none any more; it is tried again. */
  readonly onFailure: (error: unknown) => void;
}

const CHANNEL = 'gatehouse';
const RETRY_MS = 2_000;

/**
 * Hears of changes the moment they are committed. Nothing depends on it: what is remembered of
 * clients and tenants lives for less than a second anyway, so a deaf replica is a little late.
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
    // The first error says why; that the connection ended follows from it.
    let broken: unknown;
    next.on('error', (error) => (broken ??= error));
    next.once('end', () => {
      lose(broken ?? new Error('Connection terminated'));
    });
    onState(true);
    onChange();
  };
  // `connect` also fails before it waits: the driver's constructor reads the CA's file.
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
  // `connect` rejects, or `end` follows; unhandled it would end the process.
  client.on('error', () => undefined);
  return client;
}

/** A connection that is broken cannot be ended in good order, and need not be. */
const end = (client: pg.Client): Promise<void> => client.end().catch(() => undefined);
