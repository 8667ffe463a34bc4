import type { Logger } from 'pino';

const REASONS = {
  blind: 'WorkOS denies mapped organizations, and no other one is seen: nobody is orphaned',
  burst: 'WorkOS denies too many mapped organizations at once: nobody is orphaned',
} as const;

const QUIET_MS = 10_000;

/** Counts each denial that is not believed, and logs the first of some seconds. */
export function createDoubtLogger(
  logger: Pick<Logger, 'error'>,
  count: (reason: keyof typeof REASONS) => void,
) {
  const loggedAt = new Map<keyof typeof REASONS, number>();
  return (reason: keyof typeof REASONS): void => {
    count(reason);
    const now = performance.now();
    if (now - (loggedAt.get(reason) ?? -QUIET_MS) < QUIET_MS) return;
    loggedAt.set(reason, now);
    logger.error({ reason }, REASONS[reason]);
  };
}
