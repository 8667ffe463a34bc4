/** Nothing is gained by calling a tool instead of its operation, nor by odd messages. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Response } from 'supertest';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';
import { headersOf, useAgents } from './mcp-setup.ts';

const LIMIT = 60;
const gatehouse = useGatehouse({
  replicas: 2,
  env: { RATE_LIMIT_CLIENT_PER_MINUTE: '120', RATE_LIMIT_TENANT_PER_MINUTE: String(LIMIT) },
});
const { post } = useAgents(gatehouse);
let admin: string;

beforeAll(async () => {
  admin = await gatehouse.userToken();
});

const LAUNCH = { tenant_id: 'acme', intent: 'sso' };
const call = (name: string, args: object, id: number | string = 1) => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name, arguments: args },
});
const launchBy = (client: TestClient, headers: Record<string, string> = {}) =>
  post(call('portal.launch.create', LAUNCH), { ...headersOf(client, admin), ...headers });

const launchesOf = ({ id }: TestClient) =>
  gatehouse.database.superuser('select id from portal_launches where client_id = $1', [id]);

interface Problem {
  readonly code: string;
  readonly detail: string;
  readonly status: number;
}

/** The problem of a refused tool call. */
function problemIn(text: string): Problem {
  const { result } = JSON.parse(text) as { result: { content: { text: string }[] } };
  return JSON.parse(result.content[1]?.text ?? '') as Problem;
}

describe('limits', () => {
  it('of a client count the message and each operation in it', async () => {
    await gatehouse.provision('globex');
    const client = await gatehouse.createClient();
    const batch = Array.from({ length: 19 }, (_, id) => call('portal.launches.list', {}, id));
    const statuses: number[] = [];
    let done = 0;
    while (statuses.at(-1) !== 429 && statuses.length < 20) {
      const answer = await post(batch, headersOf(client));
      statuses.push(answer.status);
      const text = await answer.text();
      done += text.match(/"structuredContent"/g)?.length ?? 0;
    }

    // 120 points are six messages of 20; a tenth more at most.
    expect(statuses.filter((status) => status === 200).length).toBeLessThanOrEqual(7);
    expect(done).toBeGreaterThanOrEqual(19 * 5);
    expect(done).toBeLessThanOrEqual(125);
  });

  it('of a tenant refuse the call as they refuse the operation', async () => {
    await gatehouse.provision('hooli');
    const clients = await Promise.all(Array.from({ length: 3 }, () => gatehouse.createClient()));
    const setup = call('tenant.setup.get', { tenant_id: 'hooli' });
    const statuses: number[] = [];
    const refusals: Problem[] = [];
    for (const client of clients) {
      for (let count = 0; count < 27; count += 1) {
        const answer = await post(setup, headersOf(client));
        statuses.push(answer.status);
        const text = await answer.text();
        if (text.includes('"isError":true')) refusals.push(problemIn(text));
      }
    }
    const other = await gatehouse.createClient();
    const plain: Response = await gatehouse.as(other).get('/v1/tenants/hooli/setup');

    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(refusals.length).toBeGreaterThanOrEqual(81 - LIMIT * 1.1);
    expect(refusals.at(-1)).toMatchObject({
      status: plain.status,
      code: (plain.body as Problem).code,
    });
    expect(plain.status).toBe(429);
  });
});

