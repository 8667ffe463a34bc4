import type { z } from 'zod';
import { describe, expect, it } from '@jest/globals';
import { isOfWorkos } from '../../src/http/endpoint.ts';
import { jsonOperations } from '../support/operations.ts';
import { sample } from '../support/sample.ts';
import {
  type Headers,
  withBody,
  withJson,
  expectProblem,
  typeOf,
  useBadInput,
  itChangedNothing,
} from './bad-input-setup.ts';

useBadInput();

const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le');

const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;

const manyKeys = (count: number) =>
  `{${Array.from({ length: count }, (_, at) => `"k${at}":1`).join(',')}}`;

/** [what is sent, its bytes, status, code, field] */
const BODIES: [string, string | Buffer, number, string, string?][] = [
  ['nothing', '', 400, 'malformed_request'],
  ['white space', ' \r\n\t', 400, 'malformed_request'],
  ['what is no JSON', 'name=Acme', 400, 'malformed_request'],
  ['JSON without its end', '{"name":"Acme"', 400, 'malformed_request'],
  ['JSON and more', '{}{}', 400, 'malformed_request'],
  ['JSON with a comment', '{/**/}', 400, 'malformed_request'],
  ['JSON with a comma too many', '{"name":"Acme",}', 400, 'malformed_request'],
  ['NaN', '{"name":NaN}', 400, 'malformed_request'],
  ['a raw control character', '{"name":"a\u0000b"}', 400, 'malformed_request'],
  ['a byte order mark', '\ufeff{}', 400, 'malformed_request'],
  ['UTF-16', utf16('{"name":"Acme"}'), 400, 'malformed_request'],
  ['Latin-1', Buffer.from('{"name":"Acm\u00e9"}', 'latin1'), 400, 'malformed_request'],
  ['an overlong NUL', Buffer.from('{"name":"\xc0\x80"}', 'latin1'), 400, 'malformed_request'],
  ['a raw surrogate', Buffer.from('{"name":"\xed\xa0\x80"}', 'latin1'), 400, 'malformed_request'],
  ['one name twice', '{"name":"a","name":"b"}', 400, 'malformed_request'],
  ['one name twice, once escaped', '{"a":1,"\\u0061":2}', 400, 'malformed_request'],
  ['one name twice, deep down', '{"x":[{"y":{"a":1,"a":2}}]}', 400, 'malformed_request'],
  ['an empty name twice', '{"":1,"":2}', 400, 'malformed_request'],
  ['a number that is too large', '{"x":[1e400]}', 400, 'malformed_request'],
  ['a number of 400 digits', `{"x":-${'9'.repeat(400)}}`, 400, 'malformed_request'],
  ['21 levels', nested(21), 400, 'malformed_request'],
  ['10,000 levels', nested(10_000), 400, 'malformed_request'],
  ['30,000 open brackets', '['.repeat(30_000), 400, 'malformed_request'],
  ['64 KB and a byte', `{"a":"${'x'.repeat(65_529)}"}`, 413, 'payload_too_large'],
  ['100,000 names', manyKeys(100_000), 413, 'payload_too_large'],
  ['a megabyte of white space', ' '.repeat(1_048_576), 413, 'payload_too_large'],
  ['as many names as fit', manyKeys(6_000), 422, 'invalid_request', 'k0'],
  ['64 KB to the byte', `{"a":"${'x'.repeat(65_528)}"}`, 422, 'invalid_request', 'a'],
  ['null', 'null', 422, 'invalid_request', 'body'],
  ['a list', '[]', 422, 'invalid_request', 'body'],
  ['a list of what was asked', '[{"name":"Acme"}]', 422, 'invalid_request', 'body'],
  ['a number', '1', 422, 'invalid_request', 'body'],
  ['a text', '"Acme"', 422, 'invalid_request', 'body'],
  ['true', 'true', 422, 'invalid_request', 'body'],
  ['an unknown field', '{"unknown":1}', 422, 'invalid_request', 'unknown'],
  ['an empty name', '{"":1}', 422, 'invalid_request'],
  ['__proto__', '{"__proto__":{"admin":true}}', 422, 'invalid_request', '__proto__'],
  ['__proto__, escaped', '{"\\u005f_proto__":1}', 422, 'invalid_request', '__proto__'],
  ['constructor', '{"constructor":{"prototype":{}}}', 422, 'invalid_request', 'constructor'],
  ['toString', '{"toString":"x","hasOwnProperty":1}', 422, 'invalid_request', 'toString'],
  ['NUL by an escape', '{"name":"a\\u0000b"}', 422, 'invalid_request', 'name'],
  ['a lone surrogate', '{"name":"\\ud800"}', 422, 'invalid_request', 'name'],
  ['a lone surrogate in a name', '{"\\udc00":1}', 422, 'invalid_request'],
  ['a name with control characters', '{"a\\r\\nb":1}', 422, 'invalid_request', 'a??b'],
];

