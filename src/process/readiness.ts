import type { Database } from '../db/database.ts';
import { explainDatabase } from '../db/explain.ts';
import { pendingMigrations } from '../db/migrate.ts';
import { withTimeout } from '../core/with-timeout.ts';

/** Undefined: it passes. Else what is wrong, in plain words. */
export type Check = () => Promise<string | undefined> | string | undefined;

export interface Readiness {
  check(): Promise<Report>;
}

export interface Report {
  readonly isReady: boolean;
  /** One line for each check that fails, and after them the notes. */
  readonly lines: readonly string[];
}

export interface ReadinessOptions {
  /** By name. What serving needs: one that fails makes the process not ready. */
  readonly checks: Readonly<Record<string, Check>>;
  /** What an operator should know although it stops no request; a line each. */
  readonly notes?: () => readonly string[];
}

/**
 * Below this a slow moment of the database is not a failure, for all replicas would have it at
 * once; a database that stands still is one.
 */
const DEADLINE_MS = 2_000;

/** All checks at the same time, and once for all who ask meanwhile. Each has the same time to answer. */
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

/** The database takes writes, and has the migrations of this release. */
export const databaseCheck =
  (db: Database): Check =>
  async () => {
    await db.ping();
    const pending = await pendingMigrations(db.probe);
    return pending.length > 0
      ? `lacks migrations (${pending.join(', ')}); run "gatehouse migrate"`
      : undefined;
  };
