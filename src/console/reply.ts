import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  /** A file is written piece by piece. */
  readonly body: string | AsyncIterable<string>;
  /** Called once nothing more of the reply is sent. */
  readonly done?: () => void;
}

/** A file breaks off if its reader has not taken a piece after so long: one that reads byte by byte keeps its place no longer. */
const STALLED_MS = 30_000;

/**
 * Sends a reply. A file that breaks off closes the connection, so that the browser does not take it for whole.
 *
 * @throws AbortError if the reader of a file leaves
 */
export async function send(
  req: IncomingMessage,
  res: ServerResponse,
  reply: Reply,
  stalledMs = STALLED_MS,
): Promise<void> {
  try {
    const { status, headers, body } = reply;
    const isHead = req.method === 'HEAD';
    for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
    // The rest of an unread body would be taken for the next request.
    if (!req.complete && req.method === 'POST') res.setHeader('connection', 'close');
    res.statusCode = status;
    if (isHead || typeof body === 'string') res.end(isHead ? undefined : body);
    else await write(res, body, stalledMs);
  } finally {
    reply.done?.();
  }
}

async function write(
  res: ServerResponse,
  body: AsyncIterable<string>,
  stalledMs: number,
): Promise<void> {
  const left = new AbortController();
  res.once('close', () => {
    left.abort();
  });
  const taken = async (): Promise<void> => {
    const timeout = setTimeout(() => res.destroy(), stalledMs);
    try {
      await once(res, 'drain', { signal: left.signal });
    } finally {
      clearTimeout(timeout);
    }
  };
  for await (const piece of body) {
    if (res.destroyed) return;
    if (!res.write(piece)) await taken();
  }
  res.setTimeout(stalledMs, () => res.destroy());
  res.end();
}
