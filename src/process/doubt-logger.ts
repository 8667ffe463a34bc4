import type { Logger } from 'pino';

const REASONS = {
  blind:
    'WorkOS does not find mapped organizations, and the key sees no other one: no tenant is orphaned',
  burst: 'WorkOS does not find too many mapped organizations at once: no tenant is orphaned',
} as const;

const QUIET_MS = 10_000;

/** Counts every ignored "organization not found" answer, and logs at most one per reason every 10 s. */
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
