import { LRUCache } from 'lru-cache';
import { lruBound } from '../../core/lru-bound.ts';
import type { Job, Jobs } from '../../db/jobs.ts';
import { startRepeatingTask, type TaskWatch } from '../../core/repeating-task.ts';

/** Concurrent jobs per group, across all processes. A slow group has one, so that it keeps few places. */
const PER_GROUP = 8;
/** Concurrent jobs in this process. */
const MAX_UNDER_WAY = 512;
/** From here on each group gets one job at a time, so that many groups cannot take the places of all others. */
const CROWDED = 256;
const AT_A_TIME = 64;
/** A job that takes longer makes its group slow, until a job of the group is faster. */
const SLOW_MS = 5_000;
/** After this time without a job a group is no longer known to be slow. */
const FORGET_MS = 3_600_000;

export interface JobLoopOptions<T extends object> extends TaskWatch {
  readonly name: string;
  readonly jobs: Pick<Jobs<T>, 'fetch'>;
  /** Never rejects. */
  readonly work: (job: Job<T>) => Promise<void>;
  /** Polling interval while nothing is due. */
  readonly everyMs: number;
  readonly isReady: () => boolean;
  readonly slowMs?: number;
}

/**
 * Fetches due jobs in rounds, each group once per round, so that a long backlog of one group does not
 * delay the others, and neither do groups whose jobs take long. A round starts when a job has ended, or after the polling interval.
 */
export function startJobLoop<T extends object>({
  name,
  jobs,
  work,
  everyMs,
  logger,
  onTaskRun,
  isReady,
  slowMs = SLOW_MS,
}: JobLoopOptions<T>): {
  /** Resolves once no job is running. */
  stop(): Promise<void>;
} {
  const underWay = new Set<Promise<void>>();
  const slow = new LRUCache<string, true>({ ...lruBound(10_000), ttl: FORGET_MS });
  let stopped = false;
  const mayTake = (most: number) => isReady() && !stopped && underWay.size < most;

  /** Takes jobs until none is due, or `most` are in progress. */
  const takeDue = async (most: number, perGroup: number, without: readonly string[]) => {
    const served = [...without];
    for (let taken = 1; taken > 0 && mayTake(most);) {
      const due = await jobs.fetch(AT_A_TIME, perGroup, served);
      due.forEach(start);
      served.push(...new Set(due.map(({ group }) => group)));
      taken = due.length;
    }
  };
  const task = startRepeatingTask(name, everyMs, { logger, onTaskRun }, async () => {
    await takeDue(CROWDED, PER_GROUP, [...slow.keys()]);
    await takeDue(MAX_UNDER_WAY, 1, []);
  });
  const start = (job: Job<T>): void => {
    const began = performance.now();
    const running: Promise<void> = work(job).finally(() => {
      if (performance.now() - began > slowMs) slow.set(job.group, true);
      else slow.delete(job.group);
      underWay.delete(running);
      task.wake();
    });
    underWay.add(running);
  };

  return {
    async stop() {
      stopped = true;
      await task.stop();
      await Promise.all(underWay);
    },
  };
}
