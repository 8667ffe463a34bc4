import { describe, expect, it } from '@jest/globals';
import supertest from 'supertest';
import { addLogStream } from '../../src/dev/fake-workos/audit-logs/log-streams.ts';
import { workosEvent, applyEvents } from '../support/workos-events.ts';
import {
  gatehouse,
  client,
  newTenant,
  reads,
  type Setup,
  setupOf,
  connection,
  addDomain,
  useSetup,
} from './tenant-setup.ts';
import { within } from '../support/within.ts';

useSetup();

describe('getTenantSetup', () => {
  it('reads a tenant from WorkOS the first time, and never again', async () => {
    const tenant = await newTenant();
    const { id } = gatehouse.workos.addConnection(tenant.organizationId, { name: 'Okta' });
    const before = Date.now();

    const first = await setupOf(tenant);
    const asked = reads(tenant);
    const second = await setupOf(tenant);

    expect([first.status, first.body]).toEqual([
      200,
      {
        object: 'tenant_setup',
        tenant_id: tenant.id,
        as_of: expect.any(String),
        source: 'live',
        features: {
          sso: {
            state: 'active',
            connections: [
              {
                id,
                type: 'OktaSAML',
                name: 'Okta',
                state: 'active',
                updated_at: expect.any(String),
                provider: {
                  name: 'Okta',
                  icon: {
                    light: 'https://cdn.workos.com/provider-icons/light/okta.svg',
                    dark: 'https://cdn.workos.com/provider-icons/dark/okta.svg',
                  },
                },
              },
            ],
          },
          directory_sync: { state: 'not_configured', directories: [] },
          domain_verification: { state: 'not_configured', domains: [] },
          audit_logs: { state: 'active', as_of: expect.any(String) },
          log_streams: { state: 'not_configured', as_of: expect.any(String) },
          certificate_renewal: { state: 'unknown', reason: 'not_told_yet' },
          bring_your_own_key: { state: 'unknown', reason: 'not_told_yet' },
        },
        next_steps: [
          {
            code: 'test_sso',
            intent: null,
            text: 'Test Okta: the connection is active, but nobody has signed in through it yet.',
          },
          { code: 'add_domain', intent: 'domain_verification', text: expect.any(String) },
          { code: 'set_up_directory_sync', intent: 'dsync', text: expect.any(String) },
        ],
      },
    ]);
    expect(Math.abs(Date.parse(first.body.as_of ?? '') - before)).toBeLessThan(within(2_000));
    expect(second.body).toEqual({ ...first.body, source: 'mirror' });
    expect([asked, reads(tenant)]).toEqual([4, 4]);
  });

  it.each([
    [['active'], 'active'],
    [['active', 'inactive'], 'active'],
    [['draft'], 'in_progress'],
    [['requires_type', 'validating'], 'in_progress'],
    [['draft', 'inactive'], 'attention'],
    [['deleting'], 'not_configured'],
  ] as const)('tells of connections that are %j: %s', async (states, expected) => {
    const tenant = await newTenant();
    for (const state of states) gatehouse.workos.addConnection(tenant.organizationId, { state });

    const { features } = (await setupOf(tenant)).body;

    expect(features.sso.state).toBe(expected);
    expect(features.sso.connections).toHaveLength(states.length);
  });

  it.each([
    [['linked'], 'active'],
    [['validating'], 'in_progress'],
    [['linked', 'invalid_credentials'], 'attention'],
    [['unlinked'], 'attention'],
  ] as const)('tells of directories that are %j: %s', async (states, expected) => {
    const tenant = await newTenant();
    for (const state of states) gatehouse.workos.addDirectory(tenant.organizationId, { state });

    const { directory_sync: found } = (await setupOf(tenant)).body.features;

    expect(found.state).toBe(expected);
    expect(JSON.stringify(found)).not.toContain('linked');
  });

  it.each([
    [['verified', 'legacy_verified'], 'active'],
    [['verified', 'pending'], 'in_progress'],
    [['verified', 'failed'], 'attention'],
  ] as const)('tells of domains that are %j: %s', async (states, expected) => {
    const tenant = await newTenant();
    for (const state of states) addDomain(tenant, `${state}.${tenant.id}.example`, state);

    const { domain_verification: found } = (await setupOf(tenant)).body.features;

    expect(found).toMatchObject({ state: expected, domains: expect.any(Array) });
    expect(found.domains).toHaveLength(2);
  });

  it.each([
    ['active', 'active'],
    ['inactive', 'attention'],
    ['error', 'attention'],
    ['invalid', 'attention'],
  ] as const)('tells of a log stream that is %s: %s', async (state, expected) => {
    const tenant = await newTenant();
    const { state: known } = gatehouse.workos;
    addLogStream(
      { state: known, now: () => new Date(), newId: (prefix: string) => `${prefix}_1` } as never,
      tenant.organizationId,
      { state },
    );

    expect((await setupOf(tenant)).body.features.log_streams.state).toBe(expected);
  });

  it('reads every page of a list', async () => {
    const tenant = await newTenant();
    for (let count = 0; count < 101; count += 1)
      gatehouse.workos.addConnection(tenant.organizationId);

    expect((await setupOf(tenant)).body.features.sso.connections).toHaveLength(101);
  });

  it.each([403, 404, 500, 501])(
    'tells the rest where WorkOS answers %i for audit logs',
    async (status) => {
      const tenant = await newTenant();
      gatehouse.workos.fault('GET /organizations/*/audit_log_configuration', {
        kind: 'status',
        status,
      });

      const { body } = await setupOf(tenant);

      expect(body).toMatchObject({
        source: 'live',
        features: {
          sso: { state: 'not_configured' },
          audit_logs: { state: 'unknown', reason: 'not_read_yet' },
          log_streams: { state: 'unknown', reason: 'not_read_yet' },
        },
      });
    },
  );

  it('calls WorkOS once for concurrent requests', async () => {
    const tenant = await newTenant();

    const answers = await Promise.all(Array.from({ length: 20 }, async () => setupOf(tenant)));

    expect(new Set(answers.map(({ body }) => body.as_of)).size).toBe(1);
    expect(reads(tenant)).toBe(4);
  });

  it('does not read again what another replica has just read', async () => {
    const tenant = await newTenant();
    const { port } = await gatehouse.startReplica();
    await setupOf(tenant);

    const there = await supertest(`http://127.0.0.1:${port}`)
      .get(`/v1/tenants/${tenant.id}/setup?refresh=true`)
      .set('authorization', `Bearer ${client.key}`);

    expect([there.status, (there.body as Setup).source, reads(tenant)]).toEqual([200, 'mirror', 4]);
  });

  it('is as recent as the feed once the tenant was read completely', async () => {
    const tenant = await newTenant();
    await setupOf(tenant);
    const readAt = new Date(Date.now() + 60_000).toISOString();
    await gatehouse.database.superuser(
      `insert into feed_cursors (feed, read_at) values ('workos', $1)`,
      [readAt],
    );

    const { body } = await setupOf(tenant);
    await gatehouse.database.superuser('delete from feed_cursors');

    expect(body).toMatchObject({ as_of: readAt, source: 'mirror' });
  });

  it('shows a suspended tenant, and reports a missing organization', async () => {
    const [suspended, gone] = [await newTenant(), await newTenant()];
    await gatehouse.as(client).patch(`/v1/tenants/${suspended.id}`).send({ status: 'suspended' });
    gatehouse.workos.deleteOrganization(gone.organizationId);

    const [seen, missing] = [await setupOf(suspended), await setupOf(gone)];
    const tenant = await gatehouse.as(client).get(`/v1/tenants/${gone.id}`);

    expect([seen.status, missing.status, missing.body.code]).toEqual([
      200,
      409,
      'organization_missing',
    ]);
    expect(tenant.body).toMatchObject({ status: 'active' });
  });

  it('refuses an unknown tenant and an unknown value of refresh', async () => {
    const tenant = await newTenant();

    const [unknown, strange] = [
      await setupOf({ ...tenant, id: 'nobody' }),
      await setupOf(tenant, { refresh: 'yes' }),
    ];

    expect([unknown.status, strange.status]).toEqual([404, 422]);
  });
});

