import type { InputOf } from '../../http/endpoint.ts';
import { mayUseEveryTenant, type Actor, type Client, type Tenant } from '../../core/identity.ts';
import { Problem, PROBLEMS } from '../../core/problem.ts';
import { mapInParallel } from '../../core/map-in-parallel.ts';
import { asOrganization, type OrganizationReply } from './reply.ts';
import type { organizationsContract } from './contract.ts';
import type { PageQuery } from '../forwarding/gather-page.ts';
import { visiblePage } from '../forwarding/visible-page.ts';
import { upstreamList, type UpstreamListDeps } from './upstream-list.ts';

export interface OrganizationListDeps extends UpstreamListDeps {
  readonly mirror: OrganizationMirror;
  readonly listTenants: (client: Client, query: Page) => Promise<TenantPage>;
  readonly mappingsOf: (tenantIds: readonly string[]) => Promise<ReadonlyMap<string, Tenant>>;
}

interface Page {
  readonly limit: number;
  readonly order: 'asc' | 'desc';
  readonly after?: string;
  readonly before?: string;
  /** A part of the name, in any case. */
  readonly name?: string;
}

interface TenantPage {
  readonly data: readonly { readonly id: string }[];
  readonly list_metadata: { readonly before: string | null; readonly after: string | null };
}

/** Organizations that Gatehouse knows without asking WorkOS. */
export interface OrganizationMirror {
  /** Organizations by id; those that are not known are left out. */
  known(organizationIds: readonly string[]): Promise<ReadonlyMap<string, unknown>>;
  /** Never fails. @param ageSeconds since it was requested */
  remember(organization: unknown, ageSeconds: number): Promise<void>;
}

export type GetOrganization = (tenantId: string, actor: Actor) => Promise<OrganizationReply>;
type ListInput = InputOf<typeof organizationsContract, 'listOrganizations'>;

/**
 * For a client of every tenant, and for a domain, which few organizations have, filters WorkOS's own
 * list. Otherwise the client's tenants are few among WorkOS's organizations: the page comes from our
 * map, and organizations that the mirror does not know are read.
 */
export async function listOrganizations(
  deps: OrganizationListDeps,
  get: GetOrganization,
  { query, client, actor }: ListInput,
) {
  if (mayUseEveryTenant(client) || query.domains !== undefined)
    return upstreamList(deps, query, client);
  return ownList(deps, get, { query, client, actor });
}

async function ownList(
  deps: OrganizationListDeps,
  get: GetOrganization,
  { query, client, actor }: Pick<ListInput, 'query' | 'client' | 'actor'>,
) {
  const name = query.search === undefined ? {} : { name: query.search };
  const read = async ({ limit, after, before, order }: PageQuery) => {
    const asked = {
      ...{ limit, order: order === 'asc' ? ('asc' as const) : ('desc' as const) },
      ...(after !== undefined && { after }),
      ...(before !== undefined && { before }),
      ...name,
    };
    const full = await deps.listTenants(client, asked);
    const visible = await organizationsOf(deps, get, { tenants: full.data, actor });
    return { full, visible };
  };
  // Each organization that the mirror does not know costs a call.
  return visiblePage(read, query, { further: query.limit });
}

/** The organizations of the tenants, without those that are gone. */
async function organizationsOf(
  deps: OrganizationListDeps,
  get: GetOrganization,
  { tenants, actor }: { readonly tenants: TenantPage['data']; readonly actor: Actor },
): Promise<OrganizationReply[]> {
  const known = await knownOrganizations(
    deps,
    tenants.map(({ id }) => id),
  );
  const organizations = await mapInParallel(
    tenants,
    async ({ id }) => known.get(id) ?? get(id, actor).catch(undefinedIfGone),
  );
  return organizations.filter((one) => one !== undefined);
}

/** Returns the organizations of these tenants that the mirror knows, by tenant id. */
async function knownOrganizations(
  { mirror, mappingsOf }: OrganizationListDeps,
  tenantIds: readonly string[],
): Promise<ReadonlyMap<string, OrganizationReply>> {
  const tenants = await mappingsOf(tenantIds);
  const organizationIds = [...tenants.values()].flatMap(
    ({ organizationId }) => organizationId ?? [],
  );
  const known = await mirror.known(organizationIds);
  return new Map(
    [...tenants].flatMap(([id, { organizationId }]) => {
      const organization = known.get(organizationId ?? '');
      if (organizationId === null || organization === undefined) return [];
      return [[id, asOrganization(organization, { id, organizationId })] as const];
    }),
  );
}

/** Skips organizations that are gone. An outage must not shorten the list. */
const undefinedIfGone = (error: unknown): undefined => {
  if (!(error instanceof Problem) || PROBLEMS[error.slug].status >= 500) throw error;
};
