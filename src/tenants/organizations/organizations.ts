import type { Organization } from '@workos-inc/node';
import { failureOf, isNotFound, undefinedIfNotFound } from '../../workos/failure.ts';
import { paginate } from '../../workos/paginate.ts';
import { requireSameId } from '../../workos/parse-reply.ts';
import type { Upstream } from '../../workos/upstream.ts';
import type { TenantProfile } from '../model/row.ts';
import {
  asSent,
  MARK,
  metadataEntriesOf,
  toMappedOrganization,
  type MappedOrganization,
  type OrganizationChanges,
} from './organization.ts';

export type Organizations = ReturnType<typeof createOrganizations>;

/** The organizations of tenants at WorkOS. Every reply is validated and reduced to what is needed here. */
export function createOrganizations(upstream: Upstream, prefix: string) {
  const read = { class: 'organizations', repeatable: true } as const;
  const write = { class: 'organizations', repeatable: false } as const;
  const externalIdOf = (tenantId: string) => `${prefix}${tenantId}`;

  /** Returns undefined if WorkOS has none with this tenant's external id. */
  const findByTenant = (tenantId: string): Promise<MappedOrganization | undefined> =>
    orUndefined(
      upstream.call(read, (workos) =>
        workos.organizations.getOrganizationByExternalId(externalIdOf(tenantId)),
      ),
    );

  /** Returns undefined if WorkOS has none with this id. */
  const find = async (organizationId: string): Promise<MappedOrganization | undefined> => {
    const found = await orUndefined(
      upstream.call(read, (workos) => workos.organizations.getOrganization(organizationId)),
    );
    return found && requireSameId(organizationId, found);
  };

  return {
    externalIdOf,
    findByTenant,
    find,

    /**
     * Creates the organization. Never retried, because a lost answer may hide a success and WorkOS
     * does not deduplicate creates; an external id is unique there, though.
     *
     * @returns undefined if the external id is taken
     */
    async create(
      tenantId: string,
      { name, domains, metadata }: TenantProfile,
      idempotencyKey: string,
    ): Promise<MappedOrganization | undefined> {
      try {
        const created = await upstream.call(write, (workos) =>
          workos.organizations.createOrganization(
            {
              name,
              externalId: externalIdOf(tenantId),
              metadata: { ...metadata, [MARK]: tenantId },
              ...(domains.length > 0 && { domainData: domains as never }),
            },
            { idempotencyKey },
          ),
        );
        return toMappedOrganization(created);
      } catch (error) {
        const { code, status } = failureOf(error)?.facts ?? {};
        if (code === 'external_id_already_used') return undefined;
        // Another 409 may mean the same: a concurrent call created it first.
        const existing = status === 409 ? await findByTenant(tenantId) : undefined;
        if (existing) return existing;
        throw error;
      }
    },

    /**
     * Writes the changes, and our external id and mark. Safe to retry.
     *
     * @param known the organization, if it has just been read
     * @param onSend called before each request to WorkOS, retries included
     */
    async update(
      organizationId: string,
      tenantId: string,
      { name, domains, ...changes }: OrganizationChanges,
      known?: MappedOrganization,
      onSend?: () => void,
    ): Promise<MappedOrganization> {
      const isReplacing = domains !== undefined || changes.metadata !== undefined;
      const now = known ?? (isReplacing ? await find(organizationId) : undefined);
      const metadata = { ...metadataEntriesOf(changes, now), [MARK]: tenantId };
      const updated = await upstream.call(read, (workos) => {
        onSend?.();
        return workos.organizations.updateOrganization({
          organization: organizationId,
          externalId: externalIdOf(tenantId),
          ...(name !== undefined && { name }),
          ...(domains && {
            domainData: domains.map((domain) => asSent(domain, now?.domains)) as never,
          }),
          metadata,
        });
      });
      return requireSameId(organizationId, toMappedOrganization(updated));
    },

    /** Removes our external id and mark from an organization that no longer belongs to a tenant. */
    async disown(organizationId: string): Promise<void> {
      const body = { external_id: null, metadata: { [MARK]: null } };
      await upstream.call(read, (workos) => workos.put(`/organizations/${organizationId}`, body));
    },

    /** Deletes an organization; succeeds if it does not exist. */
    async remove(organizationId: string): Promise<void> {
      try {
        // WorkOS has a separate, low rate limit for deletions.
        await upstream.call({ ...read, operation: 'delete' }, (workos) =>
          workos.organizations.deleteOrganization(organizationId),
        );
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    },

    /** All organizations of the environment, page by page. */
    async *all(): AsyncGenerator<MappedOrganization> {
      const readPage = (after: string | undefined) =>
        upstream.call(read, (workos) =>
          workos.organizations.listOrganizations({
            limit: 100,
            order: 'asc',
            ...(after && { after }),
          }),
        );
      const nextOf = (page: Awaited<ReturnType<typeof readPage>>) => page.listMetadata.after;
      for await (const page of paginate(readPage, nextOf, { maxPages: MAX_PAGES }))
        yield* page.data.map(toMappedOrganization);
    },
  };
}

/** Enough for a million organizations. */
const MAX_PAGES = 10_000;

async function orUndefined(call: Promise<Organization>): Promise<MappedOrganization | undefined> {
  const organization = await call.catch(undefinedIfNotFound);
  return organization && toMappedOrganization(organization);
}
