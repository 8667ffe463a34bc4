/**
 * The floor: what a hand-written `node:http` handler costs that makes the same checks and the same
 * calls as the gateway, with no framework, no schema, no log line, no metric, no SDK, no breaker.
 */
import { hash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRemoteJWKSet, jwtVerify, type JWTPayload } from 'jose';
import pg from 'pg';
import { Pool } from 'undici';
import { answer } from './processes.ts';

export interface FloorOptions {
  readonly databaseUrl: string;
  readonly workosUrl: string;
  readonly issuer: string;
}

const TTL_MS = 750;
const INTENTS = ['sso', 'dsync', 'audit_logs', 'log_streams', 'domain_verification'];
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
const AUDIT = `insert into audit_trail (operation, outcome, client_id, user_id, tenant_id, request_id, details)
  select operation, outcome, client_id, user_id, tenant_id, request_id, details
  from jsonb_to_recordset($1::jsonb) as r (operation text, outcome text, client_id text, user_id text,
    tenant_id text, request_id text, details jsonb)`;
const KEY = `select k.sha256, k.revoked_at, k.expires_at, c.id, c.scopes, c.tenants, c.return_origins, c.disabled
  from client_keys k join clients c on c.id = k.client_id where k.id = $1`;

interface ClientRow {
  readonly id: string;
  readonly scopes: readonly string[];
  readonly tenants: readonly string[];
  readonly return_origins: readonly string[];
  readonly disabled: boolean;
}
interface KeyRow extends ClientRow {
  readonly sha256: Buffer;
  readonly revoked_at: Date | null;
  readonly expires_at: Date | null;
}
interface TenantRow {
  readonly id: string;
  readonly organization_id: string | null;
  readonly status: string;
}
interface LaunchRow {
  readonly id: string;
  readonly tenant_id: string;
  readonly user_id: string;
  readonly intent: string;
  readonly client: ClientRow;
  readonly tenant: TenantRow;
  readonly registry: string | null;
}
interface LinkBody {
  readonly organization: string;
  readonly intent: string;
  readonly return_url?: string;
}
type AuditRow = Readonly<Record<string, unknown>>;

class Refusal extends Error {
  readonly status: number;
  constructor(status: number) {
    super(String(status));
    this.status = status;
  }
}

