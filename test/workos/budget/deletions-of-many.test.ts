/** WorkOS allows few deletions of organizations a minute. A client that uses them all leaves the others theirs. */
import { expect, it } from '@jest/globals';
import type { TestClient } from '../../support/test-app.ts';
import { useGatehouse } from '../../support/use-gatehouse.ts';

const gatehouse = useGatehouse({ workosWaitMs: 1_000 });

it('a client that deletes more organizations than WorkOS allows stops no deletion of another client', async () => {
  const [greedy, modest] = [await gatehouse.createClient(), await gatehouse.createClient()];
  const tenants = Array.from({ length: 12 }, (_, n) => `tenant-${n}`);
  await Promise.all([...tenants, 'globex', 'initech'].map((id) => gatehouse.provision(id)));
  const remove = async (client: TestClient, id: string): Promise<number> =>
    (await gatehouse.as(client).delete(`/organizations/${id}`)).status;

  const flood = await Promise.all(tenants.map((id) => remove(greedy, id)));
  const own = [await remove(modest, 'globex'), await remove(modest, 'initech')];

  expect(flood).toContain(503);
  expect(own).toEqual([204, 204]);
});