describe('while WorkOS is down', () => {
  it('answers from the mirror, with or without refresh', async () => {
    const tenant = await newTenant();
    gatehouse.workos.addConnection(tenant.organizationId);
    const before = await setupOf(tenant);
    gatehouse.workos.fault('*', { kind: 'status', status: 500 });
    await gatehouse.database.superuser(
      `update mirror_reads set read_at = read_at - interval '1 hour' where organization_id = $1`,
      [tenant.organizationId],
    );

    const asked = await setupOf(tenant, { refresh: 'true' });

    expect([asked.status, asked.body]).toEqual([
      200,
      {
        ...before.body,
        source: 'mirror',
        as_of: new Date(Date.parse(before.body.as_of ?? '') - 3_600_000).toISOString(),
      },
    ]);
  });

  it('marks what is unknown of a tenant that was never read, and shows what events have reported', async () => {
    const tenant = await newTenant();
    gatehouse.workos.fault('*', { kind: 'status', status: 500 });
    await applyEvents(gatehouse, workosEvent('connection.activated', connection(tenant)));

    const { status, body } = await setupOf(tenant);

    expect([status, body]).toMatchObject([
      200,
      {
        as_of: null,
        source: 'mirror',
        features: {
          sso: { state: 'active', connections: [{ name: 'Okta' }] },
          directory_sync: { state: 'unknown', reason: 'not_read_yet', directories: [] },
          domain_verification: { state: 'unknown', reason: 'not_read_yet' },
          audit_logs: { state: 'unknown', reason: 'not_read_yet' },
          log_streams: { state: 'unknown', reason: 'not_read_yet' },
          certificate_renewal: { state: 'unknown', reason: 'not_read_yet' },
          bring_your_own_key: { state: 'unknown', reason: 'not_told_yet' },
        },
        next_steps: [{ code: 'test_sso' }],
      },
    ]);
  });
});
