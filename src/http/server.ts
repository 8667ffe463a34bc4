import {
  createServer,
  STATUS_CODES,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { randomUUID } from 'node:crypto';
import { Problem, PROBLEMS, type ProblemSlug } from '../core/problem.ts';
import { messagesOf } from './express-messages.ts';
import { probeHalfClosed } from './half-closed.ts';
import { latestResponse, trackResponses } from './latest-response.ts';
import { problemBody } from './problem-details.ts';
import { reduceTarget } from './request-target.ts';
import { API_HEADERS } from './security-headers.ts';

export interface HttpServer {
  readonly port: number;
  /** Stops accepting connections and waits for running requests. */
  close(): Promise<void>;
  /** The number of open connections. */
  connections(): number;
}

/** Serves HTTP/1.1. Every wait has a timeout, and parser errors are answered as problems too. */
export async function listen(
  handler: RequestListener,
  port: number,
  host: string,
  publicUrl: string,
  maxConnections = MAX_CONNECTIONS,
): Promise<HttpServer> {
  const refuse = refuser(publicUrl);
  const server = createServer(
    {
      ...messagesOf(handler),
      headersTimeout: 10_000,
      requestTimeout: 30_000,
      connectionsCheckingInterval: 1_000,
      // Longer than the idle timeout of load balancers, so that they close first.
      keepAliveTimeout: 75_000,
      maxHeaderSize: 16 * 1024,
      // Checked in isSound instead: Node's own refusal has no body and none of our headers.
      requireHostHeader: false,
    },
    (req, res) => {
      if (isSound(req) && reduceTarget(req)) handler(req, res);
      else refuse(req.socket, 'malformed-request', UNREADABLE);
    },
  );
  server.maxRequestsPerSocket = 0;
  trackResponses(server);
  probeHalfClosed(server);
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    if (sockets.size >= maxConnections) (leastUseful(sockets) ?? socket).destroy();
    if (socket.destroyed) return;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    refuseUnreadable(error, socket, refuse);
  });
  server.on('checkExpectation', (_req, res) => {
    const headers = { 'x-request-id': randomUUID(), 'content-length': 0, connection: 'close' };
    res.writeHead(417, { ...API_HEADERS, ...headers }).end();
  });
  // Without a listener for `upgrade` an offer of HTTP/2, as Java's HttpClient makes it, is ignored (RFC 9110 §7.8).
  server.on('connect', (_req, socket: Socket) =>
    refuse(socket, 'malformed-request', 'This is not a proxy.'),
  );
  await started(server, port, host);
  return {
    port: (server.address() as AddressInfo).port,
    close: () => closed(server, sockets),
    connections: () => sockets.size,
  };
}

/** An idle connection takes about 10 KB. A load balancer opens far fewer. */
const MAX_CONNECTIONS = 8_000;

/**
 * Returns the connection to close so that another one can be opened: the oldest that has not sent a
 * whole request yet, or else the oldest idle one. Undefined if all are waiting for their reply. New
 * connections are not refused as long as others only hold theirs open.
 */
function leastUseful(sockets: ReadonlySet<Socket>): Socket | undefined {
  let idle: Socket | undefined;
  for (const socket of sockets) {
    const res = latestResponse(socket);
    if (res === undefined || (isWaiting(res) && !res.req.complete)) return socket;
    if (!isWaiting(res)) idle ??= socket;
  }
  return idle;
}

const started = (server: Server, port: number, host: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });

/** Once the server is closing, an open connection has this long to send its request. */
const LAST_REQUEST_MS = 1_000;
/** Longer than any reply takes. Connections with an incomplete request are then closed. */
const GRACE_MS = 15_000;

/** Node alone would wait for kept-alive and silent connections without a limit. */
function closed(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  const closeIdle = setInterval(() => {
    for (const socket of sockets) if (!isWaiting(latestResponse(socket))) socket.destroy();
  }, LAST_REQUEST_MS);
  const cutOff = setTimeout(() => server.closeAllConnections(), GRACE_MS);
  for (const socket of sockets) {
    const res = latestResponse(socket);
    if (res && !res.headersSent) res.shouldKeepAlive = false;
  }
  return new Promise((resolve) => {
    server.close(() => {
      clearInterval(closeIdle);
      clearTimeout(cutOff);
      resolve();
    });
    server.closeIdleConnections();
  });
}

const isWaiting = (res: ServerResponse | undefined): boolean =>
  res !== undefined && !res.writableFinished;

const UNREADABLE = 'This is not a well-formed HTTP/1.1 request.';

/**
 * Refuses what Node's parser accepts: HTTP/0.9, no host (RFC 9112 §3.2), chunks in HTTP/1.0 (§6.1), and other
 * transfer codings within the chunks, which nothing here decodes.
 */
const isSound = ({ httpVersion, headers }: IncomingMessage): boolean => {
  const coding = headers['transfer-encoding']?.toLowerCase();
  if (httpVersion === '1.0') return coding === undefined;
  return (
    httpVersion === '1.1' &&
    headers.host !== undefined &&
    (coding === undefined || coding === 'chunked')
  );
};

/** Unparsable input never becomes a request, so the reply is written to the socket directly. */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Duplex, refuse: Refuse): void {
  if (error.code === 'ECONNRESET') socket.destroy();
  else if (error.code === 'HPE_HEADER_OVERFLOW')
    refuse(socket, 'headers-too-large', 'The headers may have 16 KB together.');
  else if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT')
    refuse(socket, 'request-timeout', 'The request did not arrive in time.');
  else refuse(socket, 'malformed-request', UNREADABLE);
}

/** Ends the connection with a problem, unless that could be taken for the reply to another request. */
const refuser =
  (publicUrl: string): Refuse =>
  (socket, slug, detail) => {
    if (socket.writable && !isAnswering(latestResponse(socket)))
      socket.end(rawProblem(slug, detail, publicUrl));
    else socket.destroy();
  };

type Refuse = (socket: Duplex, slug: ProblemSlug, detail: string) => void;

/** True while a request waits for its reply, or was answered before it was read to the end. */
const isAnswering = (res: ServerResponse | undefined): boolean =>
  res !== undefined && (res.req.complete ? !res.writableFinished : res.headersSent);

function rawProblem(slug: ProblemSlug, detail: string, publicUrl: string): string {
  const { status } = PROBLEMS[slug];
  const requestId = randomUUID();
  const body = JSON.stringify(problemBody(new Problem(slug, detail), requestId, publicUrl));
  const headers = {
    ...API_HEADERS,
    'content-type': 'application/problem+json',
    'content-length': String(Buffer.byteLength(body)),
    'x-request-id': requestId,
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${body}`;
}
