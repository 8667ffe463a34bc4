import type { Logger } from 'pino';
import { describeCause } from './describe-cause.ts';
import { withTimeout } from './with-timeout.ts';

/** Something that is done again and again. */
export interface Task {
  /** Does it at once; if it is being done, once more right after. */
  wake(): void;
  /** Resolves once it is not being done any more, or after 10 s: work that hangs is left behind. */
  stop(): Promise<void>;
}

/** A round that takes longer is named in the log, again and again: the task does not go on without it. */
const LONG_MS = 60_000;
const LAST_ROUND_MS = 10_000;

export interface RepeatLimits {
  readonly longMs?: number;
  readonly lastRoundMs?: number;
}

/**
 * Does something again and again, one at a time, with the interval after its end and a little
 * chance in it, so that replicas do not march in step. A failure is logged and the next round tried.
 *
 * @param everyMs asked after each round, where it changes
 */
export function startRepeatingTask(
  name: string,
  everyMs: number | (() => number),
  logger: Logger,
  work: () => Promise<unknown>,
  { longMs = LONG_MS, lastRoundMs = LAST_ROUND_MS }: RepeatLimits = {},
): Task {
  let stopped = false;
  let isRunning = false;
  let again = false;
  let running: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout;

  const start = (): void => {
    running = round();
  };
  const plan = (): void => {
    const pauseMs = typeof everyMs === 'number' ? everyMs : everyMs();
    timer = setTimeout(start, again ? 0 : pauseMs * (0.75 + Math.random() / 2));
    again = false;
  };
  const round = async (): Promise<void> => {
    isRunning = true;
    const watch = watchRound(name, longMs, logger);
    try {
      await work();
    } catch (error) {
      logger.warn({ task: name, cause: describeCause(error) }, 'task failed');
    }
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
      if (!ended) logger.error({ task: name }, 'task did not end and is left behind');
    },
  };
}

/** Says from time to time that a round has not ended. */
function watchRound(name: string, longMs: number, logger: Logger): NodeJS.Timeout {
  const began = performance.now();
  return setInterval(() => {
    const seconds = Math.round((performance.now() - began) / 1_000);
    logger.error({ task: name, running_seconds: seconds }, 'task runs for long');
  }, longMs).unref();
}
