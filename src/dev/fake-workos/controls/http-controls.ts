/**
 * The controls over HTTP, for tests in any language. `POST /_fake/addConnection` with the arguments as a JSON array
 * calls `addConnection(…)` and answers with its result; `GET /_fake/requests` answers with what the fake recorded.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text as textOf } from 'node:stream/consumers';
import { sendReply, type Reply } from '../http/operation.ts';

/** The members of the fake: functions are controls, arrays are records. */
type Members = Readonly<Record<string, unknown>>;

const PREFIX = '/_fake/';
export const NOT_OFFERED: ReadonlySet<string> = new Set(['stop', 'perform']);

export const isControl = ({ url = '' }: IncomingMessage): boolean => url.startsWith(PREFIX);

/** @param apiKey the key that the caller must present */
export function performControl(
  fake: Members,
  apiKey: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const isKnown = request.headers.authorization === `Bearer ${apiKey}`;
  const reply = isKnown ? answer(fake, request) : Promise.resolve(message(401, 'Unauthorized'));
  reply
    .catch((error: unknown) => message(400, String(error)))
    .then((one) => sendReply(response, one))
    .catch(() => response.destroy());
}

async function answer(fake: Members, request: IncomingMessage): Promise<Reply> {
  const name = (request.url ?? '').slice(PREFIX.length);
  const member = Object.hasOwn(fake, name) && !NOT_OFFERED.has(name) ? fake[name] : undefined;
  if (request.method === 'GET' && Array.isArray(member))
    return { status: 200, body: { data: member as unknown[] } };
  if (request.method !== 'POST' || typeof member !== 'function')
    return message(404, `No such control. ${offered(fake)}`);
  const args: unknown = JSON.parse((await textOf(request)) || '[]');
  if (!Array.isArray(args)) return message(400, 'The body must be a JSON array of arguments');
  const control = member as (...given: readonly unknown[]) => unknown;
  const result = await control(...(args as readonly unknown[]));
  return { status: 200, body: { result: result ?? null } };
}

const message = (status: number, text: string): Reply => ({ status, body: { message: text } });

function offered(fake: Members): string {
  const names = (isOne: (member: unknown) => boolean) =>
    Object.keys(fake).filter((name) => isOne(fake[name]) && !NOT_OFFERED.has(name));
  const controls = names((member) => typeof member === 'function');
  return `POST: ${controls.join(', ')}. GET: ${names(Array.isArray).join(', ')}.`;
}
