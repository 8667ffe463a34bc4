/** Applies each kind of fault to a response. */
import { STATUS_CODES, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { Fault } from './faults.ts';
import { contentOf, sendHead, sendReply, type Reply } from '../http/operation.ts';

interface Exchange {
  readonly response: ServerResponse;
  /** Aborts when the caller disconnects or the fake stops; it ends all timers. */
  readonly closed: AbortSignal;
  /** Runs the operation and returns the reply of a healthy WorkOS. */
  readonly perform: () => Promise<Reply>;
}

type FaultHandler<Kind> = (
  fault: Extract<Fault, { kind: Kind }>,
  exchange: Exchange,
) => void | Promise<void>;

const faultHandlers: { [Kind in Fault['kind']]: FaultHandler<Kind> } = {
  status: (fault, { response }) => sendReply(response, scriptedReply(fault)),
  delay: async ({ ms }, { response, closed, perform }) => {
    const reply = await perform();
    await pause(ms, undefined, { signal: closed });
    sendReply(response, reply);
  },
  silence: () => undefined,
  reset: ({ when }, exchange) =>
    when === 'before-headers' ? reset(exchange.response) : resetAfterHeaders(exchange),
  truncated: async (_fault, { response, perform }) => {
    const reply = await perform();
    sendText(response, reply, contentOf(reply).slice(0, -2));
  },
  'content-type': async ({ type, body }, { response, perform }) => {
    const reply = await perform();
    sendText(response, { ...reply, headers: { 'Content-Type': type } }, body ?? contentOf(reply));
  },
  redirect: ({ status, location }, { response }) =>
    sendReply(response, { status, headers: { Location: location } }),
  huge: async ({ bytes }, { response, perform }) => {
    sendHead(response, await perform());
    await pipeline(Readable.from(hugeJson(bytes)), response);
  },
  'slow-body': slowBody,
  link: async ({ link }, { response, perform }) => {
    const reply = await perform();
    sendReply(response, { ...reply, body: { ...(reply.body as object), link } });
  },
  'after-effect-reset': async (_fault, { response, perform }) => {
    await perform();
    reset(response);
  },
  hold: async ({ until, before, onReached }, { response, perform }) => {
    if (before) {
      onReached?.();
      await until;
    }
    const reply = await perform();
    if (!before) {
      onReached?.();
      await until;
    }
    sendReply(response, reply);
  },
};

export const FAULT_KINDS = Object.keys(faultHandlers);

export async function applyFault(fault: Fault, exchange: Exchange): Promise<void> {
  const handler = faultHandlers[fault.kind] as FaultHandler<Fault['kind']>; // TypeScript cannot correlate the kind with its handler
  await handler(fault, exchange);
}

function scriptedReply({ status, body, headers, retryAfter }: Extract<Fault, { kind: 'status' }>) {
  return {
    status,
    body: body === undefined ? { message: STATUS_CODES[status] ?? 'Unknown' } : body,
    headers: {
      ...(retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) }),
      ...headers,
    },
  };
}

function sendText(response: ServerResponse, reply: Reply, text: string): void {
  response.setHeader('Content-Length', Buffer.byteLength(text));
  sendHead(response, reply);
  response.end(text);
}

function reset(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
}

async function resetAfterHeaders({ response, closed, perform }: Exchange): Promise<void> {
  const reply = await perform();
  response.setHeader('Content-Length', Buffer.byteLength(contentOf(reply)) + 1);
  sendHead(response, reply);
  response.write(contentOf(reply).slice(0, 1));
  // A reset discards bytes the caller has not read yet; without this pause it might miss the headers.
  await pause(20, undefined, { signal: closed });
  reset(response);
}

function* hugeJson(bytes: number): Generator<string> {
  const [head, tail, chunk] = ['{"link":"', '"}', 64 * 1024];
  yield head;
  for (let left = bytes - head.length - tail.length; left > 0; left -= chunk)
    yield 'a'.repeat(Math.min(left, chunk));
  yield tail;
}

async function slowBody(
  { bytesPerSecond }: Extract<Fault, { kind: 'slow-body' }>,
  { response, closed, perform }: Exchange,
): Promise<void> {
  const reply = await perform();
  const body = Buffer.from(contentOf(reply));
  const size = Math.max(1, Math.round(bytesPerSecond / 20));
  response.setHeader('Content-Length', body.length);
  sendHead(response, reply);
  response.flushHeaders();
  for (let sent = 0; sent < body.length; sent += size) {
    await pause((1000 * size) / bytesPerSecond, undefined, { signal: closed });
    response.write(body.subarray(sent, sent + size));
  }
  response.end();
}
