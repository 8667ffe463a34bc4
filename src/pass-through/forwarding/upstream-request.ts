import { hash } from 'node:crypto';
import type { Client } from '../../core/identity.ts';
import { isObject } from '../../core/json.ts';
import type { Permit } from './permit.ts';
import type { Request } from './request.ts';
import { toQueryStrings, type UpstreamRequest } from './request-sender.ts';

/** Builds the request for WorkOS, with the organization id in place of the tenant id. */
export function upstreamRequest(request: Request, permit: Permit): UpstreamRequest {
  const { endpoint, query, client } = request;
  return {
    class: endpoint.forward.class,
    method: endpoint.method,
    path: pathOf(request, permit),
    operation: `${endpoint.method} ${endpoint.path}`,
    query: toQueryStrings(withOrganization(query ?? {}, permit)),
    body: isObject(request.body) ? withOrganization(request.body, permit) : undefined,
    idempotencyKey: upstreamKey(client, tenantOf(request, permit), request.idempotencyKey),
    limited: permit.limited,
    readsReply: endpoint.reply.status !== 204,
  };
}

function pathOf({ endpoint: { path, access }, params }: Request, { tenant }: Permit): string {
  const values: Readonly<Record<string, string>> | undefined = params;
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const namesTenant = access.tenant === `params.${name}`;
    return encodeURIComponent((namesTenant ? tenant?.organizationId : values?.[name]) ?? '');
  });
}

const withOrganization = (
  fields: Readonly<Record<string, unknown>>,
  { tenant }: Permit,
): Readonly<Record<string, unknown>> =>
  fields.organization_id === undefined
    ? fields
    : { ...fields, organization_id: tenant?.organizationId };

/** The tenant that a request concerns: the one it names, or that of its object or of its acting user. */
const tenantOf = ({ actor }: Request, { tenant, owner }: Permit): string =>
  tenant?.id ?? owner?.tenantId ?? actor.user?.tenantId ?? '';

/**
 * Clients share Gatehouse's one WorkOS key. Without client and tenant in it, an idempotency key could get the
 * answer of another client or tenant: the same event of two tenants would be written once.
 */
function upstreamKey(
  { id, generation }: Client,
  tenantId: string,
  key: string | undefined,
): string | undefined {
  if (key === undefined || !/^[\x21-\x7e]{1,255}$/.test(key)) return undefined;
  return hash('sha256', `${id} ${generation} ${tenantId} ${key}`, 'base64url');
}
