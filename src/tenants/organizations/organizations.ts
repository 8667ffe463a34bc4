import type { WorkOS } from '@workos-inc/node';
import { z } from 'zod';
import { failureOf, isNotFound, undefinedIfNotFound } from '../../workos/failure.ts';
import { paginate } from '../../workos/paginate.ts';
import { parseReply, requireSameId } from '../../workos/parse-reply.ts';
import type { CallOptions } from '../../workos/call-options.ts';
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

/** Remembers an organization for lists. @param ageSeconds since it was requested */
export type RememberOrganization = (reply: unknown, ageSeconds: number) => Promise<void>;

const Page = z.object({
  data: z.array(z.unknown()),
  list_metadata: z.object({ after: z.string().nullish() }),
});

/**
 * The organizations of tenants at WorkOS. Every reply is validated and reduced to what is needed here.
 * It bypasses the SDK's own methods, which drop fields that are remembered.
 *
 * @param remember called with each organization that was created or changed
 */
export function createOrganizations(
  upstream: Upstream,
  prefix: string,
  remember: RememberOrganization = () => Promise.resolve(),
) {
  const read = { class: 'organizations', repeatable: true } as const;
  const write = { class: 'organizations', repeatable: false } as const;
  const externalIdOf = (tenantId: string) => `${prefix}${tenantId}`;

  /** Returns undefined if WorkOS has none with this tenant's external id. */
  const findByTenant = (tenantId: string): Promise<MappedOrganization | undefined> =>
    orUndefined(
      upstream.call(read, (workos) =>
        workos.get(`/organizations/external_id/${encodeURIComponent(externalIdOf(tenantId))}`),
      ),
    );

  /** Returns undefined if WorkOS has none with this id. */
  const find = async (organizationId: string): Promise<MappedOrganization | undefined> => {
    const found = await orUndefined(
      upstream.call(read, (workos) => workos.get(pathOf(organizationId))),
    );
    return found && requireSameId(organizationId, found);
  };

  const change = async (
    tenantId: string,
    options: CallOptions,
    send: (workos: WorkOS) => Promise<Answer>,
  ): Promise<MappedOrganization> => {
    const began = performance.now();
    const { data } = await upstream.call(options, send);
    const organization = toMappedOrganization(data);
    // An answer that was mixed up on its way is another tenant's.
    if (organization.markedFor === tenantId)
      await remember(data, (performance.now() - began) / 1_000);
    return organization;
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
        const body = {
          name,
          external_id: externalIdOf(tenantId),
          metadata: { ...metadata, [MARK]: tenantId },
          ...(domains.length > 0 && { domain_data: domains }),
        };
        return await change(tenantId, write, (workos) =>
          workos.post('/organizations', body, { idempotencyKey }),
        );
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
      const body = {
        external_id: externalIdOf(tenantId),
        ...(name !== undefined && { name }),
        ...(domains && { domain_data: domains.map((one) => asSent(one, now?.domains)) }),
        metadata,
      };
      const updated = await change(tenantId, read, (workos) => {
        onSend?.();
        return workos.put(pathOf(organizationId), body);
      });
      return requireSameId(organizationId, updated);
    },

    /** Removes our external id and mark from an organization that no longer belongs to a tenant. */
    async disown(organizationId: string): Promise<void> {
      const body = { external_id: null, metadata: { [MARK]: null } };
      await upstream.call(read, (workos) => workos.put(pathOf(organizationId), body));
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
      const readPage = async (after: string | undefined) => {
        const query = { limit: 100, order: 'asc', ...(after && { after }) };
        const { data } = await upstream.call(read, (workos) =>
          workos.get<unknown>('/organizations', { query }),
        );
        return parseReply(Page, data, 'a list of organizations');
      };
      const nextOf = (page: z.output<typeof Page>) => page.list_metadata.after;
      for await (const page of paginate(readPage, nextOf, { maxPages: MAX_PAGES }))
        yield* page.data.map(toMappedOrganization);
    },
  };
}

/** Enough for a million organizations. */
const MAX_PAGES = 10_000;

/** The members of the SDK’s return value that are read. */
interface Answer {
  readonly data: unknown;
}

const pathOf = (organizationId: string) => `/organizations/${encodeURIComponent(organizationId)}`;

async function orUndefined(call: Promise<Answer>): Promise<MappedOrganization | undefined> {
  const answer = await call.catch(undefinedIfNotFound);
  return answer && toMappedOrganization(answer.data);
}
