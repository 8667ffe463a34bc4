/** Shared fixtures of the gateway and the floor: a durable Postgres, tenants, a client, tokens. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import pg from 'pg';
import { operator } from '../src/cli/operator.ts';
import { createClientRegistry } from '../src/clients/registry.ts';
import { openDatabase } from '../src/db/database.ts';
import { migrate } from '../src/db/migrate.ts';
import { startEmbeddedPostgres } from '../src/dev/embedded-postgres.ts';
import { createDatabase, createRoles, RUNTIME } from '../src/dev/roles.ts';
import type { Scope } from '../src/core/identity.ts';
import { createTokenSealer, type TokenSealer } from '../src/core/encryption.ts';
import { Secret } from '../src/core/secret.ts';
import { challengeOf, type SealedCode } from '../src/sso/protocol/flow.ts';
import { connectionEvent, delivery, type BenchEvent } from './events.ts';
import type { LoadRequest } from './load.ts';

/** The only client. */
export const CLIENT = 'bench';
export const TENANTS = 50;
/** Like a production database: the data fits in memory, and checkpoints are rare. */
const ROOMY = ['shared_buffers=1GB', 'max_wal_size=4GB', 'maintenance_work_mem=256MB'];
const RETURN_ORIGIN = 'https://app.example.com';
const REDIRECT_URI = `${RETURN_ORIGIN}/callback`;
const VERIFIER = 'v'.repeat(43);
/** The gateway's own, so that codes can be created without a browser sign-in. */
export const SEALING_KEY = Buffer.alloc(32).toString('base64');

export interface World {
  readonly databaseUrl: string;
  readonly superuserUrl: string;
  readonly directory: string;
  readonly jwks: object;
  /** One portal-link request for each of 50 tenants, each by its own IT admin. @param issuer of their tokens */
  linkRequests(issuer: string): Promise<LoadRequest[]>;
  /** New, unused tickets. */
  ticketRequests(amount: number): Promise<LoadRequest[]>;
  authorizeRequests(amount: number): Promise<LoadRequest[]>;
  /** New, unused codes. */
  codeRequests(amount: number): Promise<LoadRequest[]>;
  /** Deliveries of new events. */
  webhookRequests(amount: number): Promise<LoadRequest[]>;
  newEvents(amount: number): BenchEvent[];
  forgetEvents(): Promise<void>;
  stop(): Promise<void>;
}

