import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import supertest from 'supertest';
import type { z } from 'zod';
import type { IncomingEvent } from '../../src/events/inbox/event.ts';
import { recordOwn } from '../../src/events/inbox/own-events.ts';
import type { DomainState } from '../../src/dev/fake-workos/server.ts';
import { addLogStream } from '../../src/dev/fake-workos/audit-logs/log-streams.ts';
import { announceExpiring } from '../../src/setup/certificates.ts';
import type { setupContract } from '../../src/setup/contract.ts';
import { createSetupStore } from '../../src/setup/store.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/test-app.ts';
import { news, tell } from '../support/told.ts';
import { until } from '../support/until.ts';

let gatehouse: TestApp;
let client: TestClient;
let tenants = 0;

beforeAll(async () => {
  gatehouse = await startTestApp();
  client = await gatehouse.createClient();
});
afterEach(() => gatehouse.workos.clearFaults());
afterAll(() => gatehouse.stop());

interface TestTenant {
  readonly id: string;
  readonly organizationId: string;
}

async function newTenant(): Promise<TestTenant> {
  tenants += 1;
  const id = `tenant-${tenants}`;
  await gatehouse.provision(id);
  const [row] = await gatehouse.database.superuser<{ organization_id: string }>(
    'select organization_id from tenants where id = $1',
    [id],
  );
  return { id, organizationId: row?.organization_id ?? '' };
}

type Setup = z.output<(typeof setupContract)['getTenantSetup']['reply']['body']>;
type Answer = Setup & { readonly code?: string };

async function setupOf(
  { id }: Pick<TestTenant, 'id'>,
  query: Readonly<Record<string, string>> = {},
) {
  const res = await gatehouse.as(client).get(`/v1/tenants/${id}/setup`).query(query);
  return { status: res.status, body: res.body as Answer };
}

/** How often WorkOS was asked what this organization has. */
const reads = ({ organizationId }: TestTenant): number =>
  gatehouse.workos.requests.filter(
    ({ method, path, query }) =>
      method === 'GET' &&
      (query.organization_id === organizationId ||
        path.startsWith(`/organizations/${organizationId}`)),
  ).length;

const at = (minute: number): Date => new Date(Date.UTC(2030, 0, 1, 0, minute));

const connection = ({ organizationId }: TestTenant, fields: object = {}) => ({
  object: 'connection',
  id: `conn_${organizationId}`,
  organization_id: organizationId,
  connection_type: 'OktaSAML',
  name: 'Okta',
  state: 'active',
  created_at: at(0).toISOString(),
  updated_at: at(0).toISOString(),
  ...fields,
});

const directory = ({ organizationId }: TestTenant, fields: object = {}) => ({
  object: 'directory',
  id: `directory_${organizationId}`,
  organization_id: organizationId,
  type: 'okta scim v2.0',
  name: 'Okta people',
  state: 'active',
  created_at: at(0).toISOString(),
  updated_at: at(0).toISOString(),
  ...fields,
});

const domain = ({ organizationId }: TestTenant, fields: object = {}) => ({
  object: 'organization_domain',
  id: `org_domain_${organizationId}`,
  organization_id: organizationId,
  domain: 'acme.example',
  state: 'pending',
  verification_token: 'secret-token',
  created_at: at(0).toISOString(),
  updated_at: at(0).toISOString(),
  ...fields,
});

const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();

const certificate = (tenant: TestTenant, expiry: string, fields: object = {}) => ({
  connection: { id: `conn_${tenant.organizationId}`, organization_id: tenant.organizationId },
  certificate: { certificate_type: 'ResponseSigning', expiry_date: expiry, is_expired: false },
  days_until_expiry: 30,
  ...fields,
});

