import { Resolver } from 'node:dns/promises';
import { isLoopback } from '../../core/loopback.ts';
import type { Secret } from '../../core/secret.ts';
import { MailFailure } from '../../portal/mail/mail-failure.ts';
import { createSmtp, mailServerOf } from '../../portal/mail/smtp.ts';
import { fault, ok, warning, type Check, type Finding } from './check.ts';
import { explainNetwork } from './http.ts';
import { Skipped } from './skipped.ts';
import type { World } from './world.ts';

export const MAIL_CHECKS: readonly Check[] = [
  { name: 'mail server', run: checkMailServer },
  {
    name: 'mail sender',
    run(world) {
      const url = world.values.SMTP_URL;
      // On loopback it is the inbox of gatehouse dev, or a relay whose senders are not this machine's.
      if (!url || isLoopback(mailServerOf(url).host)) return [];
      const { address } = world.setting('MAIL_FROM');
      return senderFinding(address.split('@')[1] ?? '', (domain) =>
        new Resolver({ timeout: 2_000, tries: 2 }).resolveTxt(domain),
      );
    },
  },
];

/** Connects and signs in, and sends nothing. */
async function checkMailServer(world: World): Promise<Finding> {
  const { SMTP_URL: url, MAIL_FROM } = world.values;
  if (!url) return withoutServer(world);
  const from = world.setting('MAIL_FROM');
  const name = new URL(world.setting('PUBLIC_URL')).hostname;
  const { host, port, plain, user } = mailServerOf(url);
  try {
    await createSmtp({ url, from }, name).verify();
  } catch (error) {
    if (!(error instanceof MailFailure)) throw error;
    return failed(url, error);
  }
  const how = `${plain ? 'without TLS' : 'with TLS'}${user === '' ? '' : ', and the user'}`;
  return ok(
    `${host}:${port} accepts the connection ${how}; MAIL_FROM is ${MAIL_FROM?.address ?? ''}`,
  );
}

function withoutServer({ values, problems }: World): Finding {
  if (problems.some((problem) => problem.startsWith('SMTP_URL:')))
    throw new Skipped('SMTP_URL is not valid');
  return values.MAIL_FROM
    ? warning(
        'MAIL_FROM is set without SMTP_URL, so launches with send_to are refused',
        'Set SMTP_URL, or remove MAIL_FROM.',
      )
    : ok('SMTP_URL is not set: launches with send_to are refused');
}

function failed(url: Secret, { reason, cause }: MailFailure): Finding {
  const { host, port, secure } = mailServerOf(url);
  const at = `${host}:${port}`;
  const why = explainNetwork(cause);
  switch (reason) {
    case 'server_unreachable':
      return fault(
        `${at} cannot be reached: ${why}`,
        `Correct host and port in SMTP_URL, or allow connections of the workers to ${at} (DNS, firewall, network policy).`,
      );
    case 'tls_failed':
      return fault(
        `${at} offers no TLS that can be used${why.includes('certificate') ? `: ${why}` : ''}`,
        secure ? SMTPS_REMEDY : STARTTLS_REMEDY,
      );
    case 'sign_in_refused':
      return fault(
        `${at} does not accept the user or the password`,
        'Correct user and password in SMTP_URL, percent-encoded: @ is %40, : is %3A, / is %2F.',
      );
    case 'server_busy':
      return warning(`${at} refuses for now (4xx)`, 'Gatehouse tries again; see the mail server.');
    default:
      return fault(
        `${at} does not answer as a mail server does (${reason})`,
        'Check host and port in SMTP_URL: 587 with smtp, 465 with smtps.',
      );
  }
}

const CERTIFICATES = 'name the CA’s file with NODE_EXTRA_CA_CERTS if it is your own';
const SMTPS_REMEDY = `Use the host name of its certificate, ${CERTIFICATES}, or smtp:// and port 587 if it begins with STARTTLS.`;
const STARTTLS_REMEDY = `Use the host name of its certificate, ${CERTIFICATES}, smtps:// and port 465 if it begins with TLS, or ?tls=none for a relay inside the cluster.`;

type ResolveTxt = (domain: string) => Promise<readonly (readonly string[])[]>;

/** Tells if the domain of `MAIL_FROM` says who may send for it. */
export async function senderFinding(domain: string, resolveTxt: ResolveTxt): Promise<Finding> {
  const records = await resolveTxt(domain).catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOTFOUND' || code === 'ENODATA') return [];
    throw new Skipped(`DNS does not answer for ${domain}`);
  });
  return records.some((parts) => parts.join('').startsWith('v=spf1'))
    ? ok(`${domain} has an SPF record`)
    : warning(
        `${domain} has no SPF record, so mailboxes may take e-mails for spam`,
        'Publish one in DNS that names your mail server, sign with DKIM, or correct MAIL_FROM.',
      );
}
