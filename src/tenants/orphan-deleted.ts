import { setTimeout as sleep } from 'node:timers/promises';
import type { Actor } from '../core/identity.ts';
import { Problem } from '../core/problem.ts';
import type { RecordEvent } from '../core/ports.ts';
import { recordOrphaned } from './missing.ts';
import type { Mapping, MissingStore } from './missing-store.ts';
import type { Organizations } from './organizations.ts';

export interface OrphanDeletedDeps {
  readonly store: Pick<MissingStore, 'orphan'>;
  readonly organizations: Pick<Organizations, 'find'>;
  readonly recordEvent: RecordEvent;
  /** How long WorkOS has to go on denying them. */
  readonly confirmAfterMs: number;
}

/** What was found of the mapped organizations. */
export interface Sight {
  readonly lacking: readonly Mapping[];
  readonly seen: number;
}

/**
 * Orphans the tenants of organizations that somebody has deleted at WorkOS, however many: a person
 * says how many there are, the key sees others, and WorkOS denies each of them twice, some time apart.
 *
 * @param expected as many as are lacking, in the person's own words
 * @returns the tenants that are orphaned
 * @throws Problem `upstream-rejected` if there is another number of them, or the key sees no other
 */
export async function orphanDeleted(
  { store, organizations, recordEvent, confirmAfterMs }: OrphanDeletedDeps,
  { lacking, seen }: Sight,
  expected: number,
  actor: Actor,
): Promise<string[]> {
  if (lacking.length !== expected)
    throw refused(`WorkOS lacks ${lacking.length} of the mapped organizations, not ${expected}.`);
  if (seen === 0)
    throw refused('WorkOS shows none of the mapped organizations: see WORKOS_API_KEY.');
  await requireDenied(organizations, lacking);
  await sleep(confirmAfterMs);
  await requireDenied(organizations, lacking);
  const orphaned: string[] = [];
  for (const mapping of lacking) {
    const { tenantId } = mapping;
    const details = { orphaned: true };
    const audit = { actor, outcome: 'succeeded', tenantId, details } as const;
    if (await store.orphan(mapping, undefined, audit, recordOrphaned(recordEvent, tenantId)))
      orphaned.push(tenantId);
  }
  return orphaned;
}

/** @throws Problem `upstream-rejected` if one is there */
async function requireDenied(
  organizations: OrphanDeletedDeps['organizations'],
  lacking: readonly Mapping[],
): Promise<void> {
  for (const { tenantId, organizationId } of lacking)
    if (await organizations.find(organizationId))
      throw refused(`WorkOS shows the organization of ${tenantId}.`);
}

const refused = (why: string) => new Problem('upstream-rejected', `${why} Nothing was changed.`);
