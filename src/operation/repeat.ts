import type { Logger } from 'pino';
import { describeCause } from '../http/access-log.ts';

/**
 * Does something again and again, one at a time, with the interval after its end and a little
 * chance in it, so that replicas do not march in step. A failure is logged and the next round tried.
 */
export function repeat(
  name: string,
  everyMs: number,
  logger: Logger,
  work: () => Promise<unknown>,
): { stop(): Promise<void> } {
  let stopped = false;
  let running: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout;

  const plan = (): void => {
    const start = (): void => {
      running = round();
    };
    timer = setTimeout(start, everyMs * (0.75 + Math.random() / 2));
  };
  const round = async (): Promise<void> => {
    try {
      await work();
    } catch (error) {
      logger.warn({ task: name, cause: describeCause(error) }, 'task failed');
    }
    if (!stopped) plan();
  };
  plan();

  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
