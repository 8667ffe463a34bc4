import type { KeyLife } from '../clients/registry.ts';
import {
  clientChange,
  idFromName,
  newClient,
  type ClientChange,
  type NewClient,
} from '../clients/registration.ts';
import { parseFields, UsageError, type Arguments } from './arguments.ts';

/** Turns the flags of `gatehouse clients` into the registration. */

/** The flag of each field, for error messages. */
const FLAG_OF = {
  id: 'id',
  name: 'name',
  scopes: 'scopes',
  tenants: 'tenants',
  redirectUris: 'redirect-uri',
  returnOrigins: 'return-origin',
  initiateLoginUri: 'initiate-login-uri',
  tokenIssuer: 'token-issuer',
  tokenSubject: 'token-subject',
  disabled: 'disabled',
} as const;

export const CLIENT_FLAGS = {
  name: 'one',
  scopes: 'many',
  tenants: 'many',
  'redirect-uri': 'many',
  'return-origin': 'many',
  'initiate-login-uri': 'one',
  'token-issuer': 'one',
  'token-subject': 'one',
} as const;

/** @throws UsageError */
export function newClientFrom(args: Arguments, development: boolean): NewClient {
  const fields = fieldsFrom(args);
  // Without a name, the error is the missing name and not an invalid id.
  const id = args.one('id') ?? idFromName(args.one('name') ?? 'unnamed');
  return parseFields(newClient(development), { ...fields, id }, FLAG_OF);
}

/** @throws UsageError */
export function clientChangeFrom(args: Arguments, development: boolean): ClientChange {
  const fields = fieldsFrom(args);
  if (Object.keys(fields).length === 0) throw new UsageError('name at least one field to change');
  return parseFields(clientChange(development), fields, FLAG_OF);
}

/** Returns only the given fields. An empty value clears a field: `--redirect-uri ''`. */
function fieldsFrom(args: Arguments): Record<string, unknown> {
  const fields = {
    name: args.one('name'),
    scopes: separated(args.many('scopes')),
    tenants: separated(args.many('tenants')),
    redirectUris: args.many('redirect-uri')?.filter(Boolean),
    returnOrigins: args.many('return-origin')?.filter(Boolean),
    initiateLoginUri: orNull(args.one('initiate-login-uri')),
    tokenIssuer: orNull(args.one('token-issuer')),
    tokenSubject: orNull(args.one('token-subject')),
    disabled: flagged(args.one('disabled')),
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

const separated = (texts: readonly string[] | undefined): string[] | undefined =>
  texts?.flatMap((text) => text.split(',').map((part) => part.trim())).filter(Boolean);

const orNull = (text: string | undefined): string | null | undefined => (text === '' ? null : text);

function flagged(text: string | undefined): boolean | undefined {
  if (text === undefined) return undefined;
  if (text !== 'true' && text !== 'false') throw new UsageError('--disabled must be true or false');
  return text === 'true';
}

const UNIT_SECONDS = { m: 60, h: 3_600, d: 86_400 };
/** For a longer one, omit the flag: then the key does not expire. */
const MAX_SECONDS = 3_650 * UNIT_SECONDS.d;

/** Reads `--expires-in`. Without it, the key never expires. @throws UsageError */
export function keyLifeFrom(args: Arguments): KeyLife {
  const text = args.one('expires-in');
  if (text === undefined) return { seconds: null };
  const [, count, unit] = /^([1-9]\d{0,6})([mhd])$/.exec(text) ?? [];
  const seconds = Number(count) * UNIT_SECONDS[unit as keyof typeof UNIT_SECONDS];
  if (seconds <= MAX_SECONDS) return { seconds };
  throw new UsageError(
    `--expires-in: ${JSON.stringify(text)} must be minutes, hours or days: 90m, 12h, 30d; at most 3650d`,
  );
}
