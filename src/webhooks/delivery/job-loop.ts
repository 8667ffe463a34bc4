import type { Job, Jobs } from '../../db/jobs.ts';
import { startRepeatingTask } from '../../core/repeating-task.ts';
import type { Logger } from 'pino';

/** Under way at once of one group, on all processes: a slow one holds up no more than these. */
const PER_GROUP = 8;
/** Under way at once in this process. */
const MAX_UNDER_WAY = 512;
const AT_A_TIME = 64;

export interface RoundsOptions<T extends object> {
  readonly name: string;
  readonly jobs: Pick<Jobs<T>, 'fetch'>;
  /** Never rejects. */
  readonly work: (job: Job<T>) => Promise<void>;
  /** How often to look for what is due, while nothing is. */
  readonly everyMs: number;
  readonly logger: Logger;
  readonly isReady: () => boolean;
}

/**
 * Takes what is due in rounds, each group once a round, so that a long backlog of one does not keep
 * the others waiting. A round follows when something has ended, or after a while.
 */
export function startRounds<T extends object>({
  name,
  jobs,
  work,
  everyMs,
  logger,
  isReady,
}: RoundsOptions<T>): {
  /** Resolves once nothing is under way. */
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
