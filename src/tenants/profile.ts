import type { Endpoint, Input } from '../http/endpoint.ts';
import type { tenantsContract } from './contract.ts';
import type { TenantProfile, TenantRow } from './store.ts';

export type PutTenant = Input<(typeof tenantsContract)['putTenant'] & Endpoint>['body'];
export type TenantChanges = Input<(typeof tenantsContract)['patchTenant'] & Endpoint>['body'];

export const profileOf = (body: PutTenant): TenantProfile => ({
  name: body.name,
  domains: body.domains ?? [],
  metadata: body.metadata ?? {},
  signInClientId: body.sign_in_client_id ?? null,
});

/** What is left out stays as it is. A domain keeps the state WorkOS gave it, unless it is new. */
export function merged(
  row: TenantRow,
  { name, domains, metadata, sign_in_client_id: signIn }: TenantChanges,
): TenantProfile {
  const known = new Map(row.domains.map((domain) => [domain.domain, domain]));
  return {
    name: name ?? row.name,
    domains: domains?.map((wanted) => known.get(wanted.domain) ?? wanted) ?? row.domains,
    metadata: metadata ?? row.metadata,
    signInClientId: signIn === undefined ? row.signInClientId : signIn,
  };
}

const same = (one: unknown, other: unknown): boolean =>
  JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));

const sorted = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

/** The names of what changes: values may be personal, names are not. */
export function changed(
  row: TenantRow,
  profile: TenantProfile,
  status: string,
): Record<string, unknown> {
  const fields = (['name', 'domains', 'metadata', 'signInClientId'] as const).filter(
    (field) => !same(row[field], profile[field]),
  );
  return { ...(fields.length > 0 && { fields }), ...(status !== row.status && { status }) };
}

/** What of it WorkOS has to hear. Undefined: nothing. */
export function upstreamChanges(
  row: TenantRow,
  profile: TenantProfile,
): Partial<TenantProfile> | undefined {
  const name = !same(row.name, profile.name);
  const domains = !same(row.domains, profile.domains);
  const metadata = !same(row.metadata, profile.metadata);
  if (!name && !domains && !metadata) return undefined;
  return {
    ...(name && { name: profile.name }),
    ...(domains && { domains: profile.domains }),
    ...(metadata && { metadata: profile.metadata }),
  };
}
