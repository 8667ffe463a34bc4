import { beforeAll, describe, expect, it } from '@jest/globals';
import { leaksInDatabase, leaksInLogs } from '../support/leaks.ts';
import type { TestApp, TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

export let gatehouse: TestApp;
export let client: TestClient;
export let admin: string;

export const generateLink = (body: object, { as = client, userToken = admin } = {}) =>
  gatehouse
    .as(as, userToken)
    .post('/portal/generate_link')
    .send({ organization: 'acme', intent: 'sso', ...body });

/** Returns the headers of the last request for a portal link that the fake WorkOS received. */
export const lastLinkHeaders = () =>
  gatehouse.workos.requestsTo('POST /portal/generate_link').at(-1)?.headers;

export const organizationOf = (tenantId: string): string =>
  [...gatehouse.workos.organizations.values()].find(
    ({ external_id: externalId }) => externalId === `gh:test:${tenantId}`,
  )?.id ?? '';

export function usePortal(): void {
  gatehouse = useGatehouse();
  beforeAll(async () => {
    client = await gatehouse.createClient();
    admin = await gatehouse.userToken();
    await gatehouse.provision('acme');
  });
}

export function itLeavesNoSecrets(): void {
  describe('after all requests', () => {
    it('no link and no key of WorkOS is in a log line or in the database', async () => {
      expect(gatehouse.workos.state.portalSessions.size).toBeGreaterThan(20);
      expect(leaksInLogs(gatehouse, [client.key, admin])).toEqual([]);
      expect(await leaksInDatabase(gatehouse, [client.key, admin])).toEqual([]);
    });
  });
}
