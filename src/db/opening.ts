import type pg from 'pg';
import { withTimeout } from '../core/with-timeout.ts';

/** How long a caller waits for a session, or to hear that there is none. */
export const CONNECT_MS = 1_000;
/** Longer than a caller waits: one try that stays open costs a silent server less than many. */
const TRIAL_MS = 10_000;

/** Gives a session of a pool. @throws what the pool or the driver says */
export type Open = () => Promise<pg.PoolClient>;

/**
 * A server that is frozen, or has no time, works off each connection that was tried meanwhile before
 * it answers a new one. So once it has left one unanswered, a single trial waits for it, and all who
 * want a session wait for the trial.
 *
 * @param begin makes a session outside of the pool, and calls back once it is open or failed
 */
export function createOpening(
  pool: pg.Pool,
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
  /** Resolves to whether the server gave an answer, be it a refusal. */
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
      if (unanswered !== undefined && pool.idleCount === 0) {
        const isAnswered = await withTimeout((trial ??= tryOnce()), CONNECT_MS);
        if (!isAnswered) throw unanswered;
      }
      return connect();
    },
    stop: () => {
      end(trying);
    },
  };
}

/** Of the pool and of the driver: the connection was begun, and nothing came of it in time. */
const isUnanswered = (error: unknown): error is Error =>
  error instanceof Error && /connection timeout|timeout expired/i.test(error.message);

/** Nobody uses it any more, so that its end may fail. */
const end = (client: pg.Client | undefined): void => {
  client?.end().catch(() => undefined);
};
