import { z } from 'zod';
import { PortalIntent, TenantId } from '../../core/wire-ids.ts';
import { Emails, ItContactEmails, ReturnUrl, SuccessUrl } from './shared-schemas.ts';

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
