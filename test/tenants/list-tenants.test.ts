import { beforeAll, describe, expect, it } from '@jest/globals';
import { tenantsCommand } from '../../src/cli/tenants.ts';
import type { Terminal } from '../../src/cli/output.ts';
import { type TestClient } from '../support/test-app.ts';
import {
  gatehouse,
  put,
  patch,
  organizationOf,
  foreignOrganization,
  useTenants,
} from './tenants-setup.ts';

useTenants();

interface TenantList {
  readonly data: readonly { readonly id: string }[];
  readonly list_metadata: { readonly before: string | null; readonly after: string | null };
}

describe('listTenants', () => {
  let reader: TestClient;
  const all = Array.from({ length: 25 }, (_, i) => `page-${String(i).padStart(2, '0')}`);
  beforeAll(async () => {
    reader = await gatehouse.createClient({ scopes: ['tenants:read'], tenants: ['page-*'] });
    for (const id of all) {
      const domains = id === 'page-07' ? [{ domain: 'Seven.Example' }] : [];
      await put(id, { name: id, domains }).expect(201);
    }
    await patch('page-11', { status: 'suspended' }).expect(200);
  });

  const list = async (query: string): Promise<TenantList> =>
    (await gatehouse.as(reader).get(`/v1/tenants${query}`).expect(200)).body as TenantList;
  const ids = ({ data }: TenantList) => data.map(({ id }) => id);

  it.each([
    ['asc', all],
    ['desc', all.toReversed()],
  ])('shows each once, in pages, forwards and back, with order=%s', async (order, expected) => {
    const forwards: string[] = [];
    let page = await list(`?order=${order}&limit=7`);
    const first = page;
    forwards.push(...ids(page));
    while (page.list_metadata.after !== null) {
      page = await list(`?order=${order}&limit=7&after=${page.list_metadata.after}`);
      forwards.push(...ids(page));
    }
    const backwards = ids(page);
    while (page.list_metadata.before !== null) {
      page = await list(`?order=${order}&limit=7&before=${page.list_metadata.before}`);
      backwards.unshift(...ids(page));
    }

    expect(first.list_metadata.before).toBeNull();
    expect(forwards).toEqual(expected);
    expect(backwards).toEqual(expected);
  });

  it('lists ten tenants, the newest first, by default', async () => {
    expect(ids(await list(''))).toEqual(all.toReversed().slice(0, 10));
  });

  it('has no cursors if everything is on one page', async () => {
    const page = await list('?limit=100');

    expect(page.data).toHaveLength(25);
    expect(page.list_metadata).toEqual({ before: null, after: null });
  });

  it('ends exactly at a full page', async () => {
    const { list_metadata } = await list('?limit=25');

    expect(list_metadata.after).toBeNull();
  });

  it.each([
    ['status=suspended', ['page-11']],
    ['domain=seven.example', ['page-07']],
    ['domain=SEVEN.EXAMPLE', ['page-07']],
    ['domain=eight.example', []],
    ['status=orphaned', []],
  ])('filters by %s', async (query, expected) => {
    expect(ids(await list(`?${query}`))).toEqual(expected);
  });

  it.each([
    'limit=0',
    'limit=101',
    'limit=x',
    'order=up',
    'status=deleted',
    'domain=-',
    'after=page-01&before=page-02',
    'after=%00',
    'limit=1&limit=2',
    'unknown=1',
  ])('refuses ?%s', async (query) => {
    const res = await gatehouse.as(reader).get(`/v1/tenants?${query}`);

    expect([res.status, res.body]).toMatchObject([422, { code: 'invalid_request' }]);
  });
});

describe('gatehouse tenants verify', () => {
  const verify = async () => {
    let out = '';
    const terminal: Terminal = {
      shown: false,
      attended: false,
      out: (text) => void (out += text),
      err: () => undefined,
      ask: () => Promise.resolve(''),
    };
    const { db } = gatehouse.database;
    const code = await tenantsCommand(['verify'], { terminal, db, config: gatehouse.config });
    const { differences } = JSON.parse(out) as { differences: Record<string, unknown>[] };
    return { code, differences };
  };

  it('lists the differences of both sides, and exits with 1', async () => {
    await gatehouse.provision('renamed-there');
    const renamed = organizationOf('renamed-there');
    if (renamed) renamed.name = 'Renamed by hand';
    await gatehouse.provision('unmarked-there');
    delete organizationOf('unmarked-there')?.metadata.gatehouse_tenant;
    const stray = await foreignOrganization({ external_id: 'gh:test:stray' });

    const { code, differences } = await verify();

    expect(code).toBe(1);
    expect(differences).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ tenantId: 'renamed-there', what: expect.stringMatching(/name/) }),
        expect.objectContaining({
          tenantId: 'unmarked-there',
          what: expect.stringMatching(/mark/),
        }),
        expect.objectContaining({ organizationId: stray }),
      ]),
    );
    expect(differences).not.toContainEqual(expect.objectContaining({ tenantId: 'acme' }));
  });
});
