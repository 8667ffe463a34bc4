/** Each fault of an environment that `gatehouse doctor` knows, and what it advises. */
import { describe, expect, it } from '@jest/globals';
import { freePort } from '../../src/dev/embedded-postgres.ts';
import { findingsOf, gatehouse, sql, useDoctor } from './doctor-setup.ts';

useDoctor();

/** A broken environment, what doctor says of it, and what it advises. */
interface Broken {
  readonly title: string;
  /** Settings that differ. */
  readonly settings?: () => Record<string, string> | Promise<Record<string, string>>;
  /** What is broken elsewhere, and how it is mended. */
  readonly breaks?: () => unknown;
  readonly mends?: () => unknown;
  readonly check: string;
  readonly level?: 'fault' | 'warning';
  readonly says: RegExp;
  readonly remedy: RegExp;
}

const at = (
  url: string,
  changes: Partial<Pick<URL, 'port' | 'pathname' | 'username' | 'hostname'>>,
) => Object.assign(new URL(url), changes).href;
const database = (changes: Parameters<typeof at>[1]) => ({
  DATABASE_URL: at(gatehouse.database.url, changes),
});
const workosSays = (operation: string, status: number, body?: unknown) => () => {
  gatehouse.workos.fault(operation, {
    kind: 'status',
    status,
    ...(body !== undefined && { body }),
  });
};
const LIST = 'GET /organizations';

