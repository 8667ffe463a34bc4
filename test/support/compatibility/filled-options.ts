/** Values for the options that a call leaves out. */
import type { World } from './call.ts';
import type { Shape } from './sdk-options.ts';

/** Options that exclude each other: each call has one of them. */
export const EITHER: readonly (readonly (readonly string[])[])[] = [
  [['password'], ['passwordHash', 'passwordHashType']],
  [['roleSlug'], ['roleSlugs']],
  [['domainData'], ['domains']],
  [['organization'], ['connection'], ['provider']],
  [['directory'], ['group']],
  [['directory'], ['user']],
];

/**
 * Only where a call gives them: cursors, which have calls of their own; verifiers, which belong to a
 * challenge; the domain of a sign-in, which WorkOS has ceased to take.
 */
export const LEFT_OUT: ReadonlySet<string> = new Set(['before', 'after', 'codeVerifier', 'domain']);

/** It is the tenant id, and so never taken away. */
export const NEVER_NULL: ReadonlySet<string> = new Set(['externalId']);

type Value = (world: World) => unknown;
const tokenOfInvitation: Value = ({ fake }) =>
  [...fake.state.invitations.values()].find(({ state }) => state === 'pending')?.token;

/** By name: what cannot be made up. */
const VALUES: Readonly<Record<string, Value>> = {
  organizationId: ({ acme }) => acme,
  organization: ({ acme }) => acme,
  userId: ({ ids }) => ids.member,
  inviterUserId: ({ ids }) => ids.member,
  connection: ({ ids }) => ids.connection,
  connectionType: () => 'OktaSAML',
  directory: ({ ids }) => ids.directory,
  group: ({ ids }) => ids.group,
  user: ({ ids }) => ids.directoryUser,
  invitationToken: tokenOfInvitation,
  provider: () => 'GoogleOAuth',
  email: () => 'filled@acme.test',
  adminEmails: () => ['it@acme.test'],
  domain: () => 'filled.test',
  domainData: () => [{ domain: 'filled.test', state: 'verified' }],
  domains: () => ['other.test', 'other.example'],
  externalId: () => 'initech',
  resourceTypeSlug: () => 'organization',
  returnUrl: () => 'https://app.example.com/return',
  successUrl: () => 'https://app.example.com/success',
  password: () => 'correct horse battery staple',
  passwordHashType: () => 'bcrypt',
  codeChallenge: () => 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  passwordHash: () => '$2b$12$abcdefghijklmnopqrstuv0123456789012345678901234567890',
  roleSlug: () => 'admin',
  roleSlugs: () => ['admin'],
  permissions: () => ['invoices:read'],
  metadata: () => ({ key: 'string' }),
  providerType: () => 'GoogleSAML',
  locale: () => 'de-DE',
  limit: () => 2,
  version: () => 1,
  expiresIn: () => 900,
  expiresInDays: () => 7,
  ipAddress: () => '192.0.2.1',
  smsTemplate: () => 'It is {{code}}.',
};

/** Must differ from call to call where something is made. */
const UNIQUE: ReadonlySet<string> = new Set(['email', 'slug', 'externalId', 'domain']);

/** How a call is filled: the `nth` of its kind, or with null wherever there may be one. */
interface Filling {
  readonly world: World;
  readonly nth: number;
  readonly isNull: boolean;
  readonly creates: boolean;
}

export const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !(value instanceof Date) && !Array.isArray(value);

/** @param given what the call gives, which is kept @param name of the option */
export function fill(shape: Shape, given: unknown, name: string, how: Filling): unknown {
  if (shape.kind === 'nullable')
    return how.isNull && !NEVER_NULL.has(name)
      ? null
      : fill(shape.of, given ?? undefined, name, how);
  if (shape.kind === 'either') return fill(chosen(shape.of, given, how.nth), given, name, how);
  if (shape.kind === 'object' && (given === undefined || isFields(given)))
    return fillObject(shape.fields, given ?? {}, how);
  if (shape.kind === 'list' && Array.isArray(given))
    return given.map((one) => fill(shape.of, one, '', how));
  const value = given ?? VALUES[name]?.(how.world) ?? made(shape, name, how);
  const isUnique = how.creates && UNIQUE.has(name) && how.nth > 0;
  return isUnique && typeof value === 'string' ? `${how.nth}${value}` : value;
}

function fillObject(
  fields: Readonly<Record<string, Shape>>,
  given: Readonly<Record<string, unknown>>,
  how: Filling,
): Record<string, unknown> {
  const isLeftOut = (name: string) => LEFT_OUT.has(name) && !(name in given);
  const left = new Set(Object.keys(fields).filter((name) => !isLeftOut(name)));
  for (const group of EITHER) {
    const there = thereIn(group, fields);
    const first = there.findIndex(([name = '']) => name in given);
    const kept = there[(Math.max(first, 0) + how.nth) % there.length];
    for (const names of there) if (names !== kept) for (const name of names) left.delete(name);
  }
  const filled = [...left].map((name) => [
    name,
    fill(fields[name] ?? { kind: 'nothing' }, given[name], name, how),
  ]);
  const more = Object.entries(given).filter(([name]) => !(name in fields));
  return Object.fromEntries([...more, ...filled]) as Record<string, unknown>;
}

/** The alternatives of a group that a type has. */
export const thereIn = (
  group: readonly (readonly string[])[],
  fields: object,
): (readonly string[])[] => group.filter(([name = '']) => name in fields);

/** The alternative that has all that is given. */
function chosen(alternatives: readonly Shape[], given: unknown, nth: number): Shape {
  const fits = alternatives.filter(
    (one) =>
      one.kind !== 'object' ||
      Object.entries(isFields(given) ? given : {}).every(([name, value]) => {
        const field = one.fields[name];
        return field && (field.kind !== 'one' || field.of.includes(String(value)));
      }),
  );
  const choice = fits.length > 0 ? fits : alternatives;
  return choice[nth % choice.length] ?? { kind: 'nothing' };
}

function made(shape: Shape, name: string, how: Filling): unknown {
  if (shape.kind === 'text') return `a ${name}`;
  if (shape.kind === 'number') return 1;
  if (shape.kind === 'flag') return true;
  if (shape.kind === 'date') return new Date(Date.now() + 86_400_000);
  if (shape.kind === 'one') return shape.of[how.nth % shape.of.length];
  if (shape.kind === 'list') return listOf(shape.of, name, how);
  if (shape.kind === 'map') return { key: fill(shape.of, undefined, name, how) };
  return undefined;
}

const listOf = (of: Shape, name: string, how: Filling): unknown[] =>
  of.kind === 'one' ? [...of.of] : [fill(of, undefined, name, how)];
