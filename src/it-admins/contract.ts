import { z } from 'zod';
import { USER_ID } from '../core/user-id.ts';
import type { Contract } from '../http/endpoint.ts';
import { TenantParams } from '../core/wire-ids.ts';

const UserId = z
  .string()
  .regex(USER_ID, 'must be 1 to 255 printable ASCII characters')
  .meta({
    description: 'The user’s id: the `sub` of their token, compared byte for byte.',
    examples: ['ada'],
  });

const ItAdminParams = TenantParams.extend({ user_id: UserId });

const State = z.enum(['granted', 'denied']).meta({
  id: 'ItAdminState',
  description:
    '`granted`: an IT admin, whatever the user’s token says. `denied`: not an IT admin, whatever the token says.',
});

const PutItAdmin = z
  .strictObject({ state: State })
  .meta({ id: 'PutItAdmin', description: 'The new state of the user in the registry.' });

const ItAdmin = z
  .object({
    object: z.literal('it_admin').meta({ description: 'Always `it_admin`.' }),
    tenant_id: z.string().meta({ description: 'The tenant.' }),
    user_id: z.string().meta({ description: 'The user.' }),
    state: State,
    created_at: z.iso.datetime().meta({ description: 'When the row was first put.' }),
    updated_at: z.iso.datetime().meta({ description: 'When it last changed.' }),
  })
  .meta({ id: 'ItAdmin', description: 'The registry’s row for one user of one tenant.' });

export const itAdminsContract = {
  listItAdmins: {
    method: 'get',
    path: '/v1/tenants/{tenant_id}/it-admins',
    summary: 'List a tenant’s IT admin registry',
    access: { scope: 'it_admins:read', tenant: 'params.tenant_id' },
    params: TenantParams,
    reply: {
      status: 200,
      body: z
        .object({
          object: z.literal('list').meta({ description: 'Always `list`.' }),
          data: z.array(ItAdmin).meta({ description: 'At most 1,000, by user id.' }),
        })
        .meta({ id: 'ItAdminList', description: 'The registry of one tenant.' }),
    },
    problems: [],
  },
  getItAdmin: {
    method: 'get',
    path: '/v1/tenants/{tenant_id}/it-admins/{user_id}',
    summary: 'Get a user’s row in the IT admin registry',
    access: { scope: 'it_admins:read', tenant: 'params.tenant_id' },
    params: ItAdminParams,
    reply: { status: 200, body: ItAdmin },
    problems: ['not-found'],
  },
  putItAdmin: {
    method: 'put',
    path: '/v1/tenants/{tenant_id}/it-admins/{user_id}',
    summary: 'Grant or deny a user the role of IT admin',
    description: 'Takes effect at once on every replica, for tickets already issued too.',
    access: { scope: 'it_admins:write', tenant: 'params.tenant_id' },
    params: ItAdminParams,
    body: PutItAdmin,
    reply: { status: 200, orStatus: 201, body: ItAdmin },
    problems: [],
    example: { state: 'granted' },
  },
  deleteItAdmin: {
    method: 'delete',
    path: '/v1/tenants/{tenant_id}/it-admins/{user_id}',
    summary: 'Remove a user from the registry, so that their token decides again',
    access: { scope: 'it_admins:write', tenant: 'params.tenant_id' },
    params: ItAdminParams,
    reply: { status: 204 },
    problems: ['not-found'],
  },
} as const satisfies Contract;
