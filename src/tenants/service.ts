import type { z } from 'zod';
import type { AuditRow, AuditWriter, Outcome } from '../audit-trail/writer.ts';
import { hasScope, type Actor, type Client } from '../identity.ts';
import { invalidField, Problem } from '../problem.ts';
import { isNotFound } from '../workos/failure.ts';
import type { Endpoint, Input } from '../http/endpoint.ts';
import { refuseTwoCursors } from '../http/pagination.ts';
import type { TenantSchema, tenantsContract } from './contract.ts';
import { requireAdoptable, type Organizations } from './organizations.ts';
import type { Provisioning } from './provisioning.ts';
import {
  notUsable,
  organizationConflict,
  organizationMissing,
  provisioningInProgress,
  tenantDeleted,
} from './status.ts';
import type { ClaimRequest, TenantProfile, TenantRow, TenantStore } from './store.ts';

export interface TenantServiceDeps {
  readonly tenants: TenantStore;
  readonly organizations: Organizations;
  readonly provisioning: Provisioning;
  readonly audit: AuditWriter;
  /** Whether a client with this id is registered. */
  readonly clientExists: (id: string) => Promise<boolean>;
}

type Body<Op extends keyof typeof tenantsContract> = Input<
  (typeof tenantsContract)[Op] & Endpoint
>['body'];
type TenantReply = z.input<typeof TenantSchema>;
type Changes = Body<'patchTenant'>;

export type TenantService = ReturnType<typeof createTenantService>;

export function createTenantService(deps: TenantServiceDeps) {
  const { tenants, organizations, provisioning } = deps;

  const put = async (
    id: string,
    body: Body<'putTenant'>,
    actor: Actor,
  ): Promise<{ status: 200 | 201; row: TenantRow }> => {
    const claim = provisioning.newClaim(id);
    const request = await adoptionOf(id, body);
    const attempted: AuditRow = { actor, outcome: 'attempted', tenantId: id };
    if (await tenants.claimNew(claim, profileOf(body), request, attempted)) {
      return {
        status: 201,
        row: await provisioning.finish(claim, profileOf(body), request, actor),
      };
    }
    return { status: 200, row: await putExisting(id, body, request, actor) };
  };

  const putExisting = async (
    id: string,
    body: Body<'putTenant'>,
    request: ClaimRequest,
    actor: Actor,
  ): Promise<TenantRow> => {
    const row = await tenants.byId(id);
    if (!row || row.status === 'deleted' || row.status === 'deleting') throw tenantDeleted();
    if (row.status === 'provisioning' && !provisioning.isAbandoned(row)) {
      return putExistingRow(await provisioning.settled(id), body, request, actor);
    }
    return putExistingRow(row, body, request, actor);
  };

  const putExistingRow = async (
    row: TenantRow,
    body: Body<'putTenant'>,
    request: ClaimRequest,
    actor: Actor,
  ): Promise<TenantRow> => {
    if (row.status === 'active' || row.status === 'suspended') {
      if (
        body.workos_organization_id !== undefined &&
        body.workos_organization_id !== row.organizationId
      ) {
        throw organizationConflict('The tenant is mapped to another organization.');
      }
      return change(row, body, actor);
    }
    // A person decides about `conflict` and `orphaned`, by naming the organization.
    if (row.status !== 'provisioning' && request === null) throw notUsable(row);
    const claim = provisioning.newClaim(row.id);
    const profile = merged(row, body);
    const attempted: AuditRow = { actor, outcome: 'attempted', tenantId: row.id };
    if (await tenants.takeOver(claim, row, profile, request ?? row.request, attempted)) {
      return provisioning.finish(claim, profile, request ?? row.request, actor);
    }
    return putExisting(row.id, body, request, actor);
  };

  /** Refused before anything is written, so that a wrong organization id leaves nothing behind. */
  const adoptionOf = async (
    id: string,
    { workos_organization_id: organizationId }: Body<'putTenant'>,
  ): Promise<ClaimRequest> => {
    if (organizationId === undefined) return null;
    const known = await tenants.facts(id);
    const own = known?.organizationId === organizationId;
    if (own && known.status !== 'orphaned' && known.status !== 'conflict') return null;
    if (!own && (await tenants.isMapped(organizationId)))
      throw organizationConflict('The organization is mapped to another tenant.');
    const found = await organizations.find(organizationId);
    if (!found) throw organizationConflict('WorkOS does not know this organization.');
    requireAdoptable(found, id, organizations.externalIdOf(id));
    return { adopt: organizationId };
  };

  /** Changes what differs: at WorkOS first, so that a failure there leaves both sides as they were. */
  const change = async (row: TenantRow, changes: Changes, actor: Actor): Promise<TenantRow> => {
    const profile = merged(row, changes);
    const status = changes.status ?? row.status;
    const upstream = upstreamChanges(row, changes, profile);
    const audit = (outcome: Outcome): AuditRow => ({
      actor,
      outcome,
      tenantId: row.id,
      details: changed(row, profile, status),
    });
    if (Object.keys(audit('attempted').details ?? {}).length === 0) return row;
    let { domains } = profile;
    if (upstream && row.organizationId !== null) {
      await deps.audit.record(audit('attempted'));
      domains = (await updateOrganization(row, row.organizationId, upstream, actor)).domains;
    }
    const after = await tenants.change(row.id, { ...profile, domains }, status, audit('succeeded'));
    if (!after) throw provisioningInProgress();
    return after;
  };

  const updateOrganization = async (
    row: TenantRow,
    organizationId: string,
    profile: Partial<TenantProfile>,
    actor: Actor,
  ) => {
    try {
      return await organizations.update(organizationId, row.id, profile);
    } catch (error) {
      await deps.audit.record({ actor, outcome: 'failed', tenantId: row.id });
      if (!isNotFound(error)) throw error;
      throw await reportMissing(row.id, organizationId, actor);
    }
  };

  /** A 404 that names the organization: believed once WorkOS says so twice. */
  const reportMissing = async (
    tenantId: string,
    organizationId: string,
    actor: Actor,
  ): Promise<Problem> => {
    const found = await organizations.find(organizationId);
    if (!found)
      await tenants.orphan(tenantId, organizationId, {
        actor,
        outcome: 'succeeded',
        tenantId,
        details: { orphaned: true },
      });
    return organizationMissing();
  };

  return {
    reportMissing,

    /** @throws Problem `organization-conflict`, `tenant-deleted`, `provisioning-*`, `upstream-*` */
    async put(id: string, body: Body<'putTenant'>, actor: Actor, client: Client) {
      requireAdoptScope(client, body);
      await checkProfile(client, body, deps.clientExists);
      const { status, row } = await put(id, body, actor);
      return { status, body: reply(row, client) };
    },

    async get(id: string, client: Client): Promise<TenantReply> {
      return reply(await existing(tenants, id), client);
    },

    async list(
      query: Input<(typeof tenantsContract)['listTenants'] & Endpoint>['query'],
      client: Client,
    ) {
      refuseTwoCursors(query);
      const page = await tenants.list(client, query);
      return { object: 'list' as const, ...page, data: page.data.map((row) => reply(row, client)) };
    },

    async patch(id: string, changes: Changes, actor: Actor, client: Client): Promise<TenantReply> {
      await checkProfile(client, changes, deps.clientExists);
      const row = await existing(tenants, id);
      if (row.status !== 'active' && row.status !== 'suspended') throw notUsable(row);
      return reply(await change(row, changes, actor), client);
    },

    /** Unlinks; with `deleteOrganization` WorkOS's goes first, and a crash in between is finished later. */
    async remove(id: string, deleteOrganization: boolean, actor: Actor): Promise<undefined> {
      const row = await existing(tenants, id);
      if (row.status === 'provisioning' && !provisioning.isAbandoned(row))
        throw provisioningInProgress();
      const audit = (outcome: Outcome): AuditRow => ({
        actor,
        outcome,
        tenantId: id,
        details: { delete_organization: deleteOrganization },
      });
      const claim = provisioning.newClaim(id);
      if (deleteOrganization) {
        if (!(await tenants.beginDelete(claim, row, audit('attempted'))))
          throw provisioningInProgress();
        await organizations.removeOf(row);
      }
      const buried = await tenants.bury(id, deleteOrganization ? claim : row, audit('succeeded'));
      if (!buried) throw provisioningInProgress();
      return undefined;
    },
  };
}

