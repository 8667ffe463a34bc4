import type { Organization } from '@workos-inc/node';
import { z } from 'zod';
import { failureOf, isNotFound, undefinedIfNotFound } from '../../workos/failure.ts';
import { paginate } from '../../workos/paginate.ts';
import { parseReply, requireSameId } from '../../workos/parse-reply.ts';
import { withoutMarks } from '../../workos/translate-ids.ts';
import type { Upstream } from '../../workos/upstream.ts';
import { organizationConflict } from '../model/status.ts';
import type { TenantDomain, TenantProfile } from '../model/row.ts';

/** The metadata key that marks an organization as ours. Without it, one with our external id was made by somebody else. */
const MARK = 'gatehouse_tenant';

/** The part of an organization that the mapping needs. */
export interface MappedOrganization {
  readonly id: string;
  readonly name: string;
  readonly externalId: string | null;
  /** The tenant id in our mark; undefined if the organization is not marked. */
  readonly markedFor: string | undefined;
  readonly domains: readonly TenantDomain[];
  /** Without our own keys. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** The changes to write to an organization; fields left out are unchanged. */
export interface OrganizationChanges {
  readonly name?: string;
  /** The whole list. */
  readonly domains?: readonly TenantDomain[];
  /** The whole map: other keys at WorkOS are removed. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Only these keys of the map; null removes one. */
  readonly metadataEntries?: Readonly<Record<string, string | null>>;
}

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
        return mapped(created);
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
      const metadata = { ...entriesOf(changes, now), [MARK]: tenantId };
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
      return requireSameId(organizationId, mapped(updated));
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
        yield* page.data.map(mapped);
    },
  };
}

/** Enough for a million organizations. */
const MAX_PAGES = 10_000;

/** WorkOS merges metadata and null removes a key, so keys to remove have to be listed. */
function entriesOf(
  { metadata, metadataEntries }: OrganizationChanges,
  known: MappedOrganization | undefined,
): Readonly<Record<string, string | null>> {
  if (!metadata) return metadataEntries ?? {};
  const gone = Object.keys(known?.metadata ?? {}).filter((key) => !Object.hasOwn(metadata, key));
  return { ...metadata, ...Object.fromEntries(gone.map((key) => [key, null])) };
}

const VERIFIED = ['verified', 'legacy_verified'];

/** WorkOS accepts only `pending` and `verified`. A domain that it has verified in the meantime stays verified. */
function asSent(
  { domain, state }: TenantDomain,
  known: readonly TenantDomain[] | undefined,
): TenantDomain {
  const now = known?.find((one) => one.domain === domain)?.state ?? state;
  return { domain, state: VERIFIED.includes(now) ? 'verified' : 'pending' };
}

/** @throws Problem `organization-conflict` unless the organization may serve this tenant. */
export function requireAdoptable(
  organization: MappedOrganization,
  tenantId: string,
  externalId: string,
): void {
  const { externalId: theirs, markedFor } = organization;
  if (
    (theirs !== null && theirs !== externalId) ||
    (markedFor !== undefined && markedFor !== tenantId)
  ) {
    throw organizationConflict('The organization carries another tenant’s external id or mark.');
  }
}

async function orUndefined(call: Promise<Organization>): Promise<MappedOrganization | undefined> {
  const organization = await call.catch(undefinedIfNotFound);
  return organization && mapped(organization);
}

const Reply = z.object({
  id: z.string().regex(/^[\x21-\x7e]{1,100}$/),
  name: z.string(),
  externalId: z.string().nullable(),
  metadata: z.record(z.string(), z.string()),
  domains: z.array(z.object({ domain: z.string(), state: z.string().default('pending') })),
});

/** @throws UpstreamFailure `invalid-response` */
function mapped(organization: Organization): MappedOrganization {
  const { metadata, ...rest } = parseReply(Reply, organization, 'an organization');
  return { ...rest, metadata: withoutMarks(metadata), markedFor: metadata[MARK] };
}
