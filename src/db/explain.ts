import type { Secret } from '../core/secret.ts';
import { asPostgresError } from './problems.ts';

interface Explanation {
  readonly code: RegExp;
  /** States the fault of the database and what to do about it, as the end of a sentence. */
  readonly text: string;
  /** True if waiting does not help because a person must change a setting or the server. */
  readonly isPermanent?: true;
}

const SEE_URL = 'see DATABASE_URL';

/** Explanations by SQLSTATE, or by the code of Node's socket and TLS errors. */
const EXPLANATIONS: readonly Explanation[] = [
  {
    code: /^28/,
    text: `the user or the password is not accepted; ${SEE_URL}`,
    isPermanent: true,
  },
  { code: /^3D000$/, text: `there is no such database; ${SEE_URL}`, isPermanent: true },
  { code: /^42501$/, text: 'the role lacks rights; run "gatehouse migrate"', isPermanent: true },
  {
    code: /^3F000$/,
    text: 'the search_path of the role does not lead to the tables; see: gatehouse doctor',
    isPermanent: true,
  },
  { code: /^53300$/, text: 'it has no connection left; see DATABASE_POOL_MAX' },
  { code: /^53100$/, text: 'its disk is full' },
  { code: /^57P0[12]$/, text: 'it ended the session: it restarts, or somebody ended it' },
  { code: /^57P03$/, text: 'it is starting up or shutting down' },
  { code: /^25006$/, text: 'it takes no writes at the moment (read-only, or not the primary)' },
  { code: /^08P01$/, text: 'PgBouncer refuses the connection; its log says why' },
  { code: /^ECONNREFUSED$/, text: 'nothing listens there' },
  { code: /^E(HOST|NET)UNREACH$/, text: 'there is no route to it' },
  { code: /^ETIMEDOUT$/, text: 'it did not answer in time' },
  { code: /^(ENOTFOUND|EAI_AGAIN)$/, text: 'its host name does not resolve' },
  {
    code: /^(ENOENT|EACCES|EISDIR)$/,
    text: 'a file named in DATABASE_URL (sslrootcert, sslcert or sslkey) cannot be read; mount it, it is read again at each connection',
  },
  {
    code: /^(ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH)$/,
    text: `its certificate is for another host name; ${SEE_URL}`,
    isPermanent: true,
  },
  { code: /^CERT_(HAS_EXPIRED|NOT_YET_VALID)$/, text: 'its certificate is not valid now' },
  {
    code: /^(UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|CERT_UNTRUSTED|CERT_SIGNATURE)/,
    text: 'its certificate is signed by no known authority; name the CA’s file with sslrootcert=… in DATABASE_URL, or with NODE_EXTRA_CA_CERTS',
    isPermanent: true,
  },
  { code: /^(ERR_SSL|EPROTO)/, text: `TLS could not be agreed on; see sslmode in DATABASE_URL` },
];

/** Explanations of the driver's errors that have no code. */
const BY_TEXT: readonly (readonly [RegExp, Omit<Explanation, 'code'>])[] = [
  [
    /does not support SSL/i,
    { text: 'it offers no TLS; see sslmode in DATABASE_URL', isPermanent: true },
  ],
  [
    /password must be/i,
    { text: 'it requires a password and DATABASE_URL has none', isPermanent: true },
  ],
  [/timeout/i, { text: 'it did not answer in time' }],
  [/terminated|not queryable|connection error/i, { text: 'the connection broke' }],
];

function explanationOf(error: unknown): Omit<Explanation, 'code'> | undefined {
  const { code = '', message } = asPostgresError(error);
  return (
    EXPLANATIONS.find((one) => one.code.test(code)) ??
    BY_TEXT.find(([pattern]) => code === '' && pattern.test(message))?.[1]
  );
}

/** Returns the error's code and what to do about it. Never its message, which may quote the URL or a value. */
export function explainDatabase(error: unknown): string {
  const { code } = asPostgresError(error);
  const parts = [code, explanationOf(error)?.text].filter((part) => part !== undefined);
  return parts.length > 0 ? parts.join(': ') : 'an error without a code';
}

/** True if the failure persists until a person changes something. */
export const isPermanent = (error: unknown): boolean => explanationOf(error)?.isPermanent === true;

/** Returns `host:port`, without user, password and database name. */
export function hostOf(url: Secret): string {
  const { hostname, port } = URL.parse(url.reveal()) ?? {};
  return hostname
    ? `${hostname}:${port === '' ? '5432' : (port ?? '')}`
    : 'the host of DATABASE_URL';
}