async function existing(tenants: TenantStore, id: string): Promise<TenantRow> {
  const row = await tenants.byId(id);
  if (!row || row.status === 'deleted')
    throw new Problem('tenant-not-found', 'There is no such tenant for this client.');
  return row;
}

function requireAdoptScope(
  client: Client,
  { workos_organization_id: id }: Body<'putTenant'>,
): void {
  if (id !== undefined && !hasScope(client, 'tenants:adopt')) {
    throw new Problem(
      'insufficient-scope',
      'Adopting an organization needs the scope tenants:adopt.',
    );
  }
}

/** What a schema cannot say of a profile: whether this client may, and whether the other one exists. */
async function checkProfile(
  client: Client,
  { domains, sign_in_client_id: signIn }: Changes,
  clientExists: TenantServiceDeps['clientExists'],
): Promise<void> {
  if (domains?.some(({ state }) => state === 'verified') && !hasScope(client, 'domains:verify')) {
    throw new Problem(
      'insufficient-scope',
      'A domain that is verified from the start needs the scope domains:verify.',
    );
  }
  if (typeof signIn === 'string' && !(await clientExists(signIn))) {
    throw invalidField('sign_in_client_id', 'unknown_client', 'is not a registered client');
  }
}

const profileOf = (body: Body<'putTenant'>): TenantProfile => ({
  name: body.name,
  domains: body.domains ?? [],
  metadata: body.metadata ?? {},
  signInClientId: body.sign_in_client_id ?? null,
});

/** What is left out stays as it is. A domain keeps the state WorkOS gave it, unless it is new. */
function merged(
  row: TenantRow,
  { name, domains, metadata, sign_in_client_id: signIn }: Changes,
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
function changed(row: TenantRow, profile: TenantProfile, status: string): Record<string, unknown> {
  const fields = (['name', 'domains', 'metadata', 'signInClientId'] as const).filter(
    (field) => !same(row[field], profile[field]),
  );
  return { ...(fields.length > 0 && { fields }), ...(status !== row.status && { status }) };
}

function upstreamChanges(
  row: TenantRow,
  changes: Changes,
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

function reply(row: TenantRow, client: Client): TenantReply {
  return {
    object: 'tenant',
    id: row.id,
    ...(hasScope(client, 'tenants:adopt') && { workos_organization_id: row.organizationId }),
    name: row.name,
    status: row.status as TenantReply['status'],
    domains: row.domains.map(({ domain, state }) => ({ domain, state })),
    metadata: row.metadata,
    sign_in_client_id: row.signInClientId,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}
