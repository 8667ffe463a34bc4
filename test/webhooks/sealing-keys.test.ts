import { randomBytes } from 'node:crypto';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { Webhook } from 'standardwebhooks';
import { keysCommand } from '../../src/cli/keys.ts';
import type { Terminal } from '../../src/cli/output.ts';
import { openJobs } from '../../src/db/jobs.ts';
import type { IncomingEvent } from '../../src/events/inbox/event.ts';
import { insertEvents } from '../../src/events/inbox/store.ts';
import { keyId } from '../../src/core/encryption.ts';
import { Secret } from '../../src/core/secret.ts';
import { startWorker, type Worker } from '../../src/process/worker.ts';
import { startReceiver, type Receiver } from '../support/receiver.ts';
import { organizationOf } from '../support/sign-in.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';
import { workosEvent } from '../support/workos-events.ts';
import { waitFor } from '../support/wait-for.ts';

const newKey = () => new Secret(randomBytes(32).toString('base64'));

const gatehouse = useGatehouse({ env: { WEBHOOK_ENDPOINT_ORIGINS: 'http://127.0.0.1:*' } });
let client: TestClient;
let receiver: Receiver;
/** The key that the endpoints' secrets are sealed with at first. */
let old: Secret;
beforeAll(async () => {
  client = await gatehouse.createClient({ scopes: ['events:read', 'webhooks:write'] });
  await gatehouse.provision('acme');
  old = gatehouse.config.keys[0] ?? newKey();
});

let logs: string[];
let running: Worker[];
beforeEach(async () => {
  receiver = await startReceiver();
  logs = [];
  running = [];
});
afterEach(async () => {
  await Promise.all(running.map((worker) => worker.stop()));
  await receiver.stop();
  await gatehouse.database.superuser('delete from webhook_endpoints');
  await gatehouse.database.superuser('delete from webhook_messages');
  await gatehouse.database.superuser('delete from pgboss.job');
});

async function work(keys: Secret[]): Promise<Worker> {
  const logger = pino({ level: 'info' }, { write: (line: string) => void logs.push(line) });
  const worker = await startWorker({ ...gatehouse.config, keys }, logger);
  running.push(worker);
  await worker.ready;
  return worker;
}

interface Endpoint {
  readonly id: string;
  readonly secret: string;
}
const createEndpoint = async (): Promise<Endpoint> => {
  const body = { endpoint_url: `${receiver.url}/hook`, events: ['connection.activated'] };
  const res = await gatehouse.as(client).post('/webhook_endpoints').send(body).expect(201);
  return res.body as Endpoint;
};
async function happen(): Promise<IncomingEvent> {
  const event = workosEvent('connection.activated', {
    object: 'connection',
    id: `conn_${randomBytes(4).toString('hex')}`,
    organization_id: await organizationOf(gatehouse, 'acme'),
  });
  await insertEvents(gatehouse.database.db, [event], 'feed');
  return event;
}
const attemptsOf = async ({ id }: Endpoint) =>
  (
    (await gatehouse.as(client).get(`/v1/webhook-endpoints/${id}/deliveries`).expect(200)).body as {
      data: { outcome: string; status: number | null }[];
    }
  ).data.map(({ outcome, status }) => [outcome, status]);
const ask = async ({ adminPort }: Worker, path: string) => {
  const response = await fetch(`http://127.0.0.1:${adminPort}${path}`);
  return { status: response.status, text: await response.text() };
};

