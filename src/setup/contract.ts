import { z } from 'zod';
import type { Contract } from '../http/endpoint.ts';
import { TenantParams } from '../core/wire-ids.ts';

const State = z.enum(['not_configured', 'in_progress', 'active', 'attention', 'unknown']).meta({
  id: 'SetupState',
  description:
    '`in_progress`: begun and not in use yet. `attention`: set up, and somebody has to act. `unknown`: see `reason`.',
});

const Reason = z.enum(['not_read_yet', 'not_told_yet']).meta({
  id: 'SetupReason',
  description:
    'Why the state is `unknown`. `not_read_yet`: Gatehouse has not been able to read it from WorkOS. `not_told_yet`: WorkOS tells of it by events only, and has sent none.',
});

const reason = Reason.optional();
const updatedAt = z.iso.datetime().meta({ description: 'When it last changed, says WorkOS.' });

const SetupConnection = z
  .object({
    id: z.string().meta({ description: 'The connection.' }),
    type: z.string().meta({ description: 'E.g. `OktaSAML`, `EntraIdOIDC`.' }),
    name: z.string().meta({ description: 'Its name.' }),
    state: z.string().meta({
      description: 'As WorkOS has it: `draft`, `active`, `validating`, `inactive`, …',
    }),
    certificate_expires_at: z.iso.datetime().optional().meta({
      description:
        'When the first of its certificates ends. Absent where WorkOS has not told of one.',
    }),
    updated_at: updatedAt,
  })
  .meta({ id: 'SetupConnection', description: 'A connection to an identity provider.' });

const SetupDirectory = z
  .object({
    id: z.string().meta({ description: 'The directory.' }),
    type: z.string().meta({ description: 'E.g. `okta scim v2.0`.' }),
    name: z.string().meta({ description: 'Its name.' }),
    state: z.string().meta({
      description: '`active`, `validating`, `invalid_credentials`, `inactive`, …',
    }),
    updated_at: updatedAt,
  })
  .meta({ id: 'SetupDirectory', description: 'A directory that users are synchronized from.' });

const SetupDomain = z
  .object({
    id: z.string().meta({ description: 'The organization domain.' }),
    domain: z.string().meta({ description: 'The domain’s name.' }),
    state: z.string().meta({
      description: '`pending`, `verified`, `legacy_verified`, `unverified`, `failed`.',
    }),
    updated_at: updatedAt,
  })
  .meta({ id: 'SetupDomain', description: 'A domain of the tenant.' });

const ReadFeature = z
  .object({
    state: State,
    reason,
    as_of: z.iso.datetime().optional().meta({
      description: 'When WorkOS last said so; no event tells of a change.',
    }),
  })
  .meta({ id: 'SetupReadFeature', description: 'A feature that only reading tells of.' });

const ToldFeature = z
  .object({ state: State, reason })
  .meta({ id: 'SetupToldFeature', description: 'A feature that only events tell of.' });

const TenantSetup = z
  .object({
    object: z.literal('tenant_setup').meta({ description: 'Always `tenant_setup`.' }),
    tenant_id: z.string().meta({ description: 'The tenant.' }),
    as_of: z.iso.datetime().nullable().meta({
      description:
        'Everything that WorkOS had told by then is in it. Null: it could never be read whole, and what is not known is `unknown`.',
    }),
    source: z.enum(['live', 'mirror']).meta({
      description: '`live`: read from WorkOS for this answer. `mirror`: what Gatehouse has kept.',
    }),
    features: z
      .object({
        sso: z
          .object({
            state: State,
            reason,
            connections: z.array(SetupConnection).meta({ description: 'All of them.' }),
          })
          .meta({ description: '`active`: there is an active connection.' }),
        directory_sync: z
          .object({
            state: State,
            reason,
            directories: z.array(SetupDirectory).meta({ description: 'All of them.' }),
          })
          .meta({ description: '`attention`: a directory does not synchronize.' }),
        domain_verification: z
          .object({
            state: State,
            reason,
            domains: z.array(SetupDomain).meta({ description: 'All of them.' }),
          })
          .meta({ description: '`active`: every domain is verified.' }),
        audit_logs: ReadFeature,
        log_streams: ReadFeature,
        certificate_renewal: ToldFeature.meta({
          description: '`attention`: a certificate has ended or ends within 30 days.',
        }),
        bring_your_own_key: ToldFeature,
      })
      .meta({ description: 'By what the Admin Portal can be opened for.' }),
  })
  .meta({ id: 'TenantSetup', description: 'What is set up for a tenant.' });

export const setupContract = {
  getTenantSetup: {
    method: 'get',
    path: '/v1/tenants/{tenant_id}/setup',
    summary: 'Tell what is set up for a tenant',
    description:
      'Answered from what Gatehouse keeps by WorkOS’s events, also while WorkOS is down; a tenant that was never read is read first, for at most 2 seconds.',
    access: { scope: 'tenants:read', tenant: 'params.tenant_id' },
    params: TenantParams,
    query: z.strictObject({
      refresh: z
        .enum(['true', 'false'])
        .default('false')
        .transform((value) => value === 'true')
        .meta({
          description:
            '`true`: read from WorkOS now, once in a few seconds for each tenant. While WorkOS does not answer, the mirror does; see `source`.',
        }),
    }),
    reply: { status: 200, body: TenantSetup },
    problems: [
      'provisioning-in-progress',
      'organization-missing',
      'organization-conflict',
      'tenant-deleted',
      'tenant-not-active',
    ],
  },
} as const satisfies Contract;
