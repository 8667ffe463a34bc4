import { randomUUID } from 'node:crypto';
import type { Queryable, RecordEvent } from '../../core/ports.ts';
import type { Actor } from '../../core/identity.ts';
import { Problem } from '../../core/problem.ts';
import type { Mapping, MissingStore } from './missing-store.ts';
import type { Organizations } from '../organizations/organizations.ts';
import { organizationMissing } from '../model/status.ts';

/** The reason why a 404 is not trusted. `blind`: no mapped organization is found at all; `burst`: too many are missing at once. */
export type Doubt = 'blind' | 'burst';

export interface MissingDeps {
  readonly store: MissingStore;
  readonly organizations: Pick<Organizations, 'find'>;
  readonly recordEvent: RecordEvent;
  /** Milliseconds after the first 404 from which on a second one confirms it. */
  readonly confirmAfterMs: number;
  readonly onDoubt: (doubt: Doubt) => void;
}

/** How many other organizations are looked up; more than one, because some may be deleted too. */
const SAMPLE = 3;
/** How many missing and how many orphaned tenants are rechecked in one round. */
const PER_ROUND = 20;

export type Missing = ReturnType<typeof createMissing>;

/**
 * Decides whether an organization for which WorkOS answers 404 is really gone. One 404 is not
 * enough: it has to be confirmed by a second one some time later, while the key still sees other
 * mapped organizations. If more than a few are missing at once, no tenant is orphaned. An orphaned
 * tenant is restored as soon as WorkOS has its organization again.
 */
export function createMissing(deps: MissingDeps) {
  const { store, organizations, confirmAfterMs, onDoubt } = deps;

  /** Looks the organization up, and records that it was found. */
  const checkFound = async (
    { tenantId, organizationId }: Mapping,
    actor: Actor,
  ): Promise<boolean> => {
    if (!(await organizations.find(organizationId))) return false;
    await store.markSeen({ tenantId, organizationId }, (status) => ({
      actor,
      outcome: 'succeeded',
      tenantId,
      details: { seen_again: true, status },
    }));
    return true;
  };

  /** True if the API key sees any other mapped organization at the moment. */
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

  const notTrusted = (doubt: Doubt): Problem => {
    onDoubt(doubt);
    return new Problem(
      'upstream-unavailable',
      'WorkOS answers 404 for organizations that it had before; Gatehouse does not act on that yet. Try again.',
      { retryAfter: 30 },
    );
  };

  return {
    /** The problem to answer when WorkOS answered 404 to a call that named the tenant's organization. */
    async report(tenantId: string, organizationId: string, actor: Actor): Promise<Problem> {
      const mapping = { tenantId, organizationId };
      if (await checkFound(mapping, actor))
        return new Problem('upstream-rejected', 'WorkOS refused what Gatehouse asked.');
      const sees = await seesOthers(tenantId);
      if (!sees && !(await store.isAlone(tenantId))) return notTrusted('blind');
      const { isDue, tooMany } = await store.noteDenial(mapping, confirmAfterMs);
      if (tooMany) return notTrusted('burst');
      if (isDue && sees) await orphan(mapping, actor);
      return organizationMissing();
    },

    /**
     * Looks up some missing organizations again. Safe to run in every process. A failed lookup
     * changes nothing.
     */
    async recheck(onFailure?: (tenantId: string, error: unknown) => void): Promise<void> {
      const actor = backgroundActor();
      const confirmed: Mapping[] = [];
      for (const tenant of await store.missing(PER_ROUND, confirmAfterMs)) {
        const seen = await checkFound(tenant, actor).catch((error: unknown) => {
          onFailure?.(tenant.tenantId, error);
          return undefined;
        });
        if (seen !== false || tenant.status === 'orphaned') continue;
        if (tenant.isDue) confirmed.push(tenant);
        else await store.noteDenial(tenant, confirmAfterMs);
      }
      if (confirmed.length === 0) return;
      if (!(await seesOthers(null))) {
        onDoubt('blind');
        return;
      }
      for (const mapping of confirmed) await orphan(mapping, actor);
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
