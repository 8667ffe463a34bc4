import { z } from 'zod';
import type { AuditWriter } from '../audit-trail/writer.ts';
import { implement, type Endpoint, type Input } from '../http/endpoint.ts';
import { refuseTwoCursors } from '../http/pagination.ts';
import {
  mayUseEveryTenant,
  mayUseTenant,
  type Actor,
  type Client,
  type Tenant,
} from '../identity.ts';
import { invalidField, Problem } from '../problem.ts';
import { notUsable } from '../tenants/status.ts';
import { isNotFound, UpstreamFailure } from '../workos/failure.ts';
import { aboutTheRequest } from '../workos/problems.ts';
import { audited } from './audited.ts';
import type { ForwarderDeps } from './forward.ts';
import { isObject, withTenantIds } from './organization-ids.ts';
import { Organization, organizationsContract } from './organizations.ts';
import type { TenantsOf } from './tenant-finder.ts';
import type { Sender } from './upstream.ts';

type C = typeof organizationsContract;
type OrganizationReply = z.input<typeof Organization>;
interface Profile {
  readonly name?: string;
  readonly domains?: { domain: string; state: 'pending' | 'verified' }[];
  readonly metadata?: Record<string, string>;
}

export interface OrganizationServiceDeps {
  readonly sender: Pick<Sender, 'send'>;
  readonly audit: AuditWriter;
  readonly reportMissing: ForwarderDeps['reportMissing'];
  readonly tenantsOf: TenantsOf;
  readonly facts: (tenantId: string) => Promise<Tenant | undefined>;
  /** The service behind `/v1/tenants`. */
  readonly tenants: {
    put(
      id: string,
      body: Profile & { readonly name: string },
      actor: Actor,
      client: Client,
    ): Promise<unknown>;
    patch(id: string, changes: Profile, actor: Actor, client: Client): Promise<unknown>;
    remove(id: string, deleteOrganization: boolean, actor: Actor): Promise<undefined>;
    list(
      query: { limit: number; order: 'asc' | 'desc'; after?: string; before?: string },
      client: Client,
    ): Promise<{
      readonly data: readonly { readonly id: string }[];
      readonly list_metadata: { readonly before: string | null; readonly after: string | null };
    }>;
  };
}

/** The tenants of `/v1/tenants`, in the shape that SDKs know: `id` and `external_id` are the tenant's. */
export function organizationRoutes(deps: OrganizationServiceDeps) {
  const { tenants, facts, sender } = deps;

  const get = async (tenantId: string): Promise<OrganizationReply> => {
    const tenant = await facts(tenantId);
    const organizationId = tenant?.organizationId;
    if (!organizationId) throw tenant ? notUsable(tenant) : noSuchTenant();
    const reply = await sender
      .send({ class: 'organizations', method: 'get', path: `/organizations/${organizationId}` })
      .catch((error: unknown) => {
        throw isNotFound(error) ? noSuchTenant() : error;
      });
    return asOrganization(reply, { id: tenantId, organizationId });
  };

  /** What only WorkOS keeps. */
  const updateRest = async (
    tenantId: string,
    rest: Readonly<Record<string, unknown>>,
    actor: Actor,
  ) => {
    const organizationId = (await facts(tenantId))?.organizationId;
    const fields = Object.keys(rest).filter((field) => rest[field] !== undefined);
    if (!organizationId || fields.length === 0) return;
    const path = `/organizations/${organizationId}`;
    await audited(deps.audit, { actor, tenantId, details: { fields } }, () =>
      sender
        .send({ class: 'organizations', method: 'put', path, body: rest })
        .catch(async (error: unknown) => {
          if (!isNotFound(error)) throw aboutTheRequest(error) ?? error;
          throw await deps.reportMissing(tenantId, organizationId, actor);
        }),
    );
  };

  return implement(organizationsContract, {
    listOrganizations: (input) => list(deps, get, input),

    createOrganization: async ({ body, actor, client }) => {
      const { external_id: id, name, allow_profiles_outside_organization: allow } = body;
      const known = await facts(id);
      if (known && known.status !== 'deleted') throw alreadyUsed();
      await tenants.put(id, { name, ...profileOf(body) }, actor, client);
      await updateRest(id, { allow_profiles_outside_organization: allow }, actor);
      return get(id);
    },

    getOrganization: ({ params }) => get(params.id),
    getOrganizationByExternalId: ({ params }) => get(params.external_id),

    updateOrganization: async ({ params: { id }, body, actor, client }) => {
      if (body.external_id !== undefined && body.external_id !== id)
        throw invalidField('external_id', 'immutable', 'must be the tenant id');
      const { name, stripe_customer_id, allow_profiles_outside_organization } = body;
      await tenants.patch(
        id,
        { ...(name !== undefined && { name }), ...profileOf(body) },
        actor,
        client,
      );
      await updateRest(id, { stripe_customer_id, allow_profiles_outside_organization }, actor);
      return get(id);
    },

    deleteOrganization: ({ params, actor }) => tenants.remove(params.id, true, actor),
  });
}

type Given = Pick<
  Input<C['updateOrganization'] & Endpoint>['body'],
  'domain_data' | 'domains' | 'metadata'
