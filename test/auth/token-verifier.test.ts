/** Tokens of users and clients, verified without a gateway around them. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { errors, exportJWK, generateKeyPair } from 'jose';
import { assertedUser, userByToken } from '../../src/auth/acting-user.ts';
import { claimAt } from '../../src/auth/claims.ts';
import { CredentialRefused } from '../../src/auth/credential-refused.ts';
import { createKeySet, KeysUnavailable } from '../../src/auth/key-set.ts';
import { refusalOf } from '../../src/auth/token-problems.ts';
import { createTokenVerifier, type VerifyToken } from '../../src/auth/token-verifier.ts';
import type { TokenIssuer } from '../../src/config/config.ts';
import { Problem } from '../../src/core/problem.ts';
import {
  FORGERIES,
  GOOD,
  inSeconds,
  signed,
  USER_FORGERIES,
  type Forging,
  type Json,
} from '../support/forged-tokens.ts';
import { startIssuer, type Issuer } from '../support/issuer.ts';

const CLAIMS = { tenant: 'tenant_id', roles: 'roles', azp: undefined };
let issuer: Issuer;
let forging: Forging;
let verify: VerifyToken;

const user = (): Json => ({
  iss: issuer.url,
  aud: 'gatehouse',
  sub: 'ada',
  tenant_id: 'acme',
  roles: ['it_admin'],
  exp: inSeconds(600),
});
const verifier = (fields: Partial<TokenIssuer> = {}): VerifyToken => {
  const jwksUrl = new URL(issuer.jwksUrl);
  return createTokenVerifier(
    {
      issuer: issuer.url,
      audience: 'gatehouse',
      audienceClaim: 'aud',
      severalAudiences: false,
      jwksUrl,
      ...fields,
    },
    createKeySet({ url: jwksUrl }),
  );
};
const sign = (claims: Json, header: Json = {}) =>
  signed(issuer.privateKey, { ...user(), ...claims }, header);

beforeAll(async () => {
  issuer = await startIssuer();
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const otherJwk = { ...(await exportJWK(publicKey)), kid: 'key-1', alg: 'ES256' };
  forging = { issuer, good: user(), otherKey: privateKey, otherJwk, canary: 'http://127.0.0.1:1' };
  verify = verifier();
});
afterAll(() => issuer.stop());

describe('a token', () => {
  it.each(Object.entries(GOOD))('is accepted: %s', async (_name, forge) => {
    await expect(verify(await forge(forging))).resolves.toMatchObject({ sub: 'ada' });
  });

  it.each(Object.entries({ ...FORGERIES, ...USER_FORGERIES }))(
    'is refused: %s',
    async (_name, forge) => {
      const token = await forge(forging);
      await expect(userByToken(verify, CLAIMS)(token)).rejects.toThrow(CredentialRefused);
    },
  );

  it.each<[string, Json, Json]>([
    ['the token is of another type (typ)', {}, { typ: 'id_token+jwt' }],
    ['the token is of another type (typ)', {}, { typ: 7 }],
    ['the algorithm is not accepted', {}, { alg: 'HS256' }],
    ['the algorithm is not accepted', {}, { alg: ['ES256'] }],
    ['the token names its own key', {}, { jku: 'https://evil.example' }],
    ['the token names its own key', {}, { x5u: 'https://evil.example' }],
    ['the token names its own key', {}, { jwk: {} }],
    ['the payload is not encoded', {}, { b64: false }],
    ['the key is unknown: the issuer has none with this kid', {}, { kid: 'key-2' }],
    ['the claim exp is missing', { exp: undefined }, {}],
    ['the claim sub is missing', { sub: undefined }, {}],
    ['the claim exp is malformed', { exp: 'soon' }, {}],
    ['the claim sub is not one string', { sub: ['ada'] }, {}],
    ['the token has expired', { exp: inSeconds(-60) }, {}],
    ['the token is not valid yet', { nbf: inSeconds(60) }, {}],
    ['the token lives too long', { exp: inSeconds(172_800) }, {}],
    ['the token is of another issuer', { iss: 'https://evil.example' }, {}],
    ['the token is for another audience', { aud: 'orders' }, {}],
    ['the token is for several audiences', { aud: ['gatehouse', 'orders'] }, {}],
  ])('is refused because %s', async (reason, claims, header) => {
    await expect(verify(await sign(claims, header))).rejects.toThrow(reason);
  });

  it('is refused without words of its own if it is no token', async () => {
    for (const token of ['', 'x', 'a.b.c', 'e30.e30.e30'])
      await expect(verify(token)).rejects.toThrow(/^the (token is malformed|algorithm is not)/);
  });

  it('may be 10 seconds past its end, before its begin, or above its longest life', async () => {
    for (const claims of [
      { exp: inSeconds(-7) },
      { nbf: inSeconds(7) },
      { exp: inSeconds(86_400 + 7) },
    ])
      await expect(verify(await sign(claims))).resolves.toMatchObject({ sub: 'ada' });
    for (const claims of [
      { exp: inSeconds(-13) },
      { nbf: inSeconds(13) },
      { exp: inSeconds(86_400 + 13) },
    ])
      await expect(verify(await sign(claims))).rejects.toThrow(CredentialRefused);
  });

  it('is verified once while its keys are the same', async () => {
    const token = await sign({ nonce: 1 });
    const [one, again, other] = [
      await verify(token),
      await verify(token),
      await verify(await sign({ nonce: 2 })),
    ];

    expect(again).toBe(one);
    expect(other).not.toBe(one);
  });

  it('for several audiences is accepted if that is set', async () => {
    const several = verifier({ severalAudiences: true });
    const token = await sign({ aud: ['gatehouse', 'orders'] });

    await expect(several(token)).resolves.toMatchObject({ sub: 'ada' });
    await expect(several(await sign({ aud: ['orders', 'other'] }))).rejects.toThrow('audience');
  });

  it('may name its audience in another claim', async () => {
    const byClient = verifier({ audienceClaim: 'client_id' });
    const [aud, client_id] = [undefined, 'gatehouse'];
    const allowed = [{ aud, client_id }, { client_id }, { aud: ['gatehouse'], client_id }];
    const refused: [Json, string][] = [
      [{ aud }, 'the claim client_id is not the audience'],
      [{ aud, client_id: ['gatehouse'] }, 'the claim client_id is not the audience'],
      [{ client_id: 'orders' }, 'the claim client_id is not the audience'],
      [{ aud: 'orders', client_id }, 'the token is for another audience'],
      [{ aud: [], client_id }, 'the token is for several audiences'],
      [{ aud: ['gatehouse', 'orders'], client_id }, 'the token is for several audiences'],
    ];

    for (const claims of allowed)
      await expect(byClient(await sign(claims))).resolves.toMatchObject({ sub: 'ada' });
    for (const [claims, reason] of refused)
      await expect(byClient(await sign(claims))).rejects.toThrow(reason);
  });

  it('is not judged while no key is known', async () => {
    const down = createTokenVerifier(
      {
        issuer: issuer.url,
        audience: 'gatehouse',
        audienceClaim: 'aud',
        severalAudiences: false,
        jwksUrl: new URL('http://127.0.0.1:1/'),
      },
      createKeySet({ url: new URL('http://127.0.0.1:1/') }),
    );

    await expect(down(await sign({}))).rejects.toThrow(KeysUnavailable);
    // A header that is never accepted needs no key.
    await expect(down(await sign({}, { alg: 'none' }))).rejects.toThrow(CredentialRefused);
  });
});

describe('a reason to refuse a token', () => {
  it.each<[string, Error]>([
    ['the token has expired', new errors.JWTExpired('x', {})],
    ['the claim sub is missing', new errors.JWTClaimValidationFailed('x', {}, 'sub', 'missing')],
    ['the claim exp is malformed', new errors.JWTClaimValidationFailed('x', {}, 'exp', 'invalid')],
    [
      'the token is for another audience',
      new errors.JWTClaimValidationFailed('x', {}, 'aud', 'check_failed'),
    ],
    [
      'the token is of another issuer',
      new errors.JWTClaimValidationFailed('x', {}, 'iss', 'check_failed'),
    ],
    [
      'the token is not valid yet',
      new errors.JWTClaimValidationFailed('x', {}, 'nbf', 'check_failed'),
    ],
    [
      'the claim iat is invalid',
      new errors.JWTClaimValidationFailed('x', {}, 'iat', 'check_failed'),
    ],
    [
      'the key is unknown: the issuer has none with this kid, type and algorithm',
      new errors.JWKSNoMatchingKey(),
    ],
    [
      'the signature was not made by a key of the issuer',
      new errors.JWSSignatureVerificationFailed(),
    ],
    ['the token is malformed', new errors.JWSInvalid()],
    ['the token is malformed', new errors.JWTInvalid()],
    ['the token could not be verified', new Error('secret text')],
  ])('is logged in words: %s', (reason, error) => {
    const refusal = refusalOf(error);

    expect(refusal).toBeInstanceOf(CredentialRefused);
    expect(refusal.message).toBe(reason);
    expect(refusal.cause).toBe(error);
    expect(refusalOf(refusal)).toBe(refusal);
  });
});

describe('the user of a token', () => {
  const userOf = (claims: Json, names: Partial<Parameters<typeof userByToken>[1]> = {}) =>
    userByToken(() => Promise.resolve({ sub: 'ada', tenant_id: 'acme', ...claims }), {
      ...CLAIMS,
      ...names,
    })('token');

  it('has an id, a tenant and roles', async () => {
    expect(await userOf({ roles: ['it_admin', 7, 'it_admin', null] })).toEqual({
      id: 'ada',
      tenantId: 'acme',
      roles: ['it_admin'],
      source: 'token',
    });
  });

  it.each([
    ['a text', 'it_admin', ['it_admin']],
    ['a text with spaces', 'it_admin owner', ['it_admin owner', 'it_admin', 'owner']],
    ['nothing', undefined, []],
    ['an object', { it_admin: true }, []],
    ['an empty list', [], []],
  ])('has roles from %s', async (_what, roles, expected) => {
    expect((await userOf({ roles })).roles).toEqual(expected);
  });

  it('has a hundred roles at most', async () => {
    const many = Array.from({ length: 101 }, (_, n) => `role-${n}`);
    expect((await userOf({ roles: many })).roles).toEqual(many.slice(0, 100));
  });

  it('has the client it was issued to only if a claim is named for it', async () => {
    expect(await userOf({ azp: 'web' })).not.toHaveProperty('authorizedParty');
    expect(await userOf({ azp: 'web' }, { azp: 'azp' })).toHaveProperty('authorizedParty', 'web');
    expect(await userOf({ azp: ['web'] }, { azp: 'azp' })).not.toHaveProperty('authorizedParty');
  });

  it.each<[string, Json]>([
    ['the claim sub is not a user id', { sub: '' }],
    ['the claim sub is not a user id', { sub: undefined }],
    ['the claim sub is not a user id', { sub: 'a b' }],
    ['the claim sub is not a user id', { sub: 'a'.repeat(256) }],
    ['the claim tenant_id is missing or not one string', { tenant_id: undefined }],
    ['the claim tenant_id is missing or not one string', { tenant_id: ['acme'] }],
    ['the claim tenant_id is not a tenant id', { tenant_id: 'acme\0' }],
    ['the claim tenant_id is not a tenant id', { tenant_id: 'acme\ud800' }],
  ])('is refused because %s', async (reason, claims) => {
    await expect(userOf(claims)).rejects.toThrow(new CredentialRefused(reason));
  });

  it('is refused if no issuer is configured', async () => {
    await expect(userByToken(undefined, CLAIMS)('token')).rejects.toThrow(
      'no issuer of user tokens is configured',
    );
  });
});

describe('a claim', () => {
  const claims = {
    'https://example.com/roles': ['a'],
    'realm_access.roles': undefined,
    realm: { access: { roles: ['b'] } },
    list: [{ roles: 'c' }],
    text: 'd',
  };

  it.each([
    ['https://example.com/roles', ['a']],
    ['realm.access.roles', ['b']],
    ['text', 'd'],
    ['realm_access.roles', undefined],
    ['realm.access.more', undefined],
    ['realm.nothing.roles', undefined],
    ['list.0.roles', undefined],
    ['text.length', undefined],
    ['constructor', undefined],
    ['realm.constructor.name', undefined],
  ])('is found by its name or path: %s', (path, value) => {
    expect(claimAt(claims, path)).toEqual(value);
  });
});

describe('a user whom a client asserts', () => {
  it('has the roles of a list separated by commas', () => {
    expect(assertedUser('ada', ' it_admin ,, owner')).toEqual({
      id: 'ada',
      tenantId: undefined,
      roles: ['it_admin', 'owner'],
      source: 'asserted',
    });
    expect(assertedUser('ada', undefined).roles).toEqual([]);
  });

  it('has a hundred roles at most', () => {
    const many = Array.from({ length: 101 }, (_, n) => `role-${n}`);
    expect(assertedUser('ada', many.join(',')).roles).toEqual(many.slice(0, 100));
  });

  it.each(['', 'a b', 'adä', 'a'.repeat(256), 'ada\n'])('is refused with the id %j', (id) => {
    try {
      assertedUser(id, undefined);
    } catch (error) {
      const message = 'must be 1 to 255 printable ASCII characters';
      expect(error).toBeInstanceOf(Problem);
      expect(error).toMatchObject({
        slug: 'malformed-request',
        message: `Gatehouse-User-Id: ${message}.`,
        errors: [{ field: 'gatehouse-user-id', code: 'invalid_format', message }],
      });
      return;
    }
    throw new Error('accepted');
  });
});
