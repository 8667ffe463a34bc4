/** Reads a body once, for the log of requests and for the operation alike. */
import type { IncomingMessage } from 'node:http';
import { text as textOf } from 'node:stream/consumers';

interface RequestBody {
  /** The JSON value or the form's fields; the raw text where it is neither. Undefined: no body. */
  readonly value: unknown;
  readonly wellFormed: boolean;
}

export async function readBody(request: IncomingMessage): Promise<RequestBody> {
  const text = await textOf(request);
  const type = request.headers['content-type'] ?? '';
  if (text === '') return { value: undefined, wellFormed: true };
  if (type.startsWith('application/x-www-form-urlencoded'))
    return { value: Object.fromEntries(new URLSearchParams(text)), wellFormed: true };
  try {
    return { value: JSON.parse(text), wellFormed: true };
  } catch {
    return { value: text, wellFormed: false };
  }
}
