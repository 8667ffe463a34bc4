import type { TenantDomain, TenantProfile } from './row.ts';

/** The changes a caller asks for. Fields left out are unchanged. */
export interface ProfileChanges {
  readonly name?: string | undefined;
  /** The whole list. */
  readonly domains?: readonly TenantDomain[] | undefined;
  /** The whole map. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /** Only these keys of the map; null removes one. */
  readonly metadataEntries?: Readonly<Record<string, string | null>> | undefined;
  readonly signIn?: SignInClient | undefined;
}

/** `clientId` is null for no client; `generation` is null too if it was set by a release that kept none. */
export interface SignInClient {
  readonly clientId: string | null;
  readonly generation: string | null;
}

const EMPTY: TenantProfile = {
  name: '',
  domains: [],
  metadata: {},
  signInClientId: null,
  signInClientGeneration: null,
};

export const newProfile = (changes: ProfileChanges): TenantProfile => merged(EMPTY, changes);

export const isVerifiedState = (state: string): boolean =>
  ['verified', 'legacy_verified'].includes(state);

/** The profile after the changes. A domain keeps the state WorkOS gave it, unless it is new or becomes verified. */
export function merged(now: TenantProfile, changes: ProfileChanges): TenantProfile {
  const { name, domains, metadata, metadataEntries: entries, signIn } = changes;
  const known = new Map(now.domains.map((domain) => [domain.domain, domain]));
  return {
    name: name ?? now.name,
    domains:
      domains?.map((wanted) => mergedDomain(wanted, known.get(wanted.domain))) ?? now.domains,
    metadata: metadata ?? (entries ? withEntries(now.metadata, entries) : now.metadata),
    signInClientId: signIn ? signIn.clientId : now.signInClientId,
    signInClientGeneration: signIn ? signIn.generation : now.signInClientGeneration,
  };
}

const mergedDomain = (wanted: TenantDomain, known = wanted): TenantDomain =>
  isVerifiedState(wanted.state) && !isVerifiedState(known.state) ? wanted : known;

const withEntries = (
  metadata: Readonly<Record<string, string>>,
  entries: Readonly<Record<string, string | null>>,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries({ ...metadata, ...entries }).filter(
      (entry): entry is [string, string] => entry[1] !== null,
    ),
  );

export const isSame = (one: unknown, other: unknown): boolean =>
  JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));

const sorted = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;
