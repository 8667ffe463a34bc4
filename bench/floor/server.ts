/**
 * The floor: hand-written `node:http` handlers that make the same checks and calls as the gateway,
 * with no framework, no schema, no log line, no metric, no SDK, no breaker.
 */
import { randomUUID } from 'node:crypto';
import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { answer } from '../processes.ts';
import { floorHandlers, type FloorOptions } from './handlers.ts';
import { Refusal } from './refusal.ts';

interface Reply {
  readonly status: number;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: object;
}
type Handler = (req: IncomingMessage, query: string, requestId: string) => Promise<Reply>;

function routes(options: FloorOptions) {
  const { portalLink, launch, authorize, token, ingest } = floorHandlers(options);
  return {
    'POST /portal/generate_link': async (req, _query, requestId) => ({
      status: 201,
      body: await portalLink(req.headers, textOf(req).then(JSON.parse), requestId),
    }),
    'GET /launch-portal': async (_req, given, requestId) => {
      const ticket = new URLSearchParams(given).get('ticket') ?? '';
      return { status: 303, headers: { location: await launch(ticket, requestId) } };
    },
    'GET /sso/authorize': async (_req, given) => ({
      status: 302,
      headers: await authorize(new URLSearchParams(given)),
    }),
    'POST /sso/token': async (req, _query, requestId) => ({
      status: 200,
      body: await token(formOf(req), requestId),
    }),
    'POST /webhooks/workos': async (req) => ({
      status: 200,
      body: await ingest(req.headers['workos-signature'], bytesOf(req)),
    }),
  } satisfies Record<string, Handler> as Record<string, Handler>;
}

const formOf = async (req: IncomingMessage) => new URLSearchParams(await textOf(req));

const textOf = async (req: IncomingMessage) => (await bytesOf(req)).toString();

function bytesOf(req: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  return new Promise((resolve, reject) => {
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => resolve(Buffer.concat(chunks)));
    req.on('error', reject);
  });
}

async function answerTo(
  byRoute: Readonly<Record<string, Handler>>,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const requestId = randomUUID();
  const common = { 'x-request-id': requestId, 'cache-control': 'no-store' };
  try {
    const [path = '', query = ''] = (req.url ?? '').split('?');
    const handle = byRoute[`${req.method ?? ''} ${path}`];
    if (!handle) throw new Refusal(404);
    const { status, headers, body } = await handle(req, query, requestId);
    const text = body && JSON.stringify(body);
    res.writeHead(status, {
      ...common,
      ...headers,
      ...(text && { 'content-type': 'application/json' }),
      'content-length': text === undefined ? 0 : Buffer.byteLength(text),
    });
    res.end(text);
  } catch (error) {
    res.writeHead(error instanceof Refusal ? error.status : 500, common).end();
  }
}

answer({
  listen: (options: FloorOptions) => {
    const byRoute = routes(options);
    const server = createServer((req, res) => void answerTo(byRoute, req, res));
    return new Promise((resolve) =>
      server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
    );
  },
});
