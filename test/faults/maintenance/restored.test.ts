import { beforeAll, describe, expect, it } from '@jest/globals';
import { maintainCommand } from '../../../src/cli/maintain.ts';
import { restoredCommand } from '../../../src/cli/restored.ts';
import { backUp, restore } from '../../support/backup.ts';
import { runHere } from '../../support/command-here.ts';
import { exchange, grant, REDIRECT_URI, signIn } from '../../support/sign-in.ts';
import type { TestClient } from '../../support/test-app.ts';
import { useGatehouse } from '../../support/use-gatehouse.ts';
import { waitFor } from '../../support/wait-for.ts';
import { applyEvents, workosEvent } from '../../support/workos-events.ts';

const app = useGatehouse();
let client: TestClient;
beforeAll(async () => {
  client = await app.createClient({ redirectUris: [REDIRECT_URI] });
  await app.provision('acme');
  app.workos.addConnection(await organizationOf('acme'));
});

const organizationOf = async (tenantId: string): Promise<string> => {
  const tenant = await app.as(client).get(`/v1/tenants/${tenantId}`).expect(200);
  return (tenant.body as { workos_organization_id: string }).workos_organization_id;
};
const statusOf = async (tenantId: string): Promise<string | number> => {
  const tenant = await app.as(client).get(`/v1/tenants/${tenantId}`);
  return tenant.status === 200 ? (tenant.body as { status: string }).status : tenant.status;
};

const env = () => ({
  NODE_ENV: 'test',
  PUBLIC_URL: app.config.publicUrl,
  DATABASE_URL: app.database.url,
  DATABASE_MIGRATION_URL: app.database.ownerUrl,
  WORKOS_API_KEY: app.workos.apiKey,
  WORKOS_CLIENT_ID: app.workos.clientId,
  WORKOS_API_BASE_URL: app.workos.url,
  WORKOS_EXTERNAL_ID_PREFIX: 'gh:test:',
});
const restored = async () => {
  const { code, out, err } = await runHere(
    (terminal) => restoredCommand(['--json'], terminal),
    env(),
  );
  return { code, err, data: JSON.parse(out) as { tenants: unknown[]; revoked_launches: number } };
};

const exchanges = (): number =>
  app.workos.requests.filter(({ path }) => path === '/sso/token').length;

async function ticket(): Promise<string> {
  const launch = await app
    .as(client, await app.userToken())
    .post('/v1/portal-launches')
    .send({ tenant_id: 'acme', intent: 'sso' })
    .expect(201);
  const { pathname, search } = new URL((launch.body as { url: string }).url);
  return pathname + search;
}

