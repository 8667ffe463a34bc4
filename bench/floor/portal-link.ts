import type { IncomingHttpHeaders } from 'node:http';
import type { Audit } from './audit.ts';
import type { Query } from './database.ts';
import { requireItAdmin, requireTenant, type ClientRow, type Lookups } from './lookups.ts';
import { mint, type Post } from './post.ts';
import { Refusal } from './refusal.ts';

const INTENTS = ['sso', 'dsync', 'audit_logs', 'log_streams', 'domain_verification'];
const STATE = 'select state from it_admins where tenant_id = $1 and user_id = $2';

export interface LinkDeps {
  readonly query: Query;
  readonly audit: Audit;
  readonly post: Post;
  readonly lookups: Lookups;
}

interface LinkBody {
  readonly organization: string;
  readonly intent: string;
  readonly return_url?: string;
}

/** POST /portal/generate_link */
export const createPortalLink =
  ({ query, audit, post, lookups }: LinkDeps) =>
  async (headers: IncomingHttpHeaders, sent: Promise<unknown>, requestId: string) => {
    const [, credential = ''] = /^Bearer (\S+)$/.exec(headers.authorization ?? '') ?? [];
    const client = await lookups.clientByKey(credential, 'portal:launch');
    const user = await lookups.userOf(headers['gatehouse-user-token'] as string);
    const body = linkBodyOf(await sent);
    const tenant = await lookups.tenant(body.organization);
    const [registry] = await query<{ state: string }>('registry', STATE, [
      body.organization,
      user.sub,
    ]);
    requireTenant(tenant, client);
    requireItAdmin(user.roles as string[], registry?.state);
    if (user.tenant_id !== tenant.id) throw new Refusal(403);
    requireOrigin(body.return_url, client);
    const row = {
      operation: 'link',
      client_id: client.id,
      user_id: user.sub,
      tenant_id: tenant.id,
      request_id: requestId,
      details: { intent: body.intent },
    };
    await audit({ ...row, outcome: 'attempted' });
    const link = await mint(post, { ...body, organization: tenant.organization_id });
    await audit({ ...row, outcome: 'succeeded' });
    return { link };
  };

function linkBodyOf(sent: unknown): LinkBody {
  const body = sent as Record<string, unknown>;
  const { organization, intent, return_url: back, ...unknown } = body;
  if (typeof organization !== 'string' || !/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(organization))
    throw new Refusal(422);
  if (!INTENTS.includes(intent as string) || Object.keys(unknown).length > 0)
    throw new Refusal(422);
  if (back !== undefined && typeof back !== 'string') throw new Refusal(422);
  return body as unknown as LinkBody;
}

function requireOrigin(url: string | undefined, client: ClientRow): void {
  if (url !== undefined && !client.return_origins.includes(new URL(url).origin))
    throw new Refusal(422);
}
