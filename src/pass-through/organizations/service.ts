import type { AuditWriter } from '../../audit-trail/writer.ts';
import { implement, type Endpoint, type Input } from '../../http/endpoint.ts';
import type { Actor, Client, Tenant } from '../../core/identity.ts';
import { invalidField, Problem } from '../../core/problem.ts';
import { notUsable } from '../../tenants/model/status.ts';
import { isNotFound } from '../../workos/failure.ts';
import { aboutTheRequest } from '../../workos/problems.ts';
import { audited } from '../../audit-trail/audited.ts';
import type { ForwarderDeps } from '../forwarding/forward.ts';
import { listOrganizations, type GetOrganization, type OrganizationListDeps } from './list.ts';
import { asOrganization } from './reply.ts';
import { organizationsContract } from './contract.ts';

type C = typeof organizationsContract;
interface ProfileChanges {
  readonly name?: string | undefined;
  readonly domains?: readonly { readonly domain: string; readonly state: string }[] | undefined;
  /** Replaces the whole map. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /** Changes only these keys of the map; null removes one. */
  readonly metadataEntries?: Readonly<Record<string, string | null>> | undefined;
}

export interface OrganizationServiceDeps extends OrganizationListDeps {
  readonly audit: AuditWriter;
  readonly reportMissing: ForwarderDeps['reportMissing'];
  readonly facts: (tenantId: string) => Promise<Tenant | undefined>;
  /** The service behind `/v1/tenants`. */
  readonly tenants: {
    create(input: {
      readonly id: string;
      readonly wanted: ProfileChanges & { readonly name: string };
      readonly actor: Actor;
      readonly client: Client;
    }): Promise<void>;
    update(input: {
      readonly id: string;
      readonly changes: ProfileChanges;
      readonly actor: Actor;
      readonly client: Client;
    }): Promise<unknown>;
    remove(input: {
      readonly id: string;
      readonly deleteAtWorkos: boolean;
      readonly actor: Actor;
    }): Promise<undefined>;
  };
}

/** Serves the tenants of `/v1/tenants` as WorkOS organizations; `id` and `external_id` are the tenant id. */
export function organizationRoutes(deps: OrganizationServiceDeps) {
  const { tenants, facts, sender } = deps;

  const get: GetOrganization = async (tenantId, actor) => {
    const tenant = await facts(tenantId);
    const organizationId = tenant?.organizationId;
    if (!organizationId) throw tenant ? notUsable(tenant) : noSuchTenant();
    const began = performance.now();
    const reply = await sender
      .send({ class: 'organizations', method: 'get', path: `/organizations/${organizationId}` })
      .catch(async (error: unknown) => {
        if (!isNotFound(error)) throw error;
        throw await deps.reportMissing(tenantId, organizationId, actor);
      });
    const organization = asOrganization(reply, { id: tenantId, organizationId });
    await deps.mirror.remember(reply, (performance.now() - began) / 1_000);
    return organization;
  };

  /** A missing organization is a 404 for a reader; an unconfirmed one stays a 503. */
  const read: GetOrganization = (tenantId, actor) =>
    get(tenantId, actor).catch((error: unknown) => {
      const isMissing = error instanceof Problem && error.slug === 'organization-missing';
      throw isMissing ? noSuchTenant() : error;
    });

  /** Changes fields that only WorkOS stores. */
  const updateUpstreamFields = async (
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
    listOrganizations: (input) => listOrganizations(deps, read, input),

    createOrganization: async ({ body, actor, client }) => {
      const { external_id: id, name, metadata, allow_profiles_outside_organization: allow } = body;
      const wanted = { name, metadata, domains: domainsOf(body) };
      await tenants.create({ id, wanted, actor, client });
      await updateUpstreamFields(id, { allow_profiles_outside_organization: allow }, actor);
      return get(id, actor);
    },

    getOrganization: ({ params, actor }) => read(params.id, actor),
    getOrganizationByExternalId: ({ params, actor }) => read(params.external_id, actor),

    updateOrganization: async ({ params: { id }, body, actor, client }) => {
      if (body.external_id !== undefined && body.external_id !== id)
        throw invalidField('external_id', 'immutable', 'must be the tenant id');
      const { name, stripe_customer_id, allow_profiles_outside_organization } = body;
      const changes = { name, domains: domainsOf(body), ...metadataOf(body) };
      await tenants.update({ id, changes, actor, client });
      await updateUpstreamFields(
        id,
        { stripe_customer_id, allow_profiles_outside_organization },
        actor,
      );
      return get(id, actor);
    },

    deleteOrganization: ({ params, actor }) =>
      tenants.remove({ id: params.id, deleteAtWorkos: true, actor }),
  });
}

type UpdateBody = Input<C['updateOrganization'] & Endpoint>['body'];

const domainsOf = ({
  domain_data: data,
  domains,
}: Pick<UpdateBody, 'domain_data' | 'domains'>): ProfileChanges['domains'] =>
  data ?? domains?.map((domain) => ({ domain, state: 'pending' as const }));

/** Null removes all metadata, as at WorkOS. */
const metadataOf = ({ metadata }: UpdateBody): ProfileChanges =>
  metadata === null ? { metadata: {} } : { metadataEntries: metadata };

const noSuchTenant = (): Problem =>
  new Problem('tenant-not-found', 'There is no such tenant for this client.');
