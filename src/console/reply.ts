import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  /** A file is written piece by piece. */
  readonly body: string | AsyncIterable<string>;
}

/** Sends a reply. A file that breaks off closes the connection, so that the browser does not take it for whole. */
export async function send(req: IncomingMessage, res: ServerResponse, reply: Reply): Promise<void> {
  const { status, headers, body } = reply;
  const isHead = req.method === 'HEAD';
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
  // The rest of an unread body would be taken for the next request.
  if (!req.complete && req.method === 'POST') res.setHeader('connection', 'close');
  res.statusCode = status;
  if (typeof body === 'string' || isHead) {
    res.end(isHead ? undefined : body);
    return;
  }
  for await (const piece of body) {
    if (res.destroyed) return;
    if (!res.write(piece)) await Promise.race([once(res, 'drain'), once(res, 'close')]);
  }
  res.end();
}
