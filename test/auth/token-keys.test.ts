/** A token is valid only while the issuer publishes the key that signed it. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import { createKeySet } from '../../src/auth/key-set.ts';
import { createTokenVerifier } from '../../src/auth/token-verifier.ts';
import { startIssuer, type Issuer } from '../support/issuer.ts';

let issuer: Issuer;
let time: number;

beforeEach(async () => {
  issuer = await startIssuer();
  time = Date.now();
});
afterEach(() => issuer.stop());

/** Creates the verifier of one replica, with a clock that the test sets. */
const replica = () =>
  createTokenVerifier(
    {
      issuer: issuer.url,
      audience: 'gatehouse',
      audienceClaim: 'aud',
      severalAudiences: false,
      jwksUrl: new URL(issuer.jwksUrl),
    },
    createKeySet({ url: new URL(issuer.jwksUrl), now: () => time }),
  );

interface Pair {
  readonly jwk: Readonly<Record<string, unknown>>;
  sign(kid?: string): Promise<string>;
}

async function newPair(alg: string, kid?: string): Promise<Pair> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return {
    jwk: { ...(await exportJWK(publicKey)), alg, use: 'sig', ...(kid !== undefined && { kid }) },
    sign: (named = kid) => signBy(privateKey, { alg, ...(named !== undefined && { kid: named }) }),
  };
}

const signBy = (key: CryptoKey, header: { alg: string; kid?: string }): Promise<string> =>
  new SignJWT({ iss: issuer.url, aud: 'gatehouse', sub: 'ada', exp: time / 1_000 + 3_600 })
    .setProtectedHeader(header)
    .sign(key);

const minutes = (count: number) => count * 60_000;
const good = { sub: 'ada' };

describe('a token whose key was withdrawn', () => {
  it('is refused by every replica once the keys were refreshed, whether it was verified before or not', async () => {
    const [old, next] = [await newPair('ES256', 'k1'), await newPair('ES256', 'k2')];
    const replicas = [replica(), replica()] as const;
    issuer.publish([old.jwk]);
    const token = await old.sign();
    await replicas[0](token);
    issuer.publish([next.jwk]);
    time += 31_000;
    const newer = await next.sign();

    for (const verify of replicas) {
      await expect(verify(newer)).resolves.toMatchObject(good);
      await expect(verify(token)).rejects.toThrow('the key is unknown');
    }
  });

  it('is refused after ten minutes even without other requests in between', async () => {
    const [old, next] = [await newPair('ES256', 'k1'), await newPair('ES256', 'k2')];
    const verify = replica();
    issuer.publish([old.jwk]);
    const token = await old.sign();
    await verify(token);
    issuer.publish([next.jwk]);
    time += minutes(10) + 1;

    await expect(verify(token)).rejects.toThrow('the key is unknown');
  });

  it('is refused when another key has taken over its kid', async () => {
    const [old, next] = [await newPair('ES256', 'k1'), await newPair('ES256', 'k1')];
    const verify = replica();
    issuer.publish([old.jwk]);
    const token = await old.sign();
    await verify(token);
    issuer.publish([next.jwk]);
    time += 31_000;

    await expect(verify(await next.sign())).resolves.toMatchObject(good);
    await expect(verify(token)).rejects.toThrow('the signature was not made by a key');
  });

  it('stays valid while the issuer is down or publishes no key at all', async () => {
    const verify = replica();
    const pair = await newPair('ES256', 'k1');
    issuer.publish([pair.jwk]);
    const token = await pair.sign();
    await verify(token);

    issuer.publish([]);
    time += minutes(11);
    await expect(verify(token)).resolves.toMatchObject(good);
    issuer.setDown(true);
    time += minutes(11);
    await expect(verify(token)).resolves.toMatchObject(good);
  });

  it('costs one fetch in ten minutes when nothing was withdrawn, and no second verification', async () => {
    const verify = replica();
    const pair = await newPair('ES256', 'k1');
    issuer.publish([pair.jwk]);
    const token = await pair.sign();
    const first = await verify(token);
    time += minutes(10) + 1;

    // The cached result is the same object.
    expect(await verify(token)).toBe(first);
    expect(issuer.fetches()).toBe(2);
  });
});

describe('a token that several keys may have signed', () => {
  it.each(['ES256', 'RS256', 'PS256', 'EdDSA'])(
    'is good without kid while two %s keys are published',
    async (alg) => {
      const [old, next] = [await newPair(alg), await newPair(alg)];
      issuer.publish([old.jwk, next.jwk]);
      const verify = replica();

      await expect(verify(await old.sign())).resolves.toMatchObject(good);
      await expect(verify(await next.sign())).resolves.toMatchObject(good);
    },
  );

  it('is valid with either of two keys that share a kid', async () => {
    const [one, other] = [await newPair('ES256', 'same'), await newPair('ES256', 'same')];
    issuer.publish([one.jwk, other.jwk]);
    const verify = replica();

    await expect(verify(await one.sign())).resolves.toMatchObject(good);
    await expect(verify(await other.sign())).resolves.toMatchObject(good);
  });

  it('without a kid is valid with a new key as soon as the keys may be fetched again', async () => {
    const [old, next] = [await newPair('ES256'), await newPair('ES256')];
    issuer.publish([old.jwk]);
    const verify = replica();
    await verify(await old.sign());
    issuer.publish([old.jwk, next.jwk]);
    time += 31_000;

    await expect(verify(await next.sign())).resolves.toMatchObject(good);
  });

  it('is refused when none of them signed it, and when its claims are wrong', async () => {
    const [one, other, stranger] = [
      await newPair('ES256'),
      await newPair('ES256'),
      await newPair('ES256'),
    ];
    issuer.publish([one.jwk, other.jwk]);
    const verify = replica();
    const good = await other.sign();
    time -= minutes(120);
    const expired = await other.sign();

    await expect(verify(await stranger.sign())).rejects.toThrow(
      'the signature was not made by a key',
    );
    await expect(verify(expired)).rejects.toThrow('the token has expired');
    await expect(verify(good)).resolves.toMatchObject({ sub: 'ada' });
  });

  it('is verified with ten keys at most', async () => {
    const others = await Promise.all(Array.from({ length: 10 }, () => newPair('ES256')));
    const last = await newPair('ES256');
    issuer.publish([...others.map(({ jwk }) => jwk), last.jwk]);

    await expect(replica()(await last.sign())).rejects.toThrow(
      'the signature was not made by a key',
    );
    issuer.publish([...others.slice(1).map(({ jwk }) => jwk), last.jwk]);
    await expect(replica()(await last.sign())).resolves.toMatchObject(good);
  });
});
