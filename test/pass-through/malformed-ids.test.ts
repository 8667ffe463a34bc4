/** WorkOS answers 404 for an id that nothing can have, and callers of SDKs catch its class of error. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { NotFoundException, UnprocessableEntityException, WorkOS } from '@workos-inc/node';
import { sdkOptions } from '../support/sdk.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

const gatehouse = useGatehouse();
let client: TestClient;
let workos: WorkOS;

beforeAll(async () => {
  client = await gatehouse.createClient();
  workos = new WorkOS(client.key, sdkOptions(gatehouse));
});

describe('a malformed id in a path of WorkOS', () => {
  it.each<[string, () => Promise<unknown>, string]>([
    ['a connection', () => workos.sso.getConnection('a b'), 'There is no such object: id: must be'],
    [
      'an organization',
      () => workos.organizations.getOrganization('Acme Inc'),
      'There is no such tenant: id: must be',
    ],
    [
      'a user, by external id',
      () => workos.userManagement.getUserByExternalId('ü'),
      'There is no such object: external_id: must be',
    ],
  ])('is that of a missing object to the SDK: %s', async (_what, call, message) => {
    const error: unknown = await call().catch((caught: unknown) => caught);

    expect(error).toBeInstanceOf(NotFoundException);
    expect((error as Error).message).toContain(message);
  });

  it('is explained if it is an organization’s id at WorkOS', async () => {
    const error: unknown = await workos.organizations
      .getOrganization('org_01ARZ3NDEKTSV4RRFFQ69G5FAV')
      .catch((caught: unknown) => caught);

    expect(error).toBeInstanceOf(UnprocessableEntityException);
    expect((error as Error).message).toContain('id_is_a_workos_id');
  });

  it('is refused if it is the name of something new', async () => {
    const res = await gatehouse
      .as(client)
      .post('/audit_logs/actions/a%20b/schemas')
      .send({ targets: [{ type: 'team' }] });

    expect([res.status, res.body]).toMatchObject([422, { errors: [{ code: 'action_invalid' }] }]);
  });
});

it('a malformed id in a path of Gatehouse’s own is refused', async () => {
  const res = await gatehouse.as(client).get('/v1/tenants/Acme%20Inc');

  expect([res.status, res.body]).toMatchObject([422, { errors: [{ field: 'tenant_id' }] }]);
});
