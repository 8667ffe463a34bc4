import type { Job, Jobs } from '../db/jobs.ts';

/** Under way at once of one group, on all processes: a slow one holds up no more than these. */
const PER_GROUP = 8;
/** Under way at once in this process. */
const MAX_UNDER_WAY = 512;
const AT_A_TIME = 64;

export interface RoundsOptions<T extends object> {
  readonly jobs: Pick<Jobs<T>, 'take'>;
  /** Never rejects. */
  readonly work: (job: Job<T>) => Promise<void>;
  /** How often to look for what is due, while nothing is. */
  readonly everyMs: number;
  readonly onError: (error: unknown) => void;
}

/**
 * Takes what is due in rounds, each group once a round, so that a long backlog of one does not keep
 * the others waiting. A round follows when something has ended, or after a while.
 */
export function startRounds<T extends object>(
  options: RoundsOptions<T>,
): {
  /** Resolves once nothing is under way. */
  stop(): Promise<void>;
} {
  const { jobs, work, everyMs, onError } = options;
  const underWay = new Set<Promise<void>>();
  const bell = createBell();
  let stopped = false;

  const start = (job: Job<T>): void => {
    const running: Promise<void> = work(job).finally(() => {
      underWay.delete(running);
      bell.ring();
    });
    underWay.add(running);
  };
  const round = async (): Promise<void> => {
    const served: string[] = [];
    for (let taken = 1; taken > 0 && !stopped && underWay.size < MAX_UNDER_WAY;) {
      const due = await jobs.take(AT_A_TIME, PER_GROUP, served);
      due.forEach(start);
      served.push(...new Set(due.map(({ group }) => group)));
      taken = due.length;
    }
  };
  const run = async (): Promise<void> => {
    while (!stopped) {
      await round().catch(onError);
      await bell.heard(everyMs);
    }
    await Promise.all(underWay);
  };
  const running = run();

  return {
    stop() {
      stopped = true;
      bell.ring();
      return running;
    },
  };
}

/** Rung while nobody listens, it is heard at once by who listens next. */
function createBell(): { ring(): void; heard(withinMs: number): Promise<void> } {
  let rung = Promise.withResolvers<undefined>();
  return {
    ring: () => {
      rung.resolve(undefined);
    },
    async heard(withinMs) {
      const late = Promise.withResolvers<undefined>();
      const timer = setTimeout(late.resolve, withinMs, undefined);
      await Promise.race([rung.promise, late.promise]);
      clearTimeout(timer);
      rung = Promise.withResolvers();
    },
  };
}
