import type { Request } from 'express';
import { z } from 'zod';
import { isObject } from '../core/json.ts';
import { invalidField, invalidFields, type FieldError } from '../core/problem.ts';
import type { BodyRoom } from './body-room.ts';
import { isOfWorkos, type Endpoint } from './endpoint.ts';
import {
  hasBody,
  isForm,
  isJson,
  readForm,
  readJson,
  readJsonBytes,
  readOptionalJson,
} from './json-body.ts';
import { refuseTwoCursors } from './pagination.ts';
import { parse } from './parse.ts';
import { readFields, type UnknownField } from './wire-forms/fields.ts';
import { emptyOrganizations, refusedOrganizations } from './wire-forms/organization-fields.ts';
import { asMissing } from './wire-forms/path-ids.ts';
import { readQuery } from './wire-forms/query.ts';

/** The values of a request, read by the schemas of its operation. */
export interface ReadInput {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  /** The tenant that the request names, if it names one. */
  readonly tenantId: string | undefined;
  /** Faults of the query, for an operation that reports them itself. */
  readonly faults: readonly FieldError[];
  /** Fields that the operation does not have. */
  readonly unknown: readonly UnknownField[];
}

export interface BodyOptions {
  /** Decides by the query if the body is read at all. @throws Problem */
  readonly beforeBody: (query: unknown) => Promise<void>;
  readonly bodies: BodyRoom;
}

/**
 * Reads a request, once: what is decided and what is sent to WorkOS come from these values. WorkOS's
 * own operations take the forms in which official SDKs write; all others take exactly their schema.
 *
 * @throws Problem `invalid-request`, or as `beforeBody` and the readers of the body
 */
export async function readInput(
  req: Request,
  endpoint: Endpoint,
  { beforeBody, bodies }: BodyOptions,
): Promise<ReadInput> {
  const params = paramsOf(req, endpoint);
  const { value: query, ...ofQuery } = queryOf(req, endpoint);
  refuse(endpoint, ofQuery.faults);
  if (!isOfWorkos(endpoint)) refuseTwoCursors(query);
  await beforeBody(query);
  const { value: body, ...ofBody } = await bodyOf(req, endpoint, bodies);
  const tenantId = tenantOf(endpoint, { params, query, body });
  const unknown = [...ofQuery.unknown, ...ofBody.unknown];
  const faults = [...ofQuery.faults, ...refusedOrganizations(unknown, tenantId)];
  refuse(endpoint, faults);
  return { params, query, body, tenantId, faults, unknown };
}

/** The values of a request that did not come over HTTP, not parsed yet. */
export type Values = Readonly<Partial<Record<'params' | 'query' | 'body', unknown>>>;

/**
 * Parses the values of a request that did not come over HTTP, in the order of `readInput`.
 *
 * @throws Problem `invalid-request`, or as `beforeBody`
 */
export async function readValues(
  values: Values,
  endpoint: Endpoint,
  beforeBody: BodyOptions['beforeBody'],
): Promise<Omit<ReadInput, 'unknown'>> {
  const params = parse(endpoint.params, values.params);
  const query = parse(endpoint.query, values.query);
  refuseTwoCursors(query);
  await beforeBody(query);
  const body = parse(endpoint.body, values.body);
  const read = { params, query, body };
  return { ...read, tenantId: tenantOf(endpoint, read), faults: [] };
}

function refuse({ reportsFaults }: Endpoint, faults: readonly FieldError[]): void {
  if (faults.length > 0 && !reportsFaults) throw invalidFields(faults);
}

function tenantOf(
  { access }: Endpoint,
  input: { readonly params: unknown; readonly query: unknown; readonly body: unknown },
): string | undefined {
  if (typeof access === 'string' || access.tenant === undefined) return undefined;
  const [where, field] = access.tenant.split('.') as ['params' | 'query' | 'body', string];
  return (input[where] as Record<string, string | undefined>)[field];
}

function paramsOf(req: Request, endpoint: Endpoint): unknown {
  try {
    return parse(endpoint.params, req.params);
  } catch (error) {
    throw isOfWorkos(endpoint) ? asMissing(error, endpoint) : error;
  }
}

