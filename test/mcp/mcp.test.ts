/** Agents call tools over POST /mcp, by the same rules as any other caller. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { leaksInDatabase, leaksInLogs } from '../support/leaks.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';
import { waitFor } from '../support/wait-for.ts';
import { headersOf, MODERN, useAgents } from './mcp-setup.ts';

const gatehouse = useGatehouse();
const { connect, callTool, post } = useAgents(gatehouse);
let client: TestClient;
let admin: string;
let agentHeaders: Record<string, string>;

beforeAll(async () => {
  client = await gatehouse.createClient({ tenants: ['acme'] });
  admin = await gatehouse.userToken();
  agentHeaders = headersOf(client, admin);
});

const LIST = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
const LINK = { organization: 'acme', intent: 'sso' };
const LAUNCH = { tenant_id: 'acme', intent: 'sso' };

describe.each([
  ['2025-11-25', undefined],
  [MODERN, MODERN],
])('an agent that speaks version %s', (version, pin) => {
  it('connects, pings, lists the four tools and calls each', async () => {
    const agent = await connect(agentHeaders, pin);
    expect(agent.getNegotiatedProtocolVersion()).toBe(version);
    expect(agent.getServerVersion()).toMatchObject({ name: 'gatehouse' });
    expect(agent.getInstructions()).toContain('never store or forward');
    expect(agent.getServerCapabilities()).toEqual({ tools: { listChanged: false } });

    const { tools } = await agent.listTools();
    const link = await callTool(agent, 'portal.generate_link.create', LINK);
    const launch = await callTool(agent, 'portal.launch.create', LAUNCH);
    const setup = await callTool(agent, 'tenant.setup.get', { tenant_id: 'acme', refresh: true });
    const launches = await callTool(agent, 'portal.launches.list', { limit: 1 });

    expect(tools.map(({ name }) => name).sort()).toEqual([
      'portal.generate_link.create',
      'portal.launch.create',
      'portal.launches.list',
      'tenant.setup.get',
    ]);
    expect(link.structured?.link).toMatch(/^http.*token=/);
    expect(JSON.parse(link.text)).toEqual(link.structured);
    expect(launch.structured).toMatchObject({ object: 'portal_launch', user_id: 'ada' });
    expect(launch.structured?.url).toMatch(/\/launch-portal\?ticket=/);
    expect(setup.structured).toMatchObject({ object: 'tenant_setup', tenant_id: 'acme' });
    expect(launches.structured?.data).toMatchObject([{ id: launch.structured?.id }]);
    expect(launches.all).not.toContain('ticket');
  });
});

describe('the tools', () => {
  it('take the fields of WorkOS’s own tool, name no schema by reference, and say what they change', async () => {
    const { tools } = await (await connect(agentHeaders)).listTools();
    const byName = new Map(tools.map((tool) => [tool.name, tool]));
    const link = byName.get('portal.generate_link.create');

    expect(Object.keys(link?.inputSchema.properties ?? {})).toEqual([
      'intent',
      'return_url',
      'success_url',
      'admin_emails',
      'organization',
      'intent_options',
    ]);
    expect(link?.inputSchema.required).toEqual(['intent', 'organization']);
    expect(link?.description).toContain('Never put it into an e-mail');
    expect(JSON.stringify(tools)).not.toContain('$ref');
    expect(tools.map(({ name, annotations }) => [name, annotations?.readOnlyHint])).toEqual([
      ['portal.generate_link.create', false],
      ['portal.launch.create', false],
      ['tenant.setup.get', true],
      ['portal.launches.list', true],
    ]);
  });

  it('refuse wrong arguments with the field and what is right, and an unknown tool with a protocol error', async () => {
    const agent = await connect(agentHeaders);

    expect(await callTool(agent, 'portal.launch.create', { tenant_id: 'acme', intent: 'saml' }))
      // oxfmt-ignore
      .toMatchObject({
        isError: true,
        text: expect.stringMatching(/^invalid_request: intent: must be one of sso, /),
      });
    expect(await callTool(agent, 'portal.generate_link.create', { ...LINK, organization: 'org_1' }))
      // oxfmt-ignore
      .toMatchObject({ isError: true, text: expect.stringContaining('must be your tenant id') });
    expect(await callTool(agent, 'portal.launch.create', { ...LAUNCH, mail: 1 }))
      // oxfmt-ignore
      .toMatchObject({
        isError: true,
        text: 'invalid_request: mail: is not a field of this operation',
      });
    await expect(agent.callTool({ name: 'nothing', arguments: {} })).rejects.toThrow(
      'no such tool',
    );
    await expect(agent.callTool({ name: 'toString', arguments: {} })).rejects.toThrow();
  });

  it('create no second launch for the same idempotency key, and do not show its URL again', async () => {
    const agent = await connect(agentHeaders);
    const args = { ...LAUNCH, idempotency_key: 'one-launch' };

    const first = await callTool(agent, 'portal.launch.create', args);
    const second = await callTool(agent, 'portal.launch.create', args);

    expect(second).toMatchObject({
      isError: true,
      text: expect.stringMatching(/^idempotent_replay: /),
    });
    expect(second.all).toContain(String(first.structured?.id));
    expect(second.all).not.toContain('ticket');
  });

  it('take null for an optional argument that is not given', async () => {
    const agent = await connect(agentHeaders);

    for (const name of ['idempotency_key', 'return_url', 'mode'])
      expect(await callTool(agent, 'portal.launch.create', { ...LAUNCH, [name]: null }))
        // oxfmt-ignore
        .toMatchObject({ isError: false });
    expect(await callTool(agent, 'portal.launches.list', { limit: null })).toMatchObject({
      isError: false,
    });
    expect(await callTool(agent, 'portal.launch.create', { ...LAUNCH, tenant_id: null }))
      // oxfmt-ignore
      .toMatchObject({ isError: true, text: 'invalid_request: tenant_id: is required' });
  });

  it('hand on WorkOS’s failures with the seconds to wait', async () => {
    gatehouse.workos.fault('POST /portal/generate_link', { kind: 'status', status: 503 });

    const result = await callTool(await connect(agentHeaders), 'portal.generate_link.create', LINK);

    expect(result).toMatchObject({ isError: true });
    expect(result.text).toMatch(/^upstream_\w+: /);
  });
});

const CALLS: Record<string, Record<string, unknown>> = {
  'portal.generate_link.create': LINK,
  'portal.launch.create': LAUNCH,
  'tenant.setup.get': { tenant_id: 'acme' },
  'portal.launches.list': {},
};
const NEEDED: Record<string, string> = {
  'portal.generate_link.create': 'portal:launch',
  'portal.launch.create': 'portal:launch',
  'tenant.setup.get': 'tenants:read',
  'portal.launches.list': 'portal:launch',
};

describe('permission', () => {
  it.each(['portal:launch', 'tenants:read', 'events:read'] as const)(
    'is that of the operation, for a client with the scope %s alone',
    async (scope) => {
      const agent = await connect(
        headersOf(await gatehouse.createClient({ scopes: [scope] }), admin),
      );
      for (const [name, args] of Object.entries(CALLS)) {
        const { isError, text } = await callTool(agent, name, args);
        expect([name, isError]).toEqual([name, NEEDED[name] !== scope]);
        if (isError)
          expect(text).toContain(`insufficient_scope: This needs the scope ${NEEDED[name]}`);
      }
    },
  );

  it('is refused for a foreign tenant as for an unknown one, and for a user who may not', async () => {
    await gatehouse.provision('globex');
    const refusals = async (userToken: string | undefined, organization: string) =>
      (
        await callTool(await connect(headersOf(client, userToken)), 'portal.generate_link.create', {
          ...LINK,
          organization,
        })
      ).text;
    const member = await gatehouse.userToken({ roles: ['member'] });
    const ofGlobex = await gatehouse.userToken({ tenant_id: 'globex' });

    expect(await refusals(admin, 'globex')).toMatch(/^tenant_not_found: /);
    expect(await refusals(admin, 'globex')).toBe(await refusals(admin, 'nowhere'));
    expect(await refusals(member, 'acme')).toMatch(/^it_admin_required: /);
    expect(await refusals(ofGlobex, 'acme')).toMatch(/^it_admin_required: /);
    expect(await refusals(undefined, 'acme')).toMatch(/^acting_user_required: /);
    expect(await refusals('no-token', 'acme')).toMatch(/^invalid_user_token: /);
    expect(gatehouse.workos.state.portalSessions.size).toBeGreaterThan(0);
  });

  it('follows the token of each request, not that of the connection', async () => {
    const agent = await connect(agentHeaders);
    expect((await callTool(agent, 'portal.launch.create', LAUNCH)).isError).toBe(false);
    const token = await gatehouse.userToken({ roles: [] });

    const again = await post(
      {
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: 'portal.launch.create', arguments: LAUNCH },
      },
      headersOf(client, token),
    );

    expect(await again.text()).toContain('it_admin_required');
  });
});

describe('a call of a tool', () => {
  it('is in the audit trail, the log and the metrics under the operation’s own name', async () => {
    const requestId = 'an-agents-call';
    const answer = await post(
      {
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: 'portal.generate_link.create', arguments: LINK },
      },
      { ...agentHeaders, 'x-request-id': requestId },
    );
    expect(answer.status).toBe(200);

    const rows = await gatehouse.database.superuser(
      'select operation, outcome, client_id, user_id, tenant_id, details from audit_trail where request_id = $1 order by id',
      [requestId],
    );
    const row = {
      operation: 'generatePortalLink',
      client_id: client.id,
      user_id: 'ada',
      tenant_id: 'acme',
      details: { intent: 'sso', via: 'mcp' },
    };
    expect(rows).toEqual([
      { ...row, outcome: 'attempted' },
      { ...row, outcome: 'succeeded' },
    ]);
    const lines = await waitFor(() => {
      const ofRequest = gatehouse.logs
        .filter((line) => line.includes(requestId))
        .map((line) => JSON.parse(line) as Record<string, unknown>);
      return Promise.resolve(ofRequest.length >= 2 && ofRequest);
    });
    expect(lines).toMatchObject([
      {
        operation: 'generatePortalLink',
        via: 'mcp',
        status: 201,
        tenant_id: 'acme',
        client_id: client.id,
      },
      { operation: 'sendMcpMessage', status: 200, client_id: client.id },
    ]);
    const metrics = await (await fetch(`${gatehouse.adminUrls[0] ?? ''}/metrics`)).text();
    expect(metrics).toMatch(
      /gatehouse_requests_total\{operation="generatePortalLink",status="201",problem=""\} \d/,
    );
    expect(metrics).toMatch(
      /gatehouse_requests_total\{operation="sendMcpMessage",status="200",problem=""\} \d/,
    );
  });
});

describe('the address', () => {
  it('has only POST', async () => {
    for (const method of ['GET', 'DELETE', 'PUT']) {
      const answer = await fetch(`${gatehouse.url}/mcp`, {
        method,
        headers: { ...agentHeaders, accept: 'text/event-stream' },
      });
      expect([method, answer.status, answer.headers.get('allow')]).toEqual([method, 405, 'POST']);
    }
  });

  it('is closed to strangers and to keys that are not valid, before the body is read', async () => {
    expect((await post('{', {})).status).toBe(401);
    expect((await post(LIST, { authorization: 'Bearer gh_aaaaaaaaaaaa_x' })).status).toBe(401);
    const disabled = await gatehouse.createClient({ disabled: true });
    expect((await post(LIST, headersOf(disabled))).status).toBe(401);
  });

  it('refuses requests of other sites’ pages, also of one with this host’s name', async () => {
    const origin = (value: string) => post(LIST, { ...agentHeaders, origin: value });

    for (const value of ['https://evil.example', 'null', gatehouse.url]) {
      const answer = await origin(value);
      expect([value, answer.status]).toEqual([value, 403]);
      expect(await answer.json()).toMatchObject({ code: 'foreign_origin' });
    }
    expect((await origin(new URL(gatehouse.config.publicUrl).origin)).status).toBe(200);
  });

  it.each([
    ['no JSON', '{', 400, -32700],
    ['a name twice', '{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}', 400, -32700],
    ['no message', { hello: 'world' }, 400, -32600],
    ['a text', '"ping"', 400, -32600],
    ['null', 'null', 400, -32600],
    ['an empty batch', [], 400, -32600],
    ['a batch of too many', Array.from({ length: 21 }, (_, id) => ({ ...LIST, id })), 400, -32600],
    ['an unknown method', { jsonrpc: '2.0', id: 1, method: 'nothing' }, 200, -32601],
  ])('answers %s with a JSON-RPC error', async (_name, body, status, code) => {
    const answer = await post(body, agentHeaders);

    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ jsonrpc: '2.0', error: { code } });
  });

  it('takes batches in the one version that has them, and notifications without an answer', async () => {
    const ping = { jsonrpc: '2.0', method: 'ping' };
    const batch = await post(
      [
        { ...ping, id: 1 },
        { ...ping, id: 2 },
      ],
      agentHeaders,
    );
    expect(await batch.json()).toMatchObject([
      { id: 1, result: {} },
      { id: 2, result: {} },
    ]);

    const later = await post([{ ...ping, id: 1 }], {
      ...agentHeaders,
      'mcp-protocol-version': '2025-06-18',
    });
    expect([later.status, await later.json()]).toMatchObject([400, { error: { code: -32600 } }]);

    const told = await post({ jsonrpc: '2.0', method: 'notifications/initialized' }, agentHeaders);
    expect([told.status, await told.text()]).toEqual([202, '']);
  });

  it('refuses other media types, bodies that are too large, and versions that do not exist', async () => {
    const as = async (headers: Record<string, string>, body: unknown = LIST) =>
      (await post(body, { ...agentHeaders, ...headers })).status;

    expect(await as({ 'content-type': 'text/plain' })).toBe(415);
    expect(await as({ accept: 'application/json' })).toBe(406);
    expect(await as({ accept: '*/*' })).toBe(200);
    expect(await as({ 'mcp-protocol-version': '1999-01-01' })).toBe(400);
    expect(await as({}, { ...LIST, params: { pad: 'x'.repeat(66_000) } })).toBe(413);
  });

  it('offers no subscription, which would hold the connection open', async () => {
    const answer = await post(
      {
        jsonrpc: '2.0',
        id: 1,
        method: 'subscriptions/listen',
        params: {
          notifications: {},
          _meta: {
            'io.modelcontextprotocol/protocolVersion': MODERN,
            'io.modelcontextprotocol/clientCapabilities': {},
          },
        },
      },
      { ...agentHeaders, 'mcp-protocol-version': MODERN, 'mcp-method': 'subscriptions/listen' },
    );

    expect(await answer.json()).toMatchObject({ error: { code: expect.any(Number) } });
  });

  it('negotiates the version that the client asks for, and offers the newest for one that is unknown', async () => {
    const initialize = async (protocolVersion: string) => {
      const answer = await post(
        {
          jsonrpc: '2.0',
          id: 1,
          method: 'initialize',
          params: { protocolVersion, capabilities: {}, clientInfo: { name: 'old', version: '1' } },
        },
        agentHeaders,
      );
      return ((await answer.json()) as { result: { protocolVersion: string } }).result
        .protocolVersion;
    };

    for (const version of ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25'])
      expect(await initialize(version)).toBe(version);
    expect(await initialize('1999-01-01')).toBe('2025-11-25');
  });
});

describe('after all calls', () => {
  it('no link, key or token is in a log line or in the database', async () => {
    expect(gatehouse.workos.state.portalSessions.size).toBeGreaterThan(2);
    expect(leaksInLogs(gatehouse, [client.key, admin])).toEqual([]);
    expect(await leaksInDatabase(gatehouse, [client.key, admin])).toEqual([]);
  });
});
