import pg from 'pg';
import type { Secret } from '../secret.ts';

export interface ListenerOptions {
  readonly url: Secret;
  /** Something was revoked or changed, or it cannot be known whether something was. */
  readonly onChange: () => void;
  readonly onState: (listening: boolean) => void;
}

const CHANNEL = 'gatehouse';
const RETRY_MS = 2_000;

/**
 * Hears of changes the moment they are committed. Nothing depends on it: what is remembered of
 * clients and tenants lives for less than a second anyway, so a deaf replica is a little late.
 */
export function listenForChanges({ url, onChange, onState }: ListenerOptions): {
  stop(): Promise<void>;
} {
  let stopped = false;
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;

  const again = () => {
    onState(false);
    onChange();
    if (!stopped) timer = setTimeout(() => void connect(), RETRY_MS);
  };
  const connect = async (): Promise<void> => {
    const next = new pg.Client({
      connectionString: url.reveal(),
      connectionTimeoutMillis: 2_000,
      keepAlive: true,
      application_name: 'gatehouse-listen',
    });
    client = next;
    next.on('error', () => undefined);
    next.on('notification', onChange);
    try {
      await next.connect();
      await next.query(`listen ${CHANNEL}`);
      next.once('end', again);
      onState(true);
      onChange();
    } catch {
      await next.end().catch(() => undefined);
      again();
    }
  };
  void connect();

  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await client?.end().catch(() => undefined);
    },
  };
}
