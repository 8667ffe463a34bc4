/** Fields that requests for links and launches have in common. */
import { z } from 'zod';
import { MAIL_ADDRESS } from '../../core/mail-address.ts';

export const Url = z.string().min(1).max(2_048);
export const ReturnUrl = Url.meta({
  id: 'ReturnUrl',
  description:
    'The URL that the Admin Portal leads back to. https, with an origin registered for the client (`return_origins`).',
  examples: ['https://app.example.com/settings'],
});
export const SuccessUrl = Url.meta({
  id: 'SuccessUrl',
  description:
    'The URL that the Admin Portal leads to once set-up is finished. The same rules as for `return_url`.',
  examples: ['https://app.example.com/settings?done'],
});
const EmailAddress = z
  .email({ pattern: MAIL_ADDRESS })
  .max(254)
  .meta({ id: 'EmailAddress', description: 'An e-mail address in ASCII.' });
export const Emails = z.array(EmailAddress).max(20, 'must be at most 20 addresses');
export const ItContactEmails = Emails.meta({
  description:
    'People whom WorkOS notifies when something needs attention, e.g. a certificate that expires. At most 20.',
});
