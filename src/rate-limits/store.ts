import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
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

/** How long a request waits for its points: as long as for a database connection. */
const WAIT_MS = 1_000;
/** How long Postgres is not asked after a failure. */
const PAUSE_MS = 2_000;

/** Postgres's clock, in milliseconds since 1970: those of the replicas may differ by more than a window. */
const NOW_MS = `(extract(epoch from now()) * 1000)::bigint`;
const WINDOW_MS = WINDOW_SECONDS * 1_000;
/** Statements that run at the same time began seconds apart at most. */
const APART_MS = 5_000;
/** A window with more time left began before the clock was set back. */
const IS_CURRENT = `r.expire > ${NOW_MS} and r.expire <= ${NOW_MS} + ${WINDOW_MS + APART_MS}`;

const TAKE = {
  name: 'take-points',
  text: `insert into rate_limits as r (key, points, expire) values ($1, $2, ${NOW_MS} + ${WINDOW_MS})
    on conflict (key) do update set
      points = case when ${IS_CURRENT} then r.points + excluded.points else excluded.points end,
      expire = case when ${IS_CURRENT} then r.expire else excluded.expire end
    returning points, (expire - ${NOW_MS})::int as "leftMs"`,
};

/** The points of a window with those just taken, and the rest of the window. */
interface Window {
  readonly points: number;
  readonly leftMs: number;
}

/** Counts in Postgres. Without it, each replica counts alone, up to the whole limit. */
export function createPointStore(
  db: Database,
  limit: number,
  onFailure: (error: unknown) => void,
): PointStore {
  const local = new RateLimiterMemory({ points: limit, duration: WINDOW_SECONDS, keyPrefix: '' });
  let pausedUntil = 0;

  const takeShared = async (key: string, points: number): Promise<Window | undefined> => {
    if (performance.now() < pausedUntil) return undefined;
    try {
      // Not in the name of the client whose request came first: others wait for these points too.
      const rows = await withTimeout(
        runForAll(() => db.query<Window>(TAKE, [key, points])),
        WAIT_MS,
      );
      if (rows?.[0]) return rows[0];
      throw new Error(`No answer within ${WAIT_MS} ms`);
    } catch (error) {
      pausedUntil = performance.now() + PAUSE_MS;
      onFailure(error);
      return undefined;
    }
  };

  return {
    async take(key, points) {
      const now = (await takeShared(key, points)) ?? (await takeAlone(local, key, points));
      const before = now.points - points;
      return {
        granted: Math.min(points, Math.max(0, limit - before)),
        windowMs: Math.min(now.leftMs, WINDOW_MS),
      };
    },
  };
}

/** Deletes the counters of past windows, of which there may be one for each tenant. */
export const prunePoints = (db: Database): Promise<void> =>
  inBatches(db, { table: 'rate_limits', where: `expire < ${NOW_MS}` }, []);

async function takeAlone(local: RateLimiterMemory, key: string, points: number): Promise<Window> {
  // The library rejects with a result if the limit is exceeded.
  const { consumedPoints, msBeforeNext } = await local.consume(key, points).catch(resultOf);
  return { points: consumedPoints, leftMs: msBeforeNext };
}

function resultOf(error: unknown): RateLimiterRes {
  if (error instanceof RateLimiterRes) return error;
  throw error;
}
