import { setTimeout as sleep } from 'node:timers/promises';
import { PROBLEMS, Problem, type ProblemSlug } from '../../core/problem.ts';
import { fromPostgres } from '../../db/problems.ts';
import { aboutTheRequest, forPlatformTeam, fromWorkos } from '../../workos/problems.ts';

/** Longer than the lease of a claim, which a killed import leaves behind. */
const TRIES = 12;
const TRIES_IN_OUTAGE = 4;
const PAUSE_MS = 2_000;

export interface Attempts {
  /**
   * Does the work, and repeats it after a transient failure.
   *
   * @returns `left` if the import ended during a pause, so that nothing is known to be wrong with the row
   */
  at<T>(work: () => Promise<T>): Promise<T | Problem | 'left'>;
  /** True after an interruption, or if further rows would fail too. */
  ended(): boolean;
  /** Why further rows would fail too. */
  stopped(): string | undefined;
}

/**
 * Repeats what may succeed later, and stops the import if WorkOS refuses the key, or a row meets nothing but failures
 * of WorkOS or the database while no other row succeeds.
 */
export function createAttempts(interrupted: AbortSignal, pauseMs = PAUSE_MS): Attempts {
  const stop = new AbortController();
  const signal = AbortSignal.any([interrupted, stop.signal]);
  let [successes, reason] = [0, undefined as string | undefined];
  const stopFor = (why: string): void => {
    reason ??= why;
    stop.abort();
  };
  /** @returns undefined to try again; otherwise what becomes of the row */
  const failed = async (problem: Problem, tries: number, noneSucceeded: boolean) => {
    if (REFUSED_KEY.includes(problem.slug))
      stopFor(`${forPlatformTeam(problem)} Run gatehouse doctor.`);
    if (!isTransient(problem) || tries === TRIES) return problem;
    if (isOutage(problem) && tries >= TRIES_IN_OUTAGE && noneSucceeded) {
      stopFor(`${tries} failures in a row, the last one: ${problem.message}`);
      return problem;
    }
    const ms = Math.max(pauseMs, (problem.retryAfter ?? 0) * 1_000);
    return (await pause(ms, signal)) ? undefined : 'left';
  };
  return {
    async at(work) {
      const before = successes;
      for (let tries = 1; ; tries += 1) {
        try {
          const result = await work();
          successes += 1;
          return result;
        } catch (error) {
          const end = await failed(problemOf(error), tries, successes === before);
          if (end) return end;
        }
      }
    },
    ended: () => signal.aborted,
    stopped: () => reason,
  };
}

/** Waits about so long. @returns false if the signal ended it */
const pause = (ms: number, signal: AbortSignal): Promise<boolean> =>
  sleep(ms * (0.75 + Math.random() / 2), true, { signal }).catch(() => false);

const problemOf = (error: unknown): Problem =>
  error instanceof Problem
    ? error
    : (aboutTheRequest(error) ??
      fromWorkos(error) ??
      fromPostgres(error) ??
      new Problem('internal', 'Unexpected error.', { cause: error }));

const REFUSED_KEY: readonly ProblemSlug[] = ['upstream-auth-failed', 'upstream-forbidden'];

/** WorkOS or the database does not work. */
const isOutage = ({ slug }: Problem): boolean =>
  PROBLEMS[slug].status > 501 && slug !== 'provisioning-in-progress' && !REFUSED_KEY.includes(slug);

/** True if the same row may succeed later: another import or a killed one works on it, or something is down. */
const isTransient = (problem: Problem): boolean =>
  problem.slug === 'provisioning-in-progress' ||
  PROBLEMS[problem.slug].status === 429 ||
  isOutage(problem);
