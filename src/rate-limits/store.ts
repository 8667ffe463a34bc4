import {
  RateLimiterMemory,
  RateLimiterPostgres,
  RateLimiterRes,
  type IRateLimiterOptions,
} from 'rate-limiter-flexible';
import { runForAll } from '../core/caller.ts';
import { withTimeout } from '../core/with-timeout.ts';
import type { Database } from '../db/database.ts';
import { inBatches } from '../db/in-batches.ts';

export const WINDOW_SECONDS = 60;

/** Points taken from a limit, and the rest of its window. */
export interface Taken {
  /** At most as many as were asked for. */
  readonly granted: number;
  readonly windowMs: number;
}

/** The points that all replicas share. */
export interface PointStore {
  /** Never rejects: without Postgres, the points of this process alone are counted. */
  take(key: string, points: number): Promise<Taken>;
}

/** A request does not wait longer for its points; as long as for a connection. */
const WAIT_MS = 1_000;
/** After a failure Postgres is not asked for so long. */
const REST_MS = 2_000;

const TABLE = { tableName: 'rate_limits', tableCreated: true, clearExpiredByTimeout: false };

/** A window with more time left began before a clock was set back. Clocks of replicas may differ by 5 s. */
const MOST_LEFT_MS = WINDOW_SECONDS * 1_000 + 5_000;
const FORGET_LATER = 'delete from rate_limits where key = $1 and expire > $2';

/** Counts in Postgres. Without it, each replica counts alone, up to the whole limit. */
export function createPointStore(
  db: Database,
  limit: number,
  onFailure: (error: unknown) => void,
): PointStore {
  const counting = { points: limit, duration: WINDOW_SECONDS, keyPrefix: '' };
  const consumeShared = createSharedCounter(db, counting);
  const local = new RateLimiterMemory(counting);
  let restUntil = 0;

  const takeShared = async (key: string, points: number): Promise<RateLimiterRes | undefined> => {
    if (performance.now() < restUntil) return undefined;
    try {
      // Not in the name of the client whose request came first: others wait for these points too.
      const result = await withTimeout(
        runForAll(() => consumeShared(key, points)),
        WAIT_MS,
      );
      if (result) return result;
      throw new Error(`No answer within ${WAIT_MS} ms`);
    } catch (error) {
      restUntil = performance.now() + REST_MS;
      onFailure(error);
      return undefined;
    }
  };

  return {
    async take(key, points) {
      const result = (await takeShared(key, points)) ?? (await consume(local, key, points));
      const before = result.consumedPoints - points;
      return {
        granted: Math.min(points, Math.max(0, limit - before)),
        windowMs: result.msBeforeNext,
      };
    },
  };
}

function createSharedCounter(db: Database, counting: IRateLimiterOptions) {
  const shared = new RateLimiterPostgres({ ...counting, ...TABLE, ...storeOn(db) });
  return async (key: string, points: number): Promise<RateLimiterRes> => {
    const result = await consume(shared, key, points);
    if (result.msBeforeNext <= MOST_LEFT_MS) return result;
    // Otherwise it would stay used up until the time that the clock showed before.
    await db.query(FORGET_LATER, [key, Date.now() + MOST_LEFT_MS]);
    return consume(shared, key, points);
  };
}

/** Deletes the counters of past windows, of which there may be one for each tenant. */
export const prunePoints = (db: Database): Promise<void> =>
  inBatches(db, { table: 'rate_limits', where: 'expire < $1' }, [Date.now()]);

/** The library rejects with a result if the limit is exceeded. @throws the store's error */
async function consume(
  limiter: RateLimiterMemory | RateLimiterPostgres,
  key: string,
  points: number,
): Promise<RateLimiterRes> {
  try {
    return await limiter.consume(key, points);
  } catch (error) {
    if (error instanceof RateLimiterRes) return error;
    throw error;
  }
}

interface LibraryQuery {
  readonly name: string;
  readonly text: string;
  readonly values: unknown[];
}

/** Lets the library use our pool, with its statement timeout and its shares. */
const storeOn = (db: Database) => ({
  storeType: 'client',
  storeClient: {
    query: async ({ name, text, values }: LibraryQuery) => ({
      rows: await db.query({ name, text }, values),
    }),
  },
});
