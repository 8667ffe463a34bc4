/** `gatehouse tenants import`. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { tenantsCommand } from '../../src/cli/tenants.ts';
import type { Config } from '../../src/config/config.ts';
import { Problem } from '../../src/core/problem.ts';
import { Secret } from '../../src/core/secret.ts';
import { createAttempts } from '../../src/maintenance/import/attempts.ts';
import { readRows } from '../../src/maintenance/import/read-rows.ts';
import { createLatch } from '../support/latch.ts';
import { organizationOf } from '../support/sign-in.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

const gatehouse = useGatehouse();
let folder: string;
let files = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-import-'));
});
afterAll(() => rm(folder, { recursive: true }));

interface Imported {
  readonly code: number;
  readonly err: string;
  readonly dry_run?: boolean;
  readonly create?: number;
  readonly adopt?: number;
  readonly imported?: number;
  readonly unchanged?: number;
  readonly left?: number;
  readonly stopped?: string;
  readonly faults?: readonly { readonly line: number; readonly what: string }[];
  readonly failures?: readonly { readonly line: number; readonly what: string }[];
}

const importFile = (content: string | Buffer, ...flags: string[]): Promise<Imported> =>
  importWith(gatehouse.config, content, ...flags);

async function importWith(
  config: Config,
  content: string | Buffer,
  ...flags: string[]
): Promise<Imported> {
  files += 1;
  const path = join(folder, `${files}.csv`);
  await writeFile(path, content);
  const written = { out: '', err: '' };
  const terminal = {
    shown: false,
    attended: false,
    out: (text: string) => void (written.out += text),
    err: (text: string) => void (written.err += text),
    ask: () => Promise.resolve(''),
  };
  const context = { terminal, db: gatehouse.database.db, config };
  const code = await tenantsCommand(['import', path, ...flags], context);
  return { code, err: written.err, ...(JSON.parse(written.out) as object) };
}

/** An organization that Gatehouse did not create. */
const organizationAtWorkos = async (name: string): Promise<string> => {
  const res = await fetch(`${gatehouse.workos.url}/organizations`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${gatehouse.workos.apiKey}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ name }),
  });
  return ((await res.json()) as { id: string }).id;
};
const statusOf = async (tenant: string) =>
  (
    await gatehouse.database.superuser('select status, name from tenants where id = $1', [tenant])
  )[0];

