/** The company's identity provider in development: issues and verifies user tokens. */
import { createLocalJWKSet, jwtVerify, SignJWT, type JWK, type JWTPayload } from 'jose';
import { tenantNameOf, type Person, type SignedInBy } from './person.ts';
import type { SigningKey } from './signing-key.ts';

/** The `aud` of user tokens, which Gatehouse verifies. */
const AUDIENCE = 'gatehouse';
export const TOKEN_LIFE_SECONDS = 3600;

export interface IdentityProviderOptions {
  readonly issuer: string;
  readonly key: SigningKey;
  readonly people: readonly Person[];
}

export interface IdentityProvider {
  readonly jwks: { readonly keys: JWK[] };
  /** Issues a token for a known person. @throws Error if nobody has this id */
  tokenFor(personId: string): Promise<string>;
  /** Issues a token for a person who signed in by SSO. */
  tokenForSsoUser(person: Person): Promise<string>;
  /** Returns undefined when the token is invalid, expired, or its person no longer exists. */
  personOf(token: string): Promise<Person | undefined>;
}

export function createIdentityProvider(options: IdentityProviderOptions): IdentityProvider {
  const { issuer, key, people } = options;
  const jwks = { keys: [key.publicJwk] };
  const keys = createLocalJWKSet(jwks);
  const find = (id: string | undefined) => people.find((person) => person.id === id);
  return {
    jwks,
    async tokenFor(personId) {
      const person = find(personId);
      if (!person) throw new Error(`Nobody here has the id ${personId}.`);
      return sign(person, issuer, key);
    },
    tokenForSsoUser: (person) => sign(person, issuer, key),
    async personOf(token) {
      const check = { issuer, audience: AUDIENCE, algorithms: ['ES256'] };
      const verified = await jwtVerify(token, keys, check).catch(() => undefined);
      return verified && (find(verified.payload.sub) ?? signedInPerson(verified.payload, people));
    },
  };
}

/** Rebuilds an SSO user from the token's claims, because the product stores none. */
function signedInPerson(payload: JWTPayload, people: readonly Person[]): Person | undefined {
  const { sub, name, tenant_id, roles, signed_in_by } = payload as JWTPayload & TokenPayload; // signed with our own key
  if (signed_in_by === undefined) return undefined;
  const tenantName = tenantNameOf(people, tenant_id);
  return { id: sub, name, tenantId: tenant_id, tenantName, roles, signedInBy: signed_in_by };
}

interface TokenPayload {
  readonly sub: string;
  readonly name: string;
  readonly tenant_id: string;
  readonly roles: readonly string[];
  readonly signed_in_by?: SignedInBy;
}

const sign = (person: Person, issuer: string, key: SigningKey): Promise<string> =>
  new SignJWT({
    tenant_id: person.tenantId,
    roles: person.roles,
    name: person.name,
    signed_in_by: person.signedInBy,
  })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: key.id })
    .setIssuer(issuer)
    .setAudience(AUDIENCE)
    .setSubject(person.id)
    .setIssuedAt()
    .setExpirationTime(`${TOKEN_LIFE_SECONDS} s`)
    .sign(key.privateKey);