function addDomain({ organizationId }: TestTenant, name: string, state: DomainState): void {
  const stamp = new Date().toISOString();
  gatehouse.workos.state.organizations.get(organizationId)?.domains.push({
    object: 'organization_domain',
    id: `org_domain_${name}`,
    organization_id: organizationId,
    domain: name,
    state,
    verification_strategy: 'dns',
    verification_token: 'secret-token',
    created_at: stamp,
    updated_at: stamp,
  });
}

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
      },
    ]);
    expect(Math.abs(Date.parse(first.body.as_of ?? '') - before)).toBeLessThan(2_000);
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

  it('asks WorkOS once for everybody who asks at the same time', async () => {
    const tenant = await newTenant();

    const answers = await Promise.all(Array.from({ length: 20 }, async () => setupOf(tenant)));

    expect(new Set(answers.map(({ body }) => body.as_of)).size).toBe(1);
    expect(reads(tenant)).toBe(4);
  });

  it('reads again when asked to, once in a few seconds', async () => {
    const tenant = await newTenant();
    await setupOf(tenant);
    gatehouse.workos.addConnection(tenant.organizationId, { state: 'draft' });

    const atOnce = await setupOf(tenant, { refresh: 'true' });
    const later = await until(
      async () => {
        const { body } = await setupOf(tenant, { refresh: 'true' });
        return body.source === 'live' && body;
      },
      { everyMs: 100, what: 'a second reading' },
    );
    await Promise.all(Array.from({ length: 20 }, async () => setupOf(tenant, { refresh: 'true' })));

    expect([atOnce.body.source, atOnce.body.features.sso.state]).toEqual([
      'mirror',
      'not_configured',
    ]);
    expect(later.features.sso.state).toBe('in_progress');
    expect(reads(tenant)).toBe(8);
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

  it('is as new as the feed, once the tenant was read whole', async () => {
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

  it('shows a suspended tenant, and says when the organization is gone', async () => {
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

  it('refuses what it does not know', async () => {
    const tenant = await newTenant();

    const [unknown, strange] = [
      await setupOf({ ...tenant, id: 'nobody' }),
      await setupOf(tenant, { refresh: 'yes' }),
    ];

    expect([unknown.status, strange.status]).toEqual([404, 422]);
  });
});

describe('what events tell', () => {
  const story = (tenant: TestTenant): IncomingEvent[] => [
    news('connection.activated', connection(tenant, { updated_at: at(1).toISOString() })),
    news(
      'connection.deactivated',
      connection(tenant, { state: 'inactive', updated_at: at(2).toISOString() }),
    ),
    news(
      'connection.activated',
      connection(tenant, { name: 'Newest', updated_at: at(3).toISOString() }),
    ),
    news('dsync.activated', directory(tenant, { updated_at: at(1).toISOString() })),
    news('dsync.deleted', directory(tenant, { updated_at: at(2).toISOString() })),
    news('organization_domain.created', domain(tenant, { updated_at: at(1).toISOString() })),
    news(
      'organization_domain.verified',
      domain(tenant, { state: undefined, updated_at: at(2).toISOString() }),
    ),
  ];

  /** A different order for each seed, the same every time. */
  const shuffled = <T>(list: readonly T[], seed: number): T[] =>
    list
      .map((one, index) => ({ one, key: ((index + 1) * 7919 * (seed + 3)) % 104_729 }))
      .sort((a, b) => a.key - b.key)
      .map(({ one }) => one);

  it.each([1, 2, 3, 4, 5, 6])(
    'leaves the newest state, however shuffled and repeated: order %i',
    async (seed) => {
      const tenant = await newTenant();
      await setupOf(tenant);
      const events = story(tenant);

      for (const event of shuffled([...events, ...events, ...events], seed))
        await tell(gatehouse, event);

      const { features } = (await setupOf(tenant)).body;
      expect(features).toMatchObject({
        sso: { state: 'active', connections: [{ name: 'Newest', state: 'active' }] },
        directory_sync: { state: 'not_configured', directories: [] },
        domain_verification: { state: 'active', domains: [{ state: 'verified' }] },
      });
      expect(features.sso.connections).toHaveLength(1);
    },
  );

  it('leaves a tombstone that nothing revives: no event, and no list that lags behind', async () => {
    const tenant = await newTenant();
    const { id } = gatehouse.workos.addConnection(tenant.organizationId);
    const own = connection(tenant, { id });
    await tell(gatehouse, news('connection.deleted', own));

    const read = await setupOf(tenant);
    await tell(
      gatehouse,
      news('connection.activated', { ...own, updated_at: at(9).toISOString() }),
    );
    const told = await setupOf(tenant);

    expect([read.body.source, read.body.features.sso.connections]).toEqual(['live', []]);
    expect(told.body.features.sso.connections).toEqual([]);
    expect(
      await gatehouse.database.superuser('select data from mirror where id = $1', [id]),
    ).toEqual([{ data: {} }]);
  });

  it('hides what a list lacks, until WorkOS tells of it again', async () => {
    const tenant = await newTenant();
    const lagging = connection(tenant);
    await tell(gatehouse, news('connection.activated', lagging));

    const read = await setupOf(tenant);
    await tell(
      gatehouse,
      news('connection.activated', { ...lagging, updated_at: at(9).toISOString() }),
    );
    const told = await setupOf(tenant);

    expect(read.body.features.sso.state).toBe('not_configured');
    expect(told.body.features.sso.state).toBe('active');
  });

  it('buries with an organization all that it had, and lets nothing new be in it', async () => {
    const tenant = await newTenant();
    await setupOf(tenant);
    await tell(gatehouse, ...story(tenant));

    await tell(
      gatehouse,
      news('organization.deleted', { object: 'organization', id: tenant.organizationId }),
    );
    await tell(
      gatehouse,
      news('connection.activated', connection(tenant, { id: `conn_new_${tenant.id}` })),
    );

    expect((await setupOf(tenant)).body.features).toMatchObject({
      sso: { state: 'not_configured', connections: [] },
      domain_verification: { state: 'not_configured', domains: [] },
    });
  });

  it('takes over what an organization’s own event says of its domains', async () => {
    const tenant = await newTenant();
    await setupOf(tenant);

    await tell(
      gatehouse,
      news('organization.updated', {
        object: 'organization',
        id: tenant.organizationId,
        name: 'Acme',
        domains: [domain(tenant)],
        updated_at: at(1).toISOString(),
      }),
      news('organization_domain.verification_failed', {
        reason: 'domain_verification_period_expired',
        organization_domain: domain(tenant, { updated_at: at(2).toISOString() }),
      }),
    );

    expect((await setupOf(tenant)).body.features.domain_verification).toMatchObject({
      state: 'attention',
      domains: [{ domain: 'acme.example', state: 'failed' }],
    });
  });

  it('is passed over where it is not as WorkOS describes it', async () => {
    const tenant = await newTenant();
    await setupOf(tenant);

    await tell(
      gatehouse,
      news('connection.activated', connection(tenant, { updated_at: 'yesterday' })),
      news('connection.activated', connection(tenant, { name: 7 })),
      news('connection.saml_certificate_renewed', { connection: { id: 'conn_1' } }),
      news('constructor', {}),
      news('connection.activated', connection(tenant, { organization_id: undefined })),
    );

    expect((await setupOf(tenant)).body.features.sso.state).toBe('not_configured');
  });

  it('keeps only what is shown', async () => {
    const tenant = await newTenant();
    addDomain(tenant, `kept.${tenant.id}.example`, 'pending');
    await setupOf(tenant);
    await tell(gatehouse, ...story(tenant));

    const [{ rows } = { rows: '' }] = await gatehouse.database.superuser<{ rows: string }>(
      'select json_agg(m)::text as rows from mirror m',
    );

    expect(rows).toContain(`kept.${tenant.id}.example`);
    expect(rows).not.toMatch(/secret-token|verification_|external_key/);
  });

  it.each([
    [true, 'active'],
    [false, 'attention'],
  ])('tells of a customer’s own key whose verification came to %j', async (verified, state) => {
    const tenant = await newTenant();
    await setupOf(tenant);
    const of = { organization_id: tenant.organizationId, key_provider: 'AWS_KMS' };

    await tell(gatehouse, news('vault.byok_key.verification_completed', { ...of, verified }));
    const set = (await setupOf(tenant)).body.features.bring_your_own_key;
    await tell(gatehouse, news('vault.byok_key.deleted', of, new Date(Date.now() + 1_000)));
    const deleted = (await setupOf(tenant)).body.features.bring_your_own_key;

    expect([set, deleted]).toEqual([{ state }, { state: 'not_configured' }]);
  });
});

describe('certificates', () => {
  const renewalOf = async (tenant: TestTenant) => {
    const { sso, certificate_renewal: renewal } = (await setupOf(tenant)).body.features;
    return [renewal.state, sso.connections[0]?.certificate_expires_at];
  };

  /** A tenant whose connection has a certificate that ends so soon. */
  async function withCertificate(days: number) {
    const tenant = await newTenant();
    await setupOf(tenant);
    const end = inDays(days);
    await tell(
      gatehouse,
      news('connection.activated', connection(tenant)),
      news('connection.saml_certificate_renewal_required', certificate(tenant, end)),
    );
    return { tenant, end };
  }

  const announce = () =>
    announceExpiring({ store: createSetupStore(gatehouse.database.db), recordOwn });

  const announced = async ({ id }: TestTenant) =>
    (
      await gatehouse.database.superuser<{ days: number }>(
        `select (data->>'days')::int as days from events
         where tenant_id = $1 and event = 'gatehouse.connection.certificate_expiring' order by received_at`,
        [id],
      )
    ).map(({ days }) => days);

  it.each([
    [-1, 'attention'],
    [29, 'attention'],
    [31, 'active'],
  ])('that end in %i days: %s', async (days, state) => {
    const { tenant, end } = await withCertificate(days);

    expect(await renewalOf(tenant)).toEqual([state, end]);
  });

  it('that were renewed are good again; of several the first to end counts', async () => {
    const { tenant, end } = await withCertificate(20);
    const [renewed, other] = [inDays(700), inDays(500)];
    const later = new Date(Date.now() + 1_000);

    await tell(
      gatehouse,
      news(
        'connection.saml_certificate_renewed',
        certificate(tenant, renewed, { renewed_at: later.toISOString() }),
        later,
      ),
      news(
        'connection.saml_certificate_renewal_required',
        certificate(tenant, other, {
          certificate: {
            certificate_type: 'RequestSigning',
            expiry_date: other,
            is_expired: false,
          },
        }),
      ),
    );

    expect(end).not.toBe(other);
    expect(await renewalOf(tenant)).toEqual(['active', other]);
  });

  it('are told of once for 30, 7 and 1 days ahead, however often and from wherever', async () => {
    const { tenant } = await withCertificate(29.5);
    const moveTo = (days: number) =>
      gatehouse.database.superuser(
        `update mirror set data = jsonb_set(jsonb_set(data, '{expires_at}', to_jsonb($2::text)),
           '{told,expires_at}', to_jsonb($2::text)) where organization_id = $1 and kind = 'certificate'`,
        [tenant.organizationId, inDays(days)],
      );

    for (const days of [29.5, 20, 7, 3, 1, 0.5]) {
      if (days !== 29.5) await moveTo(days);
      await Promise.all([announce(), announce(), announce()]);
    }

    expect(await announced(tenant)).toEqual([30, 7, 1]);
  });

  it('that were missed are told as one; another end is told anew', async () => {
    const { tenant } = await withCertificate(5);
    await announce();
    await tell(
      gatehouse,
      news(
        'connection.saml_certificate_renewed',
        certificate(tenant, inDays(25), { renewed_at: new Date().toISOString() }),
        new Date(Date.now() + 1_000),
      ),
    );
    await announce();

    expect(await announced(tenant)).toEqual([5, 25]);
  });

  it('that have ended, or whose connection is gone, are not told of', async () => {
    const [{ tenant: ended }, { tenant: gone }] = [
      await withCertificate(-1),
      await withCertificate(5),
    ];
    await tell(gatehouse, news('connection.deleted', connection(gone)));

    await announce();

    expect([await announced(ended), await announced(gone)]).toEqual([[], []]);
  });
});

describe('while WorkOS is down', () => {
  it('answers from the mirror, live or not', async () => {
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

  it('says what it does not know of a tenant that was never read, and what events have told', async () => {
    const tenant = await newTenant();
    gatehouse.workos.fault('*', { kind: 'status', status: 500 });
    await tell(gatehouse, news('connection.activated', connection(tenant)));

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
      },
    ]);
  });

  it('waits two seconds at most, and not again at once', async () => {
    const tenant = await newTenant();
    gatehouse.workos.fault('GET /connections', { kind: 'silence' });

    const started = performance.now();
    const first = await setupOf(tenant);
    const waited = performance.now() - started;
    const second = await setupOf(tenant);

    expect([first.body.as_of, second.body.as_of]).toEqual([null, null]);
    expect(waited).toBeGreaterThan(1_900);
    expect(waited).toBeLessThan(2_900);
  });
});
