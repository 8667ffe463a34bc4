import type { Logger } from 'pino';
import { describeCause } from '../http/access-log.ts';

/** Something that is done again and again. */
export interface Task {
  /** Does it at once; if it is being done, once more right after. */
  wake(): void;
  /** Resolves once it is not being done any more. */
  stop(): Promise<void>;
}

/**
 * Does something again and again, one at a time, with the interval after its end and a little
 * chance in it, so that replicas do not march in step. A failure is logged and the next round tried.
 *
 * @param everyMs asked after each round, where it changes
 */
export function repeat(
  name: string,
  everyMs: number | (() => number),
  logger: Logger,
  work: () => Promise<unknown>,
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
    try {
      await work();
    } catch (error) {
      logger.warn({ task: name, cause: describeCause(error) }, 'task failed');
    }
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
      await running;
    },
  };
}
