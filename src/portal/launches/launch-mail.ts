import { DEFAULT_LANGUAGE } from '../../core/languages.ts';
import { invalidField, Problem } from '../../core/problem.ts';
import type { Queryable } from '../../core/ports.ts';
import { Secret } from '../../core/secret.ts';
import { fitting } from '../../http/language.ts';
import type { PortalDeps } from '../protocol/deps.ts';
import { queueMail, type MailLimit, type NewMail } from '../stores/mail-store.ts';

interface Asked {
  readonly send_to?: string | undefined;
  readonly locale?: string | undefined;
}

/**
 * Returns the e-mail with the link of a launch, if one was asked for.
 *
 * @throws Problem `invalid-request` if the deployment sends no mail
 */
export function mailOf(
  { sealLink }: PortalDeps,
  { send_to: to, locale }: Asked,
  launch: { readonly id: string; readonly clientId: string; readonly tenantId: string },
  link: Secret,
): NewMail | undefined {
  if (to === undefined) return undefined;
  if (!sealLink) throw notConfigured();
  const language = (locale === undefined ? undefined : fitting([locale])) ?? DEFAULT_LANGUAGE;
  return {
    launchId: launch.id,
    clientId: launch.clientId,
    tenantId: launch.tenantId,
    address: to.toLowerCase(),
    language,
    sealedUrl: sealLink(new Secret(`${link.reveal()}&lang=${language}`)),
  };
}

const notConfigured = (): Problem =>
  invalidField(
    'send_to',
    'mail_not_configured',
    'cannot be used, because this Gatehouse sends no e-mail. Leave it out and send the url of the reply yourself (mode: confirm), or ask the platform team to set SMTP_URL',
  );

/** @throws Problem `too-many-requests` */
export async function queue(tx: Queryable, mail: NewMail): Promise<void> {
  const limit = await queueMail(tx, mail);
  if (limit) throw tooManyMails(limit);
}

const tooManyMails = ({ of, by, most, retryAfter }: MailLimit): Problem => {
  const sender = by === 'client' ? 'Your client' : 'All clients together';
  const again = `Try again in ${retryAfter} s`;
  return new Problem(
    'too-many-requests',
    of === 'address'
      ? `${sender} sent ${most} e-mails to this address within an hour. ${again}, or send the url of a launch without send_to yourself.`
      : `${sender} sent ${most} e-mails for this tenant within an hour. ${again}.`,
    { retryAfter },
  );
};
