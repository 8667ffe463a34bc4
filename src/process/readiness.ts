import type { Database } from '../db/database.ts';
import { explainDatabase } from '../db/explain.ts';
import { pendingMigrations } from '../db/migrate.ts';
import { withTimeout } from '../core/with-timeout.ts';

/** Returns undefined when the check passes, else what is wrong, as text for the operator. */
export type Check = () => Promise<string | undefined> | string | undefined;

export interface Readiness {
  check(): Promise<Report>;
}

export interface Report {
  readonly isReady: boolean;
  /** One line per failed check, followed by the notes. */
  readonly lines: readonly string[];
}

export interface ReadinessOptions {
  /** Checks by name. One failure makes the process not ready. */
  readonly checks: Readonly<Record<string, Check>>;
  /** Warnings for the operator that do not affect readiness, one line each. */
  readonly notes?: () => readonly string[];
}

/**
 * A shorter deadline would make a slow moment of the database fail all replicas at once; a database
 * that does not answer at all must still fail.
 */
const DEADLINE_MS = 2_000;

/** Runs all checks concurrently. Concurrent callers share one run. */
export function createReadiness({ checks, notes = () => [] }: ReadinessOptions): Readiness {
  let underWay: Promise<Report> | undefined;
  const look = async (): Promise<Report> => {
    const failures = await linesOf(checks);
    return { isReady: failures.length === 0, lines: [...failures, ...notes()] };
  };
  return {
    check: () =>
      (underWay ??= look().finally(() => {
        underWay = undefined;
      })),
  };
}

async function linesOf(checks: Readonly<Record<string, Check>>): Promise<string[]> {
  const lines = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      const answer = await withTimeout(outcomeOf(check), DEADLINE_MS);
      return answer === PASSED ? undefined : `${name}: ${answer ?? 'no answer in time'}`;
    }),
  );
  return lines.filter((line) => line !== undefined);
}

const PASSED = Symbol('passed');

/** Never rejects. */
async function outcomeOf(check: Check): Promise<string | typeof PASSED> {
  try {
    return (await check()) ?? PASSED;
  } catch (error) {
    return explainDatabase(error);
  }
}

/** Passes when the database accepts writes and has the migrations of this release. */
export const databaseCheck =
  (db: Database): Check =>
  async () => {
    await db.ping();
    const pending = await pendingMigrations(db.probe);
    return pending.length > 0
      ? `lacks migrations (${pending.join(', ')}); run "gatehouse migrate"`
      : undefined;
  };
