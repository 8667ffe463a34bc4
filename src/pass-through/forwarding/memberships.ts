import { z } from 'zod';
import { mayUseEveryTenant, mayUseTenant, type Client } from '../../core/identity.ts';
import { comparableAddress } from '../../core/mail-address.ts';
import { Time } from '../../core/time.ts';
import { undefinedIfNotFound, UpstreamFailure } from '../../workos/failure.ts';
import { paginate } from '../../workos/paginate.ts';
import { parseReply, StoredId } from '../../workos/parse-reply.ts';
import type { FoundObject } from './lost-objects-store.ts';
import { requireOrganization } from './same-object.ts';
import type { OwnedStore } from './store.ts';
import type { TenantsOf } from './tenant-finder.ts';
import type { RequestSender } from './request-sender.ts';

/**
 * `all`: every membership is in a tenant of the client. `some`: there are others too, even if only pending.
 * `none`: the client may not see the user, or has only invited them, which it can do to anybody.
 */
export type UserAccess = 'all' | 'some' | 'none';

export interface Memberships {
  /**
   * @param current reads the client again after WorkOS was asked. Default: the given client
   * @throws UpstreamFailure
   */
  accessOf(client: Client, userId: string, current?: () => Promise<Client>): Promise<UserAccess>;
  /** True if the user has a membership of any status in the organization. @throws UpstreamFailure */
  isListed(organizationId: string, userId: string): Promise<boolean>;
  /** True if the user is more than invited to the organization. @throws UpstreamFailure */
  isMember(organizationId: string, userId: string): Promise<boolean>;
  /**
   * Returns the users who are only invited to the organization. Undefined if there are more than 500.
   *
   * @throws UpstreamFailure
   */
  invitedTo(organizationId: string): Promise<ReadonlySet<string> | undefined>;
  /** Returns the user with this e-mail address, or undefined. @throws UpstreamFailure */
  userWithEmail(email: string): Promise<FoundObject | undefined>;
}

export interface MembershipsDeps {
  readonly sender: Pick<RequestSender, 'send'>;
  readonly owned: Pick<OwnedStore, 'ownerOf'>;
  readonly tenantsOf: TenantsOf;
}

const EVERY_STATUS = 'active,inactive,pending';
const JOINED = 'active,inactive';
const INVITED = 'pending';
/** Pages of 100 invited users. If there are more, it takes less time to look at each listed user. */
const MOST_PAGES = 5;
const Page = z.object({
  data: z.array(
    z.object({
      organization_id: z.string(),
      user_id: z.string().nullish(),
      status: z.string().nullish(),
    }),
  ),
  list_metadata: z.object({ after: z.string().nullish() }).nullish(),
});

const Users = z.object({
  data: z.array(z.object({ id: StoredId, email: z.string(), created_at: Time })),
});

/** Users belong to the environment, so what a client may see depends on their memberships. */
export function createMemberships({ sender, owned, tenantsOf }: MembershipsDeps): Memberships {
  const read = async (query: Readonly<Record<string, string>>) => {
    const path = '/user_management/organization_memberships';
    const reply = await sender.send({ class: 'users', method: 'get', path, query });
    return parseReply(Page, reply, 'a list of memberships');
  };

  const pagesOf = (filters: Readonly<Record<string, string>>) =>
    paginate(
      (after) => read({ ...filters, limit: '100', ...(after !== undefined && { after }) }),
      (page) => page.list_metadata?.after,
    );

  const membershipsOf = async (userId: string) => {
    const found: z.output<typeof Page>['data'] = [];
    const pages = pagesOf({ user_id: userId, statuses: EVERY_STATUS });
    for await (const { data } of pages) found.push(...data);
    // A filter that was not applied would make everybody a user of the client.
    if (found.some((one) => one.user_id !== userId))
      throw new UpstreamFailure('invalid-response', { reason: 'memberships of another user' });
    return found;
  };

  const membershipIn = async (organizationId: string, userId: string, statuses: string) => {
    const query = { organization_id: organizationId, user_id: userId, statuses, limit: '1' };
    const page = await read(query).catch(undefinedIfNotFound);
    // Compared again: a filter that was not applied would make everybody a member.
    return page?.data.find(
      (one) => one.organization_id === organizationId && one.user_id === userId,
    );
  };

  return {
    async accessOf(before, userId, current = () => Promise.resolve(before)) {
      if (mayUseEveryTenant(before)) return 'all';
      const memberships = await membershipsOf(userId).catch(undefinedIfNotFound);
      if (!memberships) return 'none';
      const tenants = await tenantsOf(memberships.map((one) => one.organization_id));
      const client = await current();
      const isMine = ({ organization_id: id }: { readonly organization_id: string }) => {
        const tenant = tenants.get(id);
        return tenant !== undefined && mayUseTenant(client, tenant.id);
      };
      const mine = memberships.filter(isMine);
      const owner = await owned.ownerOf(client, 'user', userId);
      // Users made for a tenant leave the client with the tenant.
      const isMade = owner && (owner.tenantId === null || mayUseTenant(client, owner.tenantId));
      if (!isMade && mine.every(({ status }) => status === 'pending')) return 'none';
      return mine.length === memberships.length ? 'all' : 'some';
    },

    async isListed(organizationId, userId) {
      return (await membershipIn(organizationId, userId, EVERY_STATUS)) !== undefined;
    },

    async isMember(organizationId, userId) {
      const found = await membershipIn(organizationId, userId, JOINED);
      return found !== undefined && found.status !== INVITED;
    },

    async invitedTo(organizationId) {
      const invited = new Set<string>();
      let left = MOST_PAGES;
      for await (const page of pagesOf({ organization_id: organizationId, statuses: INVITED })) {
        for (const membership of page.data) {
          requireOrganization(organizationId, membership);
          const { status, user_id: id } = membership;
          if (status === INVITED && id) invited.add(id);
        }
        left -= 1;
        if (left === 0 && page.list_metadata?.after) return undefined;
      }
      return invited;
    },

    async userWithEmail(email) {
      const query = { email, limit: '1' };
      const path = '/user_management/users';
      const reply = await sender.send({ class: 'users', method: 'get', path, query });
      const { data } = parseReply(Users, reply, 'a list of users');
      const asked = comparableAddress(email);
      const user = data.find((one) => comparableAddress(one.email) === asked);
      return user && { id: user.id, createdAt: user.created_at };
    },
  };
}
