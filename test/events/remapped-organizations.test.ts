/** An organization that goes from one tenant to another takes no events of the first one along. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { askWorkos } from '../support/resource-things.ts';
import { organizationByHand } from '../support/organization-by-hand.ts';
import { organizationOf } from '../support/sign-in.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';
import { applyEvents, workosEvent } from '../support/workos-events.ts';

const gatehouse = useGatehouse();
let platform: TestClient;
let organization: string;

beforeAll(async () => {
  platform = await gatehouse.createClient();
  organization = await heirAdopts();
});

/** `heir` is a tenant before `former` is deleted and its organization becomes that of `heir`. */
async function heirAdopts(): Promise<string> {
  const api = gatehouse.as(platform);
  await gatehouse.provision('former');
  const taken = await organizationByHand(gatehouse.workos, { external_id: 'gh:test:heir' });
  await api.put('/v1/tenants/heir').send({ name: 'Heir' }).expect(409);
  const id = await organizationOf(gatehouse, 'former');
  await api.delete('/v1/tenants/former').expect(204);
  await askWorkos(gatehouse, 'PUT', `/organizations/${taken}`, { external_id: null });
  const unmarked = { external_id: null, metadata: { gatehouse_tenant: null } };
  await askWorkos(gatehouse, 'PUT', `/organizations/${id}`, unmarked);
  await api.put('/v1/tenants/heir').send({ name: 'Heir', workos_organization_id: id }).expect(200);
  return id;
}

/** When the tenant was deleted, by our clock. */
const deletedAt = async (): Promise<number> => {
  const [row] = await gatehouse.database.superuser<{ at: Date }>(
    `select updated_at as at from tenants where id = 'former'`,
  );
  return row?.at.getTime() ?? 0;
};
const connectionAt = (at: number, id: string) => {
  const data = { object: 'connection', id, organization_id: organization };
  return workosEvent('connection.activated', data, new Date(at));
};
const ownerOf = async (connection: string) => {
  const [row] = await gatehouse.database.superuser<{ tenant: string | null }>(
    `select tenant_id as tenant from events where data->>'id' = $1`,
    [connection],
  );
  return row?.tenant;
};
const feedOf = async (tenant: string) => {
  const reader = await gatehouse.createClient({ scopes: ['events:read'], tenants: [tenant] });
  const res = await gatehouse.as(reader).get('/events').expect(200);
  const { data } = res.body as { data: { event: string; data: { id: string } }[] };
  return data.filter(({ event }) => event === 'connection.activated').map((one) => one.data.id);
};

describe('an organization that was another tenant’s', () => {
  it('gives its tenant no event from before, even if the tenant is older and the event comes late', async () => {
    const at = await deletedAt();

    await applyEvents(
      gatehouse,
      connectionAt(at - 1, 'conn_of_former'),
      connectionAt(at + 60_000, 'conn_of_heir'),
    );

    expect(await feedOf('heir')).toEqual(['conn_of_heir']);
    expect(await ownerOf('conn_of_former')).toBe('former');
  });
});
