import { beforeAll, describe, expect, it } from '@jest/globals';
import { leaksInDatabase, leaksInLogs } from '../support/leaks.ts';
import { createLaunch } from '../support/portal-calls.ts';
import type { TestApp, TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

export let gatehouse: TestApp;
export let client: TestClient;
export let admin: string;

export function useLaunches(): void {
  gatehouse = useGatehouse();
  beforeAll(async () => {
    client = await gatehouse.createClient();
    admin = await gatehouse.userToken();
    await gatehouse.provision('acme');
  });
}

export function itLeavesNoTicket(): void {
  describe('after all requests', () => {
    it('no ticket is in a log line or in the database, only its hash', async () => {
      const { id, ticket } = await createLaunch(gatehouse, client);

      const [row] = await gatehouse.database.superuser(
        `select encode(ticket_sha256, 'hex') = encode(sha256($2), 'hex') as hashed
       from portal_launches where id = $1`,
        [id, ticket],
      );

      expect(row).toEqual({ hashed: true });
      expect(leaksInLogs(gatehouse, [ticket])).toEqual([]);
      expect(await leaksInDatabase(gatehouse, [ticket])).toEqual([]);
    });
  });
}
