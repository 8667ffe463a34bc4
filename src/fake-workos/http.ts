/** What every part of the fake speaks: an operation of WorkOS's API as data, its request and its reply. */
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { World } from './world.ts';

export interface ApiRequest {
  readonly method: string;
  /** As it came, still percent-encoded, without the query. */
  readonly path: string;
  /** Decoded values of the `{names}` in the operation's path. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

/** The `{id}` of the path. */
export function idOf({ params }: ApiRequest): string {
  return params.id ?? '';
}

export interface Reply {
  readonly status: number;
  /** Undefined: the answer has no body. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Operation {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** `/organizations/{id}`: each `{name}` is one segment. */
  readonly path: string;
  perform(request: ApiRequest, world: World): Reply;
}

/** Thrown anywhere below an operation to answer something other than success. */
export class ApiError extends Error {
  readonly reply: Reply;

  constructor(status: number, body: { message: string; [member: string]: unknown }) {
    super(body.message);
    this.reply = { status, body };
  }
}

/** The member of a collection, or WorkOS's 404. */
export function requireFound<T>(found: T | undefined, what: string, id: string): T {
  if (found === undefined) throw new ApiError(404, { message: `${what} not found: '${id}'.` });
  return found;
}

/** The text of a reply's body; empty where there is none. */
export function jsonOf({ body }: Reply): string {
  return body === undefined ? '' : JSON.stringify(body);
}

export function sendHead(response: ServerResponse, { status, body, headers }: Reply): void {
  if (body !== undefined) response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.writeHead(status, headers);
}

export function sendReply(response: ServerResponse, reply: Reply): void {
  const text = jsonOf(reply);
  if (text) response.setHeader('Content-Length', Buffer.byteLength(text));
  sendHead(response, reply);
  response.end(text);
}
