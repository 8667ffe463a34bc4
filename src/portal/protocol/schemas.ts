import { z } from 'zod';
import { isMailAddress } from '../../core/mail-address.ts';
import {
  ClientId,
  LanguageTag,
  LaunchId,
  LaunchIntent,
  PortalIntent,
  TenantId,
} from '../../core/wire-ids.ts';

const Url = z.string().min(1).max(2_048);
const ReturnUrl = Url.meta({
  id: 'ReturnUrl',
  description:
    'The URL that the Admin Portal leads back to. https, with an origin registered for the client (`return_origins`).',
  examples: ['https://app.example.com/settings'],
});
const SuccessUrl = Url.meta({
  id: 'SuccessUrl',
  description:
    'The URL that the Admin Portal leads to once set-up is finished. The same rules as for `return_url`.',
  examples: ['https://app.example.com/settings?done'],
});
const EmailAddress = z
  .email()
  .max(254)
  .meta({ id: 'EmailAddress', description: 'An e-mail address in ASCII.' });
const Emails = z.array(EmailAddress).max(20, 'must be at most 20 addresses');
const ItContactEmails = Emails.meta({
  description:
    'People whom WorkOS notifies when something needs attention, e.g. a certificate that expires. At most 20.',
});

export const GeneratePortalLink = z
  .strictObject({
    organization: TenantId.meta({
      description: 'Your tenant id. WorkOS’s own API takes its organization id here.',
    }),
    intent: PortalIntent,
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
              .meta({ description: 'The slug of a bookmark app.' }),
            provider_type: z
              .enum(['GoogleSAML'])
              .optional()
              .meta({ description: 'Preselects an identity provider.' }),
          })
          .optional()
          .meta({ description: 'Options of the intent `sso`.' }),
        domain_verification: z
          .strictObject({
            domain_name: z
              .string()
              .max(253)
              .optional()
              .meta({ description: 'The domain to verify.' }),
          })
          .optional()
          .meta({ description: 'Options of the intent `domain_verification`.' }),
      })
      .optional()
      .meta({
        description: 'Passed on to WorkOS unchanged; WorkOS no longer documents it.',
        deprecated: true,
      }),
  })
  .refine((body) => !(body.it_contact_emails && body.admin_emails), {
    error: 'cannot be given together with it_contact_emails',
    path: ['admin_emails'],
  })
  .meta({
    id: 'GeneratePortalLink',
    description: 'The body of WorkOS’s operation, with a tenant id.',
  });

export const PortalLink = z
  .object({
    link: z.string().meta({
      description:
        'A bearer secret, valid for 5 minutes. Redirect to it at once; never store or log it.',
    }),
  })
  .meta({ id: 'PortalLink', description: 'A link into the Admin Portal.' });

export const CreatePortalLaunch = z
  .strictObject({
    tenant_id: TenantId,
    intent: LaunchIntent,
    return_url: ReturnUrl.optional(),
    success_url: SuccessUrl.optional(),
    it_contact_emails: ItContactEmails.optional(),
    mode: z.enum(['redirect', 'confirm']).optional().meta({
      description:
        '`redirect` (default): opening the URL redeems the ticket, within 60 s. `confirm`: a button on a page redeems it, so the link may be sent by e-mail.',
    }),
    expires_in: z.int().min(1).max(604_800).optional().meta({
      description:
        'Lifetime of the ticket in seconds. `redirect`: 1–60, default 60. `confirm`: 60–604800, default 900; more than 900 needs a `granted` entry in the registry.',
    }),
    return_page: z.boolean().optional().meta({
      description:
        '`true` (default): the Admin Portal leads back to a page of Gatehouse that shows what is set up and leads on to `return_url`. `false`: it leads to `return_url` directly.',
    }),
    send_to: z
      .string()
      .refine(isMailAddress, 'must be one e-mail address, such as ada@acme.com')
      .optional()
      .meta({
        description:
          'The IT admin’s e-mail address: Gatehouse sends the link there. The mode is then `confirm`. At most 5 e-mails an hour to an address, and 30 for a tenant. Needs a deployment that sends e-mail (`SMTP_URL`).',
        examples: ['ada@acme.com'],
      }),
    locale: z
      .string()
      .max(35)
      .optional()
      .meta({
        description:
          'Together with `send_to`: the language of the e-mail and of the page that it leads to, as a BCP 47 tag: `de`, `fr-CA`. Default, and for languages without a translation: English.',
        examples: ['de'],
      }),
  })
  .refine(({ send_to, locale }) => locale === undefined || send_to !== undefined, {
    error: 'needs send_to',
    path: ['locale'],
  })
  .refine(({ send_to, mode }) => send_to === undefined || mode !== 'redirect', {
    error: 'must be confirm with send_to: mail programs open links by themselves',
    path: ['mode'],
  })
  .meta({ id: 'CreatePortalLaunch', description: 'A visit to the Admin Portal to prepare.' });

const LAUNCH_STATUSES = [
  'created',
  'opened',
  'redirected',
  'returned',
  'configured',
  'expired',
  'revoked',
  'failed',
] as const;

