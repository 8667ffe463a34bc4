/** Sends the e-mails of portal launches that wait in the database. */
import { createSecretEncryption, type SecretEncryption } from '../../core/encryption.ts';
import { Problem } from '../../core/problem.ts';
import { startRepeatingTask, type Task, type TaskWatch } from '../../core/repeating-task.ts';
import type { Secret } from '../../core/secret.ts';
import { describeCause } from '../../core/describe-cause.ts';
import type { Database } from '../../db/database.ts';
import { invitation } from '../../pages/mail/invitation.ts';
import { requireLaunchPermission } from '../link/launch-permission.ts';
import {
  createLaunchStore,
  type LaunchStore,
  type LaunchWithFacts,
} from '../stores/launch-store.ts';
import { createMailStore, type MailStore, type QueuedMail } from '../stores/mail-store.ts';
import { MailFailure } from './mail-failure.ts';
import { createSmtp, type MailConfig, type Smtp } from './smtp.ts';

export interface MailerDeps extends TaskWatch {
  readonly db: Database;
  /** Undefined without `SMTP_URL`: mails that wait then fail. */
  readonly mail: MailConfig | undefined;
  readonly keys: readonly Secret[];
  readonly publicUrl: string;
  readonly brand: { readonly name: string; readonly color: string };
  readonly itAdminRoles: readonly string[];
  readonly isReady: () => boolean;
  /** Called with `sent`, or the reason why an attempt failed. */
  readonly onMail: (outcome: string) => void;
  /** How often to look for mails. */
  readonly everyMs?: number;
  /** The pauses after failed attempts, in seconds; after the last one the mail has failed. */
  readonly pauses?: readonly number[];
}

interface Parts extends MailerDeps {
  readonly mails: MailStore;
  readonly launches: LaunchStore;
  readonly encryption: SecretEncryption;
  readonly smtp: Smtp | undefined;
}

const AT_ONCE = 5;
/** How long a process that ends waits for mails that it is sending: another one would send them again. */
const LAST_ROUND_MS = 15_000;
const EVERY_MS = 1_000;
/** Together some five hours: longer than greylisting takes. A launch that has expired ends them before. */
const PAUSES = [30, 120, 600, 1_800, 3_600, 10_800];

/** Safe in any number of processes. */
export function startMailer(deps: MailerDeps): Task {
  const { db, mail, keys, publicUrl } = deps;
  const parts: Parts = {
    ...deps,
    mails: createMailStore(db),
    launches: createLaunchStore(db),
    encryption: createSecretEncryption(keys, 'mail'),
    smtp: mail && createSmtp(mail, new URL(publicUrl).hostname),
  };
  const sendSome = async () => {
    if (!deps.isReady()) return;
    const taken = await parts.mails.take(AT_ONCE);
    await Promise.all(taken.map((one) => sendReporting(parts, one)));
    if (taken.length === AT_ONCE) task.wake();
  };
  const limits = { lastRoundMs: LAST_ROUND_MS };
  const task = startRepeatingTask('send mails', deps.everyMs ?? EVERY_MS, deps, sendSome, limits);
  return task;
}

async function sendReporting(parts: Parts, mail: QueuedMail): Promise<void> {
  const { logger, onMail, mails } = parts;
  const ids = { launch: mail.launchId, tenant_id: mail.tenantId, attempt: mail.attempts };
  const failure = await send(parts, mail).then(() => undefined, failureOf);
  onMail(failure?.reason ?? 'sent');
  if (!failure) {
    logger.info(ids, 'the e-mail of a portal launch was sent');
    await mails.end(mail, 'sent', null);
    return;
  }
  const { reason, temporary } = failure;
  const pause = temporary ? (parts.pauses ?? PAUSES)[mail.attempts - 1] : undefined;
  const facts = { ...ids, reason, cause: describeCause(failure) };
  if (pause === undefined) {
    logger.error(facts, 'the e-mail of a portal launch has failed');
    await mails.end(mail, 'failed', reason);
  } else {
    logger.warn(facts, 'the e-mail of a portal launch was not sent yet; it is tried again');
    await mails.again(mail, reason, pause);
  }
}

const failureOf = (error: unknown): MailFailure =>
  error instanceof MailFailure ? error : new MailFailure('internal', true, { cause: error });

/** Checks the launch as it is now, so that nothing is sent for one that was revoked. @throws MailFailure */
async function send(parts: Parts, { launchId, ...queued }: QueuedMail): Promise<void> {
  const { mail, smtp, brand, itAdminRoles } = parts;
  if (!mail || !smtp) throw new MailFailure('mail_not_configured', true);
  const launch = requireOpen(await parts.launches.withFacts(launchId), itAdminRoles);
  const url = parts.encryption.decrypt(queued.sealedUrl);
  if (!url) throw new MailFailure('key_missing', true);
  await smtp.send({
    to: queued.address,
    messageId: `<${launchId}@${mail.from.address.split('@')[1] ?? ''}>`,
    ...invitation(queued.language, {
      brand,
      tenantName: launch.tenantName,
      intent: launch.intent,
      expiresAt: launch.expiresAt,
      url,
    }),
  });
}

function requireOpen(
  launch: LaunchWithFacts | undefined,
  itAdminRoles: readonly string[],
): LaunchWithFacts {
  if (!launch || launch.revokedAt) throw new MailFailure('launch_revoked', false);
  if (launch.expired) throw new MailFailure('launch_expired', false);
  if (launch.redirectedAt) throw new MailFailure('launch_used', false);
  try {
    requireLaunchPermission(launch, itAdminRoles);
  } catch (error) {
    if (error instanceof Problem) throw new MailFailure(error.code, false);
    throw error;
  }
  return launch;
}