const BROKEN: readonly Broken[] = [
  {
    title: 'a required setting is missing',
    settings: () => ({ WORKOS_CLIENT_ID: '' }),
    check: 'settings',
    says: /^WORKOS_CLIENT_ID: is required/,
    remedy: /docs\/settings.md/,
  },
  {
    title: 'a setting is mistyped',
    settings: () => ({ IT_ADMIN_ROLE: 'LEAKED' }),
    check: 'setting names',
    level: 'warning',
    says: /IT_ADMIN_ROLE .* did you mean IT_ADMIN_ROLES\?/,
    remedy: /Correct the name/,
  },
  {
    title: 'a setting is in the plural',
    settings: () => ({ TRUST_PROXIES: '10.0.0.0/8' }),
    check: 'setting names',
    level: 'warning',
    says: /TRUST_PROXIES .* did you mean TRUST_PROXY\?/,
    remedy: /Correct the name/,
  },
  {
    title: 'nothing listens at the database’s port',
    settings: async () => database({ port: String(await freePort()) }),
    check: 'database',
    says: /ECONNREFUSED: nothing listens there/,
    remedy: /Correct host and port in DATABASE_URL, or start Postgres/,
  },
  {
    title: 'the database’s host does not resolve',
    settings: () => database({ hostname: 'db.invalid' }),
    check: 'database',
    says: /host name does not resolve/,
    remedy: /Correct the host name in DATABASE_URL, or DNS/,
  },
  {
    title: 'there is no such role',
    settings: () => database({ username: 'nobody_here' }),
    check: 'database',
    says: /the user or the password is not accepted/,
    remedy: /^Correct user and password in DATABASE_URL/,
  },
  {
    title: 'there is no such database',
    settings: () => database({ pathname: '/none' }),
    check: 'database',
    says: /there is no such database/,
    remedy: /^Correct the database's name in DATABASE_URL/,
  },
  {
    title: 'the database was never migrated',
    settings: () => ({
      DATABASE_URL: at(gatehouse.database.superuserUrl, { pathname: '/postgres' }),
    }),
    check: 'migrations',
    says: /lacks \d+ migrations \(.* and \d+ more\)/,
    remedy: /gatehouse migrate/,
  },
  {
    title: 'the service runs as the owner of the tables',
    settings: () => ({ DATABASE_URL: gatehouse.database.ownerUrl }),
    check: 'runtime role',
    level: 'warning',
    says: /owns the tables/,
    remedy: /role of its own/,
  },
  {
    title: 'the service may erase the audit trail',
    breaks: () => sql('grant delete on audit_trail to public'),
    mends: () => sql('revoke delete on audit_trail from public'),
    check: 'runtime role',
    level: 'warning',
    says: /may delete rows of the audit trail/,
    remedy: /gatehouse migrate/,
  },
  {
    title: 'the service lacks a privilege',
    breaks: () =>
      sql('alter table it_admins rename to it_admins_away').then(() =>
        sql('create table it_admins ()'),
      ),
    mends: () =>
      sql('drop table it_admins').then(() => sql('alter table it_admins_away rename to it_admins')),
    check: 'runtime role',
    says: /lacks privileges on it_admins/,
    remedy: /gatehouse migrate/,
  },
  {
    title: 'the migration role is the runtime role',
    settings: () => ({ DATABASE_MIGRATION_URL: gatehouse.database.url }),
    check: 'migration role',
    level: 'warning',
    says: /same role/,
    remedy: /role of its own/,
  },
  {
    title: 'nothing listens at the direct URL',
    settings: async () => ({
      DATABASE_DIRECT_URL: at(gatehouse.database.url, { port: String(await freePort()) }),
    }),
    check: 'notifications',
    says: /cannot be used: ECONNREFUSED/,
    remedy: /Correct DATABASE_DIRECT_URL/,
  },
  {
    title: 'the WorkOS key is wrong',
    settings: () => ({ WORKOS_API_KEY: 'sk_test_LEAKED' }),
    check: 'WorkOS',
    says: /does not accept WORKOS_API_KEY/,
    remedy: /dashboard/,
  },
  {
    title: 'the WorkOS key lacks permissions',
    breaks: workosSays(LIST, 403),
    check: 'WorkOS',
    says: /may not list organizations/,
    remedy: /permissions/,
  },
  {
    title: 'WorkOS cannot be reached',
    settings: async () => ({ WORKOS_API_BASE_URL: `http://127.0.0.1:${await freePort()}` }),
    check: 'WorkOS',
    says: /cannot be reached: nothing listens there/,
    remedy: /firewall/,
  },
  {
    title: 'something else answers in WorkOS’s place',
    breaks: () => {
      gatehouse.workos.fault(LIST, {
        kind: 'content-type',
        type: 'text/html',
        body: '<h1>Sign in to the network</h1>',
      });
    },
    check: 'WorkOS',
    says: /not as WorkOS does/,
    remedy: /WORKOS_API_BASE_URL/,
  },
  {
    title: 'WorkOS is down',
    breaks: workosSays(LIST, 503),
    check: 'WorkOS',
    level: 'warning',
    says: /answers 503/,
    remedy: /status.workos.com/,
  },
  {
    title: 'the WorkOS key is of another environment',
    breaks: workosSays('GET /organizations/*', 404),
    check: 'tenant map',
    says: /sees none of 1 organization .* another environment/,
    remedy: /WORKOS_API_KEY and WORKOS_CLIENT_ID/,
  },
  {
    title: 'the prefix differs from the stored one',
    settings: () => ({ WORKOS_EXTERNAL_ID_PREFIX: 'gh:other:' }),
    check: 'external id prefix',
    says: /gh:other:, but this database was first used with gh:test:/,
    remedy: /WORKOS_EXTERNAL_ID_PREFIX=gh:test:/,
  },
  {
    title: 'Gatehouse’s redirect URI is not registered at WorkOS',
    breaks: () => gatehouse.workos.redirectUris.add('https://other.example.com/sso/callback'),
    check: 'redirect URI',
    says: /\/sso\/callback is not registered at WorkOS/,
    remedy: /Redirects/,
  },
  {
    title: 'WorkOS shows its own page for an unregistered redirect URI',
    breaks: () => {
      gatehouse.workos.fault('GET /sso/authorize', {
        kind: 'redirect',
        status: 302,
        location: 'https://error.workos.com/sso/redirect-uri-invalid',
      });
    },
    check: 'redirect URI',
    says: /is not registered at WorkOS/,
    remedy: /Redirects/,
  },
  {
    title: 'WorkOS does not know the client id',
    settings: () => ({ WORKOS_CLIENT_ID: 'client_of_another_environment' }),
    check: 'redirect URI',
    says: /does not know WORKOS_CLIENT_ID/,
    remedy: /client id of this environment/,
  },
  {
    title: 'the webhook secret is an API key',
    settings: () => ({ WORKOS_WEBHOOK_SECRETS: 'sk_test_LEAKED' }),
    check: 'webhook secrets',
    says: /every webhook is refused/,
    remedy: /dashboard/,
  },
  {
    title: 'WorkOS has no webhook endpoint for us',
    breaks: workosSays('GET /webhook_endpoints', 200, { data: [] }),
    check: 'webhooks of WorkOS',
    level: 'warning',
    says: /has no webhook endpoint .*\/webhooks\/workos/,
    remedy: /Create it/,
  },
  {
    title: 'the key set of user tokens cannot be fetched',
    settings: async () => ({
      USER_TOKEN_ISSUER: 'http://127.0.0.1',
      USER_TOKEN_AUDIENCE: 'gatehouse',
      USER_TOKEN_JWKS_URL: `http://127.0.0.1:${await freePort()}/jwks`,
    }),
    check: 'user tokens',
    says: /cannot be fetched: nothing listens there/,
    remedy: /Allow connections/,
  },
  {
    title: 'the key set of client tokens is no key set',
    settings: () => ({
      CLIENT_TOKEN_ISSUER: gatehouse.issuer.url,
      CLIENT_TOKEN_AUDIENCE: 'gatehouse-clients',
      CLIENT_TOKEN_JWKS_URL: `${gatehouse.url}/openapi.json`,
    }),
    check: 'client tokens',
    says: /does not answer with keys/,
    remedy: /CLIENT_TOKEN_JWKS_URL/,
  },
  {
    title: 'the client for IdP-initiated logins does not exist',
    settings: () => ({ DEFAULT_SIGN_IN_CLIENT: 'nobody' }),
    check: 'sign-in client',
    says: /nobody, which is not registered/,
    remedy: /gatehouse clients list/,
  },
  {
    title: 'a webhook endpoint is at an origin that is not allowed, and its key is missing',
    breaks: () =>
      sql(
        `insert into webhook_endpoints (id, client_id, endpoint_url, events, status, secret, client_generation)
         values ('we_1', 'client-1', 'https://orders.example/hook', '{}', 'enabled', 'v1.AAAAAAAA.x', gen_random_uuid())`,
      ),
    mends: () => sql(`delete from webhook_endpoints`),
    check: 'webhook endpoints',
    says: /to 1 webhook endpoint at .*https:\/\/orders.example of client client-1/,
    remedy: /WEBHOOK_ENDPOINT_ORIGINS/,
  },
  {
    title: 'no worker runs',
    breaks: () => sql(`update leases set until = now() - interval '1 minute'`),
    mends: () => sql(`update leases set until = now() + interval '1 day'`),
    check: 'worker',
    says: /no worker runs/,
    remedy: /gatehouse worker/,
  },
  {
    title: 'events are no longer read',
    breaks: () => sql(`update feed_cursors set read_at = now() - interval '3 hours'`),
    mends: () => sql(`update feed_cursors set read_at = now() + interval '1 day'`),
    check: 'events',
    says: /last read 3 h ago/,
    remedy: /leading worker/,
  },
  {
    title: 'old data is not deleted',
    breaks: () =>
      sql(
        `insert into events (id, event, data, created_at, received_at, source, position)
         values ('event_old', 'x', '{}', now(), now() - interval '200 days', 'feed', 999999999)`,
      ),
    mends: () => sql(`delete from events where id = 'event_old'`),
    check: 'retention',
    level: 'warning',
    says: /200 days ago are kept, longer than RETENTION_DAYS=90/,
    remedy: /gatehouse maintain/,
  },
  {
    title: 'another program answers at PUBLIC_URL',
    settings: () => ({ PUBLIC_URL: gatehouse.workos.url }),
    check: 'public URL',
    level: 'warning',
    says: /not as Gatehouse does/,
    remedy: /load balancer/,
  },
  {
    title: 'nothing answers at PUBLIC_URL',
    settings: async () => ({ PUBLIC_URL: `http://127.0.0.1:${await freePort()}` }),
    check: 'public URL',
    level: 'warning',
    says: /cannot be reached from here: nothing listens there/,
    remedy: /gatehouse serve/,
  },
  {
    title: 'certificates are not checked',
    settings: () => ({ NODE_TLS_REJECT_UNAUTHORIZED: '0' }),
    check: 'settings',
    says: /^NODE_TLS_REJECT_UNAUTHORIZED: must not be 0/,
    remedy: /docs/,
  },
  {
    title: 'WorkOS’s base URL is another host in production, which must not get the key',
    settings: () => ({ NODE_ENV: 'production' }),
    check: 'settings',
    says: /^WORKOS_API_BASE_URL: must be a WorkOS host in production/,
    remedy: /docs/,
  },
];

describe('gatehouse doctor', () => {
  it.each(BROKEN.map((one) => [one.title, one] as const))(
    'says what to do when %s',
    async (_title, { settings, breaks, mends, check, level = 'fault', says, remedy }) => {
      await breaks?.();
      const findings = await findingsOf(check, await settings?.());
      await mends?.();

      expect(findings).toContainEqual({
        check,
        level,
        says: expect.stringMatching(says),
        remedy: expect.stringMatching(remedy),
      });
      expect(JSON.stringify(findings)).not.toContain('LEAKED');
    },
  );
});
