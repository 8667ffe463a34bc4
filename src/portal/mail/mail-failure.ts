import type { MailFailureReason } from '../../core/mail-failures.ts';

/** Why an e-mail was not sent. Holds nothing that the server said: it may quote the e-mail. */
export class MailFailure extends Error {
  override readonly name = 'MailFailure';
  /** A `MailFailureReason`, or why the launch needs no e-mail any more. */
  readonly reason: string;
  /** False if another attempt cannot help. */
  readonly temporary: boolean;

  constructor(reason: string, temporary: boolean, options?: ErrorOptions) {
    super(reason, options);
    this.reason = reason;
    this.temporary = temporary;
  }
}

/** The codes of nodemailer, and the replies of RFC 5321 §4.2.1: 4xx is temporary, 5xx is not. */
export function failureOf(error: unknown, fault: MailFailureReason | undefined): MailFailure {
  const {
    code = '',
    originalCode = code,
    responseCode = 0,
    command,
    timeoutType = '',
  } = error as Failed;
  // The code of the network or of TLS, where the library replaces it with one of its own.
  const cause = Object.assign(
    new Error(`${originalCode || 'error'} ${responseCode || 'without a reply'}`),
    { code: originalCode },
  );
  const failure = (reason: MailFailureReason, temporary = true) =>
    new MailFailure(reason, temporary, { cause });
  if (fault !== undefined) return failure(fault);
  if (WHILE_CONNECTED.test(timeoutType)) return failure('server_too_slow');
  if (code === 'EAUTH') return failure('sign_in_refused');
  if (code === 'ETLS' || TLS_CODES.test(originalCode)) return failure('tls_failed');
  if (responseCode >= 500 && command === 'RCPT TO') return failure('address_refused', false);
  // Not about this mail: whoever runs the server can allow it.
  if (responseCode >= 500 && command === 'MAIL FROM') return failure('sender_refused');
  if (responseCode >= 500) return failure('server_refused', false);
  return failure(responseCode >= 400 ? 'server_busy' : 'server_unreachable');
}

interface Failed {
  readonly code?: string;
  readonly originalCode?: string;
  readonly responseCode?: number;
  readonly timeoutType?: string;
  /** The command of SMTP that was answered. */
  readonly command?: string;
}

/** Timeouts of nodemailer that begin when the server has accepted the connection. */
const WHILE_CONNECTED = /^(GREETING|UPGRADE|SOCKET)_TIMEOUT$/;
/** Codes of Node's and OpenSSL's errors that mean no TLS, or a certificate that is not accepted. */
const TLS_CODES = /^(ERR_SSL|ERR_TLS|EPROTO$|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|HOSTNAME_)/;