export const PortalLaunch = z
  .object({
    object: z.literal('portal_launch').meta({ description: 'Always `portal_launch`.' }),
    id: z.string().meta({ description: 'Safe to log; the ticket in `url` is not.' }),
    tenant_id: z.string().meta({ description: 'The tenant.' }),
    user_id: z.string().meta({ description: 'The IT admin for whom the launch was created.' }),
    intent: LaunchIntent,
    mode: z.enum(['redirect', 'confirm', 'direct', 'setup_page']).meta({
      id: 'LaunchMode',
      description:
        'How the launch is opened. `direct`: a signed-in user opened it without a ticket. `setup_page`: the IT admin pressed a button of the setup page.',
    }),
    setup_launch_id: z.string().nullable().meta({
      description: 'The launch with the intent `any` on whose setup page this one was begun.',
    }),
    status: z.enum(LAUNCH_STATUSES).meta({
      id: 'LaunchStatus',
      description:
        'The current state. `configured`: WorkOS reported that the feature is set up. `failed`: the last call to WorkOS failed; the ticket may be used again. With the intent `any`, `redirected` means that the setup page was opened.',
    }),
    mail: z.enum(['queued', 'sent', 'failed']).nullable().meta({
      description:
        'The e-mail of `send_to`. `queued`: it is sent soon, or tried again. `sent`: the mail server has taken it. Null without `send_to`.',
    }),
    mail_reason: z.string().nullable().meta({
      description:
        'Why the e-mail failed, or why the last attempt did: `address_refused`, `sender_refused`, `server_refused`, `server_busy`, `server_unreachable`, `server_too_slow`, `server_says_too_much`, `sign_in_refused`, `tls_failed`, `launch_revoked`, `launch_expired`, `launch_used`, `key_missing`, `mail_not_configured`, `internal`, or the code of the problem that the launch has now, such as `tenant_not_active`.',
    }),
    expires_at: z.iso.datetime().meta({ description: 'When the ticket expires.' }),
    created_at: z.iso.datetime().meta({ description: 'When the launch was created.' }),
    opened_at: z.iso
      .datetime()
      .nullable()
      .meta({ description: 'When a browser first opened the ticket’s URL.' }),
    redirected_at: z.iso
      .datetime()
      .nullable()
      .meta({ description: 'When the browser was redirected to the Admin Portal.' }),
    returned_at: z.iso
      .datetime()
      .nullable()
      .meta({ description: 'When the browser came back to Gatehouse’s return page.' }),
    configured_at: z.iso.datetime().nullable().meta({
      description:
        'When WorkOS’s events reported that the feature is set up, within a day of the redirect. Always null for `audit_logs` and `log_streams`, for which there is no event.',
    }),
  })
  .meta({
    id: 'PortalLaunch',
    description: 'A visit to the Admin Portal. Never contains the ticket or the link.',
  });

export const NewPortalLaunch = PortalLaunch.extend({
  url: z.string().meta({
    description:
      'The URL to send the IT admin’s browser to. It contains the ticket and is returned only once.',
  }),
}).meta({ id: 'NewPortalLaunch', description: 'A launch with its ticket.' });

export const LaunchParams = z.object({
  launch_id: LaunchId,
});

/** Query of `GET /launch-portal`, and fields of its form. */
const LAUNCH_PAGE_FIELDS = {
  ticket: z.string().max(200).optional().meta({ description: 'The ticket of a launch.' }),
  client_id: ClientId.optional().meta({
    description: 'Without a ticket: the client whose permissions and origins apply.',
  }),
  tenant_id: TenantId.optional().meta({ description: 'Without a ticket: the tenant.' }),
  intent: LaunchIntent.optional().meta({ description: 'Without a ticket: the feature to set up.' }),
  return_url: Url.optional().meta({
    description: 'Without a ticket: the URL that the Admin Portal leads back to, as for a launch.',
  }),
  success_url: Url.optional().meta({
    description: 'Without a ticket: the URL to lead to once set-up is finished.',
  }),
};

export const LaunchPageQuery = z.object({ ...LAUNCH_PAGE_FIELDS, lang: LanguageTag });

export const LaunchPageForm = z.object({
  ...LAUNCH_PAGE_FIELDS,
  form_token: z.string().max(1_000).optional().meta({
    description: 'A token from the page, for browsers that do not say which site sent a form.',
  }),
});

export const SetupPageQuery = LaunchPageQuery.omit({ intent: true });

export const LanguageQuery = z.object({ lang: LanguageTag });

export const SignInTestQuery = z.object({
  lang: LanguageTag,
  connection: z
    .string()
    .regex(/^[\x21-\x7e]{1,100}$/, 'must be the id of a connection')
    .meta({ description: 'The connection to test.' }),
});

export const SignInTestResultQuery = z.object({
  lang: LanguageTag,
  token: z.string().max(16_384).optional().meta({ description: 'The token of the result.' }),
});

export const SetupPageForm = z.object({
  intent: PortalIntent,
  form_token: z
    .string()
    .max(100)
    .optional()
    .meta({ description: 'The token of the page’s forms.' }),
});

export const ReturnQuery = z.object({
  launch: z.string().max(200).optional().meta({ description: 'The return token of the launch.' }),
  finished: z
    .string()
    .max(5)
    .optional()
    .meta({ description: 'Present when WorkOS reports that set-up was finished.' }),
  lang: LanguageTag,
});
