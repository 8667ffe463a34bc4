import { z } from 'zod';
import type { Contract } from '../http/endpoint.ts';
import { listOf, PageParameters } from '../http/pagination.ts';
import { INTENTS } from '../core/intents.ts';
import { UPSTREAM_PROBLEMS } from '../core/problem.ts';
import { ClientId, TenantId } from '../core/wire-ids.ts';

export const Intent = z
  .enum(INTENTS, { error: `must be one of ${INTENTS.join(', ')}` })
  .meta({ id: 'PortalIntent', description: 'What the IT admin is to set up in the Admin Portal.' });

const Url = z.string().max(2_048);
const ReturnUrl = Url.meta({
  description:
    'Where WorkOS’s portal leads back to. https, of an origin registered for the client (`return_origins`).',
  examples: ['https://app.example.com/settings'],
});
const SuccessUrl = Url.meta({
  description: 'Where to go once set-up is finished. The same rules as for `return_url`.',
  examples: ['https://app.example.com/settings?done'],
});
const Emails = z.array(z.email().max(254)).max(20, 'must be at most 20 addresses');
const ItContactEmails = Emails.meta({
  description:
    'People whom WorkOS tells when something needs care, e.g. a certificate. At most 20.',
});

const GeneratePortalLink = z
  .strictObject({
    organization: TenantId.meta({
      description: 'Your tenant id, where WorkOS has its organization id.',
    }),
    intent: Intent,
    return_url: ReturnUrl.optional(),
    success_url: SuccessUrl.optional(),
    it_contact_emails: ItContactEmails.optional(),
    admin_emails: Emails.optional().meta({
      description: 'The older name of `it_contact_emails`, which SDKs still send.',
      deprecated: true,
    }),
    intent_options: z
      .strictObject({
        sso: z
          .strictObject({
            bookmark_slug: z
              .string()
              .max(255)
              .optional()
              .meta({ description: 'Of a bookmark app.' }),
            provider_type: z
              .enum(['GoogleSAML'])
              .optional()
              .meta({ description: 'Preselects an identity provider.' }),
          })
          .optional()
          .meta({ description: 'For the intent `sso`.' }),
        domain_verification: z
          .strictObject({
            domain_name: z
              .string()
              .max(253)
              .optional()
              .meta({ description: 'The domain to verify.' }),
          })
          .optional()
          .meta({ description: 'For the intent `domain_verification`.' }),
      })
      .optional()
      .meta({
        description: 'Passed on as it is; WorkOS no longer documents it.',
        deprecated: true,
      }),
  })
  .refine((body) => !(body.it_contact_emails && body.admin_emails), {
    error: 'cannot be given together with it_contact_emails',
    path: ['admin_emails'],
  })
  .meta({ id: 'GeneratePortalLink', description: 'As WorkOS’s, with a tenant id.' });

const PortalLink = z
  .object({
    link: z.string().meta({
      description:
        'A bearer secret, valid for 5 minutes: redirect to it at once, never store or log it.',
    }),
  })
  .meta({ id: 'PortalLink', description: 'A link into the Admin Portal.' });

const CreatePortalLaunch = z
  .strictObject({
    tenant_id: TenantId,
    intent: Intent,
    return_url: ReturnUrl.optional(),
    success_url: SuccessUrl.optional(),
    it_contact_emails: ItContactEmails.optional(),
    mode: z.enum(['redirect', 'confirm']).optional().meta({
      description:
        '`redirect` (used when absent): the first navigation redeems the ticket, within 60 s. `confirm`: a page with a button does, so the link may be e-mailed.',
    }),
    expires_in: z.int().min(1).max(604_800).optional().meta({
      description:
        'Seconds the ticket lives. `redirect`: 1–60, default 60. `confirm`: 60–604800, default 900; more than 900 needs a `granted` row in the registry.',
    }),
    return_page: z.boolean().optional().meta({
      description:
        '`true` (used when absent): Gatehouse’s own page says what is now set up, and leads on to `return_url`. `false`: WorkOS leads there directly.',
    }),
  })
  .meta({ id: 'CreatePortalLaunch', description: 'A visit to the Admin Portal, to be.' });

