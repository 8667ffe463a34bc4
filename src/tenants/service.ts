import type { z } from 'zod';
import type { AuditRow, AuditWriter, Outcome } from '../audit-trail/writer.ts';
import { hasScope, type Actor, type Client } from '../identity.ts';
import { invalidField, Problem } from '../problem.ts';
import type { Endpoint, Input } from '../http/endpoint.ts';
import { refuseTwoCursors } from '../http/pagination.ts';
import type { TenantSchema, tenantsContract } from './contract.ts';
import type { Organizations } from './organizations.ts';
import type { Provisioning } from './provisioning.ts';
import { createChanges, type RecordOwn } from './changes.ts';
import type { PutTenant, TenantChanges } from './profile.ts';
import { createPutting } from './putting.ts';
import { notUsable, provisioningInProgress } from './status.ts';
import type { TenantRow, TenantStore } from './store.ts';

export interface TenantServiceDeps {
  readonly tenants: TenantStore;
  readonly organizations: Organizations;
  readonly provisioning: Provisioning;
  readonly audit: AuditWriter;
  readonly recordOwn: RecordOwn;
  /** Whether a client with this id is registered. */
  readonly clientExists: (id: string) => Promise<boolean>;
  /** This process need not wait for the word that all replicas get. */
  readonly forget: () => void;
}

type TenantReply = z.input<typeof TenantSchema>;

export type TenantService = ReturnType<typeof createTenantService>;

export function createTenantService(deps: TenantServiceDeps) {
  const { tenants, organizations, provisioning } = deps;
  const { change, reportMissing } = createChanges(deps);
  const put = createPutting({ ...deps, change });

  return {
    reportMissing,

    /** @throws Problem `organization-conflict`, `tenant-deleted`, `provisioning-*`, `upstream-*` */
    async put(id: string, body: PutTenant, actor: Actor, client: Client) {
      requireScopes(client, body);
      await requireKnownClient(body, deps.clientExists);
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

    async patch(
      id: string,
      changes: TenantChanges,
      actor: Actor,
      client: Client,
    ): Promise<TenantReply> {
      requireScopes(client, changes);
      await requireKnownClient(changes, deps.clientExists);
      const row = await existing(tenants, id);
      if (row.status !== 'active' && row.status !== 'suspended') throw notUsable(row);
      const after = await change(row, changes, actor);
      deps.forget();
      return reply(after, client);
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
      deps.forget();
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

/** What a profile needs beyond the scope of the operation. @throws Problem `insufficient-scope` */
export function requireScopes(
  client: Client,
  { workos_organization_id: id, domains }: Partial<PutTenant>,
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

async function requireKnownClient(
  { sign_in_client_id: signIn }: TenantChanges,
  clientExists: TenantServiceDeps['clientExists'],
): Promise<void> {
  if (typeof signIn === 'string' && !(await clientExists(signIn))) {
    throw invalidField('sign_in_client_id', 'unknown_client', 'is not a registered client');
  }
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
