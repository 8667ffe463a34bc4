import type { McpServer } from '@modelcontextprotocol/server';
import type { CarryingRequest } from './call-tool.ts';

/** Loaded at the first message, because most processes never get one. */
const loadSdk = () => import('@modelcontextprotocol/server');
export type Sdk = Awaited<ReturnType<typeof loadSdk>>;

/**
 * Answers a message by the official SDK, with a server for this request alone. Versions until 2025-11-25 begin
 * with `initialize`; later ones name the version in each request.
 */
export async function respond(
  request: CarryingRequest,
  message: unknown,
  serverOf: (sdk: Sdk) => McpServer,
): Promise<Response> {
  const sdk = await loadSdk();
  const asked = webRequest(request);
  return (await sdk.isLegacyRequest(asked, message))
    ? respondAsBefore2026(sdk, asked, message, serverOf(sdk))
    : sdk
        .createMcpHandler(() => serverOf(sdk), {
          legacy: 'reject',
          // Nothing changes that could be subscribed to.
          maxSubscriptions: 0,
          keepAliveMs: 0,
        })
        .fetch(asked, { parsedBody: message });
}

async function respondAsBefore2026(
  { WebStandardStreamableHTTPServerTransport }: Sdk,
  asked: Request,
  message: unknown,
  server: McpServer,
): Promise<Response> {
  const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
  await server.connect(transport);
  try {
    return await transport.handleRequest(asked, { parsedBody: message });
  } finally {
    await server.close();
  }
}

/** The headers by which the SDK decides. Credentials are not among them. */
const HEADERS = ['mcp-protocol-version', 'mcp-method', 'mcp-name'];

/** A caller that takes any type takes both of these, which the SDK looks for by name. */
const BOTH_TYPES = 'application/json, text/event-stream';
const acceptOf = (accept = '*/*') => (accept.includes('*/*') ? BOTH_TYPES : accept);

function webRequest({ headers }: CarryingRequest): Request {
  const passed = HEADERS.flatMap((name) => {
    const value = headers[name];
    return value === undefined ? [] : [[name, value] as [string, string]];
  });
  return new Request('http://gatehouse.invalid/mcp', {
    method: 'POST',
    headers: [
      ['content-type', 'application/json'],
      ['accept', acceptOf(headers.accept)],
      ...passed,
    ],
  });
}
