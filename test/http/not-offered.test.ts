import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { format, resolveConfig } from 'prettier';
import { isUnofferedPath } from '../../src/http/not-offered.ts';
import { OPERATIONS } from '../../src/openapi/operations.ts';
import { nameless, readSpecification } from '../support/compatibility/specification.ts';

const FILE = new URL('../../src/http/unoffered-paths.ts', import.meta.url).pathname;
const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

const specification = readSpecification();
const endpoints = Object.values(OPERATIONS).flatMap(({ contract }) => Object.values(contract));
const offered = new Set(endpoints.map(({ path }) => nameless(path)));
const rootOf = (path: string): string => path.split('/')[1] ?? '';
const offeredRoots = new Set(endpoints.map(({ path }) => rootOf(path)));

/** WorkOS's paths that Gatehouse lacks; a resource that it lacks entirely is one entry. */
function unofferedPaths(): string[] {
  const paths = Object.keys(specification.paths).filter((path) => !offered.has(nameless(path)));
  const entries = paths.map((path) =>
    offeredRoots.has(rootOf(path)) ? path : `/${rootOf(path)}/**`,
  );
  return [...new Set(entries)].sort();
}

describe('paths of WorkOS that Gatehouse does not offer', () => {
  it('are those of WorkOS’s specification: UPDATE_DOCS=1 writes src/http/unoffered-paths.ts', async () => {
    const source = `/** Generated from \`@workos/openapi-spec\` by test/http/not-offered.test.ts. Do not edit. */
      export const UNOFFERED_PATHS: readonly string[] = ${JSON.stringify(unofferedPaths())};`;
    const style = { ...(await resolveConfig(FILE)), parser: 'typescript' };
    const generated = await format(source, style);

    if (process.env.UPDATE_DOCS !== undefined) writeFileSync(FILE, generated);
    expect(readFileSync(FILE, 'utf8')).toBe(generated);
  });

  it.each([
    '/fga/v1/check',
    '/authorization/groups/group_1/role_assignments',
    '/organizations/acme/it_contacts/contact_1/invite',
    '/user_management/waitlists',
    '/user_management/users/user_1/sessions',
    '/sso/jwks/client_1',
  ])('include %s', (path) => {
    expect(isUnofferedPath(path)).toBe(true);
  });

  it.each([
    '/',
    '/nothing',
    '/organizations/',
    '/user_management',
    '/sso/other',
    '/v1/tenants/x/y',
  ])('do not include %s', (path) => {
    expect(isUnofferedPath(path)).toBe(false);
  });

  it('have their methods in `notOffered` where Gatehouse offers other methods of the path', () => {
    const missing = Object.entries(specification.paths).flatMap(([path, methods]) => {
      const here = endpoints.filter((endpoint) => nameless(endpoint.path) === nameless(path));
      const known = here.flatMap(({ method, notOffered = [] }) => [method, ...notOffered]);
      return METHODS.filter((method) => method in methods && !known.includes(method)).map(
        (method) => [path, method],
      );
    });

    expect(missing.filter(([path = '']) => offered.has(nameless(path)))).toEqual([]);
  });
});
