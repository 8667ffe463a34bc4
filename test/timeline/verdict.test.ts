/** The verdict of `gatehouse why` blames only what can be the cause, and nothing that a stranger or one person can make up. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  authorizePath,
  connect,
  createBrowser,
  organizationOf,
  REDIRECT_URI,
} from '../support/sign-in.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';
import { waitFor } from '../support/wait-for.ts';
import { askWhy } from '../support/why.ts';
import { within } from '../support/within.ts';

const gatehouse = useGatehouse();
let client: TestClient;
let made = 0;

beforeAll(async () => {
  client = await gatehouse.createClient({ redirectUris: [REDIRECT_URI] });
});

const why = (tenant: string, ...flags: string[]) => askWhy(gatehouse, tenant, ...flags);
const sql = (text: string, values: unknown[]) => gatehouse.database.superuser(text, values);
const causeIn = ({ causes }: Awaited<ReturnType<typeof why>>, name: string) =>
  causes.find(({ cause }) => cause === name);

async function newTenant(): Promise<{ tenant: string; connection: string }> {
  made += 1;
  const tenant = `verdict-${made}`;
  await gatehouse.provision(tenant);
  return { tenant, connection: await connect(gatehouse, tenant) };
}

/** A row as the exchange of a login's code writes it. */
const loginSucceeds = (tenant: string, ago = '1 minute') =>
  sql(
    `insert into audit_trail (operation, outcome, request_id, tenant_id, client_id, details, at)
     values ('exchangeSsoCode', 'succeeded', 'r', $1, $2, '{}', now() - $3::interval)`,
    [tenant, client.id, ago],
  );

interface Step {
  readonly operation?: string;
  readonly outcome?: string;
  readonly reason?: string;
  readonly count?: number;
  readonly ago?: string;
}

/** A row as a step of a login that leaves no audit row writes it. */
const stepHappens = (
  tenant: string,
  {
    operation = 'callbackSso',
    outcome = 'failed',
    reason = '',
    count = 1,
    ago = '10 minutes',
  }: Step,
) =>
  sql(
    `insert into tenant_occurrences (tenant_id, at, operation, outcome, reason, client_id, count, last_at, request_id)
     select $1, date_bin('5 minutes', at, 'epoch'), $2, $3, $4, $5, $6, at, 'r' from (select now() - $7::interval as at) one`,
    [tenant, operation, outcome, reason, client.id, count, ago],
  );

const inMirror = async (tenant: string, kind: string, id: string, data: object) =>
  sql(
    `insert into mirror (kind, id, organization_id, data, updated_at) values ($1, $2, $3, $4, now())`,
    [kind, id, await organizationOf(gatehouse, tenant), JSON.stringify(data)],
  );

