import { z } from 'zod';
import { TENANT_PROBLEMS } from '../core/problem.ts';
import type { Contract } from '../http/endpoint.ts';
import { LanguageTag, PortalIntent, TenantParams } from '../core/wire-ids.ts';
import { STEP_CODES } from './schemas.ts';

const State = z.enum(['not_configured', 'in_progress', 'active', 'attention', 'unknown']).meta({
  id: 'SetupState',
  description:
    '`in_progress`: started, but not in use yet. `attention`: set up, but somebody has to act. `unknown`: see `reason`.',
});

const Reason = z.enum(['not_read_yet', 'not_told_yet']).meta({
  id: 'SetupReason',
  description:
    'Why the state is `unknown`. `not_read_yet`: Gatehouse has not been able to read it from WorkOS. `not_told_yet`: WorkOS reports it only by events, and has sent none.',
});

const reason = Reason.optional();
const updatedAt = z.iso.datetime().meta({ description: 'When it last changed at WorkOS.' });

const provider = z
  .object({
    name: z.string().meta({ description: 'Its name.' }),
    icon: z
      .object({
        light: z.string().meta({ description: 'An SVG for light pages.' }),
        dark: z.string().meta({ description: 'An SVG for dark pages.' }),
      })
      .nullable()
      .meta({ description: 'URLs of its icon. Null when none is known.' }),
  })
  .meta({ id: 'SetupProvider', description: 'The identity provider, by the type.' });

const SetupConnection = z
  .object({
    id: z.string().meta({ description: 'The id of the connection.' }),
    type: z.string().meta({ description: 'E.g. `OktaSAML`, `EntraIdOIDC`.' }),
    provider,
    name: z.string().meta({ description: 'Its name.' }),
    state: z.string().meta({
      description: 'The state at WorkOS: `draft`, `active`, `validating`, `inactive`, …',
    }),
    certificate_expires_at: z.iso.datetime().optional().meta({
      description: 'When its first certificate expires. Absent if WorkOS has reported none.',
    }),
    first_sign_in_at: z.iso.datetime().optional().meta({
      description:
        'When WorkOS first reported a sign-in through it. Absent if it has reported none.',
    }),
    updated_at: updatedAt,
  })
  .meta({ id: 'SetupConnection', description: 'A connection to an identity provider.' });

const SetupDirectory = z
  .object({
    id: z.string().meta({ description: 'The id of the directory.' }),
    type: z.string().meta({ description: 'E.g. `okta scim v2.0`.' }),
    provider,
    name: z.string().meta({ description: 'Its name.' }),
    state: z.string().meta({
      description: '`active`, `validating`, `invalid_credentials`, `inactive`, …',
    }),
    updated_at: updatedAt,
  })
  .meta({ id: 'SetupDirectory', description: 'A directory that users are synchronized from.' });

const SetupDomain = z
  .object({
    id: z.string().meta({ description: 'The id of the organization domain.' }),
    domain: z.string().meta({ description: 'The domain name.' }),
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
      description: 'When the state was last read from WorkOS; no event reports changes.',
    }),
  })
  .meta({
    id: 'SetupReadFeature',
    description: 'A feature whose state can only be read, because no event reports it.',
  });

const ToldFeature = z
  .object({ state: State, reason })
  .meta({ id: 'SetupToldFeature', description: 'A feature whose state only events report.' });

const NextStep = z
  .object({
    code: z.enum(STEP_CODES).meta({
      description:
        'The step, for programs. `test_sso`: single sign-on is active, but nobody has signed in yet.',
    }),
    intent: PortalIntent.nullable().meta({
      description: 'The intent of the portal launch for this step. Null if it needs none.',
    }),
    text: z.string().meta({
      description: 'One sentence for the IT admin, in the language of `Accept-Language`.',
    }),
  })
  .meta({ id: 'SetupStep', description: 'A step for the tenant’s IT admin.' });

const TenantSetup = z
  .object({
    object: z.literal('tenant_setup').meta({ description: 'Always `tenant_setup`.' }),
    tenant_id: z.string().meta({ description: 'The tenant id.' }),
    as_of: z.iso.datetime().nullable().meta({
      description:
        'The reply includes every change that WorkOS had reported by this time. Null if it was never read completely; states that are not known are `unknown`.',
    }),
    source: z.enum(['live', 'mirror']).meta({
      description: '`live`: read from WorkOS for this reply. `mirror`: from Gatehouse’s own copy.',
    }),
    features: z
      .object({
        sso: z
          .object({
            state: State,
            reason,
            connections: z
              .array(SetupConnection)
              .meta({ description: 'All connections of the tenant.' }),
          })
          .meta({ description: '`active` if there is an active connection.' }),
        directory_sync: z
          .object({
            state: State,
            reason,
            directories: z
              .array(SetupDirectory)
              .meta({ description: 'All directories of the tenant.' }),
          })
          .meta({ description: '`attention` if a directory does not synchronize.' }),
        domain_verification: z
          .object({
            state: State,
            reason,
            domains: z.array(SetupDomain).meta({ description: 'All domains of the tenant.' }),
          })
          .meta({ description: '`active` if every domain is verified.' }),
        audit_logs: ReadFeature,
        log_streams: ReadFeature,
        certificate_renewal: ToldFeature.meta({
          description: '`attention` if a certificate has expired or expires within 30 days.',
        }),
        bring_your_own_key: ToldFeature,
      })
      .meta({ description: 'One entry for each intent of the Admin Portal.' }),
    next_steps: z.array(NextStep).meta({
      description: 'What to do next, the most urgent step first. At most one step per feature.',
    }),
  })
  .meta({ id: 'TenantSetup', description: 'The features that a tenant has set up.' });

export const setupContract = {
  getTenantSetup: {
    method: 'get',
    path: '/v1/tenants/{tenant_id}/setup',
    summary: 'Get the features that a tenant has set up',
    description:
      'Answered from a mirror that Gatehouse keeps up to date with WorkOS’s events, so also while WorkOS is down. A tenant that was never read is read from WorkOS first, for at most 2 seconds.',
    access: { scope: 'tenants:read', tenant: 'params.tenant_id' },
    hasTexts: true,
    params: TenantParams,
    query: z.strictObject({
      lang: LanguageTag,
      refresh: z
        .enum(['true', 'false'])
        .default('false')
        .transform((value) => value === 'true')
        .meta({
          description:
            '`true` reads from WorkOS, at most once every few seconds per tenant. If WorkOS does not answer, the reply comes from the mirror; see `source`.',
        }),
    }),
    reply: { status: 200, body: TenantSetup },
    problems: [...TENANT_PROBLEMS, 'upstream-rejected', 'upstream-unavailable'],
  },
} as const satisfies Contract;
