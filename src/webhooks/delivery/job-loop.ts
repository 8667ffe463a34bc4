import type { Job, Jobs } from '../../db/jobs.ts';
import { startRepeatingTask } from '../../core/repeating-task.ts';
import type { Logger } from 'pino';

/** Concurrent jobs per group, across all processes, so that a slow group blocks no other. */
const PER_GROUP = 8;
/** Concurrent jobs in this process. */
const MAX_UNDER_WAY = 512;
const AT_A_TIME = 64;

export interface JobLoopOptions<T extends object> {
  readonly name: string;
  readonly jobs: Pick<Jobs<T>, 'fetch'>;
  /** Never rejects. */
  readonly work: (job: Job<T>) => Promise<void>;
  /** Polling interval while nothing is due. */
  readonly everyMs: number;
  readonly logger: Logger;
  readonly isReady: () => boolean;
}

/**
 * Fetches due jobs in rounds, each group once per round, so that a long backlog of one group does not
 * delay the others. A round starts when a job has ended, or after the polling interval.
 */
export function startJobLoop<T extends object>({
  name,
  jobs,
  work,
  everyMs,
  logger,
  isReady,
}: JobLoopOptions<T>): {
  /** Resolves once no job is running. */
  stop(): Promise<void>;
} {
  const underWay = new Set<Promise<void>>();
  let stopped = false;
  const mayTake = () => isReady() && !stopped && underWay.size < MAX_UNDER_WAY;

  const task = startRepeatingTask(name, everyMs, logger, async () => {
    const served: string[] = [];
    for (let taken = 1; taken > 0 && mayTake();) {
      const due = await jobs.fetch(AT_A_TIME, PER_GROUP, served);
      due.forEach(start);
      served.push(...new Set(due.map(({ group }) => group)));
      taken = due.length;
    }
  });
  const start = (job: Job<T>): void => {
    const running: Promise<void> = work(job).finally(() => {
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
