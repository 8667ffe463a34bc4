import { z } from 'zod';
import { listOf } from '../../http/pagination.ts';
import { UPSTREAM_PROBLEMS } from '../../core/problem.ts';
import { TenantId } from '../../core/wire-ids.ts';
import type { ForwardedContract } from '../forwarding/forwarded-endpoint.ts';
import {
  filter,
  id,
  list,
  object,
  objectParams,
  page,
  part,
  stamps,
  tenantId,
  text,
} from '../forwarding/wire.ts';

/** @see https://workos.com/docs/reference/sso/connection */
const Connection = object('Connection', 'connection', {
  id: id('connection'),
  organization_id: tenantId,
  connection_type: text('The kind of identity provider, e.g. `OktaSAML`; the list grows.'),
  name: text('The name of the connection.'),
  state: text('`active` once users can sign in with it.'),
  status: text('`linked` or `unlinked`; the older name of `state`.'),
  domains: list(
    z.object({
      id: id('domain'),
      object: text('Always `connection_domain`.'),
      domain: text('A domain name.'),
    }),
    'The domains of the connection’s users.',
  ),
  options: part(
    { signing_cert: text('The certificate that requests are signed with.') },
    'Present for some kinds of connections.',
  ),
  callback_endpoint: text(
    'The address at WorkOS that the identity provider sends users to: for SAML the ACS URL, for OIDC the redirect URI.',
  ),
  ...stamps,
});

export const connectionsContract = {
  listConnections: {
    method: 'get',
    path: '/connections',
    summary: 'List connections',
    access: { scope: 'connections:read', tenant: 'query.organization_id', orEveryTenant: true },
    query: z.strictObject({
      ...page,
      connection_type: filter('Only connections of this kind.'),
      domain: filter('Only connections with this domain.'),
      organization_id: TenantId.optional().meta({
        description: 'Only connections of this tenant.',
      }),
      search: filter('Only connections with this text in the name.'),
    }),
    reply: { status: 200, body: listOf('ConnectionList', Connection) },
    problems: ['organization-id-required', ...UPSTREAM_PROBLEMS],
    forward: { class: 'connections', rule: 'named', noun: 'connection', cursor: '/connections/' },
  },
  getConnection: {
    method: 'get',
    path: '/connections/{id}',
    summary: 'Get a connection',
    access: { scope: 'connections:read', tenantOf: 'object' },
    params: objectParams,
    reply: { status: 200, body: Connection },
    problems: ['not-found', ...UPSTREAM_PROBLEMS],
    forward: { class: 'connections', rule: 'object', noun: 'connection' },
  },
  deleteConnection: {
    method: 'delete',
    path: '/connections/{id}',
    summary: 'Delete a connection',
    description: 'Its users can no longer sign in. It cannot be undone.',
    access: { scope: 'connections:write', tenantOf: 'object', actingUser: 'it-admin' },
    params: objectParams,
    reply: { status: 204 },
    problems: ['not-found', ...UPSTREAM_PROBLEMS],
    forward: { class: 'connections', rule: 'object', noun: 'connection', audited: true },
  },
} as const satisfies ForwardedContract;
