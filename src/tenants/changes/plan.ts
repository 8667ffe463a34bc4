import { isSame, merged, type ProfileChanges } from '../model/profile.ts';
import type { TenantProfile, TenantRow } from '../model/row.ts';
import { DOMAINS_RECORDED } from '../model/uncertain.ts';
import type { OrganizationChanges } from '../organizations/organization.ts';

const FIELDS = ['name', 'domains', 'metadata', 'signInClientId', 'signInClientGeneration'] as const;

type ProfileField = (typeof FIELDS)[number];

/** The names of the changed fields, for the audit trail: values may be personal data. */
const changedFields = (row: TenantRow, profile: TenantProfile): ProfileField[] =>
  FIELDS.filter((field) => !isSame(row[field], profile[field]));

/** How a change is carried out. */
export interface Plan {
  /** Fields that change, or are sent again because their value at WorkOS is unknown. */
  readonly fields: readonly string[];
  /** The changes to columns that WorkOS does not store. */
  readonly local: Partial<TenantProfile>;
  /** The changes to send to WorkOS; undefined if there are none. */
  readonly upstream: OrganizationChanges | undefined;
  /** True if the domains in the reply of WorkOS are stored. */
  readonly takesDomains: boolean;
}

/**
 * Returns undefined if there is nothing to do.
 *
 * @param isSettling also send uncertain fields that the caller did not ask to change
 */
export function planOf(
  row: TenantRow,
  changes: ProfileChanges,
  isSettling = false,
): Plan | undefined {
  const profile = merged(row, changes);
  const isAboutWorkos = isSettling || changesUpstreamFields(changes);
  const uncertain = isAboutWorkos ? (row.profileUnsureFields ?? []) : [];
  const changed = changedFields(row, profile);
  const again = fieldsToResend(changes, uncertain);
  const fields = FIELDS.filter((field) => changed.includes(field) || again.includes(field));
  if (fields.length === 0 && uncertain.length === 0) return undefined;
  const isLocal = fields.includes('signInClientGeneration') || fields.includes('signInClientId');
  const { signInClientId, signInClientGeneration } = profile;
  const wholeMap = uncertain.includes('metadata');
  return {
    fields,
    local: isLocal ? { signInClientId, signInClientGeneration } : {},
    upstream:
      upstreamChanges(fields, profile, wholeMap ? {} : changes) ??
      (uncertain.length > 0 ? {} : undefined),
    takesDomains: fields.includes('domains') || uncertain.includes('domains'),
  };
}

const changesUpstreamFields = (changes: ProfileChanges): boolean =>
  (changes.name ?? changes.domains ?? changes.metadata ?? changes.metadataEntries) !== undefined;

/**
 * The uncertain fields that are sent again. Domains only if the caller sets them or the row's are
 * known to be current: IT admins add and remove domains in the Admin Portal.
 */
const fieldsToResend = (
  { domains }: ProfileChanges,
  uncertain: readonly string[],
): ProfileField[] =>
  FIELDS.filter(
    (field) =>
      uncertain.includes(field) &&
      (field !== 'domains' || domains !== undefined || uncertain.includes(DOMAINS_RECORDED)),
  );

/** The changed fields that WorkOS stores as well; undefined if there are none. */
function upstreamChanges(
  fields: readonly ProfileField[],
  profile: TenantProfile,
  { metadataEntries }: ProfileChanges,
): OrganizationChanges | undefined {
  const changes: OrganizationChanges = {
    ...(fields.includes('name') && { name: profile.name }),
    ...(fields.includes('domains') && { domains: profile.domains }),
    ...(fields.includes('metadata') &&
      (metadataEntries ? { metadataEntries } : { metadata: profile.metadata })),
  };
  return Object.keys(changes).length > 0 ? changes : undefined;
}
