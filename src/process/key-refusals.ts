import type { Logger } from 'pino';
import { UpstreamFailure } from '../workos/failure.ts';
import { createLogThrottle } from '../core/log-throttle.ts';

/** Logs that WorkOS refuses the API key: an error, because all logins fail, but not one for each request. */
export function createKeyRefusalLog(logger: Pick<Logger, 'error' | 'info'>) {
  let isRefused = false;
  const throttle = createLogThrottle((text) => {
    logger.error({ status: 401 }, text);
  });
  return (failure: unknown): void => {
    if (failure instanceof UpstreamFailure && failure.facts.status === 401) {
      isRefused = true;
      throttle.say(
        'WorkOS refuses the API key, so logins and portal links fail; check WORKOS_API_KEY',
      );
    } else if (failure === undefined && isRefused) {
      isRefused = false;
      throttle.reset();
      logger.info('WorkOS accepts the API key again');
    }
  };
}
