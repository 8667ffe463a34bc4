/** WorkOS's specification as a server: each operation answers its own example. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { isObject } from '../../../src/core/json.ts';
import { exampleOf } from './schema-fields.ts';
import { nameless, replyOf, type Document } from './specification.ts';

/** `given`: the example of the whole answer, where there is one. `composed`: of each of its fields. */
export type Variant = 'given' | 'composed';

export interface Told {
  readonly operation: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export interface Stub {
  readonly url: string;
  variant: Variant;
  /** What was asked, newest last. */
  readonly told: Told[];
  /** What it answers. Undefined: nothing that is JSON. */
  answerOf(method: string, path: string, variant: Variant): { status: number; body: unknown };
  stop(): Promise<void>;
}

/** What the specification does not know: operation → what WorkOS's guides show. */
export type Unspecified = Readonly<Record<string, unknown>>;

const ORGANIZATION = /\borg_0[0-9A-Z]{20,}\b/g;

/** @param organizationId the one that every example is of */
export async function startStub(
  specification: Document,
  organizationId: string,
  unspecified: Unspecified,
): Promise<Stub> {
  const { schemas } = specification.components;
  const exampleAt = (method: string, path: string, variant: Variant) => {
    const guide = Object.keys(unspecified).find((one) => fits(one, `${method} ${path}`));
    if (guide) return { status: 200, body: unspecified[guide] };
    const { status, media } = replyOf(operationAt(specification, method, path));
    if (!media) return { status, body: undefined };
    const isGiven = variant === 'given' && media.example !== undefined;
    return { status, body: isGiven ? media.example : exampleOf(schemas, media.schema) };
  };
  const server = createServer((req, res) => {
    answer(stub, req, res).catch((error: unknown) => res.destroy(error as Error));
  });
  const stub: Stub = {
    url: '',
    variant: 'composed',
    told: [],
    answerOf: (method, path, variant) => {
      const { status, body } = exampleAt(method, path, variant);
      if (body === undefined) return { status, body };
      const mapped = JSON.stringify(body).replaceAll(ORGANIZATION, organizationId);
      return { status, body: asAsked(path, JSON.parse(mapped)) };
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(stub, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

async function answer(stub: Stub, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(req.url ?? '', stub.url);
  const method = (req.method ?? '').toLowerCase();
  const sent = await text(req);
  stub.told.push({
    operation: `${method} ${pathname}`,
    query: Object.fromEntries(searchParams),
    body: sent === '' ? undefined : (JSON.parse(sent) as unknown),
  });
  const { status, body } = stub.answerOf(method, pathname, stub.variant);
  res.writeHead(status, { 'content-type': 'application/json' });
  res.end(body === undefined ? undefined : JSON.stringify(body));
}

const OBJECT_ID = /^(?!org_)[a-z_]+_(?:1|0[0-9A-Z]{20,})$/;

/** The example as one of the object that the path names, as it is at WorkOS. */
function asAsked(path: string, example: unknown): unknown {
  const segments = path.split('/');
  const at = segments.findLastIndex(
    (segment, index) => OBJECT_ID.test(segment) || segments[index - 1] === 'by_token',
  );
  if (at < 0 || !isObject(example)) return example;
  const kind = segments[at - 1] ?? '';
  const bySlug = ['roles', 'permissions', 'feature-flags'].includes(kind);
  const field = { external_id: 'external_id', by_token: 'token' }[kind] ?? (bySlug ? 'slug' : 'id');
  const id = segments[at];
  const named = (part: unknown) => isObject(part) && part.type !== 'organization';
  const parts = { users: ['user', 'owner'], challenges: ['challenge'] }[kind] ?? [];
  return {
    ...example,
    ...(field in example && { [field]: id }),
    ...Object.fromEntries(
      parts
        .filter((part) => named(example[part]))
        .map((part) => [part, { ...(example[part] as object), id }]),
    ),
  };
}

/** Of several paths that fit the one that names most of it. */
function operationAt({ paths }: Document, method: string, path: string) {
  const fitting = Object.keys(paths)
    .filter((one) => paths[one]?.[method] && fits(one, path))
    .sort((one, other) => nameless(one).split('{}').length - nameless(other).split('{}').length);
  const found = paths[fitting[0] ?? '']?.[method];
  if (!found) throw new Error(`WorkOS has no ${method} ${path}.`);
  return found;
}

function fits(template: string, path: string): boolean {
  const [known, asked] = [template.split('/'), path.split('/')];
  return (
    known.length === asked.length &&
    known.every((segment, at) => segment.startsWith('{') || segment === asked[at])
  );
}
