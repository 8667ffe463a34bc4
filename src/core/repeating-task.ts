import type { Logger } from 'pino';
import { runInBackground } from './caller.ts';
import { describeCause } from './describe-cause.ts';
import { createLogThrottle } from './log-throttle.ts';
import { withTimeout } from './with-timeout.ts';

/** Told of each run. @param seconds how long it took */
export type OnTaskRun = (name: string, outcome: 'ok' | 'failed', seconds: number) => void;

/** Is told of the runs of a task. */
export interface TaskWatch {
  readonly logger: Logger;
  readonly onTaskRun?: OnTaskRun;
}

/** A running background task. */
export interface Task {
  /** Runs now; if a run is in progress, runs once more right after it. */
  wake(): void;
  /** Resolves when the current run has ended, or after 10 s: a hanging run is abandoned. */
  stop(): Promise<void>;
}

/** A run that takes longer is logged repeatedly, because the task does not continue until it ends. */
const LONG_MS = 60_000;
const LAST_ROUND_MS = 10_000;

export interface RepeatLimits {
  readonly longMs?: number;
  readonly lastRoundMs?: number;
}

/**
 * Runs `work` repeatedly, one run at a time, pausing after each. The pause is random (75 to 125 %
 * of the interval), so that replicas do not run in step. A failed run is retried at the next interval, and
 * logged; while the same failure lasts, every 30 s.
 *
 * @param everyMs the pause in ms, or a function that is called after each run
 */
export function startRepeatingTask(
  name: string,
  everyMs: number | (() => number),
  { logger, onTaskRun }: TaskWatch,
  work: () => Promise<unknown>,
  { longMs = LONG_MS, lastRoundMs = LAST_ROUND_MS }: RepeatLimits = {},
): Task {
  let stopped = false;
  let isRunning = false;
  let again = false;
  let running: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout;

  const start = (): void => {
    // `wake` may be called by a request, on whose behalf the task does not run.
    running = runInBackground(round);
  };
  const plan = (): void => {
    const pauseMs = typeof everyMs === 'number' ? everyMs : everyMs();
    timer = setTimeout(start, again ? 0 : pauseMs * (0.75 + Math.random() / 2));
    again = false;
  };
  const failing = createLogThrottle((cause) => {
    logger.warn({ task: name, cause }, 'task failed');
  });
  const round = async (): Promise<void> => {
    isRunning = true;
    const began = performance.now();
    const watch = watchRound(name, longMs, logger);
    const outcome = await work().then(
      () => {
        failing.reset();
        return 'ok' as const;
      },
      (error: unknown) => {
        failing.say(describeCause(error));
        return 'failed' as const;
      },
    );
    onTaskRun?.(name, outcome, (performance.now() - began) / 1_000);
    clearInterval(watch);
    isRunning = false;
    if (!stopped) plan();
  };
  plan();

  return {
    wake() {
      if (stopped) return;
      if (isRunning) {
        again = true;
        return;
      }
      clearTimeout(timer);
      start();
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      const ended = await withTimeout(
        running.then(() => true),
        lastRoundMs,
      );
      if (!ended) logger.error({ task: name }, 'task did not stop in time and is abandoned');
    },
  };
}

/** Logs periodically while a run has not ended. */
function watchRound(name: string, longMs: number, logger: Logger): NodeJS.Timeout {
  const began = performance.now();
  return setInterval(() => {
    const seconds = Math.round((performance.now() - began) / 1_000);
    logger.error({ task: name, running_seconds: seconds }, 'task has been running for a long time');
  }, longMs).unref();
}
