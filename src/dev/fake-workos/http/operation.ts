/** An operation of WorkOS's API as data, with its request, reply and errors. */
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { World } from '../state/world.ts';

export interface ApiRequest {
  readonly method: string;
  /** Still percent-encoded, without the query. */
  readonly path: string;
  /** Decoded values of the `{names}` in the operation's path. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

/** A request whose operation is not known yet. */
export type RoutedRequest = Omit<ApiRequest, 'params'>;

/** The `{id}` of the path. */
export function idOf({ params }: ApiRequest): string {
  return params.id ?? '';
}

/** The fields of a submitted form. */
export function formOf({ body }: ApiRequest): Readonly<Record<string, string>> {
  return typeof body === 'object' && body !== null ? (body as Record<string, string>) : {};
}

export interface Reply {
  readonly status: number;
  /** Sent as JSON. Undefined when the reply has no body. */
  readonly body?: unknown;
  /** Sent instead of JSON; `headers` names its media type. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Operation {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `/organizations/{id}`: each `{name}` is one segment. */
  readonly path: string;
  /** True when no API key is needed: a browser calls it, or it has another credential. */
  readonly open?: boolean;
  perform(request: ApiRequest, world: World): Reply | Promise<Reply>;
}

type ErrorBody =
  | { message: string | string[]; [member: string]: unknown }
  /** OAuth's shape, which WorkOS uses for the token exchange. */
  | { error: string; error_description?: string }
  /** Plain text, used by the rate limit of a directory. */
  | string;

/** Thrown inside an operation to send an error reply. */
export class ApiError extends Error {
  readonly reply: Reply;

  constructor(status: number, body: ErrorBody) {
    super(typeof body === 'string' ? body : 'message' in body ? String(body.message) : body.error);
    this.reply = { status, body };
  }
}

/** Returns the object that was found. @throws ApiError 404 when it is undefined */
export function requireFound<T>(found: T | undefined, what: string, id: string): T {
  if (found === undefined) throw new ApiError(404, { message: `${what} not found: '${id}'.` });
  return found;
}

/** The object without one of its fields, which replies lack. */
export const without = (object: object, field: string): Record<string, unknown> =>
  Object.fromEntries(Object.entries(object).filter(([name]) => name !== field));

/** The body as text; empty when there is none. */
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