const PortalLaunch = z
  .object({
    object: z.literal('portal_launch').meta({ description: 'Always `portal_launch`.' }),
    id: z.string().meta({ description: 'Safe to log; the ticket in `url` is not.' }),
    tenant_id: z.string().meta({ description: 'The tenant.' }),
    user_id: z.string().meta({ description: 'The IT admin it was made for.' }),
    intent: Intent,
    mode: z
      .enum(['redirect', 'confirm', 'direct'])
      .meta({ description: '`direct`: opened at the door by a signed-in user, without a ticket.' }),
    status: z
      .enum([
        'created',
        'opened',
        'redirected',
        'returned',
        'configured',
        'expired',
        'revoked',
        'failed',
      ])
      .meta({
        description:
          'What became of it. `configured`: WorkOS told that what the visit was for is set up. `failed`: WorkOS failed at the last try; the ticket may be tried again.',
      }),
    expires_at: z.iso.datetime().meta({ description: 'When the ticket ends.' }),
    created_at: z.iso.datetime().meta({ description: 'When it was made.' }),
    opened_at: z.iso
      .datetime()
      .nullable()
      .meta({ description: 'When a browser first came with the ticket.' }),
    redirected_at: z.iso
      .datetime()
      .nullable()
      .meta({ description: 'When the browser was sent to the Admin Portal.' }),
    returned_at: z.iso
      .datetime()
      .nullable()
      .meta({ description: 'When it came back to Gatehouse’s return page.' }),
    configured_at: z.iso.datetime().nullable().meta({
      description:
        'When, by WorkOS’s events, what the visit was for was set up; within a day of the redirect. No event tells of `audit_logs` and `log_streams`.',
    }),
  })
  .meta({
    id: 'PortalLaunch',
    description: 'A visit to the Admin Portal. Never holds the ticket or the link.',
  });

const NewPortalLaunch = PortalLaunch.extend({
  url: z.string().meta({
    description: 'Where to send the IT admin’s browser. Holds the ticket: answered once.',
  }),
}).meta({ id: 'NewPortalLaunch', description: 'A launch with its ticket.' });

const LaunchParams = z.object({
  launch_id: z
    .string()
    .regex(/^launch_[0-9a-f]{32}$/, 'must be the id of a portal launch')
    .meta({ description: 'The launch.' }),
});

const DoorFields = {
  ticket: z.string().max(200).optional().meta({ description: 'The ticket of a launch.' }),
  client_id: ClientId.optional().meta({
    description: 'Without a ticket: the client whose rights and origins apply.',
  }),
  tenant_id: TenantId.optional().meta({ description: 'Without a ticket: the tenant.' }),
  intent: Intent.optional().meta({ description: 'Without a ticket: what to set up.' }),
  return_url: Url.optional().meta({
    description: 'Without a ticket: where to lead back to, as for a launch.',
  }),
  success_url: Url.optional().meta({
    description: 'Without a ticket: where to go once set-up is finished.',
  }),
};

/** Problems that `/launch-portal` may show as a page. */
const DOOR_PROBLEMS = [
  'launch-gone',
  'navigation-required',
  'invalid-user-token',
  'acting-user-required',
  'it-admin-required',
  'insufficient-scope',
  'not-found',
  'tenant-not-found',
  'tenant-not-active',
  'tenant-deleted',
  'provisioning-in-progress',
  'organization-missing',
  'organization-conflict',
  ...UPSTREAM_PROBLEMS,
] as const;

const LINK_PROBLEMS = [
  'tenant-not-active',
  'tenant-deleted',
  'provisioning-in-progress',
  'organization-missing',
  'organization-conflict',
  ...UPSTREAM_PROBLEMS,
] as const;

