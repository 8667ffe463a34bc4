import { auditRows } from '../audit-trail/audited.ts';
import type { AuditWriter } from '../audit-trail/writer.ts';
import { hasScope, type Actor, type Client } from '../core/identity.ts';
import type { FindClient, ReportMissingOrganization } from '../core/ports.ts';
import { invalidField, Problem } from '../core/problem.ts';
import type { InputOf } from '../http/endpoint.ts';
import type { tenantsContract } from './contract.ts';
import { createDeletion } from './provisioning/deletion.ts';
import type { Organizations } from './organizations/organizations.ts';
import type { Provisioning } from './provisioning/provisioning.ts';
import { createChanges, type TenantChanges } from './changes/changes.ts';
import type { SignInClient } from './model/profile.ts';
import { createPutTenant, type WantedTenant } from './put-tenant.ts';
import { deletionInProgress, provisioningInProgress } from './model/status.ts';
import type { TenantRow } from './model/row.ts';
import type { TenantStore } from './registry/store.ts';
import { tenantReply, type TenantReply } from './reply.ts';

export interface TenantServiceDeps {
  readonly tenants: TenantStore;
  readonly organizations: Organizations;
  readonly provisioning: Provisioning;
  readonly audit: AuditWriter;
  readonly reportMissing: ReportMissingOrganization;
  readonly clientById: FindClient;
  /** Clears this process's tenant cache at once; other replicas are notified by Postgres. */
  readonly forget: () => void;
}

interface NewTenant {
  readonly id: string;
  readonly wanted: WantedTenant;
  readonly actor: Actor;
  readonly client: Client;
}

interface TenantUpdate {
  readonly id: string;
  readonly changes: TenantChanges;
  readonly actor: Actor;
  readonly client: Client;
}

interface TenantRemoval {
  readonly id: string;
  /** Also delete the organization at WorkOS. */
  readonly deleteAtWorkos: boolean;
  readonly actor: Actor;
}

type In<Op extends keyof typeof tenantsContract> = InputOf<typeof tenantsContract, Op>;
type PutTenant = In<'putTenant'>['body'];
type PatchTenant = In<'patchTenant'>['body'];

export type TenantService = ReturnType<typeof createTenantService>;

export function createTenantService(deps: TenantServiceDeps) {
  const { tenants, provisioning } = deps;
  const { change } = createChanges(deps);
  const { put, create } = createPutTenant({ ...deps, change });
  const deleteTenant = createDeletion(deps);

  const update = async ({ id, changes, actor, client }: TenantUpdate): Promise<TenantRow> => {
    requireScopes(client, changes);
    const after = await change(await existing(tenants, id), changes, actor, 'given');
    deps.forget();
    return after;
  };

  /**
   * Deletes the tenant; with `delete_organization` its organization at WorkOS first, and the
   * reconciler finishes after a crash in between. A deletion that has begun is finished either
   * way, because WorkOS may have received it already.
   */
  const remove = async ({ id, deleteAtWorkos, actor }: TenantRemoval): Promise<undefined> => {
    const row = await existing(tenants, id);
    if (row.status === 'provisioning' && !provisioning.isAbandoned(row))
      throw provisioningInProgress();
    if (row.status === 'deleting' && row.leased) throw deletionInProgress();
    const deleteOrganization = deleteAtWorkos || row.status === 'deleting';
    const details = { delete_organization: deleteOrganization };
    const audit = auditRows({ actor, tenantId: id, details });
    const done = deleteOrganization
      ? await deleteTenant(provisioning.newClaim(id), row, audit)
      : await tenants.unlink(id, row, audit('succeeded'));
    if (!done) throw deletionInProgress();
    deps.forget();
    return undefined;
  };

  return {
    /** @throws Problem `organization-conflict`, `tenant-deleted`, `provisioning-*`, `upstream-*` */
    async put({ params, body, actor, client }: In<'putTenant'>) {
      requireScopes(client, body);
      const { name, domains, metadata, workos_organization_id: organizationId } = body;
      const signIn = await signInOf(body, deps);
      const wanted = { name, domains, metadata, signIn, organizationId };
      const { status, row } = await put(params.tenant_id, wanted, actor);
      return { status, body: tenantReply(row, client) };
    },

    /** Creates a tenant that does not exist yet. @throws Problem `external-id-already-used`, and as `put` */
    async create({ id, wanted, actor, client }: NewTenant): Promise<void> {
      requireScopes(client, wanted);
      await create(id, wanted, actor);
    },

    async get({ params, client }: In<'getTenant'>): Promise<TenantReply> {
      return tenantReply(await existing(tenants, params.tenant_id), client);
    },

    async list({ query, client }: Pick<In<'listTenants'>, 'query' | 'client'>) {
      const page = await tenants.list(client, query);
      return {
        object: 'list' as const,
        ...page,
        data: page.data.map((row) => tenantReply(row, client)),
      };
    },

    async patch({ params, body, actor, client }: In<'patchTenant'>): Promise<TenantReply> {
      const { name, domains, metadata, status } = body;
      const signIn = await signInOf(body, deps);
      const changes = { name, domains, metadata, status, signIn };
      const row = await update({ id: params.tenant_id, changes, actor, client });
      return tenantReply(row, client);
    },

    update,

    remove,

    delete({ params, query, actor }: In<'deleteTenant'>): Promise<undefined> {
      return remove({
        id: params.tenant_id,
        deleteAtWorkos: query.delete_organization,
        actor,
      });
    },
  };
}

async function existing(tenants: TenantStore, id: string): Promise<TenantRow> {
  const row = await tenants.byId(id);
  if (!row || row.status === 'deleted')
    throw new Problem('tenant-not-found', 'There is no such tenant for this client.');
  return row;
}

/** Checks the scopes that some fields need beyond the operation's own. @throws Problem `insufficient-scope` */
export function requireScopes(
  client: Client,
  {
    workos_organization_id: id,
    domains,
  }: Pick<TenantChanges, 'domains'> & Pick<Partial<PutTenant>, 'workos_organization_id'>,
): void {
  if (id !== undefined && !hasScope(client, 'tenants:adopt')) {
    throw new Problem(
      'insufficient-scope',
      'Adopting an organization needs the scope tenants:adopt.',
    );
  }
  if (domains?.some(({ state }) => state === 'verified') && !hasScope(client, 'domains:verify')) {
    throw new Problem(
      'insufficient-scope',
      'A domain that is verified from the start needs the scope domains:verify.',
    );
  }
}

/** Stores the client's generation too, so that a client registered later under the same id does not count. */
async function signInOf(
  { sign_in_client_id: clientId }: Pick<PatchTenant, 'sign_in_client_id'>,
  { clientById }: Pick<TenantServiceDeps, 'clientById'>,
): Promise<SignInClient | undefined> {
  if (clientId === undefined) return undefined;
  if (clientId === null) return { clientId, generation: null };
  const found = await clientById(clientId);
  if (!found)
    throw invalidField('sign_in_client_id', 'unknown_client', 'is not a registered client');
  return { clientId, generation: found.generation };
}
