import { hash, randomBytes, randomUUID } from 'node:crypto';
import { requireItAdmin, requireTenant, type ClientRow, type TenantRow } from './lookups.ts';
import { mint } from './post.ts';
import type { LinkDeps } from './portal-link.ts';
import { Refusal } from './refusal.ts';

const REDEEM = `update portal_launches l set attempt = $2, lease_until = now() + interval '10 seconds',
    opened_at = coalesce(l.opened_at, now())
  where l.ticket_sha256 = $1 and l.mode = 'redirect' and l.redirected_at is null and l.revoked_at is null
    and l.expires_at > now() and (l.lease_until is null or l.lease_until < now())
  returning l.id, l.tenant_id, l.user_id, l.intent,
    (select row_to_json(c) from clients c where c.id = l.client_id) as client,
    (select row_to_json(t) from tenants t where t.id = l.tenant_id) as tenant,
    (select a.state from it_admins a where a.tenant_id = l.tenant_id and a.user_id = l.user_id) as registry`;
const COMPLETE = `with done as (
    update portal_launches set redirected_at = now(), lease_until = null, return_token_sha256 = $3
    where id = $1 and attempt = $2 and redirected_at is null and revoked_at is null returning id)
  insert into audit_trail (operation, outcome, client_id, user_id, tenant_id, request_id, details)
    select 'launch', 'succeeded', $4, $5, $6, $7, $8::jsonb from done returning id`;

interface LaunchRow {
  readonly id: string;
  readonly tenant_id: string;
  readonly user_id: string;
  readonly intent: string;
  readonly client: ClientRow;
  readonly tenant: TenantRow;
  readonly registry: string | null;
}

/** GET /launch-portal. @returns the redirect target */
export const createLaunch =
  ({ query, audit, post }: LinkDeps) =>
  async (ticket: string, requestId: string): Promise<string> => {
    const attempt = randomUUID();
    const digest = hash('sha256', ticket, 'buffer');
    const [found] = await query<LaunchRow>('redeem', REDEEM, [digest, attempt]);
    if (!found) throw new Refusal(410);
    const { client, tenant, registry } = found;
    if (client.disabled || !client.scopes.includes('portal:launch')) throw new Refusal(403);
    requireTenant(tenant, client);
    requireItAdmin(['it_admin'], registry);
    const row = {
      operation: 'launch',
      outcome: 'attempted',
      client_id: client.id,
      user_id: found.user_id,
      tenant_id: tenant.id,
      request_id: requestId,
      details: { launch: found.id, intent: found.intent },
    };
    await audit(row);
    const token = randomBytes(16).toString('base64url');
    const page = `https://gatehouse.example.com/portal/return?launch=${token}`;
    const link = await mint(post, {
      organization: tenant.organization_id,
      intent: found.intent,
      return_url: page,
      success_url: `${page}&finished=1`,
    });
    const done = await query('complete', COMPLETE, [
      found.id,
      attempt,
      hash('sha256', token, 'buffer'),
      client.id,
      found.user_id,
      tenant.id,
      requestId,
      JSON.stringify(row.details),
    ]);
    if (done.length === 0) throw new Refusal(410);
    return link;
  };
