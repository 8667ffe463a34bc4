import { afterEach, beforeAll } from '@jest/globals';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { TestApp, TestClient } from '../support/test-app.ts';

export interface ToolResult {
  readonly isError: boolean;
  /** The first text. */
  readonly text: string;
  readonly all: string;
  readonly structured: Record<string, unknown> | undefined;
}

export const MODERN = '2026-07-28';

type Headers = Record<string, string>;

/** What a host's configuration would have. */
export const headersOf = (client: TestClient, userToken?: string): Headers => ({
  authorization: `Bearer ${client.key}`,
  ...(userToken !== undefined && { 'gatehouse-user-token': userToken }),
});

/** Agents with the official client, each closed after its test. */
export function useAgents(gatehouse: TestApp) {
  const open: Client[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((agent) => agent.close()));
  });
  beforeAll(() => gatehouse.provision('acme'));

  /** @param version the pinned version. Default: the handshake of 2025 */
  const connect = async (headers: Headers, version?: string): Promise<Client> => {
    const agent = new Client(
      { name: 'test', version: '1' },
      version === undefined ? {} : { versionNegotiation: { mode: { pin: version } } },
    );
    open.push(agent);
    const url = new URL(`${gatehouse.url}/mcp`);
    await agent.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers } }));
    return agent;
  };

  const callTool = async (
    agent: Client,
    name: string,
    args: Record<string, unknown>,
  ): Promise<ToolResult> => {
    const result = await agent.callTool({ name, arguments: args });
    const texts = result.content.flatMap((one) => (one.type === 'text' ? [one.text] : []));
    return {
      isError: result.isError === true,
      text: texts[0] ?? '',
      all: texts.join('\n'),
      structured: result.structuredContent as ToolResult['structured'],
    };
  };

  /** A request without the client, for what no client sends. */
  const post = async (body: unknown, headers: Headers): Promise<Response> =>
    fetch(`${gatehouse.url}/mcp`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...headers,
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });

  return { connect, callTool, post };
}