/** [what is said of the body, the header] */
const TYPES: [string, Headers][] = [
  ['no media type', { 'content-type': '' }],
  ['text/plain', { 'content-type': 'text/plain' }],
  ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
  ['another JSON', { 'content-type': 'application/ld+json' }],
  ['another text in front', { 'content-type': 'x-application/json' }],
  ['two media types', { 'content-type': 'application/json, text/plain' }],
  ['UTF-16', { 'content-type': 'application/json; charset=utf-16' }],
  ['Latin-1', { 'content-type': 'application/json; charset="iso-8859-1"' }],
  ['gzip', { 'content-encoding': 'gzip' }],
  ['two encodings', { 'content-encoding': 'gzip, br' }],
];

/** WorkOS's own operations leave out what they do not know, and take less than an object. */
const TOLERATED = new Set([
  ...['nothing', 'null', 'a list', 'as many names as fit', '64 KB to the byte'],
  ...['an unknown field', 'an empty name', 'constructor', 'toString'],
  'a name with control characters',
]);

// The token endpoint speaks RFC 6749, and is tested with single sign-on.
// Those that run others answer with JSON-RPC errors.
const bodied = jsonOperations.filter(({ endpoint }) => typeof endpoint.access !== 'string');

describe.each(bodied.map((operation, at) => [operation.id, operation, at] as const))(
  '%s',
  (_id, operation, at) => {
    const isTolerant = isOfWorkos(operation.endpoint);
    const bodies = BODIES.filter(([name]) => !isTolerant || !TOLERATED.has(name));

    it.each(sample(bodies, 10, at))('refuses %s', async (...[, body, status, code, field]) => {
      const answer = await withBody(operation, body);

      expectProblem(answer, {
        status,
        code,
        type: typeOf(operation),
        ...(field !== undefined && { field }),
      });
    });

    it.each(sample(TYPES, 6, at))('refuses a body said to be %s', async (_name, more) => {
      const answer = await withBody(operation, '{}', more);

      expectProblem(answer, {
        status: 415,
        code: 'unsupported_media_type',
        type: typeOf(operation),
      });
    });

    it('takes a body that names its encoding as none, in any case', async () => {
      const answer = await withBody(operation, '{}', { 'content-encoding': 'Identity' });

      expect(answer.status).not.toBe(415);
    });

    it('refuses every field of its example when it is of another type, and names it', async () => {
      for (const [name, value] of Object.entries(operation.endpoint.example ?? {})) {
        const others = [null, 7, true, [[]], {}, ''].filter((w) => typeof w !== typeof value);
        // Some fields may be null, to say that there is nothing.
        const shape: Record<string, z.ZodType | undefined> = operation.endpoint.body?.shape ?? {};
        const isOptional = shape[name]?.safeParse(undefined).success === true;
        const isUnset = (w: unknown) => isTolerant && isOptional && (w === null || w === '');
        for (const wrong of others.filter(
          (w) => !isUnset(w) && (w !== null || !shape[name]?.safeParse(null).success),
        )) {
          const answer = await withJson(operation, {
            ...operation.endpoint.example,
            [name]: wrong,
          });

          expectProblem(answer, {
            status: 422,
            code: 'invalid_request',
            type: typeOf(operation),
            field: name,
          });
          // Only a required field that is null reads as missing.
          if (wrong !== null || isOptional)
            expect(answer.json.errors?.[0]?.code).not.toBe('required');
        }
      }
    });

    it('names what is missing as required', async () => {
      const optional = await withBody(operation, '{}');
      const required = Object.keys(operation.endpoint.example ?? {}).filter((name) =>
        optional.json.errors?.some(({ field }) => field === name),
      );

      for (const error of optional.json.errors ?? []) expect(error.code).toMatch(/required$/);
      expect([operation.id, required]).toEqual([operation.id, REQUIRED[operation.id] ?? []]);
    });
  },
);

/** Fields of the example that a body must have. */
const REQUIRED: Record<string, string[]> = {
  putTenant: ['name'],
  putItAdmin: ['state'],
  generatePortalLink: ['organization', 'intent'],
  createPortalLaunch: ['tenant_id', 'intent'],
  createOrganization: ['name', 'external_id'],
  createOrganizationDomain: ['domain', 'organization_id'],
  createAuditLogEvent: ['organization_id', 'event'],
  createAuditLogSchema: ['targets'],
  enrollFactor: ['type'],
  createPasswordlessSession: ['type', 'email'],
  createUser: ['email'],
  setAuditLogsRetention: ['retention_period_in_days'],
  createMagicAuth: ['email'],
  createPasswordReset: ['email'],
  confirmEmailVerification: ['code'],
  sendEmailChange: ['new_email'],
  confirmEmailChange: ['code'],
  sendInvitation: ['email'],
  createRole: ['slug', 'name'],
  setRolePermissions: ['permissions'],
  addRolePermission: ['slug'],
  createPermission: ['slug', 'name'],
  createOrganizationRole: ['name'],
  setOrganizationRolePermissions: ['permissions'],
  addOrganizationRolePermission: ['slug'],
  createGroup: ['name'],
  createOrganizationApiKey: ['name'],
  createUserApiKey: ['name', 'organization_id'],
  validateApiKey: ['value'],
  createWidgetToken: ['organization_id'],
};

itChangedNothing();
