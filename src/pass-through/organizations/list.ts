import { z } from 'zod';
import type { InputOf } from '../../http/endpoint.ts';
import {
  mayUseEveryTenant,
  mayUseTenant,
  type Actor,
  type Client,
  type Tenant,
} from '../../core/identity.ts';
import { invalidField, Problem, PROBLEMS } from '../../core/problem.ts';
import { mapInParallel } from '../../core/map-in-parallel.ts';
import { parseReply } from '../../workos/parse-reply.ts';
import { asOrganization, type OrganizationReply } from './reply.ts';
import type { organizationsContract } from './contract.ts';
import type { TenantsOf } from '../forwarding/tenant-finder.ts';
import type { PageQuery } from '../forwarding/gather-page.ts';
import { visiblePage } from '../forwarding/visible-page.ts';
import { toQueryStrings, type RequestSender } from '../forwarding/request-sender.ts';

export interface OrganizationListDeps {
  readonly mirror: OrganizationMirror;
  readonly listTenants: (client: Client, query: Page) => Promise<TenantPage>;
  readonly mappingsOf: (tenantIds: readonly string[]) => Promise<ReadonlyMap<string, Tenant>>;
  readonly sender: Pick<RequestSender, 'send'>;
  readonly tenantsOf: TenantsOf;
  readonly lastOrganizationOf: (tenantId: string) => Promise<string | undefined>;
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

const Page = z.object({
  data: z.array(z.looseObject({ id: z.string() })),
  list_metadata: z.object({ before: z.string().nullish(), after: z.string().nullish() }),
});

/** Pages without an organization of the client that are read for one request: about 900 organizations. */
const MOST_PAGES_OF_OTHERS = 10;

const tooManyOthers = (): Problem =>
  invalidField(
    'domains',
    'too_many_matches',
    'are those of very many organizations, none of the first of which is the client’s; name fewer domains',
  );

async function upstreamList(deps: OrganizationListDeps, query: ListInput['query'], client: Client) {
  const { domains, search, ...place } = query;
  const filters = { domains, search };
  const read = async (at: PageQuery) => {
    const full = await upstreamPage(deps, { ...filters, ...at });
    return { full, visible: await visibleOrganizations(deps, client, full.data) };
  };
  const from = await cursorOf(deps, client, query);
  const few = mayUseEveryTenant(client)
    ? {}
    : { most: MOST_PAGES_OF_OTHERS, tooMany: tooManyOthers };
  return visiblePage(read, place, { from, ...few });
}

async function upstreamPage(
  { sender }: OrganizationListDeps,
  query: Readonly<Record<string, unknown>>,
): Promise<z.output<typeof Page>> {
  const path = '/organizations';
  const reply = await sender.send({
    class: 'organizations',
    method: 'get',
    path,
    query: toQueryStrings(query),
  });
  return parseReply(Page, reply, 'a list of organizations');
}

async function visibleOrganizations(
  { tenantsOf }: OrganizationListDeps,
  client: Client,
  organizations: readonly { readonly id: string }[],
): Promise<OrganizationReply[]> {
  const tenants = await tenantsOf(organizations.map(({ id }) => id));
  return organizations.flatMap((organization) => {
    const tenant = tenants.get(organization.id);
    if (!tenant || !mayUseTenant(client, tenant.id)) return [];
    return [asOrganization(organization, { id: tenant.id, organizationId: organization.id })];
  });
}

/**
 * Translates a cursor from a tenant id to the organization id that WorkOS expects. Another client's
 * tenant is refused like one that does not exist. A reader may have deleted the last tenant of its page.
 */
async function cursorOf(
  { lastOrganizationOf }: OrganizationListDeps,
  client: Client,
  { after, before }: Pick<ListInput['query'], 'after' | 'before'>,
): Promise<string | undefined> {
  const cursor = after ?? before;
  if (cursor === undefined) return undefined;
  const organization = mayUseTenant(client, cursor) ? await lastOrganizationOf(cursor) : undefined;
  if (organization !== undefined) return organization;
  const field = after === undefined ? 'before' : 'after';
  throw invalidField(field, 'invalid_value', 'is not an id that a list gave');
}
