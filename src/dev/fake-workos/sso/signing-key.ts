/** The RS256 key that signs access tokens. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import type { SigningKey } from '../state/sign-in.ts';
import type { World } from '../state/world.ts';

/** PKCS #8 PEM. Created on first use and shared by every fake in the process: generation takes up to 0.3 s. */
let privateKey: string | undefined;

export function signingKey(world: World): SigningKey {
  const [known] = world.state.signingKeys.values();
  if (known) return known;
  privateKey ??= generateKeyPairSync('rsa', { modulusLength: 2048 })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();
  const created: SigningKey = {
    kid: world.newId('sso_oidc_key_pair'),
    private_key: privateKey,
  };
  world.state.signingKeys.set(created.kid, created);
  return created;
}

/** A self-signed certificate for the key, valid for ten years; DER in base64. Created on first use. */
export async function certificateOf(world: World): Promise<string> {
  const key = signingKey(world);
  if (key.certificate !== undefined) return key.certificate;
  const { generate } = await import('selfsigned'); // loading it takes 0.5 s
  const from = world.now();
  const until = new Date(from);
  until.setUTCFullYear(from.getUTCFullYear() + 10);
  const publicKey = createPublicKey(key.private_key).export({ type: 'spki', format: 'pem' });
  const { cert } = await generate([{ name: 'commonName', value: 'Fake WorkOS' }], {
    keyPair: { privateKey: key.private_key, publicKey: publicKey.toString() },
    algorithm: 'sha256',
    notBeforeDate: from,
    notAfterDate: until,
  });
  key.certificate ??= cert.replace(/-----[A-Z ]+-----|\s/g, '');
  return key.certificate;
}

export function signJwt(world: World, claims: object): string {
  const { kid, private_key } = signingKey(world);
  const content = [{ alg: 'RS256', typ: 'JWT', kid }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const signature = sign('sha256', Buffer.from(content), createPrivateKey(private_key));
  return `${content}.${signature.toString('base64url')}`;
}
