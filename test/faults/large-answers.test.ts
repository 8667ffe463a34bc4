/** What a customer's identity provider fills is as large as the customer: it passes, in bounded memory. */
import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  connect,
  exchange,
  grant,
  organizationOf,
  profileOf,
  REDIRECT_URI,
  signIn,
  TOKEN,
} from '../support/sign-in.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

const MB = 2 ** 20;

const gatehouse = useGatehouse();
let client: TestClient;
let connection: string;

beforeAll(async () => {
  client = await gatehouse.createClient({ redirectUris: [REDIRECT_URI] });
  await gatehouse.provision('acme');
  connection = await connect(gatehouse, 'acme');
});

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

describe('a large directory', () => {
  const newDirectory = async () =>
    gatehouse.workos.addDirectory(await organizationOf(gatehouse, 'acme')).id;
  const read = async (path: string) => {
    const res = await gatehouse.as(client).get(path);
    const body = res.body as { data: { id: string }[]; groups: object[]; detail: string };
    return { ...body, status: res.status };
  };
  const groups = (count: number) =>
    Array.from({ length: count }, (_, n) => ({
      object: 'directory_group',
      id: `directory_group_${n}`,
      name: 'x'.repeat(300),
    }));

  it('user of 800 groups is answered whole', async () => {
    const { id } = gatehouse.workos.addDirectoryUser(await newDirectory());
    const { organization_id } = gatehouse.workos.state.directoryUsers.get(id) ?? {};
    const body = { id, organization_id, groups: groups(800) };
    gatehouse.workos.fault(`GET /directory_users/${id}`, { kind: 'status', status: 200, body });

    expect((await read(`/directory_users/${id}`)).groups).toHaveLength(800);
  });

  it('page of 100 users with 60 groups each is answered whole', async () => {
    const directory = await newDirectory();
    const { id } = gatehouse.workos.addDirectoryUser(directory);
    const { organization_id } = gatehouse.workos.state.directoryUsers.get(id) ?? {};
    const data = Array.from({ length: 100 }, () => ({ id, organization_id, groups: groups(60) }));
    const body = { object: 'list', data, list_metadata: { before: null, after: null } };
    gatehouse.workos.fault('GET /directory_users', { kind: 'status', status: 200, body });

    const page = await read(`/directory_users?directory=${directory}&limit=100`);

    expect(page.data).toHaveLength(100);
  });

  it('page that is too large is answered in part, and its cursors lead on and back', async () => {
    const directory = await newDirectory();
    const users = Array.from({ length: 4 }, () => gatehouse.workos.addDirectoryUser(directory)).map(
      ({ id }) => id,
    );
    const page = async (cursor: string) => {
      gatehouse.workos.fault(
        'GET /directory_users',
        { kind: 'huge', bytes: 17 * MB },
        { times: 1 },
      );
      const { data } = await read(`/directory_users?directory=${directory}&limit=20${cursor}`);
      return data.map(({ id }) => id);
    };

    const first = await page('&order=asc');
    const second = await page(`&order=asc&after=${first.at(-1) ?? ''}`);
    const back = await page(`&order=asc&before=${second[0] ?? ''}`);

    expect([...first, ...second]).toEqual(users);
    expect(back).toEqual(first);
  });

  it('user who is larger than anything that is read is said to be', async () => {
    const directory = await newDirectory();
    gatehouse.workos.fault('GET /directory_users', { kind: 'huge', bytes: 17 * MB });

    const { status, detail } = await read(`/directory_users?directory=${directory}&limit=1`);

    expect([status, detail]).toEqual([502, expect.stringContaining('A single object')]);
  });
});

describe('twenty answers of 200 MB at once', () => {
  /** @returns how far the memory grew, in MB */
  async function exchangeAll(): Promise<number> {
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
    return growth;
  }

  it('to token requests: reads no more than it must', async () => {
    let growth = await exchangeAll();
    // The fake that makes the answers lives in this process too, and what it uses only adds to it.
    for (let again = 0; again < 2 && growth >= 64; again += 1) growth = await exchangeAll();

    expect(growth).toBeLessThan(64);
  }, 60_000);
});
