import { z } from 'zod';
import { mayUseEveryTenant, mayUseTenant, type Client } from '../identity.ts';
import { isNotFound, UpstreamFailure } from '../workos/failure.ts';
import type { OwnedStore } from './store.ts';
import type { TenantsOf } from './tenant-finder.ts';
import { requireProgress, type Sender } from './upstream.ts';

/** `all`: every membership is in tenants of the client. `some`: there are others. `none`: it does not see the user. */
export type UserAccess = 'all' | 'some' | 'none';

export interface Memberships {
  /** @throws UpstreamFailure */
  accessOf(client: Client, userId: string): Promise<UserAccess>;
}

export interface MembershipsDeps {
  readonly sender: Pick<Sender, 'send'>;
  readonly owned: Pick<OwnedStore, 'ownerOf'>;
  readonly tenantsOf: TenantsOf;
}

const Page = z.object({
  data: z.array(z.object({ organization_id: z.string() })),
  list_metadata: z.object({ after: z.string().nullish() }).nullish(),
});

const undefinedIfMissing = (error: unknown): undefined => {
  if (!isNotFound(error)) throw error;
};

/** Users are the environment's: which of them a client sees, it sees by their memberships. */
export function createMemberships({ sender, owned, tenantsOf }: MembershipsDeps): Memberships {
  const organizationsOf = async (userId: string, after?: string, pages = 1): Promise<string[]> => {
    const query = {
      user_id: userId,
      statuses: 'active,inactive,pending',
      limit: '100',
      ...(after !== undefined && { after }),
    };
    const path = '/user_management/organization_memberships';
    const answer = Page.safeParse(
      await sender.send({ class: 'users', method: 'get', path, query }),
    );
    if (!answer.success) throw new UpstreamFailure('invalid-response', { reason: 'no list' });
    const { data, list_metadata: cursors } = answer.data;
    const ids = data.map(({ organization_id: id }) => id);
    const next = cursors?.after;
    if (!next) return ids;
    requireProgress(next, after, pages);
    return [...ids, ...(await organizationsOf(userId, next, pages + 1))];
  };

  return {
    async accessOf(client, userId) {
      if (mayUseEveryTenant(client)) return 'all';
      const organizationIds = await organizationsOf(userId).catch(undefinedIfMissing);
      if (!organizationIds) return 'none';
      const tenants = await tenantsOf(organizationIds);
      const isMine = (id: string) => {
        const tenant = tenants.get(id);
        return tenant !== undefined && mayUseTenant(client, tenant.id);
      };
      const made = (await owned.ownerOf('user', userId))?.clientId === client.id;
      if (!made && !organizationIds.some(isMine)) return 'none';
      return organizationIds.every(isMine) ? 'all' : 'some';
    },
  };
}
