import { withTimeout } from '../../core/with-timeout.ts';
import { asPostgresError } from '../../db/problems.ts';
import { describeFailure } from '../failure.ts';
import { Skipped } from './skipped.ts';
import type { World } from './world.ts';

/** A check of `gatehouse doctor`. Each is independent of the others. */
export interface Check {
  readonly name: string;
  /** @throws Skipped when another check reports what it lacks */
  run(world: World): Promise<Finding | readonly Finding[]> | Finding | readonly Finding[];
}

export interface Finding {
  readonly level: 'ok' | 'warning' | 'fault' | 'skipped';
  /** Never holds a secret. */
  readonly says: string;
  /** What to do about it. */
  readonly remedy?: string;
}

export interface Result extends Finding {
  readonly check: string;
}

export const ok = (says: string): Finding => ({ level: 'ok', says });
export const warning = (says: string, remedy: string): Finding => ({
  level: 'warning',
  says,
  remedy,
});
export const fault = (says: string, remedy: string): Finding => ({ level: 'fault', says, remedy });

/** Longer than the limits of a check's own connections and requests, which name what did not answer. */
const TIMEOUT_MS = 20_000;

/** Runs all checks at the same time. @returns their findings, in the order of the checks */
export async function runChecks(
  checks: readonly Check[],
  world: World,
  timeoutMs = TIMEOUT_MS,
): Promise<Result[]> {
  const results = await Promise.all(
    checks.map(async (check) => {
      const findings = await findingsOf(check, world, timeoutMs);
      return findings.map((finding) => ({ check: check.name, ...finding }));
    }),
  );
  return results.flat();
}

async function findingsOf(
  check: Check,
  world: World,
  timeoutMs: number,
): Promise<readonly Finding[]> {
  try {
    const found = await withTimeout(Promise.resolve(check.run(world)), timeoutMs);
    if (found === undefined) return [fault(`no result within ${timeoutMs / 1_000} s`, AGAIN)];
    return 'level' in found ? [found] : found;
  } catch (error) {
    return [findingOf(error)];
  }
}

const AGAIN = 'Run it again; if this stays, see docs/operating.md.';

/** SQLSTATEs of an unknown table, column, schema or function, and of a missing privilege. */
const OTHERS_REPORT: Readonly<Record<string, string>> = {
  '42P01': 'the database lacks migrations',
  '42703': 'the database lacks migrations',
  '42883': 'the database lacks migrations',
  '3F000': 'the role does not find the tables',
  '42501': 'the role lacks privileges',
};

function findingOf(error: unknown): Finding {
  if (error instanceof Skipped) return { level: 'skipped', says: error.message };
  const reported = OTHERS_REPORT[asPostgresError(error).code ?? ''];
  if (reported !== undefined) return { level: 'skipped', says: reported };
  return fault(`could not be checked: ${describeFailure(error).lines.join(' ')}`, AGAIN);
}
