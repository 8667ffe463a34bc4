/** `gatehouse tenants verify` while tenants change: what changes by itself is no difference. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { tenantsCommand } from '../../src/cli/tenants.ts';
import { interleave, pauseCall } from '../support/interleave.ts';
import { ageSends, settleNow } from '../support/settling.ts';
import { organizationOf } from '../support/sign-in.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

const gatehouse = useGatehouse();
let client: TestClient;
let made = 0;
beforeAll(async () => {
  client = await gatehouse.createClient();
  await gatehouse.provision('witness');
});

async function newTenant(): Promise<string> {
  made += 1;
  await gatehouse.provision(`tenant-${made}`);
  return `tenant-${made}`;
}
const patch = (tenant: string, body: object) =>
  gatehouse.as(client).patch(`/v1/tenants/${tenant}`).send(body);

async function atWorkos(tenant: string) {
  const found = gatehouse.workos.organizations.get(await organizationOf(gatehouse, tenant));
  if (!found) throw new Error('There is no such organization.');
  return found;
}

interface Verified {
  readonly code: number;
  readonly differences: readonly { readonly tenantId?: string; readonly what: string }[];
  readonly settling: readonly string[];
  readonly mended?: readonly string[];
}
async function verify(...flags: string[]): Promise<Verified> {
  let out = '';
  const terminal = {
    shown: false,
    attended: false,
    out: (text: string) => void (out += text),
    err: () => undefined,
    ask: () => Promise.resolve(''),
  };
  const { config, database } = gatehouse;
  const code = await tenantsCommand(['verify', ...flags], { terminal, db: database.db, config });
  return { code, ...(JSON.parse(out) as Omit<Verified, 'code'>) };
}

/** WorkOS has made its list and not answered yet: what happens now is not in the list. */
const whileListed = (meanwhile: () => PromiseLike<unknown>, ...flags: string[]) =>
  interleave(
    pauseCall(gatehouse.workos, 'GET /organizations', 'after-effect'),
    () => verify(...flags),
    meanwhile,
  ).then(([verified]) => verified);

/** WorkOS makes the change, and its answers to both attempts are lost. */
const loseAnswers = () => {
  gatehouse.workos.fault('PUT /organizations/*', { kind: 'after-effect-reset' }, { times: 2 });
};

const NOTHING = { code: 0, differences: [], settling: [] };

describe('gatehouse tenants verify', () => {
  it('distinguishes a change whose answer was lost from a difference, and exits with 0', async () => {
    const tenant = await newTenant();
    loseAnswers();
    await patch(tenant, { name: 'Lost', metadata: { plan: 'lost' } }).expect(502);

    const during = await verify('--mend');
    await ageSends(gatehouse, tenant);
    await settleNow(gatehouse);

    expect(during).toMatchObject({ ...NOTHING, settling: [tenant], mended: [] });
    expect(await verify()).toMatchObject(NOTHING);
    expect((await gatehouse.as(client).get(`/v1/tenants/${tenant}`)).body).toMatchObject({
      name: `Tenant ${tenant}`,
    });
  });

  it('lists a difference beside a change that is not settled', async () => {
    const tenant = await newTenant();
    const { metadata } = await atWorkos(tenant);
    loseAnswers();
    await patch(tenant, { name: 'Lost' }).expect(502);
    (await atWorkos(tenant)).metadata = { ...metadata, added: 'by hand' };

    const verified = await verify();
    (await atWorkos(tenant)).metadata = metadata;
    await patch(tenant, { name: 'Lost' }).expect(200);

    expect(verified).toMatchObject({
      code: 1,
      differences: [{ tenantId: tenant, what: 'the organization has other metadata' }],
      settling: [tenant],
    });
    expect(await verify()).toMatchObject(NOTHING);
  });

  it.each<[string, (tenant: string) => PromiseLike<unknown>]>([
    ['is renamed', (tenant) => patch(tenant, { name: `Renamed ${tenant}` }).expect(200)],
    ['is provisioned', () => newTenant()],
    [
      'is deleted with its organization',
      (tenant) =>
        gatehouse.as(client).delete(`/v1/tenants/${tenant}?delete_organization=true`).expect(204),
    ],
  ])('lists no tenant that %s while the organizations are listed', async (_what, change) => {
    const tenant = await newTenant();

    expect(await whileListed(() => change(tenant))).toMatchObject(NOTHING);
  });

  it('lists no tenant and no organization of a provisioning that is under way', async () => {
    const creating = pauseCall(gatehouse.workos, 'POST /organizations', 'after-effect');

    const [, during] = await interleave(creating, newTenant, () => verify());

    expect(during.differences.map(({ what }) => what)).toEqual(['the tenant is provisioning']);
    expect(await verify()).toMatchObject(NOTHING);
  });

  it('restores no tenant whose organization was deleted after it was listed', async () => {
    const tenant = await newTenant();
    const organization = await organizationOf(gatehouse, tenant);
    const orphan = () =>
      gatehouse.database.superuser(
        `update tenants set status = 'orphaned', former_status = 'active', missing_since = now() where id = $1`,
        [tenant],
      );

    const verified = await whileListed(async () => {
      gatehouse.workos.deleteOrganization(organization);
      await orphan();
    }, '--mend');

    expect(verified).toMatchObject({
      code: 1,
      differences: [{ tenantId: tenant, what: 'the tenant is orphaned' }],
      mended: [],
    });
  });
});
