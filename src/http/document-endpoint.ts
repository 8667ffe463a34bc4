import type { Endpoint } from './endpoint.ts';

/** An address that serves one file to everybody. It is not part of the OpenAPI document. */
export const documentAt = (path: `/${string}`, type: string) =>
  ({
    method: 'get',
    path,
    summary: path,
    access: 'public',
    reply: { status: 'document', type },
    problems: [],
  }) as const satisfies Endpoint;
