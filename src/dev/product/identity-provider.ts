/** The company's identity provider in development: it vouches for the people who sign in. */
import { createLocalJWKSet, jwtVerify, SignJWT, type JWK, type JWTPayload } from 'jose';
import { tenantNameOf, type Person, type SignedInBy } from './person.ts';
import type { SigningKey } from './signing-key.ts';

/** The `aud` of user tokens: they are for Gatehouse to read. */
const AUDIENCE = 'gatehouse';
export const TOKEN_LIFE_SECONDS = 3600;

export interface IdentityProviderOptions {
  readonly issuer: string;
  readonly key: SigningKey;
  readonly people: readonly Person[];
}

export interface IdentityProvider {
  readonly jwks: { readonly keys: JWK[] };
  /** @throws Error where nobody has this id. */
  tokenFor(personId: string): Promise<string>;
  /** Of somebody whom a tenant's identity provider has signed in. */
  tokenOf(person: Person): Promise<string>;
  /** Undefined: not a token of ours, expired, or of someone who is gone. */
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
    tokenOf: (person) => sign(person, issuer, key),
    async personOf(token) {
      const check = { issuer, audience: AUDIENCE, algorithms: ['ES256'] };
      const verified = await jwtVerify(token, keys, check).catch(() => undefined);
      return verified && (find(verified.payload.sub) ?? signedInPerson(verified.payload, people));
    },
  };
}

/** Nobody keeps a list of them: all that is known stands in the token. */
function signedInPerson(payload: JWTPayload, people: readonly Person[]): Person | undefined {
  const { sub, name, tenant_id, roles, signed_in_by } = payload as JWTPayload & TokenPayload; // signed by us;
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
