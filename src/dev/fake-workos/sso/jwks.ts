/** `GET /sso/jwks/{clientId}`: the public half of the key that signs access tokens. */
import { createHash, createPublicKey } from 'node:crypto';
import { ApiError, type ApiRequest, type Operation, type Reply } from '../http/operation.ts';
import { certificateOf, signingKey } from './signing-key.ts';
import type { World } from '../state/world.ts';

export const jwksOperations: readonly Operation[] = [
  { method: 'GET', path: '/sso/jwks/{clientId}', open: true, perform: getKeys },
];

async function getKeys({ params: { clientId = '' } }: ApiRequest, world: World): Promise<Reply> {
  if (clientId !== world.clientId)
    throw new ApiError(404, { message: `Client not found: '${clientId}'.` });
  const { kid, private_key } = signingKey(world);
  const certificate = await certificateOf(world);
  const thumbprint = createHash('sha256').update(certificate, 'base64').digest('base64url');
  const key = {
    ...createPublicKey(private_key).export({ format: 'jwk' }),
    alg: 'RS256',
    use: 'sig',
    kid,
    x5c: [certificate],
    'x5t#S256': thumbprint,
  };
  return { status: 200, body: { keys: [key] } };
}
