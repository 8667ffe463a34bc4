import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

const LATEST = Symbol('latest response');
const PREVIOUS = Symbol('previous response');

// Properties, as the request's context is: a WeakMap costs more, and garbage collection besides.
type Tracked = Duplex & { [LATEST]?: ServerResponse };
type Queued = ServerResponse & { [PREVIOUS]?: ServerResponse | undefined };

/** Remembers the latest response of each connection, and which one a pipelined request waits for. */
export function trackResponses(server: Server): void {
  server.on('request', ({ socket }: IncomingMessage, res) => {
    const before = latestResponse(socket);
    if (before && isOpen(before)) waitFor(before, res);
    (socket as Tracked)[LATEST] = res;
  });
}

/** Links a response to the one before it, until it is sent: else a connection that is never idle would keep all. */
function waitFor(before: ServerResponse, res: Queued): void {
  res[PREVIOUS] = before;
  res.once('close', () => {
    res[PREVIOUS] = undefined;
  });
}

export const latestResponse = (socket: Duplex): ServerResponse | undefined =>
  (socket as Tracked)[LATEST];

/** Returns the oldest response of a connection that is open. */
export function oldestOpen(last: ServerResponse): ServerResponse {
  let res: Queued = last;
  for (let before = res[PREVIOUS]; before && isOpen(before); before = (before as Queued)[PREVIOUS])
    res = before;
  return res;
}

/** True until the response has been sent, or its connection is gone. */
export const isOpen = (res: ServerResponse): boolean => !res.writableFinished && !res.destroyed;
