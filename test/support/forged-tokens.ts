/** Tokens written by hand, so that every part of them can be wrong. */
import { createHmac, createPublicKey, randomBytes } from 'node:crypto';
import type { Issuer } from './issuer.ts';

export type Json = Record<string, unknown>;
type SigningKey = Parameters<typeof crypto.subtle.sign>[1];

export const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1_000) + seconds;

const part = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** @param payload text is taken as it is */
export async function signed(
  key: SigningKey,
  payload: Json | string,
  header: Json = {},
): Promise<string> {
  const text = `${part({ alg: 'ES256', kid: 'key-1', typ: 'JWT', ...header })}.${part(payload)}`;
  const algorithm = { name: 'ECDSA', hash: 'SHA-256' };
  const signature = await crypto.subtle.sign(algorithm, key, Buffer.from(text));
  return `${text}.${Buffer.from(signature).toString('base64url')}`;
}

export const withSignature = (payload: Json, header: Json, signature: Buffer | string): string =>
  `${part(header)}.${part(payload)}.${Buffer.from(signature).toString('base64url')}`;

/** HS256 whose secret is what anybody can fetch: the public key. */
export function withHmac(payload: Json, secret: string): string {
  const text = `${part({ alg: 'HS256', kid: 'key-1', typ: 'JWT' })}.${part(payload)}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

/** A token that looks good and names a key nobody has. */
export const withUnknownKey = (payload: Json, kid: string): string =>
  withSignature(payload, { alg: 'ES256', kid, typ: 'JWT' }, randomBytes(64));

const cut = (token: string, from: number, to?: number): string =>
  token.split('.').slice(from, to).join('.');

export interface Forging {
  readonly issuer: Issuer;
  /** What a good token says. */
  readonly good: Json;
  /** Of somebody else. */
  readonly otherKey: SigningKey;
  readonly otherJwk: Json;
  /** Where nothing may ever be fetched. */
  readonly canary: string;
}

type Forge = (forging: Forging) => Promise<string> | string;

/** Of the good token, but for some claims. */
const claims =
  (changed: Json): Forge =>
  ({ issuer, good }) =>
    signed(issuer.privateKey, { ...good, ...changed });
/** Of the good token, but for a list where there was one text. */
const listOf =
  (name: string): Forge =>
  ({ issuer, good }) =>
    signed(issuer.privateKey, { ...good, [name]: [good[name]] });
/** Of the good token, but for its header. */
const header =
  (changed: Json | ((forging: Forging) => Json)): Forge =>
  (forging) =>
    signed(
      forging.issuer.privateKey,
      forging.good,
      typeof changed === 'function' ? changed(forging) : changed,
    );
/** By somebody else's key. */
const byOther =
  (changed: (forging: Forging) => Json): Forge =>
  (forging) =>
    signed(forging.otherKey, forging.good, changed(forging));
const altered =
  (change: (token: string) => string): Forge =>
  async ({ issuer, good }) =>
    change(await signed(issuer.privateKey, good));

const pem = ({ issuer }: Forging): string =>
  createPublicKey({ key: issuer.publicJwk, format: 'jwk' })
    .export({ type: 'spki', format: 'pem' })
    .toString();

/** Whatever the token is for. */
export const FORGERIES: Readonly<Record<string, Forge>> = {
  'alg none': ({ good }) => withSignature(good, { alg: 'none', typ: 'JWT' }, ''),
  'alg nOnE': ({ good }) => withSignature(good, { alg: 'nOnE', typ: 'JWT' }, ''),
  'alg none, with a signature': header({ alg: 'none' }),
  'no alg': header({ alg: undefined }),
  'an empty alg': header({ alg: '' }),
  'HS256 with the public key': (forging) => withHmac(forging.good, pem(forging)),
  'HS256 with the published JWK': ({ good, issuer }) =>
    withHmac(good, JSON.stringify(issuer.publicJwk)),
  'HS256 with an empty secret': ({ good }) => withHmac(good, ''),
  'RS256 for an elliptic key': header({ alg: 'RS256' }),
  'ES384 for a P-256 key': header({ alg: 'ES384' }),
  'EdDSA for a P-256 key': header({ alg: 'EdDSA' }),
  'a signature of zeros': ({ good }) =>
    withSignature(good, { alg: 'ES256', kid: 'key-1' }, Buffer.alloc(64)),
  'no signature': altered((token) => `${cut(token, 0, 2)}.`),
  'half a signature': altered((token) => token.slice(0, -43)),
  'another key': byOther(() => ({})),
  'another key, without kid': byOther(() => ({ kid: undefined })),
  'another key in jwk': byOther(({ otherJwk }) => ({ jwk: otherJwk })),
  'another key at jku': byOther(({ canary }) => ({ jku: `${canary}/jku` })),
  'another key at x5u': byOther(({ canary }) => ({ x5u: `${canary}/x5u` })),
  'another key in x5c': byOther(() => ({ x5c: ['MIIB'] })),
  'jku beside a good signature': header(({ canary }) => ({ jku: `${canary}/jku` })),
  'x5u beside a good signature': header(({ canary }) => ({ x5u: `${canary}/x5u` })),
  'jwk beside a good signature': header(({ issuer }) => ({ jwk: issuer.publicJwk })),
  'kid a URL': byOther(({ canary }) => ({ kid: `${canary}/kid` })),
  'kid a path': header({ kid: '../../../../etc/passwd' }),
  'kid SQL': header({ kid: "key-1' or '1'='1" }),
  'kid a number': header({ kid: 1 }),
  'kid with NUL': header({ kid: 'key-1\0' }),
  'kid __proto__': header({ kid: '__proto__' }),
  'crit with what nobody knows': header({
    crit: ['http://evil.example'],
    'http://evil.example': 1,
  }),
  'crit empty': header({ crit: [] }),
  'crit with exp': header({ crit: ['exp'], exp: 1 }),
  'b64 false': header({ b64: false, crit: ['b64'] }),
  'b64 false, without crit': header({ b64: false }),
  'typ of an ID token': header({ typ: 'id_token+jwt' }),
  'typ of a logout token': header({ typ: 'logout+jwt' }),
  'typ of a proof': header({ typ: 'dpop+jwt' }),
  'typ null': header({ typ: null }),
  'typ a list': header({ typ: ['JWT'] }),
  'no exp': claims({ exp: undefined }),
  'exp in ten years': claims({ exp: inSeconds(315_360_000) }),
  'exp in two days': claims({ exp: inSeconds(172_800) }),
  'exp as text': claims({ exp: String(inSeconds(600)) }),
  'exp null': claims({ exp: null }),
  'exp a list': claims({ exp: [inSeconds(600)] }),
  'exp 1e308': claims({ exp: 1e308 }),
  'expired an hour ago': claims({ exp: inSeconds(-3_600) }),
  'expired a minute ago': claims({ exp: inSeconds(-60) }),
  'exp before 1970': claims({ exp: -1 }),
  'nbf in an hour': claims({ nbf: inSeconds(3_600) }),
  'nbf as text': claims({ nbf: 'now' }),
  'another iss': claims({ iss: 'https://evil.example' }),
  'no iss': claims({ iss: undefined }),
  'iss a list': ({ issuer, good }) =>
    signed(issuer.privateKey, { ...good, iss: [issuer.url, issuer.url] }),
  'iss with a slash more': ({ issuer, good }) =>
    signed(issuer.privateKey, { ...good, iss: `${issuer.url}/` }),
  'another aud': claims({ aud: 'orders' }),
  'no aud': claims({ aud: undefined }),
  'aud in upper case': ({ issuer, good }) =>
    signed(issuer.privateKey, { ...good, aud: String(good.aud).toUpperCase() }),
  'two aud': ({ issuer, good }) =>
    signed(issuer.privateKey, { ...good, aud: [good.aud, 'orders'] }),
  'aud an empty list': claims({ aud: [] }),
  'aud of the other kind': ({ issuer, good }) =>
    signed(issuer.privateKey, {
      ...good,
      aud: good.aud === 'gatehouse' ? 'gatehouse-clients' : 'gatehouse',
    }),
  'no sub': claims({ sub: undefined }),
  'sub empty': claims({ sub: '' }),
  'sub null': claims({ sub: null }),
  'sub a number': claims({ sub: 7 }),
  'sub a list': listOf('sub'),
  'sub an object': claims({ sub: { id: 'ada' } }),
  'sub too long': claims({ sub: 'a'.repeat(256) }),
  'sub not ASCII': claims({ sub: 'adä' }),
  'sub with a line break': claims({ sub: 'ada\n' }),
  'sub with NUL': claims({ sub: 'ada\0' }),
  'changed claims': altered((token) => {
    const [head = '', , signature = ''] = token.split('.');
    return `${head}.${part({ sub: 'eve' })}.${signature}`;
  }),
  'claims that are no object': ({ issuer }) => signed(issuer.privateKey, '["ada"]'),
  'claims that are no JSON': ({ issuer }) => signed(issuer.privateKey, 'ada'),
  'claims without a header': altered((token) => cut(token, 1)),
  'a header that is no JSON': altered((token) => `e30e.${cut(token, 1)}`),
  'four parts': altered((token) => `${token}.AAAA`),
  'five parts, as if encrypted': altered((token) => `${token}.AAAA.AAAA`),
  'padded base64': altered((token) => token.replaceAll('.', '=.')),
  '12 KB of claims': claims({ filler: 'x'.repeat(9_000), aud: 'orders' }),
};

/** What only a user's token can have wrong. */
export const USER_FORGERIES: Readonly<Record<string, Forge>> = {
  'no tenant': claims({ tenant_id: undefined }),
  'tenant null': claims({ tenant_id: null }),
  'tenant a list of one': claims({ tenant_id: ['acme'] }),
  'tenant a list of two': claims({ tenant_id: ['acme', 'globex'] }),
  'tenant a number': claims({ tenant_id: 7 }),
  'tenant an object': claims({ tenant_id: { id: 'acme' } }),
  'tenant with NUL': claims({ tenant_id: 'acme\0' }),
  'tenant with a line break': claims({ tenant_id: 'acme\r\n' }),
  'tenant with half a surrogate pair': claims({ tenant_id: 'acme\ud800' }),
};

/** What must be let in, or one forgery would pass for another. */
export const GOOD: Readonly<Record<string, Forge>> = {
  plain: claims({}),
  'aud a list of one': ({ issuer, good }) =>
    signed(issuer.privateKey, { ...good, aud: [good.aud] }),
  'no typ': header({ typ: undefined }),
  'typ at+jwt': header({ typ: 'at+jwt' }),
  'typ application/at+jwt': header({ typ: 'application/at+jwt' }),
  'typ in lower case': header({ typ: 'jwt' }),
  'no kid': header({ kid: undefined }),
  'a header nobody knows': header({ 'x-trace': 1 }),
  'nbf in the past': claims({ nbf: inSeconds(-60) }),
  'exp in 23 hours': claims({ exp: inSeconds(82_800) }),
  'claims nobody knows': claims({ email: 'ada@acme.test', org: { id: 7 } }),
};