function serveFloor({ databaseUrl, workosUrl, issuer }: FloorOptions) {
  const db = new pg.Pool({ connectionString: databaseUrl, max: 10 });
  const workos = new Pool(workosUrl, { connections: 256, allowH2: false });
  const keySet = createRemoteJWKSet(new URL(`${issuer}/jwks.json`));
  const query = async <R extends pg.QueryResultRow>(
    name: string,
    text: string,
    values: unknown[],
  ) => (await db.query<R>({ name, text, values })).rows;

  const remembered = <V>(load: (key: string) => Promise<V>) => {
    const known = new Map<string, { readonly value: Promise<V>; readonly until: number }>();
    return (key: string): Promise<V> => {
      const found = known.get(key);
      if (found && found.until > Date.now()) return found.value;
      const value = load(key);
      known.set(key, { value, until: Date.now() + TTL_MS });
      return value;
    };
  };
  const keys = remembered(async (id) => (await query<KeyRow>('key', KEY, [id]))[0]);
  const tenants = remembered(
    async (id) =>
      (
        await query<TenantRow>(
          'tenant',
          'select id, organization_id, status from tenants where id = $1',
          [id],
        )
      )[0],
  );
  const users = new Map<string, JWTPayload>();

  async function clientOf(authorization = ''): Promise<ClientRow> {
    const [, credential = '', id = ''] =
      /^Bearer (gh_([a-z0-9]{12})_\S+)$/.exec(authorization) ?? [];
    const key = await keys(id);
    if (!key || !timingSafeEqual(hash('sha256', credential, 'buffer'), key.sha256))
      throw new Refusal(401);
    if (key.revoked_at || key.disabled || (key.expires_at && +key.expires_at < Date.now()))
      throw new Refusal(401);
    if (!key.scopes.includes('portal:launch')) throw new Refusal(403);
    return key;
  }

  async function userOf(token: string): Promise<JWTPayload> {
    const digest = hash('sha256', token);
    const known = users.get(digest);
    if (known && (known.exp ?? 0) > Date.now() / 1_000) return known;
    const { payload } = await jwtVerify(token, keySet, { issuer, audience: 'gatehouse' });
    users.set(digest, payload);
    return payload;
  }

  let queue: { row: AuditRow; done: PromiseWithResolvers<undefined> }[] = [];
  let writing = false;
  async function drain(): Promise<void> {
    writing = true;
    while (queue.length > 0) {
      const batch = queue;
      queue = [];
      try {
        await query('audit', AUDIT, [JSON.stringify(batch.map(({ row }) => row))]);
        for (const { done } of batch) done.resolve(undefined);
      } catch (error) {
        for (const { done } of batch) done.reject(error);
      }
    }
    writing = false;
  }
  function audit(row: AuditRow): Promise<undefined> {
    const done = Promise.withResolvers<undefined>();
    queue.push({ row, done });
    if (!writing) void drain();
    return done.promise;
  }

  async function mint(request: object): Promise<string> {
    const { statusCode, body } = await workos.request({
      path: '/portal/generate_link',
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer sk_bench' },
      body: JSON.stringify(request),
    });
    const { link = '' } = (await body.json()) as { link?: string };
    if (statusCode !== 201 || new URL(link).hostname !== '127.0.0.1') throw new Refusal(502);
    return link;
  }

  async function portalLink(req: IncomingMessage, requestId: string): Promise<string> {
    const { headers } = req;
    const client = await clientOf(headers.authorization);
    const user = await userOf(headers['gatehouse-user-token'] as string);
    const body = linkBodyOf(await textOf(req));
    const tenant = await tenants(body.organization);
    const [registry] = await query<{ state: string }>(
      'registry',
      'select state from it_admins where tenant_id = $1 and user_id = $2',
      [body.organization, user.sub],
    );
    if (tenant?.status !== 'active' || !client.tenants.includes('*')) throw new Refusal(404);
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
    const link = await mint({ ...body, organization: tenant.organization_id });
    await audit({ ...row, outcome: 'succeeded' });
    return link;
  }

  async function launch(ticket: string, requestId: string): Promise<string> {
    const attempt = randomUUID();
    const digest = hash('sha256', ticket, 'buffer');
    const [found] = await query<LaunchRow>('redeem', REDEEM, [digest, attempt]);
    if (!found) throw new Refusal(410);
    const { client, tenant, registry } = found;
    if (client.disabled || !client.scopes.includes('portal:launch')) throw new Refusal(403);
    if (tenant.status !== 'active' || !client.tenants.includes('*')) throw new Refusal(404);
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
    const link = await mint({
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
  }

  async function answerTo(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const requestId = randomUUID();
    const url = req.url ?? '';
    const common = { 'x-request-id': requestId, 'cache-control': 'no-store' };
    try {
      if (req.method === 'POST' && url === '/portal/generate_link') {
        const body = JSON.stringify({ link: await portalLink(req, requestId) });
        const type = { 'content-type': 'application/json', 'content-length': body.length };
        res.writeHead(201, { ...common, ...type }).end(body);
      } else {
        const ticket = new URLSearchParams(url.split('?')[1]).get('ticket') ?? '';
        const location = await launch(ticket, requestId);
        res.writeHead(303, { ...common, location, 'content-length': 0 }).end();
      }
    } catch (error) {
      res.writeHead(error instanceof Refusal ? error.status : 500, common).end();
    }
  }

  return createServer((req, res) => void answerTo(req, res));
}

function textOf(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  return new Promise((resolve, reject) => {
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => resolve(Buffer.concat(chunks).toString()));
    req.on('error', reject);
  });
}

function linkBodyOf(text: string): LinkBody {
  const body = JSON.parse(text) as Record<string, unknown>;
  const { organization, intent, return_url: back, ...unknown } = body;
  if (typeof organization !== 'string' || !/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(organization))
    throw new Refusal(422);
  if (!INTENTS.includes(intent as string) || Object.keys(unknown).length > 0)
    throw new Refusal(422);
  if (back !== undefined && typeof back !== 'string') throw new Refusal(422);
  return body as unknown as LinkBody;
}

function requireItAdmin(roles: readonly string[], registry: string | null | undefined): void {
  if (registry === 'denied' || (registry !== 'granted' && !roles.includes('it_admin')))
    throw new Refusal(403);
}

function requireOrigin(url: string | undefined, client: ClientRow): void {
  if (url !== undefined && !client.return_origins.includes(new URL(url).origin))
    throw new Refusal(422);
}

answer({
  listen: (options: FloorOptions) => {
    const server = serveFloor(options);
    return new Promise((resolve) =>
      server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
    );
  },
});
