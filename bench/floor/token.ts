import { hash } from 'node:crypto';
import type { SealedCode } from '../../src/sso/protocol/flow.ts';
import type { TokenSealer } from '../../src/core/encryption.ts';
import type { Query } from './database.ts';
import { requireTenant, type Lookups } from './lookups.ts';
import type { Post } from './post.ts';
import { Refusal } from './refusal.ts';

const SPEND = `with spent as (insert into spent_codes (sha256, expires_at)
    select $1, now() + interval '30 minutes' where not exists (
      select 1 from settings where name = 'codes_good_from' and value::bigint >= $5)
    returning 1)
  insert into audit_trail (operation, outcome, client_id, tenant_id, request_id, details)
    select 'token', 'attempted', $2, $3, $4, '{}'::jsonb from spent returning 1`;
const SIGN_IN = `with known as (insert into sign_ins (client_id, profile_id) values ($1, $5)
    on conflict (client_id, profile_id) do update set at = now() returning 1)
  insert into audit_trail (operation, outcome, client_id, tenant_id, request_id, details)
    select 'token', 'succeeded', $1, $2, $3, $4::jsonb from known`;

export interface TokenDeps {
  readonly query: Query;
  readonly post: Post;
  readonly lookups: Lookups;
  readonly sealer: TokenSealer;
}

/** The fields that are checked. */
interface UpstreamToken {
  readonly access_token: string;
  readonly expires_in: number;
  readonly profile: {
    readonly id: string;
    readonly organization_id: string;
    readonly connection_id: string;
  };
}

/** POST /sso/token */
export const createToken = (deps: TokenDeps) => {
  const { query, post, lookups, sealer } = deps;
  return async (sent: Promise<URLSearchParams>, requestId: string): Promise<object> => {
    const form = await sent;
    const client = await lookups.clientByKey(form.get('client_secret') ?? '', 'sso:login');
    if (client.id !== form.get('client_id')) throw new Refusal(401);
    if (form.get('grant_type') !== 'authorization_code') throw new Refusal(400);
    const code = openedCode(sealer, form, client.id);
    const organization = 'organization' in code.selector ? code.selector.organization : '';
    requireTenant(await lookups.tenant(organization), client);
    const digest = hash('sha256', code.code, 'buffer');
    const spent = await query('spend', SPEND, [
      digest,
      client.id,
      organization,
      requestId,
      code.iat,
    ]);
    if (spent.length === 0) throw new Refusal(400);
    const token = await post<UpstreamToken>('/sso/token', upstreamForm(code));
    const { profile } = token;
    if (typeof token.access_token !== 'string' || typeof profile.id !== 'string')
      throw new Refusal(502);
    const tenant = await lookups.tenantOf(profile.organization_id);
    requireTenant(tenant, client);
    if (tenant.id !== organization) throw new Refusal(400);
    const details = JSON.stringify({ profile: profile.id, connection: profile.connection_id });
    await query('sign-in', SIGN_IN, [client.id, tenant.id, requestId, details, profile.id]);
    const access = { token: token.access_token, client: client.id, tenant: tenant.id };
    return {
      token_type: 'Bearer',
      access_token: sealer.seal('access', access, token.expires_in),
      expires_in: token.expires_in,
      profile: { ...profile, organization_id: tenant.id },
    };
  };
};

/** @throws Refusal 400 */
function openedCode(sealer: TokenSealer, form: URLSearchParams, clientId: string) {
  const code = sealer.open<SealedCode>('code', form.get('code') ?? '');
  const verifier = form.get('code_verifier') ?? '';
  if (code?.client !== clientId || code.redirectUri !== form.get('redirect_uri'))
    throw new Refusal(400);
  if (
    !/^[\w.~-]{43,128}$/.test(verifier) ||
    hash('sha256', verifier, 'base64url') !== code.challenge
  )
    throw new Refusal(400);
  return code;
}

const upstreamForm = ({ code, verifier }: SealedCode): URLSearchParams =>
  new URLSearchParams({
    client_id: 'client_bench',
    client_secret: 'sk_bench',
    grant_type: 'authorization_code',
    code,
    ...(verifier !== undefined && { code_verifier: verifier }),
  });
