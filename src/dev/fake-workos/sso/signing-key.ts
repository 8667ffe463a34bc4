/** The RS256 key that signs access tokens. */
import {
  createPrivateKey,
  generateKeyPairSync,
  sign,
  type KeyPairKeyObjectResult,
} from 'node:crypto';
import { selfSigned } from './certificate.ts';
import type { SigningKey } from '../state/state.ts';
import type { World } from '../state/world.ts';

/** Created on first use and shared by every fake in the process: generation takes up to 0.3 s. */
let pair: KeyPairKeyObjectResult | undefined;

export function signingKey(world: World): SigningKey {
  const [known] = world.state.signingKeys.values();
  if (known) return known;
  pair ??= generateKeyPairSync('rsa', { modulusLength: 2048 });
  const made: SigningKey = {
    kid: world.newId('sso_oidc_key_pair'),
    private_key: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificate: selfSigned('Fake WorkOS', world.now(), pair).toString('base64'),
  };
  world.state.signingKeys.set(made.kid, made);
  return made;
}

export function signJwt(world: World, claims: object): string {
  const { kid, private_key } = signingKey(world);
  const content = [{ alg: 'RS256', typ: 'JWT', kid }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const signature = sign('sha256', Buffer.from(content), createPrivateKey(private_key));
  return `${content}.${signature.toString('base64url')}`;
}
