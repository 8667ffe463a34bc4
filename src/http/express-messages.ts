import {
  IncomingMessage,
  ServerResponse,
  type RequestListener,
  type ServerOptions,
} from 'node:http';
import type { Express } from 'express';

type Messages = Pick<ServerOptions, 'IncomingMessage' | 'ServerResponse'>;

/**
 * Returns classes whose instances have the prototypes of an Express application from the start. Express
 * would change the prototype of each request and response otherwise, which is slow in V8 (ADR 27).
 */
export function messagesOf(handler: RequestListener | Express): Messages {
  if (!('request' in handler)) return {};
  class AppRequest extends IncomingMessage {}
  class AppResponse<Req extends IncomingMessage> extends ServerResponse<Req> {}
  Object.setPrototypeOf(AppRequest.prototype, handler.request);
  Object.setPrototypeOf(AppResponse.prototype, handler.response);
  handler.request = AppRequest.prototype as Express['request'];
  handler.response = AppResponse.prototype as Express['response'];
  return { IncomingMessage: AppRequest, ServerResponse: AppResponse };
}
