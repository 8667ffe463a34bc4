import { writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { isUnofferedPath } from '../../src/http/not-offered.ts';
import { UNOFFERED_PATHS } from '../../src/http/unoffered-paths.ts';
import { OPERATIONS } from '../../src/openapi/operations.ts';
import { FACTS } from '../support/compatibility/offered.ts';
import { nameless } from '../support/compatibility/specification.ts';
import { formatted } from '../support/formatted.ts';

const FILE = new URL('../../src/http/unoffered-paths.ts', import.meta.url).pathname;

const operations = Object.keys(FACTS).map((name) => {
  const [method = '', path = ''] = name.split(' ');
  return { name, method: method.toLowerCase(), path };
});
const endpoints = Object.values(OPERATIONS).flatMap(({ contract }) => Object.values(contract));
const offered = new Set(endpoints.map(({ path }) => nameless(path)));
const rootOf = (path: string): string => path.split('/')[1] ?? '';
const offeredRoots = new Set(endpoints.map(({ path }) => rootOf(path)));

/** WorkOS's paths that Gatehouse lacks; a resource that it lacks entirely is one entry. */
function unofferedPaths(): string[] {
  const paths = operations.map(({ path }) => path).filter((path) => !offered.has(path));
  const entries = paths.map((path) =>
    offeredRoots.has(rootOf(path)) ? path : `/${rootOf(path)}/**`,
  );
  return [...new Set(entries)].sort();
}

async function writePaths(paths: readonly string[]): Promise<readonly string[]> {
  const source = `/** Generated from the facts of WorkOS's specification by test/http/not-offered.test.ts. Do not edit. */
    export const UNOFFERED_PATHS: readonly string[] = ${JSON.stringify(paths)};`;
  writeFileSync(FILE, await formatted(FILE, source));
  return paths;
}

describe('paths of WorkOS that Gatehouse does not offer', () => {
  it('are those of WorkOS’s specification: UPDATE_DOCS=1 writes src/http/unoffered-paths.ts', async () => {
    const expected = unofferedPaths();
    const paths =
      process.env.UPDATE_DOCS === undefined ? UNOFFERED_PATHS : await writePaths(expected);

    expect(paths).toEqual(expected);
  });

  it.each([
    '/fga/v1/check',
    '/authorization/groups/group_1/role_assignments',
    '/organizations/acme/it_contacts/contact_1/invite',
    '/user_management/waitlists',
    '/user_management/users/user_1/sessions',
    '/sso/jwks/client_1',
    '/oauth2/device_authorization',
    '/sdk/feature-flags',
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
    '/user_management/users/external_id/crm/7',
    '/organizations/external_id/crm/7',
  ])('do not include %s', (path) => {
    expect(isUnofferedPath(path)).toBe(false);
  });

  it('have their methods in `notOffered` where Gatehouse offers other methods of the path', () => {
    const missing = operations.filter(({ method, path }) => {
      const here = endpoints.filter((endpoint) => nameless(endpoint.path) === path);
      return !here.some(
        (endpoint) =>
          endpoint.method === method || endpoint.notOffered?.some((one) => one === method),
      );
    });

    expect(missing.filter(({ path }) => offered.has(path)).map(({ name }) => name)).toEqual([]);
  });
});
