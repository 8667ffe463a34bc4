import { z } from 'zod';
import { OBJECT_PROBLEMS } from '../../core/problem.ts';
import { TenantId } from '../../core/wire-ids.ts';
import type { ForwardedContract } from '../forwarding/forwarded-endpoint.ts';
import { ObjectId } from '../forwarding/wire.ts';

export const widgetsContract = {
  createWidgetToken: {
    method: 'post',
    path: '/widgets/token',
    priority: 'interactive',
    summary: 'Create a token for WorkOS’s widgets',
    description:
      'The browser uses the token at WorkOS to change what the Admin Portal changes, so the acting user must be an IT admin of the tenant. The user must be a member of it, and of no tenant that the client may not use.',
    access: { scope: 'widgets:token', tenant: 'body.organization_id', actingUser: 'it-admin' },
    body: z
      .strictObject({
        organization_id: TenantId.meta({ description: 'Your tenant id.' }),
        user_id: ObjectId.optional().meta({ description: 'The id of the user at WorkOS.' }),
        scopes: z
          .array(z.string().regex(/^widgets:[a-z-]+:[a-z-]+$/, 'must be e.g. widgets:sso:manage'))
          .max(20)
          .optional()
          .meta({ description: 'What the token may do, e.g. `widgets:sso:manage`.' }),
      })
      .meta({ id: 'CreateWidgetToken', description: 'The user and what they may do.' }),
    reply: {
      status: 201,
      body: z
        .object({ token: z.string().meta({ description: 'The secret token, for one hour.' }) })
        .meta({ id: 'WidgetToken', description: 'A token for widgets.' }),
      secret: true,
    },
    problems: ['user-is-shared', ...OBJECT_PROBLEMS],
    forward: {
      class: 'widgets',
      rule: 'named',
      noun: 'user',
      unmarked: true,
      // Widgets also change what the user has in every tenant: the name, the password, the factors.
      names: [
        { at: 'body.user_id', kind: 'member' },
        { at: 'body.user_id', kind: 'unshared' },
      ],
      grants: true,
      audited: true,
    },
    example: { organization_id: 'acme', scopes: ['widgets:sso:manage'] },
  },
} as const satisfies ForwardedContract;
