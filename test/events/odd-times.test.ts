import { beforeAll, describe, expect, it } from '@jest/globals';
import { recordEvent } from '../../src/events/inbox/gatehouse-events.ts';
import { announceExpiring } from '../../src/setup/certificates.ts';
import { createCertificateStore } from '../../src/setup/certificates-store.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';
import { workosEvent, applyEvents } from '../support/workos-events.ts';

const gatehouse = useGatehouse();
let client: TestClient;
beforeAll(async () => {
  client = await gatehouse.createClient();
});

async function newTenant(id: string): Promise<string> {
  await gatehouse.provision(id);
  const [row] = await gatehouse.database.superuser<{ organization_id: string }>(
    'select organization_id from tenants where id = $1',
    [id],
  );
  return row?.organization_id ?? '';
}

const connection = (organizationId: string, id: string, updatedAt: string) =>
  workosEvent('connection.activated', {
    object: 'connection',
    id,
    organization_id: organizationId,
    connection_type: 'OktaSAML',
    name: id,
    state: 'active',
    updated_at: updatedAt,
  });
const certificate = (organizationId: string, connectionId: string, expiry: string) =>
  workosEvent('connection.saml_certificate_renewal_required', {
    connection: { id: connectionId, organization_id: organizationId },
    certificate: { certificate_type: 'ResponseSigning', expiry_date: expiry, is_expired: false },
    days_until_expiry: 20,
  });
const connectionsOf = async (tenantId: string) => {
  const res = await gatehouse.as(client).get(`/v1/tenants/${tenantId}/setup`);
  const body = res.body as { features: { sso: { connections: { id: string }[] } } };
  return { status: res.status, connections: body.features.sso.connections };
};
const announce = () =>
  announceExpiring({ store: createCertificateStore(gatehouse.database.db), recordEvent });
const announced = async (tenantId: string) =>
  (
    await gatehouse.database.superuser<{ n: number }>(
      `select count(*)::int as n from events where tenant_id = $1 and event = 'gatehouse.connection.certificate_expiring'`,
      [tenantId],
    )
  )[0]?.n;
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();

const HELD: readonly (readonly [string, string])[] = [
  ['2030-01-01T00:00:00+23:59', '2029-12-31T00:01:00.000Z'],
  ['2030-01-01T00:00:00.123456789-11:30', '2030-01-01T11:30:00.123Z'],
];
const REFUSED = [
  '2030-06-30T23:59:60Z',
  '2030-06-30T24:00:00Z',
  '2030-06-30T12:00:00',
  '0000-01-01T00:00:00Z',
  '0001-01-01T00:00:00+23:59',
  '9999-12-31T23:59:59-23:59',
  '+275760-09-13T00:00:00Z',
  'soon',
];

describe('an invalid time in WorkOS’s data', () => {
  it.each(HELD)('is kept in UTC: %s', async (time, utc) => {
    const id = `held-${HELD.findIndex(([one]) => one === time)}`;
    const organizationId = await newTenant(id);

    await applyEvents(gatehouse, connection(organizationId, `conn_${id}`, time));

    const rows = await gatehouse.database.superuser<{ updated_at: Date }>(
      'select updated_at from mirror where id = $1',
      [`conn_${id}`],
    );
    expect(rows.map((row) => row.updated_at.toISOString())).toEqual([utc]);
  });

  it('gives way to a valid time, even though it is later', async () => {
    const organizationId = await newTenant('far-ahead');
    const today = inDays(0);

    await applyEvents(
      gatehouse,
      connection(organizationId, 'conn_far_ahead', '2999-01-01T00:00:00Z'),
    );
    await applyEvents(gatehouse, connection(organizationId, 'conn_far_ahead', today));

    const rows = await gatehouse.database.superuser<{ updated_at: Date }>(
      `select updated_at from mirror where id = 'conn_far_ahead'`,
    );
    expect(rows.map((row) => row.updated_at.toISOString())).toEqual([today]);
  });

  it.each(REFUSED)('tells the mirror nothing, and the next event does: %s', async (time) => {
    const id = `refused-${REFUSED.indexOf(time)}`;
    const organizationId = await newTenant(id);

    await applyEvents(
      gatehouse,
      connection(organizationId, `conn_odd_${id}`, time),
      certificate(organizationId, `conn_good_${id}`, time),
      connection(organizationId, `conn_good_${id}`, inDays(0)),
    );

    const rows = await gatehouse.database.superuser(
      `select id from mirror where organization_id = $1 and kind <> 'organization'`,
      [organizationId],
    );
    expect(rows).toEqual([{ id: `conn_good_${id}` }]);
  });
});

describe('announceExpiring, with a time from an older release that Postgres cannot parse', () => {
  it.each(['2030-01-01T00:00:00+23:59', 'soon', '', inDays(20).replace('Z', '+23:59')])(
    'announces everybody else’s certificate: %j',
    async (text) => {
      const [odd, good] = [`odd-${text.length}`, `good-${text.length}`];
      const [oddOrganization, goodOrganization] = [await newTenant(odd), await newTenant(good)];
      await applyEvents(
        gatehouse,
        certificate(oddOrganization, `conn_a_${odd}`, inDays(20)),
        certificate(goodOrganization, `conn_b_${good}`, inDays(20)),
      );
      await gatehouse.database.superuser(
        `update mirror set data = jsonb_set(data, '{expires_at}', to_jsonb($2::text))
         where organization_id = $1 and kind = 'certificate'`,
        [oddOrganization, text],
      );

      await announce();

      expect(await announced(good)).toBe(1);
    },
  );

  it('announces the other certificates when one cannot be announced', async () => {
    const [bad, good] = [await newTenant('bad'), await newTenant('good')];
    await applyEvents(gatehouse, certificate(bad, 'conn_a', inDays(20)));
    await applyEvents(gatehouse, certificate(good, 'conn_b', inDays(20)));

    const announcing = announceExpiring({
      store: createCertificateStore(gatehouse.database.db),
      recordEvent: (tx, event) =>
        event.tenantId === 'bad' ? Promise.reject(new Error('no')) : recordEvent(tx, event),
    });

    await expect(announcing).rejects.toThrow('Some certificates could not be announced.');
    expect([await announced('bad'), await announced('good')]).toEqual([0, 1]);
  });

  it('still shows the setup', async () => {
    const organizationId = await newTenant('page');
    const { id } = gatehouse.workos.addConnection(organizationId);
    await applyEvents(gatehouse, certificate(organizationId, id, inDays(20)));
    await gatehouse.database.superuser(
      `update mirror set data = jsonb_set(data, '{expires_at}', '"soon"')
       where organization_id = $1 and kind = 'certificate'`,
      [organizationId],
    );

    expect(await connectionsOf('page')).toMatchObject({ status: 200, connections: [{ id }] });
  });
});
