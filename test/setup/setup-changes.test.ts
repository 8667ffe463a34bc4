import { describe, expect, it } from '@jest/globals';
import type { IncomingEvent } from '../../src/events/inbox/event.ts';
import { recordEvent } from '../../src/events/inbox/gatehouse-events.ts';
import { AHEAD, announceExpiring } from '../../src/setup/certificates.ts';
import { createCertificateStore } from '../../src/setup/certificates-store.ts';
import { workosEvent, applyEvents } from '../support/workos-events.ts';
import {
  gatehouse,
  type TestTenant,
  newTenant,
  setupOf,
  at,
  connection,
  addDomain,
  useSetup,
} from './tenant-setup.ts';

useSetup();

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

describe('the mirror', () => {
  const story = (tenant: TestTenant): IncomingEvent[] => [
    workosEvent('connection.activated', connection(tenant, { updated_at: at(1).toISOString() })),
    workosEvent(
      'connection.deactivated',
      connection(tenant, { state: 'inactive', updated_at: at(2).toISOString() }),
    ),
    workosEvent(
      'connection.activated',
      connection(tenant, { name: 'Newest', updated_at: at(3).toISOString() }),
    ),
    workosEvent('dsync.activated', directory(tenant, { updated_at: at(1).toISOString() })),
    workosEvent('dsync.deleted', directory(tenant, { updated_at: at(2).toISOString() })),
    workosEvent('organization_domain.created', domain(tenant, { updated_at: at(1).toISOString() })),
    workosEvent(
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
        await applyEvents(gatehouse, event);

      const { features } = (await setupOf(tenant)).body;
      expect(features).toMatchObject({
        sso: { state: 'active', connections: [{ name: 'Newest', state: 'active' }] },
        directory_sync: { state: 'not_configured', directories: [] },
        domain_verification: { state: 'active', domains: [{ state: 'verified' }] },
      });
      expect(features.sso.connections).toHaveLength(1);
    },
  );

  it('keeps a tombstone that neither an event nor an outdated list revives', async () => {
    const tenant = await newTenant();
    const { id } = gatehouse.workos.addConnection(tenant.organizationId);
    const own = connection(tenant, { id });
    await applyEvents(gatehouse, workosEvent('connection.deleted', own));

    const read = await setupOf(tenant);
    await applyEvents(
      gatehouse,
      workosEvent('connection.activated', { ...own, updated_at: at(9).toISOString() }),
    );
    const told = await setupOf(tenant);

    expect([read.body.source, read.body.features.sso.connections]).toEqual(['live', []]);
    expect(told.body.features.sso.connections).toEqual([]);
    expect(
      await gatehouse.database.superuser('select data from mirror where id = $1', [id]),
    ).toEqual([{ data: {} }]);
  });

  it('hides objects that a list lacks until WorkOS reports them again', async () => {
    const tenant = await newTenant();
    const lagging = connection(tenant);
    await applyEvents(gatehouse, workosEvent('connection.activated', lagging));

    const read = await setupOf(tenant);
    await applyEvents(
      gatehouse,
      workosEvent('connection.activated', { ...lagging, updated_at: at(9).toISOString() }),
    );
    const told = await setupOf(tenant);

    expect(read.body.features.sso.state).toBe('not_configured');
    expect(told.body.features.sso.state).toBe('active');
  });

  it('marks everything of a deleted organization as deleted, and accepts nothing new for it', async () => {
    const tenant = await newTenant();
    await setupOf(tenant);
    await applyEvents(gatehouse, ...story(tenant));

    await applyEvents(
      gatehouse,
      workosEvent('organization.deleted', { object: 'organization', id: tenant.organizationId }),
    );
    await applyEvents(
      gatehouse,
      workosEvent('connection.activated', connection(tenant, { id: `conn_new_${tenant.id}` })),
    );

    expect((await setupOf(tenant)).body.features).toMatchObject({
      sso: { state: 'not_configured', connections: [] },
      domain_verification: { state: 'not_configured', domains: [] },
    });
  });

  it('takes over the domains in an organization’s event', async () => {
    const tenant = await newTenant();
    await setupOf(tenant);

    await applyEvents(
      gatehouse,
      workosEvent('organization.updated', {
        object: 'organization',
        id: tenant.organizationId,
        name: 'Acme',
        domains: [domain(tenant)],
        updated_at: at(1).toISOString(),
      }),
      workosEvent('organization_domain.verification_failed', {
        reason: 'domain_verification_period_expired',
        organization_domain: domain(tenant, { updated_at: at(2).toISOString() }),
      }),
    );

    expect((await setupOf(tenant)).body.features.domain_verification).toMatchObject({
      state: 'attention',
      domains: [{ domain: 'acme.example', state: 'failed' }],
    });
  });

  it('ignores an event whose data is not as documented', async () => {
    const tenant = await newTenant();
    await setupOf(tenant);

    await applyEvents(
      gatehouse,
      workosEvent('connection.activated', connection(tenant, { updated_at: 'yesterday' })),
      workosEvent('connection.activated', connection(tenant, { name: 7 })),
      workosEvent('connection.saml_certificate_renewed', { connection: { id: 'conn_1' } }),
      workosEvent('constructor', {}),
      workosEvent('connection.activated', connection(tenant, { organization_id: undefined })),
    );

    expect((await setupOf(tenant)).body.features.sso.state).toBe('not_configured');
  });

  it('stores only the fields that are shown', async () => {
    const tenant = await newTenant();
    addDomain(tenant, `kept.${tenant.id}.example`, 'pending');
    await setupOf(tenant);
    await applyEvents(gatehouse, ...story(tenant));

    const [{ rows } = { rows: '' }] = await gatehouse.database.superuser<{ rows: string }>(
      'select json_agg(m)::text as rows from mirror m',
    );

    expect(rows).toContain(`kept.${tenant.id}.example`);
    expect(rows).not.toMatch(/secret-token|verification_|external_key/);
  });

  it.each([
    [true, 'active'],
    [false, 'attention'],
  ])('shows a customer-managed key whose verification ended with %j', async (verified, state) => {
    const tenant = await newTenant();
    await setupOf(tenant);
    const of = { organization_id: tenant.organizationId, key_provider: 'AWS_KMS' };

    await applyEvents(
      gatehouse,
      workosEvent('vault.byok_key.verification_completed', { ...of, verified }),
    );
    const set = (await setupOf(tenant)).body.features.bring_your_own_key;
    await applyEvents(
      gatehouse,
      workosEvent('vault.byok_key.deleted', of, new Date(Date.now() + 1_000)),
    );
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
    await applyEvents(
      gatehouse,
      workosEvent('connection.activated', connection(tenant)),
      workosEvent('connection.saml_certificate_renewal_required', certificate(tenant, end)),
    );
    return { tenant, end };
  }

  const announce = () =>
    announceExpiring({ store: createCertificateStore(gatehouse.database.db), recordEvent });

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
  ])('that expire in %i days: %s', async (days, state) => {
    const { tenant, end } = await withCertificate(days);

    expect(await renewalOf(tenant)).toEqual([state, end]);
  });

  it('that were renewed are valid again; of several, the first to expire counts', async () => {
    const { tenant, end } = await withCertificate(20);
    const [renewed, other] = [inDays(700), inDays(500)];
    const later = new Date(Date.now() + 1_000);

    await applyEvents(
      gatehouse,
      workosEvent(
        'connection.saml_certificate_renewed',
        certificate(tenant, renewed, { renewed_at: later.toISOString() }),
        later,
      ),
      workosEvent(
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

  it('are announced once for 30, 7 and 1 days ahead, in any number of processes', async () => {
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

  it('that were announced are not looked at again until the next number of days', async () => {
    const store = createCertificateStore(gatehouse.database.db);
    const due = async () => {
      const ids = new Set<string>();
      for await (const id of store.mayBeDue(AHEAD)) ids.add(id);
      return ids;
    };
    await announce();
    const before = await due();
    await withCertificate(29.5);
    await withCertificate(5);
    const found = await due();

    await announce();

    expect(found.size).toBe(before.size + 2);
    expect(await due()).toEqual(before);
  });

  it('whose announcements were missed get one; a new expiry is announced again', async () => {
    const { tenant } = await withCertificate(5);
    await announce();
    await applyEvents(
      gatehouse,
      workosEvent(
        'connection.saml_certificate_renewed',
        certificate(tenant, inDays(25), { renewed_at: new Date().toISOString() }),
        new Date(Date.now() + 1_000),
      ),
    );
    await announce();

    expect(await announced(tenant)).toEqual([5, 25]);
  });

  it('that have expired, or whose connection is gone, are not announced', async () => {
    const [{ tenant: ended }, { tenant: gone }] = [
      await withCertificate(-1),
      await withCertificate(5),
    ];
    await applyEvents(gatehouse, workosEvent('connection.deleted', connection(gone)));

    await announce();

    expect([await announced(ended), await announced(gone)]).toEqual([[], []]);
  });
});
