import type { ServerResponse } from 'node:http';
import { z } from 'zod';
import type { Answer } from './answer.ts';
import type { Endpoint } from './endpoint.ts';
import { contextOf } from './request-context.ts';
import { API_HEADERS } from './security-headers.ts';

/** Sends a handler's output in the form that the operation declares. */
export function reply(res: ServerResponse, { reply: declared }: Endpoint, output: unknown): void {
  if (declared.status === 204) write(res, 204, {}, undefined);
  else if (declared.status === 'browser' || declared.status === 'document')
    writeAnswer(res, output as Answer);
  else {
    const { status, body } = jsonReply(declared, output);
    write(res, status, JSON_TYPE, JSON.stringify(body));
  }
}

/** Returns what leaves: the response schema is an allow-list of what may leave an identity service. */
export function jsonReply(declared: JsonReply, output: unknown): { status: number; body: unknown } {
  const two = declared.orStatus ? (output as { status: number; body: unknown }) : undefined;
  return {
    status: two?.status ?? declared.status,
    body: z.parse(declared.body, two ? two.body : output),
  };
}

export type JsonReply = Extract<Endpoint['reply'], { body: unknown }>;

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

export function writeAnswer(
  res: ServerResponse,
  output: Answer,
  extra: Readonly<Record<string, string>> = {},
): void {
  if ('redirect' in output) {
    // The only place where a portal link is sent to a browser.
    write(
      res,
      output.status ?? 303,
      { location: output.redirect.reveal(), ...cookies(output.setCookie) },
      undefined,
    );
  } else write(res, output.status, { ...output.headers, ...extra }, output.body);
}

const cookies = (values: readonly string[] | undefined): Record<string, string[]> =>
  values ? { 'set-cookie': [...values] } : {};

function write(
  res: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string | string[]>>,
  body: string | Buffer | undefined,
): void {
  const { requestId } = contextOf(res);
  res.writeHead(status, {
    ...API_HEADERS,
    ...headers,
    'x-request-id': requestId,
    ...(status !== 204 &&
      status !== 304 && { 'content-length': body === undefined ? 0 : Buffer.byteLength(body) }),
  });
  res.end(body);
}
