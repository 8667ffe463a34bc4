/** A caller that closes its connection: what was only for it stops, and what must be whole is finished. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createLatch } from '../support/latch.ts';
import { openRaw } from '../support/raw.ts';
import { askWorkos } from '../support/resource-things.ts';
import { organizationOf } from '../support/sign-in.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';
import { waitFor } from '../support/wait-for.ts';
import { within } from '../support/within.ts';

const gatehouse = useGatehouse();
let client: TestClient;
let acme: string;
let requests = 0;

beforeAll(async () => {
  client = await gatehouse.createClient({ tenants: ['acme'] });
  await gatehouse.provision('acme');
  acme = await organizationOf(gatehouse, 'acme');
});

/** Sends a request on a connection of its own. */
async function send(target: string, body = '', version = '1.1') {
  requests += 1;
  const id = `request-${requests}`;
  const raw = await openRaw(gatehouse.url);
  const lines = [
    `${target} HTTP/${version}`,
    'host: gatehouse',
    `authorization: Bearer ${client.key}`,
    `x-request-id: ${id}`,
    ...(body === '' ? [] : ['content-type: application/json', `content-length: ${body.length}`]),
  ];
  raw.socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`);
  return { id, ...raw };
}

/** WorkOS waits with its replies to this operation until they are let go. */
function hold(operation: string) {
  const { opened, open } = createLatch();
  let count = 0;
  const onReached = () => void (count += 1);
  gatehouse.workos.fault(operation, { kind: 'hold', until: opened, onReached });
  return { open, reached: () => waitFor(() => count > 0, { what: operation }) };
}

/** The log line of a request, which is written when it has ended. */
async function logOf(id: string) {
  const isIt = (line: string) => line.includes(`"request_id":"${id}"`);
  const line = await waitFor(() => gatehouse.logs.find(isIt), { what: 'the log line' });
  return JSON.parse(line) as Record<string, unknown>;
}

async function newUser(email: string): Promise<string> {
  return (await askWorkos(gatehouse, 'POST', '/user_management/users', { email })).id;
}
const find = (email: string) => `GET /user_management/users?email=${email}`;
const membershipReads = (userId: string) =>
  gatehouse.workos
    .requestsTo('GET /user_management/organization_memberships')
    .filter(({ query }) => query.user_id === userId);

describe('a read whose caller hangs up', () => {
  it.each(['1.1', '1.0'])('asks WorkOS for nothing more (HTTP/%s)', async (version) => {
    const [ada, bob] = [`ada-${version}@acme.example`, `bob-${version}@acme.example`];
    const [adasId, bobsId] = [await newUser(ada), await newUser(bob)];
    const users = hold('GET /user_management/users');
    const { id, socket } = await send(find(ada), '', version);
    await users.reached();
    socket.destroy();

    const line = await logOf(id);
    users.open();
    gatehouse.workos.clearFaults();
    // By the time that a whole search has ended, the abandoned one would have gone on.
    await gatehouse.as(client).get('/user_management/users').query({ email: bob }).expect(200);

    expect(line).toMatchObject({ status: 499, level: 30 });
    expect(line).not.toHaveProperty('code');
    expect(membershipReads(bobsId)).toHaveLength(1);
    expect(membershipReads(adasId)).toHaveLength(0);
  });

  it('stops even if it was sent behind another on one connection', async () => {
    const users = hold('GET /user_management/users');
    const { socket } = await send(find('first@acme.example'));
    const second = `request-${requests}-second`;
    socket.write(
      `${find('second@acme.example')} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${client.key}\r\nx-request-id: ${second}\r\n\r\n`,
    );
    await users.reached();
    socket.destroy();

    expect(await logOf(second)).toMatchObject({ status: 499 });
    users.open();
  });

  it('cancels its statement on the server, and keeps the session', async () => {
    const lock = new pg.Client({ connectionString: gatehouse.database.superuserUrl });
    await lock.connect();
    await lock.query('begin; lock table portal_launches in access exclusive mode');
    const { id, socket } = await send('GET /v1/portal-launches');
    const [pid] = await waitFor(async () => {
      const pids = await waiting();
      return pids.length > 0 && pids;
    });
    socket.destroy();
    await logOf(id);
    const began = performance.now();
    await waitFor(async () => (await waiting()).length === 0);
    const took = performance.now() - began;
    await lock.query('rollback');
    await lock.end();

    // The statement would run into its timeout after two seconds.
    expect(took).toBeLessThan(within(1_000));
    expect(await sessions()).toContain(pid);
    await gatehouse.as(client).get('/v1/portal-launches').expect(200);
  });

  it('goes on for another caller that waits for the same, and ends with the last', async () => {
    const { id: directory } = gatehouse.workos.addDirectory(acme);
    const target = `/directory_users?directory=${directory}`;
    const users = hold('GET /directory_users');
    const first = await send(`GET ${target}`);
    await users.reached();
    const second = await send(`GET ${target}`);
    const third = await send(`GET ${target}`);
    await askForSomethingElse();
    first.socket.destroy();
    second.socket.destroy();
    await logOf(first.id);
    await logOf(second.id);
    users.open();

    await third.saw('200 OK');
    third.socket.destroy();
    expect(gatehouse.workos.requestsTo('GET /directory_users')).toHaveLength(1);
  });
});

describe('a write whose caller hangs up', () => {
  it('is finished, with its outcome in the audit trail', async () => {
    const change = hold('PUT /organizations/*');
    const { id, socket } = await send('PATCH /v1/tenants/acme', '{"name":"Acme II"}');
    await change.reached();
    socket.destroy();
    expect(await logOf(id)).toMatchObject({ status: 499 });
    change.open();

    await waitFor(async () => (await outcomesOf(id)).length === 2);
    expect(await outcomesOf(id)).toEqual(['attempted', 'succeeded']);
    const tenant = await gatehouse.as(client).get('/v1/tenants/acme').expect(200);
    expect(tenant.body).toMatchObject({ name: 'Acme II' });
  });
});

it('a caller that sends nothing more, but still reads, is answered', async () => {
  const organizations = hold('GET /organizations/*');
  const { socket, ended } = await send('GET /organizations/acme');
  await organizations.reached();
  socket.end();
  await askForSomethingElse();
  organizations.open();

  const { text, statuses } = await ended();
  expect(statuses).toEqual([200]);
  expect(text).toMatch(/^(HTTP\/1.1 102 Processing\r\n\r\n)+HTTP\/1.1 200 OK\r\n/);
});

/** By its answer, what was sent before has arrived. */
const askForSomethingElse = () => gatehouse.as(client).get('/v1/tenants/acme').expect(200);

const waiting = () => activity(`wait_event_type = 'Lock'`);
const sessions = () => activity(`application_name = 'gatehouse'`);
async function activity(condition: string): Promise<number[]> {
  const rows = await gatehouse.database.superuser<{ pid: number }>(
    `select pid from pg_stat_activity where datname = current_database() and ${condition}`,
  );
  return rows.map(({ pid }) => pid);
}

async function outcomesOf(requestId: string): Promise<string[]> {
  const rows = await gatehouse.database.superuser<{ outcome: string }>(
    'select outcome from audit_trail where request_id = $1 order by id',
    [requestId],
  );
  return rows.map(({ outcome }) => outcome);
}