describe('gatehouse why', () => {
  it('reads an audit row whose details hold something else than a status', async () => {
    const { tenant } = await newTenant();
    await sql(
      `insert into audit_trail (operation, outcome, request_id, tenant_id, details)
       select operation, 'failed', 'r', $1, jsonb_build_object('reason', 'upstream_error', 'workos_status', status)
       from (values ('console look', 'x'), ('putTenant', '99999999999'), ('putTenant', 'y')) given (operation, status)`,
      [tenant],
    );

    expect(causeIn(await why(tenant), 'upstream_error')?.sentence).toContain('2 times');
  });

  it('finds the last login behind many other rows', async () => {
    const { tenant } = await newTenant();
    await stepHappens(tenant, { reason: 'server_error', ago: '1 hour' });
    await loginSucceeds(tenant, '30 minutes');
    await sql(
      `insert into audit_trail (operation, outcome, request_id, tenant_id, details)
       select op, 'succeeded', 'r', $1, '{}' from unnest(array['console look', 'patchTenant']) op, generate_series(1, 700)`,
      [tenant],
    );

    const answer = await why(tenant);

    expect(answer.last_login).not.toBeNull();
    expect(causeIn(answer, 'server_error')).toBeUndefined();
  });

  it('does not say that a tenant is blocked because a stranger asked for a login', async () => {
    const { tenant } = await newTenant();
    await loginSucceeds(tenant);
    for (const [id, uri] of [
      ['nobody', REDIRECT_URI],
      [client.id, 'https://evil.example/a'],
      [client.id, 'https://evil.example/b'],
    ] as const)
      await createBrowser(gatehouse).get(
        authorizePath({ ...client, id }, { organization: tenant, redirect_uri: uri }),
      );

    const answer = await waitFor(
      async () => {
        const one = await why(tenant);
        const said = causeIn(one, 'unregistered_redirect_uri')?.sentence;
        return said?.includes('2 requests') && causeIn(one, 'unknown_client') && one;
      },
      { everyMs: 150, withinMs: within(15_000), what: 'the refusals' },
    );

    expect(answer.code).toBe(0);
    expect(answer.verdict).toContain('knows of nothing that keeps');
    expect(causeIn(answer, 'unregistered_redirect_uri')).toMatchObject({
      severity: 'warns',
      sentence: expect.stringMatching(
        /2 requests.*the latest named .*\/b; whoever sent them is not known/,
      ),
      remedy: expect.stringContaining('only if it is yours'),
    });
  });

  it.each([
    ['authorizeSso', 'refused', 'client_not_allowed'],
    ['callbackSso', 'failed', 'server_error'],
    ['callbackSso', 'refused', 'no_sign_in_client'],
    ['exchangeSsoCode', 'refused', 'invalid_client'],
    ['authorizeSso', 'started', ''],
  ])(
    'is not certain after %s %s %s, which anybody can cause',
    async (operation, outcome, reason) => {
      const { tenant } = await newTenant();
      const other = await gatehouse.createClient({ tenants: ['other'] });
      await stepHappens(tenant, { operation, outcome, reason, count: 40 });
      await sql(`update tenant_occurrences set client_id = $2 where tenant_id = $1`, [
        tenant,
        other.id,
      ]);

      const before = await why(tenant);
      await loginSucceeds(tenant, '2 hours');
      const after = await why(tenant);

      expect(before.code).toBe(0);
      expect(before.verdict).toContain(`It is not certain that ${tenant} can sign in`);
      expect(before.causes[0]?.severity).toBe('may_block');
      expect(after.causes.map(({ severity }) => severity)).not.toContain('may_block');
      expect(after.code).toBe(0);
    },
  );

  it('blames no login on a portal link whose request is wrong', async () => {
    const { tenant } = await newTenant();
    const userToken = await gatehouse.userToken({ tenant_id: tenant });
    await gatehouse
      .as(client, userToken)
      .post('/portal/generate_link')
      .send({ organization: tenant, intent: 'sso', return_url: 'https://elsewhere.example' })
      .expect(422);

    const { answer, found } = await waitFor(
      async () => {
        const answer = await why(tenant);
        const found = causeIn(answer, 'invalid_request');
        return found && { answer, found };
      },
      { everyMs: 150, withinMs: within(15_000), what: 'the refusal' },
    );

    expect(answer.verdict).toContain('knows of nothing that keeps');
    expect(found.severity).toBe('warns');
    expect(found.remedy).not.toContain('authorization request');
  });

  it('blocks a tenant for a request that WorkOS failed only until a login succeeds', async () => {
    const { tenant } = await newTenant();
    await loginSucceeds(tenant, '20 minutes');
    await stepHappens(tenant, { operation: 'listDirectories', reason: 'upstream_error' });
    const before = await why(tenant);
    await loginSucceeds(tenant);

    const after = await why(tenant);

    expect(causeIn(before, 'upstream_error')?.severity).toBe('blocks');
    expect(causeIn(after, 'upstream_error')?.severity).toBe('warns');
    expect(after.verdict).toContain('knows of nothing that keeps');
  });

  it('tells of a failed login also if a portal link failed for the same reason later', async () => {
    const { tenant } = await newTenant();
    const reason = 'invalid_request';
    await stepHappens(tenant, { operation: 'exchangeSsoCode', reason, ago: '20 minutes' });
    await stepHappens(tenant, { operation: 'generatePortalLink', reason });

    const { verdict, causes } = await why(tenant);

    expect(verdict).toContain(`It is not certain that ${tenant} can sign in`);
    const found = causes.filter(({ cause }) => cause === reason);
    expect(found.map(({ severity }) => severity)).toEqual(['may_block', 'warns']);
  });

  it('takes the refusal of one person for theirs, and of several for a cause', async () => {
    const { tenant } = await newTenant();
    await stepHappens(tenant, { reason: 'access_denied' });
    expect(causeIn(await why(tenant), 'access_denied')?.severity).toBe('warns');

    await stepHappens(tenant, { reason: 'access_denied', count: 5, ago: '30 minutes' });
    expect(causeIn(await why(tenant), 'access_denied')?.severity).toBe('may_block');
  });

  it('ignores the certificate of a connection that is not in use', async () => {
    const { tenant, connection } = await newTenant();
    await inMirror(tenant, 'connection', connection, { name: 'New', state: 'active' });
    await inMirror(tenant, 'connection', `${connection}-old`, { name: 'Old', state: 'inactive' });
    for (const id of [`${connection}-old`, `${connection}-gone`])
      await inMirror(tenant, 'certificate', `${id}:x`, {
        connection_id: id,
        expires_at: '2020-01-01T00:00:00.000Z',
      });

    const { code, causes } = await why(tenant);

    expect(causes.map(({ cause }) => cause)).not.toContain('certificate_expired');
    expect(code).toBe(0);
  });

  it('names an organization that was deleted at WorkOS', async () => {
    const { tenant } = await newTenant();
    const organization = await organizationOf(gatehouse, tenant);
    await sql(
      `insert into mirror (kind, id, organization_id, data, updated_at, deleted_at)
       values ('organization', $1, $1, '{}', now(), now())
       on conflict (kind, id) do update set deleted_at = now()`,
      [organization],
    );
    expect(causeIn(await why(tenant), 'organization_missing')?.severity).toBe('may_block');

    gatehouse.workos.fault(`GET /organizations/${organization}`, { kind: 'status', status: 404 });
    const live = await why(tenant, '--live');

    expect(live.code).toBe(1);
    expect(live.verdict).toContain(
      'WorkOS, asked just now, does not know the tenant’s organization',
    );
    expect(JSON.stringify(live.causes)).not.toContain('--live');
  });

  it.each([
    ['tenant_not_active', 'authorizeSso', undefined],
    ['client_not_allowed', 'authorizeSso', undefined],
    ['connection_unlinked', 'callbackSso', 'connection'],
    ['access_denied', 'callbackSso', 'return'],
  ])('passes over %s once it is mended', async (reason, operation, by) => {
    const { tenant, connection } = await newTenant();
    await stepHappens(tenant, { operation, reason, outcome: 'refused' });
    if (by === 'connection')
      await inMirror(tenant, 'connection', connection, { name: 'C', state: 'active' });
    if (by === 'return') await stepHappens(tenant, { outcome: 'returned', ago: '1 minute' });

    expect(causeIn(await why(tenant), reason)).toBeUndefined();
  });

  it('says which flag enables the client that is disabled', async () => {
    const { tenant } = await newTenant();
    await sql('update clients set disabled = true', []);
    try {
      const { causes } = await why(tenant);
      const remedy = causes.find(({ cause }) => cause === 'no_client_can_sign_in')?.remedy;
      expect(remedy).toMatch(/gatehouse clients update \S+ --disabled false/);
    } finally {
      await sql('update clients set disabled = false', []);
    }
  });
});
