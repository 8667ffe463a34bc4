/** Input of organization create and update, and the rules for applying it. */
import { z } from 'zod';
import { DomainData, DomainName, newDomain, requireUnclaimed } from './domains.ts';
import { ApiError } from '../http/operation.ts';
import { mergeMetadata } from '../http/validation.ts';
import type { Organization } from '../state/organizations.ts';
import type { World } from '../state/world.ts';

export const CreateOrganization = z.object({
  name: z.string().min(1),
  allow_profiles_outside_organization: z.boolean().optional(),
  domains: z.array(DomainName).optional(),
  domain_data: z.array(DomainData).optional(),
  metadata: z.unknown().optional(),
  external_id: z
    .string()
    .max(128)
    .regex(/^\p{ASCII}+$/u)
    .nullish(),
});
export const UpdateOrganization = CreateOrganization.partial().extend({
  stripe_customer_id: z.string().min(1).nullish(),
});
export type UpdateOrganization = z.infer<typeof UpdateOrganization>;

/** Checks everything before it changes anything, so a refused request has no effect. */
export function changeOrganization(
  world: World,
  organization: Organization,
  input: UpdateOrganization,
): void {
  requireUnused(world, organization.id, 'external_id', input.external_id);
  requireUnused(world, organization.id, 'stripe_customer_id', input.stripe_customer_id);
  const metadata = mergeMetadata(organization.metadata, input.metadata);
  const domains = domainsOf(world, organization, input);
  const { name, external_id, stripe_customer_id, allow_profiles_outside_organization } = input;
  const given = { name, external_id, stripe_customer_id, allow_profiles_outside_organization };
  if (stripe_customer_id === null) delete organization.stripe_customer_id;
  const changes = Object.entries(given).filter(
    ([field, value]) => value !== undefined && !(field === 'stripe_customer_id' && value === null),
  );
  Object.assign(organization, Object.fromEntries(changes), { metadata, domains });
}

function domainsOf(world: World, { id, domains }: Organization, input: UpdateOrganization) {
  if (!input.domain_data && !input.domains) return domains;
  const older = input.domains?.map((domain) => ({ domain, state: 'pending' as const }));
  const wanted = input.domain_data ?? older ?? [];
  for (const { domain } of wanted) requireUnclaimed(world, id, domain);
  return wanted.map(
    (data) =>
      domains.find(({ domain, state }) => domain === data.domain && state === data.state) ??
      newDomain(world, id, data),
  );
}

function requireUnused(
  { state }: World,
  organizationId: string,
  field: 'external_id' | 'stripe_customer_id',
  value: string | null | undefined,
): void {
  if (value === undefined || value === null) return;
  for (const other of state.organizations.values())
    if (other[field] === value && other.id !== organizationId)
      throw new ApiError(400, {
        code: `${field}_already_used`,
        message: `The ${field} '${value}' is already used by another organization.`,
      });
}
