import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { isOpen, latestResponse, oldestOpen } from './latest-response.ts';

/** A property of Node's server, without documentation or type. By default it takes every FIN for a caller that has left. */
const GOES_ON_AFTER_FIN = { httpAllowHalfOpen: true } as const;

const PROBE_MS = 200;

/**
 * Answers callers that send FIN after their request but still read, and closes the responses to those
 * that have left, which send FIN too. Interim replies (RFC 9110 §15.2) tell: a write to a caller that has
 * left fails. The responses of the server must be tracked.
 */
export function probeHalfClosed(server: Server): void {
  Object.assign(server, GOES_ON_AFTER_FIN);
  server.on('connection', (socket) => {
    socket.once('end', () => {
      const last = latestResponse(socket);
      if (last && isOpen(last)) probe(last, socket);
    });
  });
}

function probe(last: ServerResponse, socket: Socket): void {
  const send = (): void => {
    const res = oldestOpen(last);
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
