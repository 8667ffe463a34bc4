/** `POST /sso/token` exchanges a code for a profile and an access token; `GET /sso/profile` takes that token. */
import { z } from 'zod';
import { spendCode } from './codes.ts';
import { expiryIn, deleteExpired, isLive } from '../state/expiry.ts';
import { ApiError, type ApiRequest, type Operation, type Reply } from '../http/operation.ts';
import { randomText } from '../state/ids.ts';
import { profileOf } from './profiles.ts';
import { signJwt } from './signing-key.ts';
import type { IssuedCode, Profile } from '../state/sign-in.ts';
import { parse } from '../http/validation.ts';
import type { World } from '../state/world.ts';

const TOKEN_LIFETIME_SECONDS = 600;

const TokenRequest = z.object({
  client_id: z.string(),
  client_secret: z.string(),
  code: z.string(),
  code_verifier: z.string().optional(),
  grant_type: z.string(),
});

export const tokenOperations: readonly Operation[] = [
  { method: 'POST', path: '/sso/token', open: true, perform: exchange },
  { method: 'GET', path: '/sso/profile', open: true, perform: getProfile },
];

function exchange(request: ApiRequest, world: World): Reply {
  const input = parse(TokenRequest, request.body);
  if (input.grant_type !== 'authorization_code')
    throw oauthError('unsupported_grant_type', 'The grant type is not supported.');
  if (input.client_id !== world.clientId || input.client_secret !== world.apiKey)
    throw oauthError('invalid_client', 'Invalid client ID or secret.');
  const issued = spendCode(world, input.code, input.code_verifier);
  const profile = profileOf(world, issued.profile_id);
  return {
    status: 200,
    body: {
      token_type: 'Bearer',
      access_token: newAccessToken(world, profile.id),
      expires_in: TOKEN_LIFETIME_SECONDS,
      profile,
      ...(profile.connection_type.endsWith('OAuth') && {
        oauth_tokens: oauthTokens(world, profile, issued),
      }),
    },
  };
}

function oauthError(error: string, description: string): ApiError {
  return new ApiError(400, { error, error_description: description });
}

function newAccessToken(world: World, profileId: string): string {
  const issuedAt = Math.floor(world.now().getTime() / 1000);
  const token = signJwt(world, {
    iss: world.url,
    aud: world.clientId,
    sub: profileId,
    jti: randomText(26),
    iat: issuedAt,
    exp: issuedAt + TOKEN_LIFETIME_SECONDS,
  });
  deleteExpired(world.state.accessTokens, world.now());
  world.state.accessTokens.set(token, {
    token,
    profile_id: profileId,
    expires_at: expiryIn(TOKEN_LIFETIME_SECONDS * 1000, world.now()),
  });
  return token;
}

/** Tokens of the provider's own API. */
function oauthTokens(world: World, { connection_type }: Profile, { query }: IssuedCode) {
  return {
    provider: connection_type,
    refresh_token: randomText(40),
    access_token: randomText(40),
    expires_at: Math.floor(world.now().getTime() / 1000) + 3600,
    scopes: query.provider_scopes?.split(',') ?? ['openid', 'profile', 'email'],
  };
}

function getProfile({ headers }: ApiRequest, world: World): Reply {
  const token = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? '';
  const known = world.state.accessTokens.get(token);
  if (!known || !isLive(known, world.now())) throw new ApiError(401, { error: 'Unauthorized' });
  return { status: 200, body: profileOf(world, known.profile_id) };
}
