import { z } from 'zod';
import { Line } from '../core/text.ts';
import { SCOPES } from '../core/identity.ts';
import { nearest } from '../core/near-miss.ts';
import { ClientId, TenantId } from '../core/wire-ids.ts';
import { Issuer, RedirectUri, WebAddress, WebOrigin } from './addresses.ts';
import { TOKEN_SUBJECT } from './credentials.ts';

/** Validation of client registrations. Authorization relies on it and does not validate again. */

export type NewClient = z.output<ReturnType<typeof newClient>>;
export type ClientChange = z.output<ReturnType<typeof clientChange>>;

/** @param development true to accept http on loopback */
export function newClient(development: boolean) {
  const fields = fieldsFor(development);
  return z
    .strictObject({
      ...fields,
      id: NewId,
      redirectUris: fields.redirectUris.default([]),
      returnOrigins: fields.returnOrigins.default([]),
      initiateLoginUri: fields.initiateLoginUri.default(null),
      tokenIssuer: fields.tokenIssuer.default(null),
      tokenSubject: fields.tokenSubject.default(null),
      disabled: fields.disabled.default(false),
    })
    .refine(isPair, NO_PAIR);
}

/** An absent field stays unchanged; null removes it. */
export const clientChange = (development: boolean) =>
  z.strictObject(fieldsFor(development)).partial().refine(isPair, NO_PAIR);

/** Derives an id from a name: `Billing (EU)` → `billing-eu`. Empty if the name has no usable character. */
export const idFromName = (name: string): string =>
  name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^-/, '')
    .slice(0, 64)
    .replace(/-$/, '');

const fieldsFor = (development: boolean) => ({
  name: Line(255),
  scopes: someOf(Scope),
  tenants: someOf(TenantRule),
  redirectUris: z.array(RedirectUri(development)).transform(unique),
  returnOrigins: z.array(WebOrigin(development)).transform(unique),
  initiateLoginUri: WebAddress(development).nullable(),
  tokenIssuer: Issuer(development).nullable(),
  tokenSubject: TokenSubject.nullable(),
  disabled: z.boolean(),
});

const NewId = z.string().refine((id) => ClientId.safeParse(id).success, {
  error: 'must be 1 to 64 of A-Z a-z 0-9 . _ - and begin with a letter or digit',
});

const Scope = z.enum(SCOPES, {
  error: ({ input }) => `${quote(input)} is not a scope; ${scopeHint(input)}`,
});

function scopeHint(given: unknown): string {
  const near = typeof given === 'string' ? nearest(given, SCOPES) : undefined;
  return near === undefined ? `scopes are ${SCOPES.join(', ')}` : `did you mean "${near}"?`;
}

const TenantRule = z.string().refine(isTenantRule, {
  error: ({ input }) =>
    `${quote(input)} must be *, a tenant id, or the beginning of tenant ids and then *`,
});

/** @see https://www.rfc-editor.org/rfc/rfc7519#section-4.1.2 Case-sensitive, so never normalised. */
const TokenSubject = z.string().regex(TOKEN_SUBJECT, 'must be 1 to 255 printable ASCII characters');

function isTenantRule(rule: string): boolean {
  return rule === '*' || TenantId.safeParse(rule.replace(/\*$/, '')).success;
}

const NO_PAIR = { path: ['tokenSubject'], error: 'goes together with the token issuer' };

/** Issuer and subject must be given together: one alone would match no token. */
function isPair(client: { tokenIssuer?: string | null; tokenSubject?: string | null }): boolean {
  const { tokenIssuer: issuer, tokenSubject: subject } = client;
  return typeof issuer === typeof subject && (issuer === null) === (subject === null);
}

const unique = <T>(list: readonly T[]): T[] => [...new Set(list)];

const someOf = <S extends z.core.$ZodType>(item: S) =>
  z
    .array(item)
    .min(1, 'must name at least one')
    .transform(unique<z.output<S>>);

const quote = (input: unknown): string => JSON.stringify(input);
