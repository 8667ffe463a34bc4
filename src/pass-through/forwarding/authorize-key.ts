/** Authorizes by the tenant of an API key, which WorkOS cannot be asked for by the key's id. */
import { z } from 'zod';
import { mayUseTenant, type Tenant } from '../../core/identity.ts';
import { paginate } from '../../workos/paginate.ts';
import { parseReply } from '../../workos/parse-reply.ts';
import { requireOrganization } from './same-object.ts';
import { hideTenant, notFound, type AuthorizationDeps, type Permit } from './permit.ts';
import type { RequestFor } from './request.ts';

/**
 * The tenant of a key that was created here is stored. A key that was created elsewhere, in a widget
 * for example, is looked for among the keys of the acting user's tenant.
 */
export async function authorizeByKey(
  deps: AuthorizationDeps,
  request: RequestFor<'key'>,
): Promise<Permit> {
  const { endpoint, params, client, actor } = request;
  const ofAnyone = await deps.owned.tenantOf('api_key', params.id);
  // Another tenant's key is looked for as well: otherwise the response time would reveal that it exists.
  const stored = ofAnyone !== undefined && mayUseTenant(client, ofAnyone) ? ofAnyone : undefined;
  const tenantId = stored ?? actor.user?.tenantId;
  if (tenantId === undefined || !mayUseTenant(client, tenantId)) throw notFound(endpoint);
  const as = { ...actor, client };
  const tenant = await deps.guard
    .authorize(endpoint.access, tenantId, as)
    .catch(hideTenant(endpoint));
  if (!tenant) throw notFound(endpoint);
  if (stored === undefined) {
    if (!(await hasKey(deps, tenant, params.id))) throw notFound(endpoint);
    // Client and user may have lost their rights while WorkOS was asked.
    await deps.guard.confirm(endpoint.access, tenantId, as).catch(hideTenant(endpoint));
  }
  return { tenant };
}

const Page = z.object({
  data: z.array(z.looseObject({ id: z.string() })),
  list_metadata: z.object({ after: z.string().nullish() }).nullish(),
});

/**
 * Reads the keys of the tenant until the key is found.
 *
 * @param userId whose keys are read. Default: those that belong to no user
 * @throws UpstreamFailure
 */
export async function hasKey(
  { sender }: Pick<AuthorizationDeps, 'sender'>,
  { organizationId }: Tenant,
  keyId: string,
  userId?: string,
): Promise<boolean> {
  if (organizationId === null) return false;
  const [path, filter] =
    userId === undefined
      ? [`/organizations/${organizationId}/api_keys`, {}]
      : [`/user_management/users/${userId}/api_keys`, { organization_id: organizationId }];
  const read = async (after: string | undefined) => {
    const query = { ...filter, limit: '100', ...(after !== undefined && { after }) };
    const page = await sender.send({ class: 'api_keys', method: 'get', path, query });
    const keys = parseReply(Page, page, 'a list of API keys');
    for (const key of keys.data) requireOrganization(organizationId, key);
    return keys;
  };
  const pages = paginate(read, (page) => page.list_metadata?.after, { maxPages: 20 });
  for await (const { data } of pages) if (data.some(({ id }) => id === keyId)) return true;
  return false;
}