describe('an endpoint whose secret no key decrypts', () => {
  it('has its deliveries set aside, is reported to the operator, and resumes once the key is back', async () => {
    const to = await createEndpoint();
    const other = newKey();
    const without = await work([other]);
    const event = await happen();
    await waitFor(async () => (await attemptsOf(to)).length > 0, { withinMs: 15_000 });
    const [metrics, ready] = [await ask(without, '/metrics'), await ask(without, '/readyz')];
    await without.stop();
    const attempts = await attemptsOf(to);
    const connections = receiver.connections();

    await work([other, old]);
    await waitFor(() => receiver.received.length > 0, { withinMs: 15_000 });

    expect([attempts, connections]).toEqual([[['secret_unreadable', null]], 0]);
    expect(metrics.text).toContain(
      `gatehouse_sealing_key_endpoints{key="${keyId(old)}",state="missing"} 1`,
    );
    expect(ready).toEqual({
      status: 200,
      text: `ok\n1 webhook endpoints wait for the missing key ${keyId(old)}\n`,
    });
    const told = logs.find((line) => line.includes('GATEHOUSE_KEYS lacks'));
    expect(JSON.parse(told ?? '{}')).toMatchObject({
      level: 50,
      missing: [{ key: keyId(old), endpoints: 1 }],
    });
    expect(logs.join()).not.toContain(old.reveal());
    const [one] = receiver.received;
    expect(one?.headers['webhook-id']).toBe(event.id);
    new Webhook(to.secret).verify(one?.body ?? '', one?.headers as Record<string, string>);
  });

  it('is counted as waiting, also while one of its jobs is under way', async () => {
    await createEndpoint();
    const jobs = openJobs({ db: gatehouse.database.db, queue: 'deliveries' });
    await work([newKey()]);
    await happen();
    const due = () => gatehouse.database.superuser(`select 1 from pgboss.job where data ? 'aside'`);
    await waitFor(async () => (await due()).length === 1, { withinMs: 15_000 });

    await gatehouse.database.superuser(`update pgboss.job set state = 'active'`);

    expect((await jobs.backlog()).waiting).toBe(1);
  });
});

describe('gatehouse keys list', () => {
  async function list(keys: Secret[]) {
    let [out, err] = ['', ''];
    const terminal: Terminal = {
      shown: false,
      attended: false,
      out: (text) => void (out += text),
      err: (text) => void (err += text),
      ask: () => Promise.resolve(''),
    };
    const config = { ...gatehouse.config, keys };
    const code = await keysCommand(['list'], { terminal, config, db: gatehouse.database.db });
    const { keys: listed, next } = JSON.parse(out) as { keys: unknown; next: string };
    return { code, listed, next, all: out + err };
  }

  it('shows each step of a rotation, from the new key to the end of the old one', async () => {
    await createEndpoint();
    const next = newKey();
    const key = (of: Secret, state: string, endpoints: number) => ({
      key: keyId(of),
      state,
      endpoints,
    });

    const before = await list([old]);
    const added = await list([old, next]);
    const first = await list([next, old]);
    await work([next, old]);
    const sealedAnew = await waitFor(async () => {
      const now = await list([next, old]);
      return now.next.startsWith('No stored secret needs') && now;
    });

    expect(before).toMatchObject({ code: 0, listed: [key(old, 'first', 1)] });
    expect(before.next).toMatch(/^To rotate: add a new key last/);
    expect(added).toMatchObject({ code: 0, listed: [key(old, 'first', 1), key(next, 'other', 0)] });
    expect(added.next).toMatch(/put it first once every replica has it/);
    expect(first).toMatchObject({ code: 0, listed: [key(next, 'first', 0), key(old, 'other', 1)] });
    expect(first.next).toMatch(new RegExp(`^Keep ${keyId(old)}`));
    expect(sealedAnew.listed).toEqual([key(next, 'first', 1), key(old, 'other', 0)]);
  });

  it('exits with 1 and names the missing key, without showing any key', async () => {
    await createEndpoint();
    const next = newKey();

    const { code, listed, next: step, all } = await list([next]);

    expect(code).toBe(1);
    expect(listed).toEqual([
      { key: keyId(next), state: 'first', endpoints: 0 },
      { key: keyId(old), state: 'missing', endpoints: 1 },
    ]);
    expect(step).toContain(`Put back into GATEHOUSE_KEYS, last: ${keyId(old)}.`);
    expect([next, old].filter((secret) => all.includes(secret.reveal()))).toEqual([]);
  });
});
