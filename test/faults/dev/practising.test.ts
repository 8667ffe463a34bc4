/** What an operator practises with `gatehouse dev`. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { runCommand } from '../../../src/cli/command.ts';
import { PARKED } from '../../../src/cli/parked.ts';
import { provisionTenant } from '../../../src/dev/seeds.ts';
import { startWorker, type Worker } from '../../../src/process/worker.ts';
import { organizationOf } from '../../support/sign-in.ts';
import type { TestClient } from '../../support/test-app.ts';
import { useGatehouse } from '../../support/use-gatehouse.ts';
import { waitFor } from '../../support/wait-for.ts';

const SECRET = 'secret-of-malformed-events';
const gatehouse = useGatehouse({ env: { WORKOS_WEBHOOK_SECRETS: SECRET } });
let client: TestClient;
let worker: Worker;
beforeAll(async () => {
  client = await gatehouse.createClient();
  await gatehouse.provision('acme');
  gatehouse.workos.addWebhookEndpoint({ url: `${gatehouse.url}/webhooks/workos`, secret: SECRET });
  worker = await startWorker(gatehouse.config, pino({ level: 'silent' }));
});
afterAll(() => worker.stop());

async function parked(...args: string[]) {
  let out = '';
  const terminal = {
    shown: false,
    attended: false,
    out: (text: string) => void (out += text),
    err: () => undefined,
    ask: () => Promise.resolve(''),
  };
  const code = await runCommand('events', { parked: PARKED }, ['parked', ...args], {
    terminal,
    db: gatehouse.database.db,
  });
  return { code, answer: JSON.parse(out) as { data?: object[]; failed?: object[] } };
}

/** Presses the button of the organization on the Admin Portal's page. */
async function sendMalformedEvent(): Promise<void> {
  const agent = gatehouse.as(client, await gatehouse.userToken());
  const minted = await agent
    .post('/portal/generate_link')
    .send({ organization: 'acme', intent: 'sso' })
    .expect(201);
  const token = new URL((minted.body as { link: string }).link).searchParams.get('token') ?? '';
  const id = await organizationOf(gatehouse, 'acme');
  const fields = { token, id, change: 'organization.send-malformed-event' };
  await fetch(`${gatehouse.workos.url}/portal/change`, {
    method: 'POST',
    body: new URLSearchParams(fields),
    redirect: 'manual',
  });
}

it('parks the malformed event of the portal page once, and drops it for good', async () => {
  const feedReads = () => gatehouse.workos.requestsTo('GET /events').length;

  await sendMalformedEvent();
  const list = await waitFor(async () => {
    const now = await parked('list');
    return now.answer.data?.length === 1 && now.answer.data;
  });
  const retried = await parked('retry', '--all');
  const dropped = await parked('drop', '--all');
  const readsBefore = feedReads();
  await waitFor(() => feedReads() > readsBefore + 1, { withinMs: 30_000 });
  const left = await parked('list');

  expect(list).toMatchObject([
    { kind: 'unreadable', source: 'webhook', reason: expect.stringMatching(/^data /) },
  ]);
  expect([retried.code, dropped.code]).toEqual([1, 0]);
  expect(retried.answer.failed).toMatchObject([
    { problem: expect.stringContaining('is still unreadable: data ') },
  ]);
  expect(left.answer.data).toEqual([]);
});

it('leaves the seeded tenant orphaned at the next start, and starts', async () => {
  await gatehouse.database.superuser(
    `update tenants set status = 'orphaned', former_status = 'active' where id = 'acme'`,
  );

  await provisionTenant(gatehouse.url, client.key, 'acme', 'Acme');

  const tenant = await gatehouse.as(client).get('/v1/tenants/acme');
  expect(tenant.body).toMatchObject({ status: 'orphaned' });
});
