import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { isUnofferedPath } from '../../src/http/not-offered.ts';
import { OPERATIONS } from '../../src/openapi/operations.ts';
import { openApiDocument } from '../../src/openapi/document.ts';
import { factsOf, operationName, type Facts, type Fields } from '../support/compatibility/facts.ts';
import { expanded, type OpenApi } from '../support/contract-validator.ts';

/** Written by test/support/compatibility/write-facts.ts from a newer specification than npm has. */
const FILE = new URL('../support/compatibility/workos-facts.json', import.meta.url);
const theirs = (JSON.parse(readFileSync(FILE, 'utf8')) as { operations: Facts }).operations;
const ours = factsOf(expanded(openApiDocument(OPERATIONS) as unknown as OpenApi));
const offered = Object.keys(theirs).filter((operation) => operation in ours);

/** Fields of WorkOS that the gateway does not take under this name, and why. */
const REASONS: Readonly<Record<string, string>> = {
  'POST /sso/token query client_id': 'Secrets belong in the body.',
  'POST /sso/token query client_secret': 'Secrets belong in the body.',
  'POST /sso/token query code': 'Secrets belong in the body.',
  'POST /sso/token query grant_type': 'It belongs in the body.',
  'GET /user_management/users query organization': 'Taken as an alias of organization_id.',
};

const missing = (operation: string, part: 'query' | 'body', mine: Fields = {}): string[] =>
  Object.keys(theirs[operation]?.[part] ?? {})
    .filter((field) => !(field in mine))
    .map((field) => `${operation} ${part} ${field}`);

describe('the newest specification of WorkOS that is known', () => {
  it('has no field of an offered operation that the gateway would leave out', () => {
    const all = offered.flatMap((operation) => [
      ...missing(operation, 'query', ours[operation]?.query),
      ...missing(operation, 'body', ours[operation]?.body),
    ]);

    expect(all.filter((field) => !(field in REASONS))).toEqual([]);
    expect(Object.keys(REASONS).filter((field) => !all.includes(field))).toEqual([]);
  });

  it('has no operation that the gateway neither offers nor answers with 501', () => {
    const names = Object.values(OPERATIONS).flatMap(({ contract }) =>
      Object.values(contract).flatMap(({ method, path, notOffered = [] }) =>
        [method, ...notOffered].map((one) => operationName(one, path)),
      ),
    );
    const unknown = Object.keys(theirs).filter(
      (operation) =>
        !names.includes(operation) &&
        !isUnofferedPath((operation.split(' ')[1] ?? '').replaceAll('{}', 'x')),
    );

    expect(unknown).toEqual([]);
  });

  it('is compared in docs/not-offered.md with the right numbers', () => {
    const page = readFileSync('docs/not-offered.md', 'utf8');
    const perArea = [...page.matchAll(/^\|.*?\|\s*(\d+)\s*\|/gm)].map((row) => Number(row[1]));
    const all = Object.keys(theirs).length;
    const rest = perArea.reduce((sum, one) => sum + one, 0);

    expect(page).toContain(`offers ${offered.length} of ${all} operations`);
    expect([perArea.length, rest]).toEqual([9, all - offered.length]);
  });
});
