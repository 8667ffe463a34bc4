import { z } from 'zod';
import { parseReply, StoredText } from '../../workos/parse-reply.ts';
import { withoutMarks } from '../../workos/translate-ids.ts';
import { isVerifiedState } from '../model/profile.ts';
import type { TenantDomain } from '../model/row.ts';
import { organizationConflict } from '../model/status.ts';

/** The metadata key that marks an organization as ours. Without it, somebody else created one with our external id. */
export const MARK = 'gatehouse_tenant';

/** The part of an organization that the mapping needs. */
export interface MappedOrganization {
  readonly id: string;
  readonly name: string;
  readonly externalId: string | null;
  /** The tenant id in our mark; undefined if the organization is not marked. */
  readonly markedFor: string | undefined;
  readonly domains: readonly TenantDomain[];
  /** Without our own keys. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** A domain to write. With `isGiven` a client has given its state, and `verified` verifies it. */
export type DomainChange = TenantDomain & { readonly isGiven?: boolean };

/** The changes to write to an organization; fields left out are unchanged. */
export interface OrganizationChanges {
  readonly name?: string;
  /** The whole list. */
  readonly domains?: readonly DomainChange[];
  /** The whole map: other keys at WorkOS are removed. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Only these keys of the map; null removes one. */
  readonly metadataEntries?: Readonly<Record<string, string | null>>;
}

const Reply = z.object({
  id: z.string().regex(/^[\x21-\x7e]{1,100}$/),
  name: StoredText,
  external_id: StoredText.nullish(),
  metadata: z.record(StoredText, StoredText).default({}),
  domains: z.array(z.object({ domain: StoredText, state: StoredText.default('pending') })),
});

/** @throws UpstreamFailure `invalid-response` */
export function toMappedOrganization(reply: unknown): MappedOrganization {
  const organization = parseReply(Reply, reply, 'an organization');
  const { metadata, external_id: externalId = null, ...rest } = organization;
  return { ...rest, externalId, metadata: withoutMarks(metadata), markedFor: metadata[MARK] };
}

/** WorkOS merges metadata and null removes a key, so keys to remove have to be listed. */
export function metadataEntriesOf(
  { metadata, metadataEntries }: OrganizationChanges,
  known: MappedOrganization | undefined,
): Readonly<Record<string, string | null>> {
  if (!metadata) return metadataEntries ?? {};
  const gone = Object.keys(known?.metadata ?? {}).filter((key) => !Object.hasOwn(metadata, key));
  return { ...metadata, ...Object.fromEntries(gone.map((key) => [key, null])) };
}

/** WorkOS accepts only `pending` and `verified`. A domain that it has verified in the meantime stays verified. */
export function asSent(
  { domain, state, isGiven = false }: DomainChange,
  known: readonly TenantDomain[] | undefined,
): TenantDomain {
  const now = known?.find((one) => one.domain === domain)?.state ?? state;
  const isVerified = isVerifiedState(now) || (isGiven && isVerifiedState(state));
  return { domain, state: isVerified ? 'verified' : 'pending' };
}

/** @throws Problem `organization-conflict` unless the organization may serve this tenant. */
export function requireAdoptable(
  organization: MappedOrganization,
  tenantId: string,
  externalId: string,
): void {
  const { externalId: theirs, markedFor } = organization;
  if (
    (theirs !== null && theirs !== externalId) ||
    (markedFor !== undefined && markedFor !== tenantId)
  ) {
    throw organizationConflict('The organization carries another tenant’s external id or mark.');
  }
}
