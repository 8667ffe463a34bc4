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
import { paginate } from '../../workos/paginate.ts';
import { parseReply } from '../../workos/parse-reply.ts';
import { asOrganization, type OrganizationReply } from './reply.ts';
import type { organizationsContract } from './contract.ts';
import type { TenantsOf } from '../forwarding/tenant-finder.ts';
import { toQueryStrings, type RequestSender } from '../forwarding/request-sender.ts';

export interface OrganizationListDeps {
  readonly mirror: OrganizationMirror;
  readonly listTenants: (client: Client, query: Page) => Promise<TenantPage>;
  readonly mappingsOf: (tenantIds: readonly string[]) => Promise<ReadonlyMap<string, Tenant>>;
  readonly sender: Pick<RequestSender, 'send'>;
  readonly tenantsOf: TenantsOf;
  readonly facts: (tenantId: string) => Promise<Tenant | undefined>;
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
  const { domains, search } = query;
  if (mayUseEveryTenant(client) || domains !== undefined) return upstreamList(deps, query, client);
  const { limit, after, before, order } = query;
  const cursors = {
    ...(after !== undefined && { after }),
    ...(before !== undefined && { before }),
  };
  const asked = {
    limit,
    order: order === 'asc' ? ('asc' as const) : ('desc' as const),
    ...cursors,
    ...(search !== undefined && { name: search }),
  };
  const page = await deps.listTenants(client, asked);
  const known = await knownOrganizations(
    deps,
    page.data.map(({ id }) => id),
  );
  const organizations = await mapInParallel(
    page.data,
    async ({ id }) => known.get(id) ?? get(id, actor).catch(undefinedIfGone),
  );
  return {
    object: 'list' as const,
    data: organizations.filter((one) => one !== undefined),
    list_metadata: page.list_metadata,
  };
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

type Listed = Pick<ListInput['query'], 'limit' | 'order' | 'domains' | 'search'>;

/** Pages without an organization of the client that are read for one request: about 900 organizations. */
const MOST_PAGES_OF_OTHERS = 10;

const tooManyOthers = (): Problem =>
  invalidField(
    'domains',
    'too_many_matches',
    'are those of very many organizations, none of the first of which is the client’s; name fewer domains',
  );

/** Reads pages until one has a visible organization: an empty page would have no cursor. */
async function upstreamList(
  deps: OrganizationListDeps,
  { after, before, ...asked }: ListInput['query'],
  client: Client,
) {
  const direction = before === undefined ? 'after' : 'before';
  const from = await cursorOf(deps, client, { after, before });
  const read = (cursor: string | undefined) => {
    // A page may hold none of the client's organizations; then ask for pages of 100.
    const limit = cursor === from ? asked.limit : 100;
    return upstreamPage(deps, { ...asked, limit, [direction]: cursor });
  };
  const nextOf = (page: z.output<typeof Page>) => page.list_metadata[direction];
  const most = mayUseEveryTenant(client) ? Infinity : MOST_PAGES_OF_OTHERS;
  let pages = 0;
  let ends: z.output<typeof Page>['list_metadata'] = {};
  for await (const page of paginate(read, nextOf, { from })) {
    const visible = await visibleOrganizations(deps, client, page.data);
    ends = page.list_metadata;
    if (visible.length > 0) return listed(visible, ends, asked.limit, direction);
    pages += 1;
    if (pages === most && nextOf(page)) throw tooManyOthers();
  }
  return listed([], ends, asked.limit, direction);
}

async function upstreamPage(
  { sender }: OrganizationListDeps,
  query: Listed & { readonly after?: string | undefined; readonly before?: string | undefined },
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

/** Builds the page of the `limit` organizations nearest to the cursor. */
function listed(
  visible: OrganizationReply[],
  { before, after }: z.output<typeof Page>['list_metadata'],
  limit: number,
  direction: 'after' | 'before',
) {
  const data = direction === 'after' ? visible.slice(0, limit) : visible.slice(-limit);
  const isCut = data.length < visible.length;
  const isMoreBefore = Boolean(before) || (isCut && direction === 'before');
  const isMoreAfter = Boolean(after) || (isCut && direction === 'after');
  return {
    object: 'list' as const,
    data,
    list_metadata: {
      before: isMoreBefore ? (data[0]?.id ?? null) : null,
      after: isMoreAfter ? (data.at(-1)?.id ?? null) : null,
    },
  };
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
 * tenant is refused like one that does not exist.
 */
async function cursorOf(
  { facts }: OrganizationListDeps,
  client: Client,
  { after, before }: Pick<ListInput['query'], 'after' | 'before'>,
): Promise<string | undefined> {
  const cursor = after ?? before;
  if (cursor === undefined) return undefined;
  const tenant = mayUseTenant(client, cursor) ? await facts(cursor) : undefined;
  if (tenant?.organizationId) return tenant.organizationId;
  const field = after === undefined ? 'before' : 'after';
  throw invalidField(field, 'invalid_value', 'is not an id that a list gave');
}