describe('gatehouse tenants import', () => {
  it('creates and adopts, and leaves what is there on a repetition', async () => {
    const organization = await organizationAtWorkos('Adopted Inc');
    const file = `tenant_id,organization_id,name,domains\nnew-1,,New One,one.example two.example\nold-1,${organization},,\n`;

    const dry = await importFile(file, '--dry-run');
    const before = gatehouse.workos.requests.length;
    const first = await importFile(file);
    const requests = gatehouse.workos.requests.length - before;
    const again = await importFile(file);

    expect(dry).toMatchObject({
      code: 0,
      dry_run: true,
      workos_asked: false,
      create: 1,
      adopt: 1,
      unchanged: 0,
    });
    expect(first).toMatchObject({ code: 0, imported: 2, unchanged: 0, failures: [] });
    expect(again).toMatchObject({ code: 0, imported: 0, unchanged: 2, failures: [] });
    expect(gatehouse.workos.requests.length - before).toBe(requests);
    expect(await statusOf('new-1')).toEqual({ status: 'active', name: 'New One' });
    expect(await statusOf('old-1')).toEqual({ status: 'active', name: 'Adopted Inc' });
    expect(await organizationOf(gatehouse, 'old-1')).toBe(organization);
  });

  it('writes each line of progress once', async () => {
    const { code, err } = await importFile('tenant_id,name\nalone,Alone\n');

    expect(code).toBe(0);
    expect(err.match(/"progress"/g)).toHaveLength(1);
    expect(err).toContain('"done":1');
  });

  it('takes the test organization of a staging environment, whose id is no ULID', async () => {
    const done = await importFile('tenant_id,organization_id\nstaging-1,org_test_idp\n');
    const put = await gatehouse
      .as(await gatehouse.createClient())
      .put('/v1/tenants/staging-2')
      .send({ name: 'Test', workos_organization_id: 'org_test_idp' });

    // The fake has none, so it is asked for and not found.
    expect(done).toMatchObject({
      code: 1,
      failures: [{ what: expect.stringContaining('WorkOS does not know this organization') }],
    });
    expect([put.status, put.body]).toEqual([
      409,
      expect.objectContaining({ code: 'organization_conflict' }),
    ]);
  });

  it('reads JSON lines', async () => {
    const done = await importFile(
      '{"tenant_id":"json-1","name":"Jay","domains":["jay.example"]}\n',
    );

    expect(done).toMatchObject({ code: 0, imported: 1 });
  });

  it('imports nothing if a line is wrong, and names every one', async () => {
    await gatehouse.provision('taken');
    const taken = await organizationOf(gatehouse, 'taken');
    const file = [
      'tenant_id,organization_id,name',
      'fine,,Fine',
      'org_01HXYZ,,Wrong',
      'twice,,One',
      'twice,,Two',
      `thief,${taken},Thief`,
      'nameless,,',
    ].join('\n');

    const done = await importFile(file);

    expect(done).toMatchObject({ code: 1, imported: 0 });
    expect(done.faults).toEqual([
      { line: 3, what: 'tenant_id: must be your tenant id, not a WorkOS organization id' },
      { line: 5, what: 'tenant_id: twice is in line 4 already' },
      { line: 6, what: `organization_id: ${taken} is mapped to the tenant taken` },
      { line: 7, what: 'name: needs an organization_id to adopt, or a name to create one' },
    ]);
    expect(await statusOf('fine')).toBeUndefined();
  });

  it('goes on after a row that fails, and names it', async () => {
    const file =
      'tenant_id,organization_id,name\nlost,org_01HXYZ00000000000000000000,Lost\nkept,,Kept\n';

    const done = await importFile(file);

    expect(done).toMatchObject({ code: 1, imported: 1 });
    expect(done.failures).toEqual([
      { line: 2, what: 'organization_conflict: WorkOS does not know this organization.' },
    ]);
    expect(await statusOf('kept')).toEqual({ status: 'active', name: 'Kept' });
  });

  it('gives each tenant one organization when two imports run at once', async () => {
    const ids = Array.from({ length: 20 }, (_, n) => `both-${n}`);
    const file = `tenant_id,name\n${ids.map((id) => `${id},Name ${id}`).join('\n')}\n`;

    const done = await Promise.all([importFile(file), importFile(file)]);

    expect(done.map(({ code, failures }) => ({ code, failures }))).toEqual([
      { code: 0, failures: [] },
      { code: 0, failures: [] },
    ]);
    const made = [...gatehouse.workos.organizations.values()].filter(({ name }) =>
      name.startsWith('Name both-'),
    );
    expect(made).toHaveLength(20);
  }, 120_000);
});

describe('an import that meets somebody else’s tenant, or a refusal', () => {
  it('leaves a tenant as it is that came into being after the plan, and says so', async () => {
    const client = await gatehouse.createClient();
    const [reached, resumed] = [createLatch(), createLatch()];
    gatehouse.workos.fault(
      'GET /organizations/external_id/*',
      { kind: 'hold', until: resumed.opened, onReached: reached.open },
      { times: 1 },
    );
    const file = 'tenant_id,name,domains\nslow,Slow,\nraced,Of the file,file.example\n';

    const running = importFile(file);
    await reached.opened;
    await gatehouse.as(client).put('/v1/tenants/raced').send({ name: 'Of the product' });
    resumed.open();
    const done = await running;

    expect(done).toMatchObject({ code: 0, imported: 1, unchanged: 1, left: 0, failures: [] });
    expect(done).toHaveProperty('kept.0.line', 3);
    expect(await statusOf('raced')).toEqual({ status: 'active', name: 'Of the product' });
  });

  it('stops at once if WorkOS refuses the key', async () => {
    const { config } = gatehouse;
    const workos = { ...config.workos, apiKey: new Secret('sk_test_revoked') };
    const rows = Array.from({ length: 30 }, (_, n) => `refused-${n},Name ${n}`).join('\n');

    const done = await importWith({ ...config, workos }, `tenant_id,name\n${rows}\n`);

    expect(done).toMatchObject({ code: 1, imported: 0, left: 29 });
    expect(done.stopped).toBe('WorkOS refused WORKOS_API_KEY. Run gatehouse doctor.');
    expect(done.failures?.[0]?.what).toBe('upstream_auth_failed: WorkOS refused WORKOS_API_KEY.');
    expect(done.err).not.toContain('platform team');
    expect(
      await gatehouse.database.superuser("select id from tenants where id like 'refused-%'"),
    ).toEqual([{ id: 'refused-0' }]);
  });
});

