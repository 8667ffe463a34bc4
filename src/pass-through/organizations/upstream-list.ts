/** WorkOS's own list of organizations, without those that the client may not see. */
import { z } from 'zod';
import { mayUseEveryTenant, mayUseTenant, type Client } from '../../core/identity.ts';
import { invalidField, type Problem } from '../../core/problem.ts';
import type { InputOf } from '../../http/endpoint.ts';
import { parseReply } from '../../workos/parse-reply.ts';
import type { PageQuery } from '../forwarding/gather-page.ts';
import { toQueryStrings, type RequestSender } from '../forwarding/request-sender.ts';
import type { TenantsOf } from '../forwarding/tenant-finder.ts';
import { visiblePage } from '../forwarding/visible-page.ts';
import type { organizationsContract } from './contract.ts';
import { asOrganization, type OrganizationReply } from './reply.ts';

export interface UpstreamListDeps {
  readonly sender: Pick<RequestSender, 'send'>;
  readonly tenantsOf: TenantsOf;
  readonly lastOrganizationOf: (tenantId: string) => Promise<string | undefined>;
}

type Query = InputOf<typeof organizationsContract, 'listOrganizations'>['query'];

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

/** @throws Problem @throws UpstreamFailure */
export async function upstreamList(deps: UpstreamListDeps, query: Query, client: Client) {
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
  { sender }: UpstreamListDeps,
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
  { tenantsOf }: UpstreamListDeps,
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
  { lastOrganizationOf }: UpstreamListDeps,
  client: Client,
  { after, before }: Pick<Query, 'after' | 'before'>,
): Promise<string | undefined> {
  const cursor = after ?? before;
  if (cursor === undefined) return undefined;
  const organization = mayUseTenant(client, cursor) ? await lastOrganizationOf(cursor) : undefined;
  if (organization !== undefined) return organization;
  const field = after === undefined ? 'before' : 'after';
  throw invalidField(field, 'invalid_value', 'is not an id that a list gave');
}
