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
  /** Published in the JWKS. */
  readonly publicJwk: JWK;
}

/** Loads the key from the last run, so that sessions survive a restart; creates one if there is none. */
export async function openSigningKey(directory: string): Promise<SigningKey> {
  const file = join(directory, 'product-key.json');
  const jwk = (await readKey(file)) ?? (await createKey(file));
  const { kty, crv, x, y } = jwk;
  const id = await calculateJwkThumbprint(jwk);
  return {
    id,
    privateKey: (await importJWK(jwk, 'ES256')) as CryptoKey, // bytes only for a symmetric key
    publicJwk: { kty, crv, x, y, kid: id, alg: 'ES256', use: 'sig' },
  };
}

/** Returns undefined when the file is missing or damaged; a new key only means signing in again. */
async function readKey(file: string): Promise<JWK | undefined> {
  try {
    const jwk = JSON.parse(await readFile(file, 'utf8')) as JWK;
    await importJWK(jwk, 'ES256');
    return jwk;
  } catch {
    return undefined;
  }
}

/** Writes a new file and renames it, so that a killed run never leaves half a key. */
async function createKey(file: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = await exportJWK(privateKey);
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(`${file}.new`, JSON.stringify(jwk), { mode: 0o600 });
  await rename(`${file}.new`, file);
  return jwk;
}