describe('createAttempts', () => {
  const outage = () => Promise.reject(new Problem('upstream-error', 'WorkOS failed.'));
  const running = () => new AbortController().signal;

  it('stops after failures of WorkOS in a row', async () => {
    const attempts = createAttempts(running(), 1);

    expect(await attempts.at(outage)).toHaveProperty('slug', 'upstream-error');
    expect(attempts.ended()).toBe(true);
    expect(attempts.stopped()).toBe('4 failures in a row, the last one: WorkOS failed.');
  });

  it('goes on if other rows succeed meanwhile', async () => {
    const attempts = createAttempts(running(), 1);
    let tries = 0;

    const failure = await attempts.at(async () => {
      tries += 1;
      await attempts.at(() => Promise.resolve(true));
      return outage();
    });

    expect(failure).toHaveProperty('slug', 'upstream-error');
    expect(tries).toBe(12);
    expect(attempts.ended()).toBe(false);
  });

  it('leaves a row whose pause an interruption ends', async () => {
    const controller = new AbortController();
    const attempts = createAttempts(controller.signal, 600_000);

    const outcome = attempts.at(outage);
    setImmediate(() => {
      controller.abort();
    });

    expect(await outcome).toBe('left');
    expect(attempts.stopped()).toBeUndefined();
  });
});

describe('readRows', () => {
  const read = (content: string) => readRows(Buffer.from(content));

  it('names the line that is not UTF-8', () => {
    const file = Buffer.from('tenant_id,name\na,Acme\nb,Müller\nc,Cee\n', 'latin1');

    const { rows, faults } = readRows(file);

    expect(rows).toEqual([]);
    expect(faults.map(({ line, what }) => `${line} ${what}`)).toEqual([
      '3 is not UTF-8; save the file as UTF-8 (in Excel: CSV UTF-8)',
    ]);
  });

  it('reads JSON lines after a byte order mark, and skips rows of commas alone', () => {
    expect(read('\uFEFF{"tenant_id":"a","name":"A"}\n')).toMatchObject({
      rows: [{ line: 1, tenantId: 'a' }],
      faults: [],
    });
    expect(read('tenant_id,name\na,A\n,\n,\n')).toMatchObject({
      rows: [{ line: 2, tenantId: 'a' }],
      faults: [],
    });
  });

  it('reads quotes, a byte order mark, CRLF and blank lines as spreadsheets write them', () => {
    const { rows, faults } = read(
      '\uFEFFtenant_id,name\r\na,"Acme, Inc."\r\n\r\nb,"say ""hi"""\r\n',
    );

    expect(faults).toEqual([]);
    expect(rows.map(({ line, tenantId, name }) => [line, tenantId, name])).toEqual([
      [2, 'a', 'Acme, Inc.'],
      [4, 'b', 'say "hi"'],
    ]);
  });

  it.each([
    ['a missing heading', 'a,Acme\n', /tenant_id/],
    ['an empty file', '', /no tenant/],
    ['headings alone', 'tenant_id,name\n', /no tenant/],
    ['a column too many', 'tenant_id,name\na,Acme,x\n', /CSV/],
    ['an open quote', 'tenant_id,name\na,"Acme\n', /CSV/],
    [
      'an unknown column',
      'tenant_id,name,domain\na,A,x\nb,B,y\n',
      /^1 .*"domain"; did you mean "domains"\?$/,
    ],
    ['an unknown member', '{"tenant_id":"a","nmae":"A"}', /^1 .*did you mean "name"\?$/],
    ['a column given twice', 'tenant_id,name,name\na,A,B\n', /^1 .*"name" is there twice$/],
    ['the column __proto__', 'tenant_id,name,__proto__\na,A,x\n', /^1 .*__proto__"$/],
    ['the member __proto__', '{"tenant_id":"a","name":"A","__proto__":{}}', /^1 .*__proto__"$/],
    ['a column without a name', 'tenant_id,name,\na,A,\n', /^1 a column has no name$/],
    ['semicolons', 'tenant_id;name\na;"A, B"\nb;B\n', /^1 .*commas.*$/],
    ['tabs', 'tenant_id\tname\na\tA\n', /^1 .*commas.*$/],
    ['a JSON array', '[{"tenant_id":"a","name":"A"}]', /^1 .*one JSON object a line$/],
    ['JSON that ends early', '{"tenant_id":"a"', /JSON/],
    [
      'an id of no organization',
      'tenant_id,organization_id\na,org_nonsense\n',
      /^2 organization_id/,
    ],
  ])('refuses %s', (_what, content, expected) => {
    const { faults } = read(content);

    expect(faults.map(({ line, what }) => `${line} ${what}`).join('\n')).toMatch(expected);
  });
});
