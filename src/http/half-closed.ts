import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** A property of Node's server, without documentation or type. By default it takes every FIN for a caller that has left. */
const GOES_ON_AFTER_FIN = { httpAllowHalfOpen: true } as const;

const PROBE_MS = 200;

/**
 * Answers callers that send FIN after their request but still read, and closes the responses to those
 * that have left, which send FIN too. Interim replies (RFC 9110 §15.2) tell: a write to a caller that has
 * left fails.
 */
export function probeHalfClosed(server: Server): void {
  Object.assign(server, GOES_ON_AFTER_FIN);
  server.on('request', ({ socket }: IncomingMessage, res) => {
    const before = latest.get(socket);
    if (before && isOpen(before)) previous.set(res, before);
    latest.set(socket, res);
  });
  server.on('connection', (socket) => {
    socket.once('end', () => {
      const last = latest.get(socket);
      if (last && isOpen(last)) probe(last, socket);
    });
  });
}

/** The latest response of each connection. */
const latest = new WeakMap<Socket, ServerResponse>();
/** The response that a pipelined request waits for. */
const previous = new WeakMap<ServerResponse, ServerResponse>();

const isOpen = (res: ServerResponse): boolean => !res.writableFinished && !res.destroyed;

/** Returns the oldest response of the connection that is open. */
function oldest(last: ServerResponse): ServerResponse {
  let res = last;
  for (let before = previous.get(res); before && isOpen(before); before = previous.get(res))
    res = before;
  return res;
}

function probe(last: ServerResponse, socket: Socket): void {
  const send = (): void => {
    const res = oldest(last);
    // HTTP/1.0 has no interim replies. Proxies that speak it send FIN only when their own caller has left.
    if (res.req.httpVersion === '1.0') socket.destroy();
    else if (!res.headersSent) res.writeProcessing();
  };
  send();
  const sending = setInterval(send, PROBE_MS);
  last.once('close', () => {
    clearInterval(sending);
  });
}