export const portalContract = {
  generatePortalLink: {
    method: 'post',
    path: '/portal/generate_link',
    summary: 'Generate a link into the Admin Portal',
    description:
      'WorkOS’s own operation, with a tenant id; `adminPortal.generateLink` of the SDKs works. Prefer portal launches: their ticket can be revoked, and the link is minted at the click.',
    access: { scope: 'portal:launch', tenant: 'body.organization', actingUser: 'it-admin' },
    body: GeneratePortalLink,
    reply: { status: 201, body: PortalLink, secret: true },
    problems: LINK_PROBLEMS,
    example: { organization: 'acme', intent: 'sso' },
  },
  createPortalLaunch: {
    method: 'post',
    path: '/v1/portal-launches',
    summary: 'Make a ticket that takes an IT admin to the Admin Portal',
    description:
      'No link is minted yet: that happens when the browser is at the door, after role and tenant were checked again.',
    access: { scope: 'portal:launch', tenant: 'body.tenant_id', actingUser: 'it-admin' },
    body: CreatePortalLaunch,
    reply: { status: 201, body: NewPortalLaunch, secret: true },
    problems: [
      'registry-grant-required',
      'tenant-not-active',
      'provisioning-in-progress',
      'organization-missing',
      'organization-conflict',
    ],
    example: { tenant_id: 'acme', intent: 'sso' },
  },
  listPortalLaunches: {
    method: 'get',
    path: '/v1/portal-launches',
    summary: 'List the client’s launches',
    access: { scope: 'portal:launch' },
    query: z.strictObject({
      ...PageParameters,
      tenant_id: TenantId.optional().meta({ description: 'Only launches of this tenant.' }),
    }),
    reply: { status: 200, body: listOf('PortalLaunchList', PortalLaunch) },
    problems: [],
  },
  getPortalLaunch: {
    method: 'get',
    path: '/v1/portal-launches/{launch_id}',
    summary: 'Get what became of a launch',
    access: { scope: 'portal:launch' },
    params: LaunchParams,
    reply: { status: 200, body: PortalLaunch },
    problems: ['not-found'],
  },
  revokePortalLaunch: {
    method: 'post',
    path: '/v1/portal-launches/{launch_id}/revoke',
    summary: 'Revoke a ticket',
    description:
      'Takes effect at once. A browser that has been redirected already cannot be called back.',
    access: { scope: 'portal:launch' },
    params: LaunchParams,
    reply: { status: 200, body: PortalLaunch },
    problems: ['not-found'],
  },
  launchPortal: {
    method: 'get',
    path: '/launch-portal',
    summary: 'The browser’s door to the Admin Portal',
    description:
      'With a ticket, or for a signed-in IT admin with `client_id`, `tenant_id`, `intent` and a user token (`Authorization: Bearer`, or the cookie named by `USER_TOKEN_COOKIE`).',
    access: 'public',
    query: z.object(DoorFields),
    reply: {
      status: 'browser',
      answers: {
        200: 'A page with a button, where a click is asked for.',
        303: 'On to the Admin Portal.',
      },
    },
    problems: DOOR_PROBLEMS,
  },
  confirmLaunch: {
    method: 'post',
    path: '/launch-portal',
    summary: 'The button on the door’s page',
    access: 'public',
    body: z.object({
      ...DoorFields,
      form_token: z
        .string()
        .max(1_000)
        .optional()
        .meta({ description: 'From the page, for browsers that do not say who sent a form.' }),
    }),
    bodyAs: 'form',
    reply: {
      status: 'browser',
      answers: {
        200: 'A page: the same browser pressed the button a moment ago, or has to press it once more.',
        303: 'On to the Admin Portal.',
      },
    },
    problems: [...DOOR_PROBLEMS, 'method-not-allowed'],
  },
  returnFromPortal: {
    method: 'get',
    path: '/portal/return',
    summary: 'Where the Admin Portal leads back to',
    description:
      'Says truthfully what is now set up, from a live read, and leads on to the product.',
    access: 'public',
    query: z.object({
      launch: z
        .string()
        .max(200)
        .optional()
        .meta({ description: 'A token of its own for this one return.' }),
      finished: z
        .string()
        .max(5)
        .optional()
        .meta({ description: 'Present when WorkOS says that set-up was finished.' }),
    }),
    reply: { status: 'browser', answers: { 200: 'What is now set up.' } },
    problems: ['launch-gone', 'navigation-required'],
  },
} as const satisfies Contract;
