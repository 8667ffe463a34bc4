import type { IncomingMessage } from 'node:http';
import { Problem, invalidFields } from '../core/problem.ts';
import { readBytes } from './body-bytes.ts';
import type { BodyRoom } from './body-room.ts';
import { cleanJson, decodeUtf8 } from './strict-json.ts';
import { readQuery } from './wire-forms/query.ts';

const DEFAULT_MAX_BYTES = 64 * 1024;

/**
 * Reads a JSON body strictly (RFC 8259, and the unique names of I-JSON, RFC 7493 §2.3).
 *
 * @throws Problem `unsupported-media-type`, `payload-too-large`, `malformed-request`, `invalid-request`,
 *   `overloaded`
 */
export async function readJson(req: IncomingMessage, room: BodyRoom): Promise<unknown> {
  return cleanJson(await readJsonBytes(req, room));
}

/** Reads like `readJson`, but a body may be missing or empty, whatever its type. @returns undefined then */
export async function readOptionalJson(req: IncomingMessage, room: BodyRoom): Promise<unknown> {
  if (!hasBody(req)) return undefined;
  const isChunked = req.headers['transfer-encoding'] !== undefined;
  if (!isChunked) requireMediaType(req, 'application/json');
  const bytes = await readBytes(req, DEFAULT_MAX_BYTES, room);
  if (bytes.length === 0) return undefined;
  if (isChunked) requireMediaType(req, 'application/json');
  return cleanJson(bytes);
}

/** RFC 9112 §6: a request has a body if one of these headers announces it. */
export const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/**
 * Reads the raw bytes of a body that is declared as JSON, e.g. to verify a signature over them.
 *
 * @throws Problem `unsupported-media-type`, `payload-too-large`, `malformed-request`, `overloaded`
 */
export function readJsonBytes(
  req: IncomingMessage,
  room: BodyRoom,
  maxBytes = DEFAULT_MAX_BYTES,
): Promise<Buffer> {
  requireMediaType(req, 'application/json');
  return readBytes(req, maxBytes, room);
}

/**
 * Reads the fields of an HTML form.
 *
 * @throws Problem as `readJson`
 */
export async function readForm(
  req: IncomingMessage,
  room: BodyRoom,
): Promise<Readonly<Record<string, string>>> {
  requireMediaType(req, 'application/x-www-form-urlencoded');
  const pairs = new URLSearchParams(decodeUtf8(await readBytes(req, DEFAULT_MAX_BYTES, room)));
  const { values, faults } = readQuery(pairs, { lists: [], maps: [], aliases: {} });
  if (faults.length > 0) throw invalidFields(faults);
  return values;
}

export const isForm = (req: IncomingMessage): boolean =>
  typeOf(req) === 'application/x-www-form-urlencoded';

export const isJson = (req: IncomingMessage): boolean => typeOf(req) === 'application/json';

const typeOf = ({ headers }: IncomingMessage): string =>
  (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';

function requireMediaType(req: IncomingMessage, expected: string): void {
  const type = req.headers['content-type'] ?? '';
  const encoding = req.headers['content-encoding']?.toLowerCase() ?? 'identity';
  if (type === expected && encoding === 'identity') return;
  const [, ...parameters] = type.toLowerCase().split(';');
  const charset = parameters.find((parameter) => parameter.trim().startsWith('charset='));
  if (typeOf(req) === expected && isUtf8(charset) && encoding === 'identity') return;
  throw new Problem(
    'unsupported-media-type',
    `Send the body in UTF-8 with the header Content-Type: ${expected}, and without Content-Encoding.`,
  );
}

const isUtf8 = (charset: string | undefined): boolean =>
  charset === undefined || /^charset="?(utf-?8|us-ascii)"?$/.test(charset.trim());