describe('a refused call', () => {
  it.each<[string, (client: TestClient) => Promise<[object, string | undefined]>]>([
    ['without a user', () => Promise.resolve([{}, undefined])],
    ['by a member', async () => [{}, await gatehouse.userToken({ sub: 'max', roles: ['member'] })]],
    [
      'by a user of another tenant',
      async () => [{}, await gatehouse.userToken({ tenant_id: 'globex' })],
    ],
    ['for an unknown tenant', () => Promise.resolve([{ tenant_id: 'nowhere' }, admin])],
  ])('%s says and records what the operation does', async (_case, make) => {
    const client = await gatehouse.createClient();
    const [fields, token] = await make(client);
    const body = { ...LAUNCH, ...fields };
    const rowsOf = (requestId: string) =>
      gatehouse.database.superuser(
        `select operation, outcome, client_id, user_id, tenant_id, details - 'via' as details
           from audit_trail where request_id = $1`,
        [requestId],
      );
    const [plainId, toolId] = [`plain-${client.id}`, `tool-${client.id}`];
    const plain = await gatehouse
      .as(client, token)
      .post('/v1/portal-launches')
      .set('x-request-id', plainId)
      .send(body);
    const tool = await post(call('portal.launch.create', body), {
      ...headersOf(client, token),
      'x-request-id': toolId,
    });
    const { code, detail } = problemIn(await tool.text());

    expect({ code, detail }).toEqual({
      code: (plain.body as Problem).code,
      detail: (plain.body as Problem).detail,
    });
    expect(await rowsOf(toolId)).toEqual(await rowsOf(plainId));
    expect(await launchesOf(client)).toEqual([]);
  });
});

describe('an idempotency key', () => {
  it('is the same one for the tool and for the operation', async () => {
    const client = await gatehouse.createClient();
    await gatehouse
      .as(client, admin)
      .post('/v1/portal-launches')
      .set('idempotency-key', 'either-way')
      .send(LAUNCH)
      .expect(201);
    const again = await launchBy(client, { 'idempotency-key': 'either-way' });

    expect(problemIn(await again.text()).code).toBe('idempotent_replay');
    expect(await launchesOf(client)).toHaveLength(1);
  });
});

describe('an odd message', () => {
  it.each<[string, object, number]>([
    [
      'a call that wants no answer',
      {
        jsonrpc: '2.0',
        method: 'tools/call',
        params: { name: 'portal.launch.create', arguments: LAUNCH },
      },
      202,
    ],
    [
      'a batch that names two calls alike',
      [call('portal.launch.create', LAUNCH, 7), call('portal.launch.create', LAUNCH, 7)],
      400,
    ],
    ['a batch in a batch', [[call('portal.launch.create', LAUNCH)]], 400],
    ['a call beside what is no message', [call('portal.launch.create', LAUNCH), null], 400],
  ])('%s does nothing', async (_case, body, status) => {
    const client = await gatehouse.createClient();
    const answer = await post(body, headersOf(client, admin));
    await answer.text();
    // A call in the background would have ended before this one.
    await launchBy(client);

    expect(answer.status).toBe(status);
    expect(await launchesOf(client)).toHaveLength(1);
  });

  it.each([
    ['after it', [0, 1]],
    ['before it', [1, 0]],
  ])(
    'that cancels a call of its own batch, %s, does not keep the answer back',
    async (_, order) => {
      const client = await gatehouse.createClient();
      const cancellation = {
        jsonrpc: '2.0',
        method: 'notifications/cancelled',
        params: { requestId: 1 },
      };
      const messages = [call('portal.launch.create', LAUNCH), cancellation];
      const answer = await post(
        order.map((index) => messages[index]),
        headersOf(client, admin),
      );

      expect([answer.status, await answer.json()]).toMatchObject([200, { id: 1, result: {} }]);
      expect(await launchesOf(client)).toHaveLength(1);
    },
  );

  it('with headers that name another tool than the body does nothing', async () => {
    const client = await gatehouse.createClient();
    const version = '2026-07-28';
    const message = call('portal.launch.create', LAUNCH);
    const answer = await post(
      {
        ...message,
        params: {
          ...message.params,
          _meta: {
            'io.modelcontextprotocol/protocolVersion': version,
            'io.modelcontextprotocol/clientCapabilities': {},
            'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
          },
        },
      },
      {
        ...headersOf(client, admin),
        'mcp-protocol-version': version,
        'mcp-method': 'tools/call',
        'mcp-name': 'tenant.setup.get',
      },
    );

    expect(answer.status).toBe(400);
    expect(await launchesOf(client)).toEqual([]);
  });
});
