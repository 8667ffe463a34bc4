/** Sends one e-mail by SMTP. The only user of nodemailer. */
import { connect, type Socket } from 'node:net';
import { setInterval } from 'node:timers';
import type { createTransport } from 'nodemailer';
import { isLoopback } from '../../core/loopback.ts';
import type { Mailbox } from '../../core/mail-address.ts';
import type { MailFailureReason } from '../../core/mail-failures.ts';
import type { Secret } from '../../core/secret.ts';
import { failureOf } from './mail-failure.ts';

export interface MailConfig {
  /** `SMTP_URL` */
  readonly url: Secret;
  /** `MAIL_FROM` */
  readonly from: Mailbox;
}

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** The same at every attempt, so that mailboxes can drop a second copy. */
  readonly messageId: string;
}

export interface Smtp {
  /** @throws MailFailure */
  send(mail: Mail): Promise<void>;
  /** Connects and signs in, without sending anything. @throws MailFailure */
  verify(): Promise<void>;
}

const WAIT_MS = 10_000;
/**
 * For a whole e-mail: less than the time after which another process sends it. Servers look for spam before they
 * take a mail; one that is given up on too early delivers it, and another copy after the next attempt.
 */
const TOTAL_MS = 50_000;
const VERIFY_MS = 20_000;
/** The replies of a mail server are a few lines. A connection with more is closed. */
const MAX_BYTES = 256 * 1024;

interface Timeouts {
  /** To connect, and for the greeting. Default: 10 s. */
  readonly waitMs?: number;
  /** For a whole e-mail. Default: 50 s. */
  readonly totalMs?: number;
}

/** @param name how the process calls itself to the server: the host of `PUBLIC_URL` */
export function createSmtp(
  { url, from }: MailConfig,
  name: string,
  { waitMs = WAIT_MS, totalMs = TOTAL_MS }: Timeouts = {},
): Smtp {
  const withServer = async <T>(
    mostMs: number,
    use: (transport: Transport) => Promise<T>,
  ): Promise<T> => {
    const { createTransport } = await import('nodemailer');
    const sockets = boundedSockets({ waitMs, totalMs: mostMs });
    const options = optionsOf(url, name, { waitMs, totalMs: mostMs });
    const transport = createTransport({ ...options, getSocket: sockets.get });
    try {
      return await use(transport);
    } catch (error) {
      throw failureOf(error, sockets.fault());
    } finally {
      transport.close();
      sockets.end();
    }
  };
  return {
    send: ({ to, ...mail }) =>
      withServer(totalMs, async (transport) => {
        await transport.sendMail({
          ...mail,
          // Addresses are given as objects, which are never parsed as lists.
          from,
          to: { name: '', address: to },
          envelope: { from: from.address, to: [to] },
          headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
          disableFileAccess: true,
          disableUrlAccess: true,
        });
      }),
    verify: () =>
      withServer(VERIFY_MS, async (transport) => {
        await transport.verify();
      }),
  };
}

type Transport = ReturnType<typeof createTransport>;

/** Where `SMTP_URL` leads, and how. */
export function mailServerOf(secret: Secret) {
  const url = new URL(secret.reveal());
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const secure = url.protocol === 'smtps:';
  const plain = !secure && (isLoopback(url.hostname) || url.searchParams.get('tls') === 'none');
  const port = Number(url.port) || (secure ? 465 : 587);
  const [user, pass] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
  return { host, port, secure, plain, user, pass };
}

function optionsOf(secret: Secret, name: string, { waitMs, totalMs }: Required<Timeouts>) {
  const { host, port, secure, plain, user, pass } = mailServerOf(secret);
  return {
    ...{ host, port, name, secure },
    ...{ requireTLS: !plain, ignoreTLS: plain },
    ...(user !== '' && { auth: { user, pass } }),
    tls: { minVersion: 'TLSv1.2' as const },
    ...{ connectionTimeout: waitMs, greetingTimeout: waitMs, socketTimeout: totalMs },
    ...{ dnsTimeout: waitMs, logger: false, debug: false },
  };
}

type Connected = (error: Error | null, socket?: { connection: Socket }) => void;

/** Connects on behalf of the library, so that time and bytes have a limit whatever the server does. */
function boundedSockets({ waitMs, totalMs }: Required<Timeouts>) {
  const began = performance.now();
  let fault: MailFailureReason | undefined;
  let socket: Socket | undefined;
  const watch = setInterval(() => {
    if (performance.now() - began > totalMs) fault = 'server_too_slow';
    else if ((socket?.bytesRead ?? 0) > MAX_BYTES) fault = 'server_says_too_much';
    else return;
    socket?.destroy(new Error(fault));
  }, 50);
  return {
    get({ host, port }: { host?: string; port?: number | string }, done: Connected): void {
      const opening = connect({ host: host ?? '', port: Number(port), timeout: waitMs });
      socket = opening;
      const failed = (error: Error) => {
        done(error);
      };
      opening.once('error', failed);
      opening.once('timeout', () => opening.destroy(new Error('connect ETIMEDOUT')));
      opening.once('connect', () => {
        opening.off('error', failed).removeAllListeners('timeout').setTimeout(0);
        done(null, { connection: opening });
      });
    },
    fault: () => fault,
    end(): void {
      clearInterval(watch);
      socket?.destroy();
    },
  };
}