/** @param settings further settings of its Postgres */
export async function createWorld(settings: readonly string[] = []): Promise<World> {
  const directory = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
  // Postgres may run as another user, who needs access to its directory.
  chmodSync(directory, 0o755);
  const postgres = await startEmbeddedPostgres(join(directory, 'data'), {
    settings: [...ROOMY, ...settings],
  });
  await createRoles(postgres.superuserUrl);
  const { ownerUrl, runtimeUrl } = await createDatabase(postgres.superuserUrl, 'bench');
  await migrate(new Secret(ownerUrl), RUNTIME);
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  await owner.query(
    `insert into tenants (id, organization_id, status, name, domains, metadata)
     select 'tenant-' || i, 'org_' || lpad(i::text, 26, '0'), 'active', 'Tenant ' || i, '[]', '{}'
     from generate_series(1, $1::int) as i`,
    [TENANTS],
  );
  const key = await createClient(runtimeUrl);
  const signing = await generateKeyPair('ES256', { extractable: true });
  const publicJwk = { ...(await exportJWK(signing.publicKey)), kid: 'key-1', alg: 'ES256' };
  let tickets = 0;
  let codes = 0;
  let events = 0;
  const newEvents = (amount: number): BenchEvent[] =>
    Array.from({ length: amount }, () => {
      events += 1;
      return connectionEvent(events, organizationOf(1 + (events % TENANTS)));
    });
  const sealer = createTokenSealer([new Secret(SEALING_KEY)]);

  return {
    databaseUrl: runtimeUrl,
    superuserUrl: postgres.superuserUrl,
    directory,
    jwks: { keys: [publicJwk] },

    linkRequests: (issuer) =>
      Promise.all(
        Array.from({ length: TENANTS }, async (_, i) => {
          const tenant = `tenant-${i + 1}`;
          const token = await new SignJWT({ tenant_id: tenant, roles: ['it_admin'] })
            .setProtectedHeader({ alg: 'ES256', kid: 'key-1', typ: 'JWT' })
            .setIssuer(issuer)
            .setAudience('gatehouse')
            .setSubject(`admin-${i + 1}`)
            .setExpirationTime('2 h')
            .sign(signing.privateKey);
          return {
            path: '/portal/generate_link',
            method: 'POST' as const,
            headers: {
              authorization: `Bearer ${key}`,
              'content-type': 'application/json',
              'gatehouse-user-token': token,
            },
            body: JSON.stringify({
              organization: tenant,
              intent: 'sso',
              return_url: `${RETURN_ORIGIN}/settings`,
            }),
          };
        }),
      ),

    async ticketRequests(amount) {
      const first = tickets + 1;
      tickets += amount;
      // 14 minutes: a ticket of more than 15 would also require a signed-in user.
      await owner.query(
        `insert into portal_launches (id, tenant_id, client_id, user_id, intent, mode, ticket_sha256, role_source,
           needs_signed_in_user, return_page, it_contact_emails, expires_at)
         select 'launch_' || i, t.id, 'bench', 'admin', 'sso', 'redirect', sha256(convert_to('ticket-' || i, 'UTF8')),
           'token', false, true, '{}', now() + interval '14 minutes'
         from generate_series($1::int, $2::int) as i, lateral (select 'tenant-' || (1 + i % $3::int) as id) as t`,
        [first, tickets, TENANTS],
      );
      await owner.query('analyze portal_launches');
      return Array.from({ length: amount }, (_, i) => ({
        path: `/launch-portal?ticket=ticket-${first + i}`,
      }));
    },

    authorizeRequests: () => Promise.resolve(Array.from({ length: TENANTS }, authorizeRequest)),

    codeRequests: (amount) =>
      Promise.resolve(Array.from({ length: amount }, () => codeRequest(sealer, key, (codes += 1)))),

    webhookRequests: (amount) => Promise.resolve(newEvents(amount).map(delivery)),
    newEvents,

    async forgetEvents() {
      await owner.query('truncate events');
    },

    async stop() {
      await owner.end();
      await postgres.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

const authorizeRequest = (_: unknown, i: number): LoadRequest => ({
  path: `/sso/authorize?${new URLSearchParams({
    client_id: 'bench',
    redirect_uri: REDIRECT_URI,
    response_type: 'code',
    organization: `tenant-${i + 1}`,
    state: 'the state of the sibling, as long as such states are',
    code_challenge: challengeOf(VERIFIER),
    code_challenge_method: 'S256',
  }).toString()}`,
});

function codeRequest(sealer: TokenSealer, key: string, i: number): LoadRequest {
  const tenant = 1 + (i % TENANTS);
  const sealed: SealedCode = {
    code: `${organizationOf(tenant)}.${i}`,
    verifier: VERIFIER,
    client: 'bench',
    redirectUri: REDIRECT_URI,
    selector: { organization: `tenant-${tenant}` },
    challenge: challengeOf(VERIFIER),
  };
  return {
    path: '/sso/token',
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: 'bench',
      client_secret: key,
      redirect_uri: REDIRECT_URI,
      code: sealer.seal('code', sealed, 600),
      code_verifier: VERIFIER,
    }).toString(),
  };
}

/** Inserted by SQL. */
const organizationOf = (tenant: number): string => `org_${String(tenant).padStart(26, '0')}`;

const SCOPES: Scope[] = [
  'portal:launch',
  'sso:login',
  'events:read',
  'tenants:read',
  'users:assert',
];

/** A portal link for an IT admin whom the client names, so that no user token is verified. */
export const linkRequestOf = (key: string, tenant: number): LoadRequest => ({
  path: '/portal/generate_link',
  method: 'POST',
  headers: {
    authorization: `Bearer ${key}`,
    'content-type': 'application/json',
    'gatehouse-user-id': `admin-${tenant}`,
    'gatehouse-user-roles': 'it_admin',
  },
  body: JSON.stringify({ organization: `tenant-${tenant}`, intent: 'sso' }),
});

/** @returns the client's key */
export async function createClient(databaseUrl: string, id = CLIENT): Promise<string> {
  const db = openDatabase({ url: new Secret(databaseUrl), max: 1 });
  const client = {
    id,
    name: 'Bench',
    scopes: SCOPES,
    tenants: ['*'],
    redirectUris: [REDIRECT_URI],
    returnOrigins: [RETURN_ORIGIN],
    initiateLoginUri: null,
    tokenIssuer: null,
    tokenSubject: null,
    disabled: false,
  };
  const issued = await createClientRegistry(db).create(operator('bench'), client, {
    seconds: null,
  });
  await db.close();
  return issued?.key.reveal() ?? '';
}
