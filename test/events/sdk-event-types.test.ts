import { globSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

const ORIGIN = 'https://app.example.com';
const MODULES = new URL('../../node_modules/', import.meta.url).pathname;
const SDKS = [
  [7, 'workos-node-7/lib/**/*.d.ts'],
  [8, 'workos-node-8/lib/*.d.mts'],
  [11, '@workos-inc/node/lib/*.d.mts'],
] as const;

/** What the SDK's types allow in `events`: the only dotted names in them. */
function eventTypesIn(files: string): string[] {
  const texts = globSync(MODULES + files).map((file) => readFileSync(file, 'utf8'));
  const names = texts.flatMap((text) => [...text.matchAll(/["']([a-z_]+(?:\.[a-z_]+)+)["']/g)]);
  return [...new Set(names.map(([, name = '']) => name))];
}

describe('every event type of SDK', () => {
  const gatehouse = useGatehouse({ env: { WEBHOOK_ENDPOINT_ORIGINS: ORIGIN } });
  let client: TestClient;
  beforeAll(async () => {
    client = await gatehouse.createClient();
  });

  it.each(SDKS)('%i can be read from the feed', async (_sdk, files) => {
    const types = eventTypesIn(files);

    const res = await gatehouse.as(client).get('/events').query({ events: types.join() });

    expect(types.length).toBeGreaterThan(50);
    expect(res.body).toMatchObject({ object: 'list', data: [] });
  });

  it('for PHP, Kotlin and .NET that those for Node do not name can be read from the feed', async () => {
    const events = ['dsync.token.created', 'dsync.token.revoked', 'vault.kek.deleted'];

    const res = await gatehouse.as(client).get('/events').query({ events: events.join() });

    expect(res.body).toMatchObject({ object: 'list', data: [] });
  });

  it.each(SDKS)('%i can be delivered', async (sdk, files) => {
    const events = eventTypesIn(files);

    const res = await gatehouse
      .as(client)
      .post('/webhook_endpoints')
      .send({ endpoint_url: `${ORIGIN}/hooks/${sdk}`, events });

    expect(res.body).toMatchObject({ events });
  });
});
