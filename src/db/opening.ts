import type pg from 'pg';
import { withTimeout } from '../core/with-timeout.ts';

/** How long a request waits for a connection. */
export const CONNECT_MS = 1_000;
/** How long an operator's command waits for one. No caller is waiting, and the database may be busy or far away. */
export const COMMAND_CONNECT_MS = 5_000;
/** Timeout of the trial connection. Longer than any caller waits: one long attempt costs a silent server less than many short ones. */
const TRIAL_MS = 10_000;

/** Returns a session of the pool. @throws the error of the pool or of the driver */
export type Open = () => Promise<pg.PoolClient>;

/**
 * Opens sessions. A frozen server that thaws first answers all connection attempts made meanwhile. So
 * after one unanswered attempt only a single trial connection is made, and every caller waits for its result.
 *
 * @param connectMs how long a caller waits for a connection
 * @param begin opens a session outside the pool, and calls back once it is open or has failed
 */
export function createOpening(
  pool: pg.Pool,
  connectMs: number,
  begin: (timeoutMs: number, done: (error: unknown) => void) => pg.Client,
): { readonly open: Open; stop(): void } {
  let unanswered: Error | undefined;
  let trial: Promise<boolean> | undefined;
  let trying: pg.Client | undefined;

  const connect: Open = async () => {
    try {
      const connection = await pool.connect();
      unanswered = undefined;
      return connection;
    } catch (error) {
      if (isUnanswered(error)) unanswered = error;
      throw error;
    }
  };
  /** Resolves to true if the server answered, even with a refusal. */
  const tryOnce = () =>
    new Promise<boolean>((resolve) => {
      trying = begin(TRIAL_MS, (error) => {
        end(trying);
        trial = trying = undefined;
        if (!isUnanswered(error)) unanswered = undefined;
        resolve(!isUnanswered(error));
      });
    });

  return {
    async open() {
      // Another caller may clear it while this one waits.
      const failure = unanswered;
      if (failure !== undefined && pool.idleCount === 0) {
        const isAnswered = await withTimeout((trial ??= tryOnce()), connectMs);
        if (!isAnswered) throw failure;
      }
      return connect();
    },
    stop: () => {
      end(trying);
    },
  };
}

/** True for the pool's and the driver's error when the server did not answer a new connection in time. */
const isUnanswered = (error: unknown): error is Error =>
  error instanceof Error && /connection timeout|timeout expired/i.test(error.message);

/** Closes an unused session; errors do not matter. */
const end = (client: pg.Client | undefined): void => {
  client?.end().catch(() => undefined);
};
