/** How each fault looks on the wire. */
import { STATUS_CODES, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { Fault } from './faults.ts';
import { contentOf, sendHead, sendReply, type Reply } from '../http/operation.ts';

interface Exchange {
  readonly response: ServerResponse;
  /** Aborts when the caller has gone or the fake stops; timers end with it. */
  readonly closed: AbortSignal;
  /** Does what was asked and says what a healthy WorkOS would answer. */
  readonly perform: () => Reply;
}

type Player<Kind> = (
  fault: Extract<Fault, { kind: Kind }>,
  exchange: Exchange,
) => void | Promise<void>;

const players: { [Kind in Fault['kind']]: Player<Kind> } = {
  status: (fault, { response }) => sendReply(response, scriptedReply(fault)),
  delay: async ({ ms }, { response, closed, perform }) => {
    const reply = perform();
    await pause(ms, undefined, { signal: closed });
    sendReply(response, reply);
  },
  silence: () => undefined,
  reset: ({ when }, exchange) =>
    when === 'before-headers' ? reset(exchange.response) : resetAfterHeaders(exchange),
  truncated: (_fault, { response, perform }) => {
    const reply = perform();
    sendText(response, reply, contentOf(reply).slice(0, -2));
  },
  'content-type': ({ type, body }, { response, perform }) => {
    const reply = perform();
    sendText(response, { ...reply, headers: { 'Content-Type': type } }, body ?? contentOf(reply));
  },
  redirect: ({ status, location }, { response }) =>
    sendReply(response, { status, headers: { Location: location } }),
  huge: async ({ bytes }, { response, perform }) => {
    sendHead(response, perform());
    await pipeline(Readable.from(hugeJson(bytes)), response);
  },
  'slow-body': slowBody,
  link: ({ link }, { response, perform }) => {
    const reply = perform();
    sendReply(response, { ...reply, body: { ...(reply.body as object), link } });
  },
  'after-effect-reset': (_fault, { response, perform }) => {
    perform();
    reset(response);
  },
  hold: async ({ until, before, onReached }, { response, perform }) => {
    if (before) {
      onReached?.();
      await until;
    }
    const reply = perform();
    if (!before) {
      onReached?.();
      await until;
    }
    sendReply(response, reply);
  },
};

export async function play(fault: Fault, exchange: Exchange): Promise<void> {
  const player = players[fault.kind] as Player<Fault['kind']>; // the table pairs each kind with its own
  await player(fault, exchange);
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
  const reply = perform();
  response.setHeader('Content-Length', Buffer.byteLength(contentOf(reply)) + 1);
  sendHead(response, reply);
  response.write(contentOf(reply).slice(0, 1));
  // A reset overtakes bytes the caller has not read yet: without this it might see no headers.
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
  const reply = perform();
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