interface ReadPart {
  readonly value: unknown;
  readonly unknown: readonly UnknownField[];
}

interface ReadQueryPart extends ReadPart {
  readonly faults: readonly FieldError[];
}

const NOTHING = z.strictObject({});

function queryOf(req: Request, endpoint: Endpoint): ReadQueryPart {
  const { query, lists = [], maps = [], aliases = {} } = endpoint;
  if (isOfWorkos(endpoint)) return tolerantQueryOf(req, endpoint);
  if (!query) return { value: undefined, unknown: [], faults: [] };
  const { values, faults } = readQuery(pairsOf(req), { lists, maps, aliases });
  return { value: faults.length > 0 ? undefined : parse(query, values), unknown: [], faults };
}

function tolerantQueryOf(req: Request, endpoint: Endpoint): ReadQueryPart {
  const { query, lists = [], maps = [], aliases = {}, reportsFaults } = endpoint;
  if (!req.url.includes('?')) return { value: parse(query, {}), unknown: [], faults: [] };
  const known = reportsFaults ? undefined : (query ?? NOTHING).shape;
  const read = readQuery(pairsOf(req), { lists, maps, aliases, known });
  const faults = [...read.faults, ...(reportsFaults ? [] : emptyOrganizations(read.values))];
  if (faults.length > 0 && !reportsFaults) return { value: undefined, unknown: [], faults };
  const { value, unknown: fields } = readFields(query ?? NOTHING, read.values);
  const unknown = [...read.unknown, ...fields];
  return { value: query && parse(query, value, pathsOf(unknown)), unknown, faults };
}

function pairsOf({ url }: Request): URLSearchParams {
  const at = url.indexOf('?');
  return new URLSearchParams(at < 0 ? '' : url.slice(at));
}

async function bodyOf(req: Request, endpoint: Endpoint, room: BodyRoom): Promise<ReadPart> {
  const { body, bodyAs = 'json', maxBodyBytes } = endpoint;
  if (bodyAs === 'bytes')
    return { value: await readJsonBytes(req, room, maxBodyBytes), unknown: [] };
  if (isOfWorkos(endpoint)) return tolerantBodyOf(req, endpoint, room);
  if (!body) return { value: undefined, unknown: [] };
  const asForm = bodyAs === 'form' || (bodyAs === 'form-or-json' && isForm(req));
  return {
    value: parse(body, await (asForm ? readForm(req, room) : readJson(req, room))),
    unknown: [],
  };
}

const LEFT_OUT: ReadPart = { value: undefined, unknown: [{ path: 'body', value: null }] };

async function tolerantBodyOf(
  req: Request,
  { body, bodyAs, optionalBody }: Endpoint,
  room: BodyRoom,
): Promise<ReadPart> {
  // Nothing is asked for here, so a body of any type is as good as none.
  if (!body && !isJson(req)) return hasBody(req) ? LEFT_OUT : { value: undefined, unknown: [] };
  const asForm = bodyAs === 'form-or-json' && isForm(req);
  const sent = asForm ? await readForm(req, room) : await readOptionalJson(req, room);
  if (!body) return withoutSchema(objectOf(sent));
  const { value, unknown } = readFields(body, objectOf(sent));
  const parsed = parse(body, value, pathsOf(unknown));
  // After the fields, because the name of a missing one says more.
  if (sent === undefined && !optionalBody) throw invalidField('body', 'required', 'is required');
  return { value: parsed, unknown };
}

function withoutSchema(given: unknown): ReadPart {
  const { unknown } = readFields(NOTHING, given);
  return isObject(given) ? { value: undefined, unknown } : LEFT_OUT;
}

const pathsOf = (unknown: readonly UnknownField[]): string[] => unknown.map(({ path }) => path);

/** PHP writes an object without fields as `[]`, and other languages write nothing or `null`. */
const objectOf = (value: unknown): unknown =>
  value === undefined || value === null || (Array.isArray(value) && value.length === 0)
    ? {}
    : value;
