/** What every part of the fake speaks: an operation of WorkOS's API as data, its request and its reply. */
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { World } from '../state/world.ts';

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

/** A request before its operation is known. */
export type RoutedRequest = Omit<ApiRequest, 'params'>;

/** The `{id}` of the path. */
export function idOf({ params }: ApiRequest): string {
  return params.id ?? '';
}

/** The fields of a form that was sent. */
export function formOf({ body }: ApiRequest): Readonly<Record<string, string>> {
  return typeof body === 'object' && body !== null ? (body as Record<string, string>) : {};
}

export interface Reply {
  readonly status: number;
  /** Sent as JSON. Undefined: the answer has none. */
  readonly body?: unknown;
  /** Text of the media type that the headers name, instead of JSON. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Operation {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** `/organizations/{id}`: each `{name}` is one segment. */
  readonly path: string;
  /** True: needs no API key, since a browser calls it or it has a credential of its own. */
  readonly open?: boolean;
  perform(request: ApiRequest, world: World): Reply;
}

type ErrorBody =
  | { message: string | string[]; [member: string]: unknown }
  /** OAuth's shape, which WorkOS uses around the token exchange. */
  | { error: string; error_description?: string }
  /** Nothing but text, which is what a limit of one directory answers. */
  | string;

/** Thrown anywhere below an operation to answer something other than success. */
export class ApiError extends Error {
  readonly reply: Reply;

  constructor(status: number, body: ErrorBody) {
    super(typeof body === 'string' ? body : 'message' in body ? String(body.message) : body.error);
    this.reply = { status, body };
  }
}

/** The member of a collection, or WorkOS's 404. */
export function requireFound<T>(found: T | undefined, what: string, id: string): T {
  if (found === undefined) throw new ApiError(404, { message: `${what} not found: '${id}'.` });
  return found;
}

/** What is sent after the headers; empty where there is nothing. */
export function contentOf({ body, text }: Reply): string {
  return text ?? (body === undefined ? '' : JSON.stringify(body));
}

export function sendHead(response: ServerResponse, { status, body, headers }: Reply): void {
  if (body !== undefined) response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.writeHead(status, headers);
}

export function sendReply(response: ServerResponse, reply: Reply): void {
  const content = contentOf(reply);
  if (content) response.setHeader('Content-Length', Buffer.byteLength(content));
  sendHead(response, reply);
  response.end(content);
}
