/** What a customer's identity provider fills is as large as the customer: it passes, in bounded memory. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  connect,
  exchange,
  grant,
  profileOf,
  REDIRECT_URI,
  signIn,
  TOKEN,
} from './support/sign-in.ts';
import { startTestApp, type TestApp, type TestClient } from './support/test-app.ts';

const MB = 2 ** 20;

let gatehouse: TestApp;
let client: TestClient;
let connection: string;

beforeAll(async () => {
  gatehouse = await startTestApp();
  client = await gatehouse.createClient({ redirectUris: [REDIRECT_URI] });
  await gatehouse.provision('acme');
  connection = await connect(gatehouse, 'acme');
});
afterEach(() => gatehouse.workos.clearFaults());
afterAll(() => gatehouse.stop());

/** The highest resident memory while it runs, beyond what there was before, in MB. */
async function growthOf(work: () => Promise<void>): Promise<number> {
  const before = process.memoryUsage.rss();
  let highest = before;
  const watching = new AbortController();
  const watch = (async () => {
    while (!watching.signal.aborted) {
      highest = Math.max(highest, process.memoryUsage.rss());
      await pause(5);
    }
  })();
  await work();
  watching.abort();
  await watch;
  return (highest - before) / MB;
}

const groupsOf = (count: number): string[] =>
  Array.from({ length: count }, (_, n) => `CN=Group ${n},OU=${'x'.repeat(150)},DC=acme,DC=example`);

/** A user whose profile has about so many bytes. */
function addUser(bytes: number): { id: string; email: string } {
  return gatehouse.workos.addUser(connection, {
    email: `user-${bytes}@acme.example`,
    groups: groupsOf(1_500),
    raw_attributes: { photo: 'p'.repeat(Math.max(0, bytes - 300_000)) },
  });
}

describe('a large profile', () => {
  it.each([2 * MB, 10 * MB])('of %d bytes signs in, and is answered whole', async (bytes) => {
    const user = addUser(bytes);
    const { code } = await signIn(gatehouse, client, { user });

    const { status, body } = await exchange(gatehouse, grant(client, code));

    expect([status, body.error]).toEqual([200, undefined]);
    const { groups, raw_attributes } = body.profile as {
      groups: string[];
      raw_attributes: { photo: string };
    };
    expect(groups).toHaveLength(1_500);
    expect(raw_attributes.photo.length).toBe(bytes - 300_000);
    const again = await profileOf(gatehouse, String(body.access_token));
    expect(JSON.stringify(again.body) === JSON.stringify(body.profile)).toBe(true);
  });
});

describe('twenty answers of 200 MB at once', () => {
  it('to token requests: reads no more than it must', async () => {
    const codes = await Promise.all(Array.from({ length: 20 }, () => signIn(gatehouse, client)));
    gatehouse.workos.fault(TOKEN, { kind: 'huge', bytes: 200_000_000 }, { times: 20 });
    const statuses: unknown[] = [];

    const growth = await growthOf(async () => {
      const refused = await Promise.all(
        codes.map(({ code }) => exchange(gatehouse, grant(client, code))),
      );
      statuses.push(...refused.map(({ status }) => status));
    });
    // Too large, or too slow on a busy machine.
    expect(statuses.filter((status) => status === 502 || status === 504)).toHaveLength(20);
    expect(growth).toBeLessThan(64);
  });
});
