import { setTimeout as sleep } from 'node:timers/promises';
import type { Actor } from '../../core/identity.ts';
import { Problem } from '../../core/problem.ts';
import type { RecordEvent } from '../../core/ports.ts';
import { recordOrphaned } from './missing.ts';
import type { Mapping, MissingStore } from './missing-store.ts';
import type { Organizations } from '../organizations/organizations.ts';

export interface OrphanDeletedDeps {
  readonly store: Pick<MissingStore, 'orphan'>;
  readonly organizations: Pick<Organizations, 'find'>;
  readonly recordEvent: RecordEvent;
  /** Milliseconds between the two lookups that both have to find nothing. */
  readonly confirmAfterMs: number;
}

/** The result of comparing our mapping with WorkOS. */
export interface Comparison {
  /** Mapped organizations that WorkOS does not have. */
  readonly missing: readonly Mapping[];
  /** Number of mapped organizations that WorkOS does have. */
  readonly found: number;
}

/**
 * Orphans the tenants whose organizations were deleted at WorkOS, however many. Guarded three ways:
 * the operator states the number, the key still sees other mapped organizations, and WorkOS answers
 * 404 for each of them twice, `confirmAfterMs` apart.
 *
 * @param expected the number of missing organizations, as the operator states it
 * @returns the ids of the orphaned tenants
 * @throws Problem `upstream-rejected` if the number differs, or the key sees no other organization
 */
export async function orphanDeleted(
  { store, organizations, recordEvent, confirmAfterMs }: OrphanDeletedDeps,
  { missing, found }: Comparison,
  expected: number,
  actor: Actor,
): Promise<string[]> {
  if (missing.length !== expected)
    throw refused(`WorkOS lacks ${missing.length} of the mapped organizations, not ${expected}.`);
  if (found === 0)
    throw refused('WorkOS shows none of the mapped organizations: see WORKOS_API_KEY.');
  await requireMissing(organizations, missing);
  await sleep(confirmAfterMs);
  await requireMissing(organizations, missing);
  const orphaned: string[] = [];
  for (const mapping of missing) {
    const { tenantId } = mapping;
    const details = { orphaned: true };
    const audit = { actor, outcome: 'succeeded', tenantId, details } as const;
    if (await store.orphan(mapping, undefined, audit, recordOrphaned(recordEvent, tenantId)))
      orphaned.push(tenantId);
  }
  return orphaned;
}

/** @throws Problem `upstream-rejected` if WorkOS has one of them */
async function requireMissing(
  organizations: OrphanDeletedDeps['organizations'],
  mappings: readonly Mapping[],
): Promise<void> {
  for (const { tenantId, organizationId } of mappings)
    if (await organizations.find(organizationId))
      throw refused(`WorkOS shows the organization of ${tenantId}.`);
}

const refused = (why: string) => new Problem('upstream-rejected', `${why} Nothing was changed.`);
