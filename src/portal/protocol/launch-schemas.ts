import { z } from 'zod';
import { isMailAddress } from '../../core/mail-address.ts';
import { LaunchId, LaunchIntent, TenantId } from '../../core/wire-ids.ts';
import { ItContactEmails, ReturnUrl, SuccessUrl } from './shared-schemas.ts';

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
