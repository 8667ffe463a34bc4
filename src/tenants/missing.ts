import { randomUUID } from 'node:crypto';
import type { Queryable, RecordEvent } from '../core/ports.ts';
import type { Actor } from '../core/identity.ts';
import { Problem } from '../core/problem.ts';
import type { Mapping, MissingStore } from './missing-store.ts';
import type { Organizations } from './organizations.ts';
import { organizationMissing } from './status.ts';

/** Why a denial is not believed: no mapped organization is seen, or too many are denied at once. */
export type Doubt = 'blind' | 'burst';

export interface MissingDeps {
  readonly store: MissingStore;
  readonly organizations: Pick<Organizations, 'find'>;
  readonly recordEvent: RecordEvent;
  /** How long after the first denial a second one counts. */
  readonly confirmAfterMs: number;
  readonly onDoubt: (doubt: Doubt) => void;
}

/** How many other organizations are looked for; a few may be gone too. */
const SAMPLE = 3;
/** How many that are denied, and how many that are orphaned, are looked at again in one round. */
const PER_ROUND = 20;

export type Missing = ReturnType<typeof createMissing>;

/**
 * Decides whether an organization that WorkOS denies is gone. One reading decides nothing: WorkOS
 * has to deny it twice, some time apart, while the key sees other mapped organizations; and where
 * more than a few are denied at once, nobody is orphaned. A later sight undoes it.
 */
export function createMissing(deps: MissingDeps) {
  const { store, organizations, confirmAfterMs, onDoubt } = deps;

  const isSeen = async ({ tenantId, organizationId }: Mapping, actor: Actor): Promise<boolean> => {
    if (!(await organizations.find(organizationId))) return false;
    await store.markSeen({ tenantId, organizationId }, (status) => ({
      actor,
      outcome: 'succeeded',
      tenantId,
      details: { seen_again: true, status },
    }));
    return true;
  };

  /** Whether the key sees any other mapped organization at this moment. */
  const seesOthers = async (except: string | null): Promise<boolean> => {
    const others = await store.others(except, SAMPLE);
    const found = await Promise.allSettled(
      others.map(({ organizationId }) => organizations.find(organizationId)),
    );
    return found.some((one) => one.status === 'fulfilled' && one.value !== undefined);
  };

  const orphan = async (mapping: Mapping, actor: Actor): Promise<void> => {
    const { tenantId } = mapping;
    const audit = { actor, outcome: 'succeeded', tenantId, details: { orphaned: true } } as const;
    await store.orphan(mapping, confirmAfterMs, audit, recordOrphaned(deps.recordEvent, tenantId));
  };

  const doubted = (doubt: Doubt): Problem => {
    onDoubt(doubt);
    return new Problem(
      'upstream-unavailable',
      'WorkOS denies organizations that it knew; Gatehouse does not believe it yet. Try again.',
      { retryAfter: 30 },
    );
  };

  return {
    /** What to say to a caller for whom WorkOS answered 404 where the organization was named. */
    async report(tenantId: string, organizationId: string, actor: Actor): Promise<Problem> {
      const mapping = { tenantId, organizationId };
      if (await isSeen(mapping, actor))
        return new Problem('upstream-rejected', 'WorkOS refused what Gatehouse asked.');
      const sees = await seesOthers(tenantId);
      if (!sees && !(await store.isAlone(tenantId))) return doubted('blind');
      const { isDue, tooMany } = await store.noteDenial(mapping, confirmAfterMs);
      if (tooMany) return doubted('burst');
      if (isDue && sees) await orphan(mapping, actor);
      return organizationMissing();
    },

    /**
     * Looks at some organizations again that WorkOS has denied. Any number of processes may do it
     * at once. A failure to look says nothing.
     */
    async lookAgain(onFailure?: (tenantId: string, error: unknown) => void): Promise<void> {
      const actor = backgroundActor();
      const denied: Mapping[] = [];
      for (const tenant of await store.missing(PER_ROUND, confirmAfterMs)) {
        const seen = await isSeen(tenant, actor).catch((error: unknown) => {
          onFailure?.(tenant.tenantId, error);
          return undefined;
        });
        if (seen !== false || tenant.status === 'orphaned') continue;
        if (tenant.isDue) denied.push(tenant);
        else await store.noteDenial(tenant, confirmAfterMs);
      }
      if (denied.length === 0) return;
      if (!(await seesOthers(null))) {
        onDoubt('blind');
        return;
      }
      for (const mapping of denied) await orphan(mapping, actor);
    },
  };
}

export const recordOrphaned =
  (recordEvent: RecordEvent, tenantId: string) =>
  (tx: Queryable): Promise<void> =>
    recordEvent(tx, {
      event: 'gatehouse.tenant.orphaned',
      tenantId,
      data: { object: 'tenant', id: tenantId, status: 'orphaned' },
    });

const backgroundActor = (): Actor => ({
  client: undefined,
  user: undefined,
  requestId: randomUUID(),
  operation: 'lookForOrganizations',
});
