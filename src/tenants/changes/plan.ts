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
 * Which fields are sent to WorkOS: `different` from the row, or all that were `given`, since they may
 * have been changed at WorkOS; or, `settling`, the uncertain ones, whether given or not.
 */
export type Extent = 'different' | 'given' | 'settling';

/** Returns undefined if there is nothing to do. */
export function planOf(
  row: TenantRow,
  changes: ProfileChanges,
  extent: Extent = 'different',
): Plan | undefined {
  const profile = merged(row, changes);
  const uncertain = uncertainFields(row, changes, extent);
  const again = extent === 'given' ? givenFields(changes) : [];
  const wanted = [...changedFields(row, profile), ...again, ...fieldsToResend(changes, uncertain)];
  const fields = FIELDS.filter((field) => wanted.includes(field));
  if (fields.length === 0 && uncertain.length === 0) return undefined;
  const wholeMap = uncertain.includes('metadata');
  const sent = wholeMap ? { ...changes, metadataEntries: undefined } : changes;
  return {
    fields,
    local: localChanges(fields, profile),
    upstream: upstreamChanges(fields, profile, sent) ?? (uncertain.length > 0 ? {} : undefined),
    takesDomains: fields.includes('domains') || uncertain.includes('domains'),
  };
}

/** None for a change of which WorkOS hears nothing. */
const uncertainFields = (
  { profileUnsureFields }: TenantRow,
  changes: ProfileChanges,
  extent: Extent,
): readonly string[] =>
  extent === 'settling' || changesUpstreamFields(changes) ? (profileUnsureFields ?? []) : [];

function localChanges(
  fields: readonly ProfileField[],
  { signInClientId, signInClientGeneration }: TenantProfile,
): Partial<TenantProfile> {
  const isLocal = fields.includes('signInClientGeneration') || fields.includes('signInClientId');
  return isLocal ? { signInClientId, signInClientGeneration } : {};
}

const changesUpstreamFields = (changes: ProfileChanges): boolean =>
  (changes.name ?? changes.domains ?? changes.metadata ?? changes.metadataEntries) !== undefined;

/** The given fields that WorkOS stores as well. An empty set of metadata entries changes nothing. */
function givenFields({ metadataEntries = {}, ...changes }: ProfileChanges): ProfileField[] {
  const isGiven = {
    name: changes.name !== undefined,
    domains: changes.domains !== undefined,
    metadata: changes.metadata !== undefined || Object.keys(metadataEntries).length > 0,
  };
  return (['name', 'domains', 'metadata'] as const).filter((field) => isGiven[field]);
}

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

/**
 * The changed fields that WorkOS stores as well; undefined if there are none. Domains as they were given:
 * one that the row has as verified may be gone at WorkOS, and would then be verified without a proof.
 */
function upstreamChanges(
  fields: readonly ProfileField[],
  profile: TenantProfile,
  { domains: given, metadataEntries }: ProfileChanges,
): OrganizationChanges | undefined {
  const domains = given?.map((one) => ({ ...one, isGiven: true })) ?? profile.domains;
  const changes: OrganizationChanges = {
    ...(fields.includes('name') && { name: profile.name }),
    ...(fields.includes('domains') && { domains }),
    ...(fields.includes('metadata') &&
      (metadataEntries ? { metadataEntries } : { metadata: profile.metadata })),
  };
  return Object.keys(changes).length > 0 ? changes : undefined;
}