describe('gatehouse restored', () => {
  it('refuses tickets and codes issued before, even unused ones', async () => {
    const url = await ticket();
    const { code } = await signIn(app, client);
    const backup = await backUp(app.database);
    await app.anonymous.get(url).expect(303);
    expect((await exchange(app, grant(client, code))).status).toBe(200);

    await restore(app.database, backup);
    const { data } = await restored();

    expect(data.revoked_launches).toBe(1);
    await app.anonymous.get(url).expect(410);
    const calls = exchanges();
    const { status, body } = await exchange(app, grant(client, code));
    expect({ status, error: body.error }).toEqual({ status: 400, error: 'invalid_grant' });
    expect(exchanges()).toBe(calls);
  });

  it('maps tenants provisioned since by their marks, and creates no second organization', async () => {
    const backup = await backUp(app.database);
    await app.provision('globex');
    const organizationId = await organizationOf('globex');
    await restore(app.database, backup);
    await waitFor(async () => (await statusOf('globex')) === 404, {
      what: 'the tenant to be lost',
    });

    const { code, data } = await restored();

    expect({ code, tenants: data.tenants }).toEqual({
      code: 0,
      tenants: [
        { tenant_id: 'globex', organization_id: organizationId, what: 'mapped again, suspended' },
      ],
    });
    await waitFor(async () => (await statusOf('globex')) === 'suspended', { what: 'the tenant' });
    expect(await organizationOf('globex')).toBe(organizationId);
  });

  it('maps a tenant whose organization has texts that Postgres cannot hold', async () => {
    await app.provision('odd');
    const organizationId = await organizationOf('odd');
    const organization = app.workos.state.organizations.get(organizationId);
    if (!organization) throw new Error('There is no such organization.');
    const metadata = { ...organization.metadata, note: 'a\0' };
    const changed = { ...organization, name: 'Odd \0 and \ud800', metadata };
    app.workos.state.organizations.set(organizationId, changed);
    await app.database.superuser(`delete from tenants where id = 'odd'`);

    const { data } = await restored();

    app.workos.state.organizations.set(organizationId, organization);
    expect(data.tenants).toContainEqual(
      expect.objectContaining({ tenant_id: 'odd', what: 'mapped again, suspended' }),
    );
    await waitFor(async () => (await statusOf('odd')) === 'suspended', { what: 'the tenant' });
  });

  it('orphans tenants whose organizations were deleted since, and is safe to repeat', async () => {
    await app.provision('initech');
    const organizationId = await organizationOf('initech');
    const backup = await backUp(app.database);
    await app.as(client).delete('/v1/tenants/initech?delete_organization=true').expect(204);
    await restore(app.database, backup);

    const first = await restored();
    const second = await restored();

    expect(first.data.tenants).toEqual([
      { tenant_id: 'initech', organization_id: organizationId, what: 'is orphaned' },
    ]);
    expect(second.data.tenants).toEqual([]);
    await waitFor(async () => (await statusOf('initech')) === 'orphaned', { what: 'the status' });
  });

  it('leaves ambiguous tenants to a person, with exit code 1', async () => {
    await app.provision('umbrella');
    const backup = await backUp(app.database);
    await restore(app.database, backup);
    await app.database.superuser(
      `update tenants set organization_id = 'org_ANOTHER' where id = 'umbrella'`,
    );

    const { code, data, err } = await restored();

    expect(code).toBe(1);
    expect(data.tenants).toContainEqual(
      expect.objectContaining({ tenant_id: 'umbrella', what: 'left to a person' }),
    );
    expect(err).not.toContain('Unexpected');
  });

  it('restores the status of an orphaned tenant when WorkOS lists its organization', async () => {
    await app.provision('hooli');
    await app.database.superuser(
      `update tenants set status = 'orphaned', former_status = 'suspended' where id = 'hooli'`,
    );

    const { data } = await restored();

    expect(data.tenants).toContainEqual(
      expect.objectContaining({ tenant_id: 'hooli', what: 'seen again' }),
    );
    expect(await statusOf('hooli')).toBe('suspended');
  });

  it('refuses a list without the mapped organizations, and changes nothing', async () => {
    for (let made = 1; made <= 6; made += 1) await app.provision(`many-${made}`);
    const rows = () =>
      app.database.superuser('select id, status, updated_at from tenants order by id');
    const before = await rows();
    app.workos.fault('GET /organizations', {
      kind: 'content-type',
      type: 'application/json',
      body: JSON.stringify({
        object: 'list',
        data: [],
        list_metadata: { before: null, after: null },
      }),
    });

    const { code, err } = await runHere((terminal) => restoredCommand([], terminal), env());
    app.workos.clearFaults();

    expect([code, await rows()]).toEqual([1, before]);
    expect(err).toMatch(
      /WorkOS lists 0 organizations, without \d+ .*WORKOS_API_KEY.*Nothing was changed/,
    );
  });

  it('gives no position and no id again that a client may keep as a cursor', async () => {
    const positions = async () =>
      (
        await app.database.superuser<{ position: number }>(
          `select position::float8 from events where event = 'user.created' order by position`,
        )
      ).map(({ position }) => position);
    const user = () => workosEvent('user.created', { object: 'user', id: 'user_1' });
    const newestRow = async () => {
      const path = '/v1/audit-trail?limit=1&order=desc';
      const page = await app.as(client).get(path).expect(200);
      return Number((page.body as { data: { id: string }[] }).data[0]?.id);
    };
    await applyEvents(app, user());
    const backup = await backUp(app.database);
    await applyEvents(app, user(), user());
    await app.provision('lost');
    const [lastPosition, lastRow] = [(await positions()).at(-1) ?? NaN, await newestRow()];
    await restore(app.database, backup);
    // As on a standby that lacks the last transactions.
    await app.database.superuser(
      `select setval(pg_get_serial_sequence('audit_trail', 'id'), max(id)) from audit_trail`,
    );

    await restored();
    await applyEvents(app, user(), user());
    const given = (await positions()).slice(-2);
    await restored();
    await applyEvents(app, user());

    expect(given[0]).toBeGreaterThan(lastPosition);
    expect((await positions()).at(-1)).toBeGreaterThan((given[1] ?? NaN) + 1_000);
    expect(await newestRow()).toBeGreaterThan(lastRow);
    const page = await app
      .as(client)
      .get(`/events?events=user.created&after=position_${lastPosition}`)
      .expect(200);
    expect((page.body as { data: unknown[] }).data).toHaveLength(3);
    await app.database.superuser(`delete from events where event = 'user.created'`);
  });

  it('accepts codes issued after the restore', async () => {
    await waitFor(
      async () => {
        const { code } = await signIn(app, client);
        return (await exchange(app, grant(client, code))).status === 200;
      },
      { what: 'a sign-in' },
    );
  });
});

