import { z } from 'zod';
import { isLoopback } from '../core/loopback.ts';
import { mailbox, type Mailbox } from '../core/mail-address.ts';
import { secret } from './schemas.ts';
import type { Setting } from './setting.ts';

const ENCODED = 'special characters of user and password percent-encoded (@ is %40, / is %2F)';

const smtpUrl = z
  .string()
  .regex(
    /^smtps?:\/\/[^/?#\s]+\/?(\?tls=none)?$/,
    `must be smtp://user:password@host:587 or smtps://user:password@host:465, with ${ENCODED}`,
  )
  .refine((url) => URL.canParse(url) && new URL(url).hostname !== '', {
    error: `must be a URL with a host, and with ${ENCODED}`,
    abort: true,
  })
  .refine((url) => isDecodable(new URL(url)), `must have ${ENCODED}; a percent sign is %25`)
  .refine((url) => !url.startsWith('smtps:') || !url.endsWith('?tls=none'), {
    error: 'must not have tls=none with smtps',
  })
  .refine(isPrivate, 'must not send a password without TLS: leave tls=none out, or the password');

function isDecodable({ username, password }: URL): boolean {
  try {
    decodeURIComponent(`${username}${password}`);
    return true;
  } catch {
    // A stray percent sign.
    return false;
  }
}

function isPrivate(text: string): boolean {
  const { username, hostname } = new URL(text);
  return username === '' || !text.endsWith('?tls=none') || isLoopback(hostname);
}

/** E-mail. */
export const MAIL = {
  SMTP_URL: {
    description:
      'The server that sends e-mails with links of portal launches (`send_to`): `smtp://user:password@host:587` with STARTTLS, which is required, or `smtps://user:password@host:465`. With `smtp` on loopback, and with `?tls=none`, nothing is encrypted. Without it, `send_to` is refused. Give it to `serve` and `worker`.',
    schema: secret(smtpUrl),
    secret: true,
    optional: true,
  },
  MAIL_FROM: {
    description:
      'The sender of e-mails, `Acme <no-reply@acme.com>`; SMTP_URL’s server must be allowed to send for its domain (SPF, DKIM). Required with `SMTP_URL`.',
    schema: z.string().transform((text, context): Mailbox => {
      const box = mailbox(text);
      if (box) return box;
      context.addIssue({ code: 'custom', message: 'must be an address, or Name <address>' });
      return z.NEVER;
    }),
    optional: true,
  },
} as const satisfies Record<string, Setting>;
