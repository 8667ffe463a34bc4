import { hash, randomBytes } from 'node:crypto';
import type { TokenSealer } from '../../src/core/encryption.ts';
import { requireTenant, type Lookups } from './lookups.ts';
import { Refusal } from './refusal.ts';

const SECONDS = 600;
const ISSUER = 'https://gatehouse.example.com';

/** GET /sso/authorize: no upstream call, two encryptions. @returns the redirect target and the cookie */
export const createAuthorize =
  (lookups: Lookups, sealer: TokenSealer, workosUrl: string) => async (query: URLSearchParams) => {
    if (new Set(query.keys()).size !== query.size) throw new Refusal(400);
    const given = (name: string) => query.get(name) ?? undefined;
    const id = given('client_id') ?? '';
    const redirectUri = given('redirect_uri') ?? '';
    const client = /^[A-Za-z0-9][\w.-]{0,63}$/.test(id) ? await lookups.clientById(id) : undefined;
    if (!client || client.disabled || !client.redirect_uris.includes(redirectUri))
      throw new Refusal(400);
    if (!client.scopes.includes('sso:login') || given('response_type') !== 'code')
      throw new Refusal(400);
    const organization = given('organization') ?? '';
    const tenant = await lookups.tenant(organization);
    requireTenant(tenant, client);
    const state = given('state');
    const challenge = given('code_challenge');
    if (Buffer.byteLength(state ?? '') > 1_024) throw new Refusal(400);
    if (given('code_challenge_method') !== 'S256' || !/^[\w-]{43}$/.test(challenge ?? ''))
      throw new Refusal(400);
    const flow = randomBytes(16).toString('base64url');
    const verifier = randomBytes(32).toString('base64url');
    const selector = { organization };
    const sealed = { flow, client: id, redirectUri, selector, state, challenge };
    const upstream = new URLSearchParams({
      organization: tenant.organization_id ?? '',
      client_id: 'client_bench',
      redirect_uri: `${ISSUER}/sso/callback`,
      response_type: 'code',
      state: sealer.seal('state', sealed, SECONDS),
      code_challenge: hash('sha256', verifier, 'base64url'),
      code_challenge_method: 'S256',
    });
    const name = `__Host-gatehouse-flow-${Date.now().toString(36).padStart(9, '0')}-${flow}`;
    const value = sealer.seal('flow', { flow, verifier }, SECONDS);
    return {
      location: `${workosUrl}/sso/authorize?${upstream.toString()}`,
      'set-cookie': `${name}=${value}; Max-Age=${SECONDS}; Path=/; HttpOnly; SameSite=Lax; Secure`,
    };
  };
