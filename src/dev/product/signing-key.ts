import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  type CryptoKey,
  type JWK,
} from 'jose';

export interface SigningKey {
  readonly id: string;
  readonly privateKey: CryptoKey;
  /** What the key set publishes. */
  readonly publicJwk: JWK;
}

/** Kept across restarts, so that a session of yesterday's run is still signed in today. */
export async function openSigningKey(directory: string): Promise<SigningKey> {
  const file = join(directory, 'product-key.json');
  const jwk = (await readKey(file)) ?? (await makeKey(file));
  const { kty, crv, x, y } = jwk;
  const id = await calculateJwkThumbprint(jwk);
  return {
    id,
    privateKey: (await importJWK(jwk, 'ES256')) as CryptoKey, // bytes only for a symmetric key
    publicJwk: { kty, crv, x, y, kid: id, alg: 'ES256', use: 'sig' },
  };
}

/** A file that is missing or damaged is made anew: all it costs is to sign in again. */
async function readKey(file: string): Promise<JWK | undefined> {
  try {
    const jwk = JSON.parse(await readFile(file, 'utf8')) as JWK;
    await importJWK(jwk, 'ES256');
    return jwk;
  } catch {
    return undefined;
  }
}

/** Written aside and renamed: a killed run leaves a whole key or none. */
async function makeKey(file: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = await exportJWK(privateKey);
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(`${file}.new`, JSON.stringify(jwk), { mode: 0o600 });
  await rename(`${file}.new`, file);
  return jwk;
}
