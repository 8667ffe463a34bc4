import type { Secret } from '../core/secret.ts';
import { asPostgresError } from './problems.ts';

interface Explanation {
  readonly code: RegExp;
  readonly says: string;
  /** A person has to change a setting or the server: waiting is of no use. */
  readonly isPermanent?: true;
}

const SEE_URL = 'see DATABASE_URL';

/** SQLSTATEs, and codes of Node's sockets and TLS. */
const EXPLANATIONS: readonly Explanation[] = [
  {
    code: /^28/,
    says: `the user or the password is not accepted; ${SEE_URL}`,
    isPermanent: true,
  },
  { code: /^3D000$/, says: `there is no such database; ${SEE_URL}`, isPermanent: true },
  { code: /^42501$/, says: 'the role lacks rights; run "gatehouse migrate"', isPermanent: true },
  { code: /^53300$/, says: 'it has no connection left; see DATABASE_POOL_MAX' },
  { code: /^57P03$/, says: 'it is starting up or shutting down' },
  { code: /^25006$/, says: 'it takes no writes at the moment (read-only, or not the primary)' },
  { code: /^ECONNREFUSED$/, says: 'nothing listens there' },
  { code: /^(ENOTFOUND|EAI_AGAIN)$/, says: 'its host name does not resolve' },
  {
    code: /^(ENOENT|EACCES|EISDIR)$/,
    says: 'a file named in DATABASE_URL (sslrootcert, sslcert or sslkey) cannot be read; mount it, it is read anew at each connection',
  },
  {
    code: /^(ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH)$/,
    says: `its certificate is for another host name; ${SEE_URL}`,
    isPermanent: true,
  },
  { code: /^CERT_(HAS_EXPIRED|NOT_YET_VALID)$/, says: 'its certificate is not valid now' },
  {
    code: /^(UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|CERT_UNTRUSTED|CERT_SIGNATURE)/,
    says: 'its certificate is signed by no authority that is known here; name the CA’s file with sslrootcert=… in DATABASE_URL, or with NODE_EXTRA_CA_CERTS',
    isPermanent: true,
  },
  { code: /^(ERR_SSL|EPROTO)/, says: `TLS could not be agreed on; see sslmode in DATABASE_URL` },
];

/** Errors of the driver that have no code: they are known by their text. */
const BY_TEXT: readonly (readonly [RegExp, Omit<Explanation, 'code'>])[] = [
  [
    /does not support SSL/i,
    { says: 'it offers no TLS; see sslmode in DATABASE_URL', isPermanent: true },
  ],
  [
    /password must be/i,
    { says: 'it wants a password and DATABASE_URL has none', isPermanent: true },
  ],
  [/timeout/i, { says: 'it gave no answer in time' }],
  [/terminated|not queryable|connection error/i, { says: 'the connection broke' }],
];

function explanationOf(error: unknown): Omit<Explanation, 'code'> | undefined {
  const { code = '', message } = asPostgresError(error);
  return (
    EXPLANATIONS.find((one) => one.code.test(code)) ??
    BY_TEXT.find(([pattern]) => code === '' && pattern.test(message))?.[1]
  );
}

/** The code of a failure and what to do about it. Never a message: it may quote the URL or a value. */
export function explainDatabase(error: unknown): string {
  const { code } = asPostgresError(error);
  const parts = [code, explanationOf(error)?.says].filter((part) => part !== undefined);
  return parts.length > 0 ? parts.join(': ') : 'an error without a code';
}

/** True if the failure persists until a person changes something. */
export const isPermanent = (error: unknown): boolean => explanationOf(error)?.isPermanent === true;

/** `host:port`, without user, password and name. */
export function hostOf(url: Secret): string {
  const { hostname, port } = URL.parse(url.reveal()) ?? {};
  return hostname
    ? `${hostname}:${port === '' ? '5432' : (port ?? '')}`
    : 'the host of DATABASE_URL';
}