describe('gatehouse maintain', () => {
  const maintain = async (days: string) => {
    const { code, out } = await runHere((terminal) => maintainCommand(['--json'], terminal), {
      ...env(),
      RETENTION_DAYS: days,
    });
    return { code, data: JSON.parse(out) as { deleted: { table: string; rows: number }[] } };
  };

  it('deletes only data older than the retention', async () => {
    await app.database
      .superuser(`insert into audit_trail (at, operation, outcome, request_id, details)
      select now() - make_interval(days => n), 'old', 'succeeded', 'r', '{}' from generate_series(1, 12) n`);
    await app.database
      .superuser(`insert into events (id, event, data, created_at, received_at, source, position)
      values ('event_old', 'a', '{}', now() - interval '9 days', now() - interval '9 days', 'feed', -2),
             ('event_parked', 'a', '{}', now() - interval '9 days', now() - interval '9 days', 'feed', -3),
             ('event_owed', 'a', '{}', now() - interval '9 days', now() - interval '9 days', 'feed', null),
             ('event_new', 'a', '{}', now(), now(), 'feed', -1)`);

    await app.database.superuser(`update events set parked_at = now() where id = 'event_parked'`);
    await app.database.superuser(
      `insert into unreadable_events (id, source, reason, raw, received_at) values
       ('old', 'feed', 'too large', '', now() - interval '9 days'), ('new', 'feed', 'too large', '', now())`,
    );
    await app.database.superuser(
      `insert into spent_codes (sha256, expires_at)
       select n::text::bytea, now() - make_interval(secs => n) from generate_series(1, 12000) n`,
    );

    const { code, data } = await maintain('7');

    expect(code).toBe(0);
    expect(data.deleted).toContainEqual({ table: 'audit_trail', rows: 6 });
    expect(data.deleted).toContainEqual({ table: 'events', rows: 1 });
    const left = await app.database.superuser<{ id: string }>('select id from events order by id');
    expect(left.map(({ id }) => id)).toEqual(['event_new', 'event_owed', 'event_parked']);
    expect(data.deleted).toContainEqual({ table: 'unreadable_events', rows: 1 });
    expect(data.deleted).toContainEqual({ table: 'spent_codes', rows: 12_000 });
  });

  it.each([
    ['events', 'received_at'],
    ['unreadable_events', 'received_at'],
    ['webhook_messages', 'updated_at'],
    ['webhook_attempts', 'at'],
    ['portal_launches', 'expires_at'],
    ['audit_trail', 'at'],
    ['sign_ins', 'at'],
    ['mirror', 'deleted_at'],
    ['spent_codes', 'expires_at'],
    ['idempotency_keys', 'created_at'],
  ])('finds the old rows of %s by an index on %s', async (name, column) => {
    const indexes = await app.database.superuser(
      `select 1 from pg_index i
         join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
       where i.indrelid = $1::regclass and a.attname = $2 and i.indisvalid
         and pg_get_expr(i.indpred, i.indrelid) is distinct from '(state = ''failed''::text)'`,
      [name, column],
    );

    expect(indexes).toHaveLength(1);
  });

  it('is refused to the runtime role, which may not delete from the audit trail', async () => {
    const { code, err } = await runHere((terminal) => maintainCommand([], terminal), {
      ...env(),
      DATABASE_MIGRATION_URL: app.database.url,
    });
    expect(code).toBe(1);
    expect(err).toContain('permission denied');
  });
});
