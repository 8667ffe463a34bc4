import { randomUUID } from 'node:crypto';
import { Problem, PROBLEMS } from '../../core/problem.ts';
import { failureOf } from '../../workos/failure.ts';
import type { Changes } from './changes.ts';
import type { TenantStore } from '../registry/store.ts';

const MAX_PER_ROUND = 20;
/** A round ends after this many outages in a row; each try writes to the log and the audit trail. */
const MAX_OUTAGES = 3;
const LONGEST_PAUSE_MS = 60_000;

export interface SettlingDeps {
  readonly tenants: Pick<TenantStore, 'uncertain'>;
  readonly settle: Changes['settle'];
  /** Called when one tenant could not be settled; the others are, and it is retried in the next round. */
  readonly onUnsettled?: (tenantId: string, error: unknown) => void;
}

/**
 * Settles changes whose outcome at WorkOS is unknown. Safe to run in every process.
 * The oldest come first, and a try makes a tenant the newest, so that none keeps others waiting.
 *
 * @returns whether WorkOS is away; the rest of the round was not tried then
 */
export async function settleChanges({
  tenants,
  settle,
  onUnsettled,
}: SettlingDeps): Promise<{ isAway: boolean }> {
  let outages = 0;
  for (const row of await tenants.uncertain(MAX_PER_ROUND)) {
    const actor = {
      client: undefined,
      user: undefined,
      requestId: randomUUID(),
      operation: 'settleTenant',
    };
    outages = await settle(row, actor).then(
      () => 0,
      (error: unknown) => {
        onUnsettled?.(row.id, error);
        return isOutage(error) ? outages + 1 : 0;
      },
    );
    if (outages === MAX_OUTAGES) break;
  }
  return { isAway: outages > 0 };
}

const isOutage = (error: unknown): boolean =>
  failureOf(error)?.isOutage ?? (error instanceof Problem && PROBLEMS[error.slug].status === 503);

/** Settles changes again and again, less often while WorkOS is away. */
export function createSettling(everyMs: number, deps: SettlingDeps) {
  let pauseMs = everyMs;
  return {
    /** How long to wait after the last round. */
    pauseMs: (): number => pauseMs,
    async round(): Promise<void> {
      const { isAway } = await settleChanges(deps);
      pauseMs = isAway ? Math.min(pauseMs * 2, LONGEST_PAUSE_MS) : everyMs;
    },
  };
}
