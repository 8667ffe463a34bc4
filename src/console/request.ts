import type { IncomingMessage } from 'node:http';
import { isCleanText } from '../core/text.ts';

/** More than any form of the console sends. */
const MAX_FORM_BYTES = 4_096;
/** Characters of a parameter. The longest is a place in the timeline of a tenant. */
const MAX_PARAMETER = 1_000;

export interface RequestTarget {
  readonly path: string;
  readonly query: URLSearchParams;
}

/** Returns undefined for a target that is not a path, or holds text that cannot be stored. */
export function targetOf(url = ''): RequestTarget | undefined {
  const [path = '', ...rest] = url.split('?');
  const query = new URLSearchParams(rest.join('?'));
  const isClean = [...query]
    .flat()
    .every((text) => text.length <= MAX_PARAMETER && isCleanText(text));
  return path.startsWith('/') && isClean ? { path, query } : undefined;
}

/** Returns undefined for a body that is no form, or too large. */
export async function readForm(req: IncomingMessage): Promise<URLSearchParams | undefined> {
  const [type = ''] = (req.headers['content-type'] ?? '').split(';');
  if (type.trim().toLowerCase() !== 'application/x-www-form-urlencoded') return undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_FORM_BYTES) return undefined;
    chunks.push(chunk);
  }
  const form = new URLSearchParams(Buffer.concat(chunks).toString());
  return [...form].flat().every(isCleanText) ? form : undefined;
}