>;

function profileOf({ domain_data: data, domains, metadata }: Given): Omit<Profile, 'name'> {
  const named = data ?? domains?.map((domain) => ({ domain, state: 'pending' as const }));
  return { ...(named && { domains: named }), ...(metadata && { metadata }) };
}

type Get = (tenantId: string) => Promise<OrganizationReply>;
type ListInput = Input<C['listOrganizations'] & Endpoint>;

/**
 * Of every tenant, or by a filter: WorkOS's own list, less what the client may not see. Else the
 * client's tenants are few among WorkOS's organizations, and each is read.
 */
async function list(deps: OrganizationServiceDeps, get: Get, { query, client }: ListInput) {
  refuseTwoCursors(query);
  const { domains, search } = query;
  if (mayUseEveryTenant(client) || domains !== undefined || search !== undefined)
    return upstreamList(deps, query, client);
  const { limit, after, before, order } = query;
  const cursors = {
    ...(after !== undefined && { after }),
    ...(before !== undefined && { before }),
  };
  const asked = {
    limit,
    order: order === 'asc' ? ('asc' as const) : ('desc' as const),
    ...cursors,
  };
  const page = await deps.tenants.list(asked, client);
  const organizations = await Promise.all(
    page.data.map(({ id }) => get(id).catch(undefinedIfGone)),
  );
  return {
    object: 'list' as const,
    data: organizations.filter((one) => one !== undefined),
    list_metadata: page.list_metadata,
  };
}

const undefinedIfGone = (error: unknown): undefined => {
  if (!(error instanceof Problem)) throw error;
};

const Page = z.object({
  data: z.array(z.looseObject({ id: z.string() })),
  list_metadata: z.object({ before: z.string().nullish(), after: z.string().nullish() }),
});

type Listed = Pick<ListInput['query'], 'limit' | 'order' | 'domains' | 'search'>;

/** Pages on until there is something to show: a cursor is the id of a tenant, so an empty page has none. */
async function upstreamList(
  deps: OrganizationServiceDeps,
  { after, before, ...asked }: ListInput['query'],
  client: Client,
) {
  const direction = before === undefined ? 'after' : 'before';
  let cursor = await cursorOf(deps, after ?? before);
  // Where nothing is the client's, there may be much of it.
  for (let limit = asked.limit; ; limit = 100) {
    const page = await upstreamPage(deps, { ...asked, limit, [direction]: cursor });
    const seen = await visible(deps, client, page.data);
    const next = page.list_metadata[direction];
    if (seen.length > 0 || !next) return listed(seen, page.list_metadata, asked.limit, direction);
    cursor = next;
  }
}

async function upstreamPage(
  { sender }: OrganizationServiceDeps,
  query: Listed & { readonly after?: string | undefined; readonly before?: string | undefined },
): Promise<z.output<typeof Page>> {
  const path = '/organizations';
  const reply = await sender.send({
    class: 'organizations',
    method: 'get',
    path,
    query: asText(query),
  });
  const page = Page.safeParse(reply);
  if (!page.success) throw new UpstreamFailure('invalid-response', { reason: 'no list' });
  return page.data;
}

/** The `limit` nearest to the cursor. */
function listed(
  seen: OrganizationReply[],
  { before, after }: z.output<typeof Page>['list_metadata'],
  limit: number,
  direction: 'after' | 'before',
) {
  const data = direction === 'after' ? seen.slice(0, limit) : seen.slice(-limit);
  const isCut = data.length < seen.length;
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

async function visible(
  { tenantsOf }: OrganizationServiceDeps,
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

/** A cursor is a tenant's id, and WorkOS wants its organization's. */
async function cursorOf(
  { facts }: OrganizationServiceDeps,
  cursor: string | undefined,
): Promise<string | undefined> {
  if (cursor === undefined) return undefined;
  const organizationId = (await facts(cursor))?.organizationId;
  if (!organizationId)
    throw invalidField('after', 'invalid_value', 'is not an id that a list gave');
  return organizationId;
}

const asText = (query: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(query)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, String(value)]),
  );

function asOrganization(
  reply: unknown,
  { id, organizationId }: { readonly id: string; readonly organizationId: string },
): OrganizationReply {
  if (!isObject(reply))
    throw new UpstreamFailure('invalid-response', { reason: 'no organization' });
  const { metadata } = reply;
  const tenants = new Map([[organizationId, { id }]]);
  const organization = {
    ...(withTenantIds(reply, tenants) as object),
    id,
    external_id: id,
    metadata: isObject(metadata) ? withoutMarks(metadata) : metadata,
  };
  const parsed = Organization.safeParse(organization);
  if (!parsed.success) throw new UpstreamFailure('invalid-response', { reason: 'no organization' });
  return parsed.data;
}

/** `gatehouse_*` is ours. */
const withoutMarks = (metadata: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(metadata).filter(([key]) => !key.startsWith('gatehouse_')));

const noSuchTenant = (): Problem =>
  new Problem('tenant-not-found', 'There is no such tenant for this client.');

const alreadyUsed = (): Problem =>
  new Problem('external-id-already-used', 'There is a tenant with this external_id already.');
