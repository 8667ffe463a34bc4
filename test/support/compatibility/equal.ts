/** Makes what two worlds answer comparable: ids and times are named by the order in which they come. */

/** Values that nobody could guess, and so differ; that they are there is compared. */
const UNGUESSABLE: ReadonlySet<string> = new Set([
  'accept_invitation_url',
  'acceptInvitationUrl',
  'access_token',
  'accessToken',
  'codeVerifier',
  'external_key',
  'externalKey',
  'invitation_token',
  'link',
  'obfuscated_value',
  'obfuscatedValue',
  'password_reset_token',
  'passwordResetToken',
  'password_reset_url',
  'passwordResetUrl',
  'qr_code',
  'qrCode',
  'secret',
  'token',
  'uri',
  'value',
  'url',
  'verification_prefix',
  'verificationPrefix',
  'verification_token',
  'verificationToken',
]);
const ID = /([a-z_]+)_01[0-9A-HJKMNP-TV-Z]{24}/g;
const TIME = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;
const PASSCODE = /^\d{6}$/;
const TOKEN_IN_PATH = /(\/by_token\/)[\w-]+/;
const RANDOM = /^[\w-]{43}$/;

export type Comparable = (value: unknown) => unknown;

export interface Names {
  /** The tenant of an organization; undefined: it is none that is known. */
  readonly tenantOf: (organizationId: string) => string | undefined;
  /** What else has another name in the other world: text → its name in both. */
  readonly texts: Readonly<Record<string, string>>;
}

export function createComparable({ tenantOf, texts }: Names): Comparable {
  const named = new Map<string, string>();
  const counts = new Map<string, number>();
  const count = (kind: string): string => {
    const next = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, next);
    return `${kind} ${next}`;
  };
  const nameOf = (id: string, kind: string): string => {
    const name = named.get(id) ?? tenantOf(id) ?? count(kind);
    named.set(id, name);
    return name;
  };
  const text = (value: string): string => {
    if (TIME.test(value)) return 'a time';
    if (PASSCODE.test(value)) return 'a passcode';
    if (RANDOM.test(value)) return 'a random value';
    const known = Object.entries(texts).reduce(
      (left, [one, name]) => left.replaceAll(one, name),
      value,
    );
    return known.replaceAll(ID, nameOf).replace(TOKEN_IN_PATH, '$1a token');
  };
  const comparable = (value: unknown): unknown => {
    if (typeof value === 'string') return text(value);
    if (value instanceof Date) return 'a Date';
    if (Array.isArray(value)) return value.map(comparable);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, inner]) => typeof inner !== 'function')
        .map(([name, inner]) => [name, member(name, inner)]),
    );
  };
  const member = (name: string, value: unknown): unknown =>
    UNGUESSABLE.has(name) && typeof value === 'string' ? `a ${name}` : comparable(value);
  return comparable;
}
