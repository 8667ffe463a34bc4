import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { clientsCommand } from '../../src/cli/clients.ts';
import type { Terminal } from '../../src/cli/output.ts';
import { createClientCredentials } from '../../src/clients/credentials.ts';
import { createClientStore } from '../../src/clients/store.ts';
import { openDatabase } from '../../src/db/database.ts';
import { Secret } from '../../src/core/secret.ts';
import { createTestDatabase } from '../support/test-database.ts';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.stop());

interface Options {
  readonly shown?: boolean;
  readonly development?: boolean;
  /** What somebody at the keyboard answers. Absent: nobody is there. */
  readonly answer?: string;
}

/** `gatehouse clients …`, with its output caught; `data` is its JSON. */
async function clients(args: readonly string[], options: Options = {}) {
  const { shown = false, development = false, answer } = options;
  let [out, err] = ['', ''];
  const terminal: Terminal = {
    shown,
    attended: answer !== undefined,
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    ask: (question) => {
      err += question;
      return Promise.resolve(answer ?? '');
    },
  };
  const code = await clientsCommand(args, { db: database.db, terminal, development });
  return {
    code,
    out,
    err,
    data: out.startsWith('{') || out.startsWith('[') ? parsed(out) : undefined,
  };
}

interface Key {
  readonly id: string;
  readonly live: boolean;
  readonly expires_at: string | null;
  readonly last_used_at: string | null;
  readonly revoked_at: string | null;
}
interface Data {
  readonly id: string;
  readonly key: string;
  readonly key_id: string;
  readonly expires_at: string | null;
  readonly keys: readonly Key[];
}
const parsed = (json: string) => JSON.parse(json) as Data;

const REQUIRED = ['--scopes', 'tenants:read', '--tenants', 'acme'];
async function create(name: string, ...more: string[]): Promise<Data> {
  const { data, err } = await clients(['create', '--name', name, ...REQUIRED, ...more]);
  if (!data) throw new Error(err);
  return data;
}
const show = async (id: string) => {
  const { data } = await clients(['list', id]);
  return (data as unknown as readonly Data[])[0];
};
/** As a request would: whose key it is. */
const callerOf = async (key: string) =>
  (await createClientCredentials(createClientStore(database.db), undefined).byKey(key))?.id;
const auditRows = (clientId: string) =>
  database.db.query<{ operation: string; details: Record<string, unknown> }>(
    `select * from audit_trail where details->>'client_id' = $1 order by id`,
    [clientId],
  );

describe('clients create', () => {
  it('registers what the flags say, under an id made of the name', async () => {
    const { code, data } = await clients([
      'create',
      '--name',
      'Billing (EU)',
      '--scopes',
      'tenants:read, portal:launch',
      '--tenants',
      'acme,beta-*',
      '--redirect-uri',
      'https://billing.example/cb?x=1',
      '--redirect-uri',
      'https://billing.example/cb2',
      '--return-origin',
      'https://billing.example/',
      '--initiate-login-uri',
      'https://billing.example/login',
      '--token-issuer',
      'https://kubernetes.default.svc',
      '--token-subject',
      'system:serviceaccount:x:billing',
    ]);

    expect({ code, id: data?.id }).toEqual({ code: 0, id: 'billing-eu' });
    expect(await show('billing-eu')).toMatchObject({
      name: 'Billing (EU)',
      scopes: ['tenants:read', 'portal:launch'],
      tenants: ['acme', 'beta-*'],
      redirect_uris: ['https://billing.example/cb?x=1', 'https://billing.example/cb2'],
      return_origins: ['https://billing.example'],
      initiate_login_uri: 'https://billing.example/login',
      token_issuer: 'https://kubernetes.default.svc',
      token_subject: 'system:serviceaccount:x:billing',
      disabled: false,
      keys: [{ live: true, expires_at: null, last_used_at: null, revoked_at: null }],
    });
  });

  it('prints a key that opens the door', async () => {
    const { key, key_id, expires_at } = await create('opens');

    expect(key).toMatch(new RegExp(`^gh_${key_id}_[A-Za-z0-9_-]{43}$`));
    expect(expires_at).toBeNull();
    expect(await callerOf(key)).toBe('opens');
  });

  it('prints one line of JSON when a program reads it, and nothing else', async () => {
    const { out, err } = await clients(['create', '--name', 'piped', ...REQUIRED]);

    expect(Object.keys(parsed(out))).toEqual(['id', 'key', 'key_id', 'expires_at']);
    expect(out.trimEnd()).not.toContain('\n');
    expect(err).toBe('');
  });

  it('shows the key on a terminal, and says that this is the only time', async () => {
    const { out, err } = await clients(['create', '--name', 'shown', ...REQUIRED], { shown: true });

    expect(out).toMatch(/^client +shown\nkey +gh_\S+\nkey id +\S+\nexpires +-\n$/);
    expect(err).toBe('Store the key now: it is shown this once, and nobody can read it again.\n');
  });

  it('leaves the key out with --no-key', async () => {
    const { data } = await clients(['create', '--name', 'keyless', ...REQUIRED, '--no-key']);

    expect(data).toEqual({ id: 'keyless', key: null, key_id: null, expires_at: null });
    expect(await show('keyless')).toMatchObject({ keys: [] });
  });

  it.each([
    ['90m', 5_400_000],
    ['12h', 43_200_000],
    ['30d', 2_592_000_000],
  ])('lets the key end after %s', async (text, ms) => {
    const before = Date.now();
    const { expires_at } = await create(`expires ${text}`, '--expires-in', text);

    const end = new Date(String(expires_at)).getTime();
    expect(end).toBeGreaterThanOrEqual(before + ms);
    expect(end).toBeLessThanOrEqual(Date.now() + ms);
  });

  it('refuses an id that is taken, in one line, and changes nothing', async () => {
    await create('taken');

    const { code, out, err } = await clients([
      'create',
      '--name',
      'Taken',
      '--scopes',
      'users:read',
      '--tenants',
      '*',
    ]);

    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toBe(
      'gatehouse clients create: There is a client "taken" already; choose another id, or update it.\n',
    );
    expect(await show('taken')).toMatchObject({ name: 'taken', scopes: ['tenants:read'] });
  });

  it('refuses the workload token of another client', async () => {
    const token = ['--token-issuer', 'https://issuer.example', '--token-subject', 'same'];
    await create('first of two', ...token);

    const { code, err } = await clients([
      'create',
      '--name',
      'second of two',
      ...REQUIRED,
      ...token,
    ]);

    expect(code).toBe(1);
    expect(err).toBe(
      'gatehouse clients create: Another client has this token issuer and subject.\n',
    );
  });

  it('allows http on loopback in development', async () => {
    const local = [
      '--redirect-uri',
      'http://127.0.0.1:3000/cb',
      '--return-origin',
      'http://localhost:3000',
    ];
    const { code } = await clients(['create', '--name', 'local', ...REQUIRED, ...local], {
      development: true,
    });

    expect(code).toBe(0);
  });

  it('names every required flag that is missing, and shows the usage', async () => {
    const { code, err } = await clients(['create']);

    expect(code).toBe(2);
    expect(err).toMatch(
      /--name is missing\n.*--scopes is missing\n.*--tenants is missing\nusage: gatehouse clients create /,
    );
  });

  it.each([
    [['--id', 'has space'], /--id must be/],
    [['--id', ''], /--id must be/],
    [['--name', ''], /--name is given twice/],
    [
      ['--scopes', 'tenants:everything'],
      /--scopes: "tenants:everything" is not a scope; scopes are tenants:read, /,
    ],
    [['--tenants', 'a*b'], /--tenants: "a\*b" must be/],
    [['--tenants', 'org_123'], /--tenants: "org_123" must be/],
    [['--redirect-uri', '/cb'], /--redirect-uri: "\/cb" is not an absolute URL/],
    [['--redirect-uri', 'http://app.example/cb'], /--redirect-uri: .* must be https/],
    [['--redirect-uri', 'http://localhost/cb'], /--redirect-uri: .* NODE_ENV=development/],
    [['--redirect-uri', 'javascript:alert(1)'], /--redirect-uri: .* must be https/],
    [['--redirect-uri', 'https://app.example/cb#top'], /--redirect-uri: .* fragment/],
    [['--redirect-uri', 'https://app.example/cb#'], /--redirect-uri: .* fragment/],
    [
      ['--redirect-uri', 'https://me:pw@app.example/cb'],
      /--redirect-uri: .* user name or password/,
    ],
    [['--redirect-uri', 'https://*.app.example/cb'], /--redirect-uri: .* wildcard/],
    [
      ['--redirect-uri', 'https://App.example:443/x/../cb'],
      /--redirect-uri: .* must be written as https:\/\/app.example\/cb\n/,
    ],
    [['--redirect-uri', 'https:\\\\app.example\\cb'], /--redirect-uri: .* must be written as/],
    [['--redirect-uri', ' https://app.example/cb'], /--redirect-uri: .* must be written as/],
    [
      ['--return-origin', 'https://app.example/path'],
      /--return-origin: .* must be an origin: https:\/\/app.example, /,
    ],
    [['--return-origin', 'https://app.example?'], /--return-origin: .* must be/],
    [['--return-origin', 'null'], /--return-origin: .* is not an absolute URL/],
    [
      ['--initiate-login-uri', 'http://app.example/login'],
      /--initiate-login-uri: .* must be https/,
    ],
    [['--token-issuer', 'https://issuer.example'], /--token-subject is missing/],
    [['--token-subject', 'someone'], /--token-subject goes together with the token issuer/],
    [['--expires-in', '0d'], /--expires-in: "0d" must be/],
    [['--expires-in', '2w'], /--expires-in: "2w" must be/],
    [['--expires-in', '3651d'], /--expires-in: "3651d" must be/],
    [['--expires-in', '1d', '--no-key'], /--expires-in is of the key that --no-key leaves out/],
    [['--frobnicate'], /Unknown option '--frobnicate'/],
    [['src', 'test'], /too many arguments: "src" and 1 more \(a \* must be in quotes\)/],
  ])('refuses %j, says why, and registers nothing', async (flags, why) => {
    const { code, out, err } = await clients([
      'create',
      '--name',
      'never made',
      ...REQUIRED,
      ...flags,
    ]);

    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(why);
    expect(err).not.toMatch(/^ +at /m);
    expect((await clients(['list', 'never-made'])).code).toBe(1);
  });
});

describe('clients list', () => {
  it('is a JSON array for a program', async () => {
    await create('listed');

    const { data } = await clients(['list']);

    expect(data).toContainEqual(expect.objectContaining({ id: 'listed', name: 'listed' }));
  });

  it('is a JSON array on a terminal too with --json', async () => {
    const { data } = await clients(['list', '--json'], { shown: true });

    expect(Array.isArray(data)).toBe(true);
  });

  it('is aligned columns on a terminal, with ISO times and - for what is absent', async () => {
    const { key_id } = await create('tabled', '--expires-in', '30d');

    const { out } = await clients(['list'], { shown: true });

    const lines = out.split('\n');
    const column = lines[0]?.indexOf('STATE') ?? -1;
    const row = lines.find((line) => line.startsWith('tabled ')) ?? '';
    const iso = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`;
    expect(row.slice(column)).toMatch(/^enabled +1 +no +acme +tenants:read$/);
    expect(out).toMatch(new RegExp(`^tabled +${key_id} +yes +${iso} +${iso} +- +-$`, 'm'));
  });

  it('shows everything of one client by its id', async () => {
    await create(
      'detailed',
      '--redirect-uri',
      'https://a.example/',
      '--redirect-uri',
      'https://b.example/',
    );

    const { out } = await clients(['list', 'detailed'], { shown: true });

    expect(out).toMatch(/^redirect URIs +https:\/\/a\.example\/\n +https:\/\/b\.example\/\n/m);
  });

  it('shows when a key was last used', async () => {
    const { key } = await create('used');
    const credentials = createClientCredentials(createClientStore(database.db), undefined);
    await credentials.byKey(key);
    await credentials.flush();

    const client = await show('used');

    expect(Date.parse(String(client?.keys[0]?.last_used_at))).toBeGreaterThan(Date.now() - 60_000);
  });
});

describe('clients update', () => {
  it('changes what is given and nothing else', async () => {
    await create('changing', '--redirect-uri', 'https://a.example/cb');

    const { data } = await clients([
      'update',
      'changing',
      '--scopes',
      'users:read,users:read',
      '--tenants',
      '*',
    ]);

    expect(data).toMatchObject({
      name: 'changing',
      scopes: ['users:read'],
      tenants: ['*'],
      redirect_uris: ['https://a.example/cb'],
    });
  });

  it('takes away what is given as empty', async () => {
    await create(
      'emptied',
      '--redirect-uri',
      'https://a.example/cb',
      '--token-issuer',
      'https://i.example',
      '--token-subject',
      's',
    );

    const { data } = await clients([
      'update',
      'emptied',
      '--redirect-uri',
      '',
      '--token-issuer',
      '',
      '--token-subject',
      '',
    ]);

    expect(data).toMatchObject({ redirect_uris: [], token_issuer: null, token_subject: null });
  });

  it.each([
    [[], /say what to change/],
    [['--scopes', ''], /--scopes must name at least one/],
    [['--token-subject', 'alone'], /--token-subject goes together/],
    [['--token-issuer', '', '--token-subject', 'half'], /--token-subject goes together/],
    [['--disabled', 'perhaps'], /--disabled must be true or false/],
    [['--redirect-uri', 'https://a.example/#'], /--redirect-uri: .* fragment/],
    [['--id', 'renamed'], /Unknown option '--id'/],
  ])('refuses %j', async (flags, why) => {
    const { code, err } = await clients(['update', 'taken', ...flags]);

    expect(code).toBe(2);
    expect(err).toMatch(why);
  });
});

describe('clients disable', () => {
  it('refuses the client until it is enabled again', async () => {
    const { key } = await create('pausing');

    const { err } = await clients(['disable', 'pausing'], { shown: true });

    expect(err).toBe('Client "pausing" cannot call now.\n');
    expect(await callerOf(key)).toBeUndefined();
    await clients(['update', 'pausing', '--disabled', 'false']);
    expect(await callerOf(key)).toBe('pausing');
  });
});

describe('clients rotate-key', () => {
  it('adds a key beside the first, and both are live', async () => {
    const first = await create('rotating');

    const { data: second } = await clients(['rotate-key', 'rotating', '--expires-in', '1h']);

    expect(await callerOf(first.key)).toBe('rotating');
    expect(await callerOf(String(second?.key))).toBe('rotating');
    expect((await show('rotating'))?.keys.map(({ live }) => live)).toEqual([true, true]);
  });

  it('refuses a third live key, and says which one to revoke: the one out of use', async () => {
    const { key } = await create('full');
    const { data: unused } = await clients(['rotate-key', 'full']);
    const credentials = createClientCredentials(createClientStore(database.db), undefined);
    await credentials.byKey(key);
    await credentials.flush();

    const { code, err } = await clients(['rotate-key', 'full']);

    expect(code).toBe(1);
    expect(err).toMatch(/has two live keys already/);
    expect(err).toContain(`gatehouse clients revoke-key full ${String(unused?.key_id)}\n`);
  });

  it('adds one key, not two, when asked twice at the same moment', async () => {
    await create('raced');

    const codes = await Promise.all(
      [1, 2, 3].map(async () => (await clients(['rotate-key', 'raced'])).code),
    );

    expect(codes.toSorted()).toEqual([0, 1, 1]);
  });

  it('does not count a key that has expired', async () => {
    const { key, key_id } = await create('aged', '--expires-in', '1h');
    await clients(['rotate-key', 'aged']);
    await database.db.query(
      `update client_keys set expires_at = now() - interval '1 second' where id = $1`,
      [key_id],
    );

    const { code } = await clients(['rotate-key', 'aged']);

    expect(code).toBe(0);
    expect(await callerOf(key)).toBeUndefined();
    expect((await show('aged'))?.keys[0]).toMatchObject({
      id: key_id,
      live: false,
      revoked_at: null,
    });
  });
});

describe('clients revoke-key', () => {
  it('refuses that key from now on, and not the other', async () => {
    const first = await create('revoking');
    const { data: second } = await clients(['rotate-key', 'revoking']);

    const { data } = await clients(['revoke-key', 'revoking', first.key_id]);

    expect(data?.keys.map(({ live }) => live)).toEqual([false, true]);
    expect(await callerOf(first.key)).toBeUndefined();
    expect(await callerOf(String(second?.key))).toBe('revoking');
  });

  it('keeps the first time when repeated', async () => {
    const { key_id } = await create('revoked twice');
    const first = await clients(['revoke-key', 'revoked-twice', key_id]);

    const again = await clients(['revoke-key', 'revoked-twice', key_id]);

    expect(again.data?.keys).toEqual(first.data?.keys);
  });

  it('refuses the key of another client', async () => {
    const { key, key_id } = await create('owner');
    await create('other');

    const { code, err } = await clients(['revoke-key', 'other', key_id]);

    expect(code).toBe(1);
    expect(err).toContain(`Client "other" has no key "${key_id}"`);
    expect(await callerOf(key)).toBe('owner');
  });
});

describe('clients delete', () => {
  it('removes the client and its keys with --yes', async () => {
    const { key } = await create('leaving');

    const { data } = await clients(['delete', 'leaving', '--yes']);

    expect(data).toEqual({ id: 'leaving', deleted: true });
    expect(await callerOf(key)).toBeUndefined();
    expect((await clients(['list', 'leaving'])).code).toBe(1);
  });

  it('asks for --yes where nobody can be asked', async () => {
    await create('staying');

    const { code, err } = await clients(['delete', 'staying']);

    expect(code).toBe(2);
    expect(err).toMatch(/nobody is there to confirm; add --yes/);
    expect(await show('staying')).toBeDefined();
  });

  it('asks somebody who is there, and takes only the id for a yes', async () => {
    await create('asked');

    const refused = await clients(['delete', 'asked'], { shown: true, answer: 'y' });
    const done = await clients(['delete', 'asked'], { shown: true, answer: 'asked' });

    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toContain('nothing was deleted');
    expect(done).toMatchObject({ code: 0, out: 'Deleted client "asked".\n' });
  });
});

describe('every command', () => {
  it.each([
    ['list', 'nobody'],
    ['update', 'nobody', '--name', 'x'],
    ['disable', 'nobody'],
    ['delete', 'nobody', '--yes'],
    ['rotate-key', 'nobody'],
    ['revoke-key', 'nobody', 'k'],
  ])('%s refuses a client that is not there, and says where to look', async (...args) => {
    const { code, out, err } = await clients(args);

    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toBe(
      `gatehouse clients ${args[0]}: There is no client "nobody"; see: gatehouse clients list\n`,
    );
  });

  it.each([
    [[], 'say what to do'],
    [['frobnicate'], 'there is no command "frobnicate"'],
    [['constructor'], 'there is no command "constructor"'],
  ])('after %j lists what there is', async (args, why) => {
    const { code, out, err } = await clients(args);

    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(`gatehouse clients: ${why}\nusage: gatehouse clients <command>`);
  });

  it.each([[['--help']], [['rotate-key', '--help']], [['create', '-h']]])(
    'explains itself on stdout with %j',
    async (args) => {
      const { code, out, err } = await clients(args);

      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).toMatch(/^usage: gatehouse clients /);
    },
  );

  it('says in one line that the database is away', async () => {
    let err = '';
    const terminal: Terminal = {
      shown: true,
      attended: false,
      out: () => undefined,
      err: (text) => void (err += text),
      ask: () => Promise.resolve(''),
    };
    const away = openDatabase({
      url: new Secret('postgres://gatehouse:pw@127.0.0.1:1/none'),
      max: 1,
    });

    const code = await clientsCommand(['list'], { db: away, terminal, development: false });

    await away.close();
    expect(code).toBe(1);
    expect(err).toBe(
      'gatehouse clients list: The database at 127.0.0.1:1 cannot be used: ECONNREFUSED: nothing listens there.\n',
    );
  });
});

describe('every effect', () => {
  it('leaves its row in the audit trail, by the name of who ran it', async () => {
    const { key_id } = await create('audited');
    const { data } = await clients(['rotate-key', 'audited']);
    await clients(['update', 'audited', '--tenants', '*']);
    await clients(['revoke-key', 'audited', key_id]);
    await clients(['disable', 'audited']);
    await clients(['delete', 'audited', '--yes']);

    const rows = await auditRows('audited');

    expect(rows.map(({ operation, details }) => [operation, details])).toEqual([
      [
        'clients create',
        expect.objectContaining({ key_id, scopes: ['tenants:read'], tenants: ['acme'] }),
      ],
      ['clients rotate-key', expect.objectContaining({ key_id: data?.key_id })],
      ['clients update', { client_id: 'audited', tenants: ['*'], user_asserted: true }],
      ['clients revoke-key', expect.objectContaining({ key_id })],
      ['clients disable', expect.objectContaining({ disabled: true })],
      ['clients delete', expect.objectContaining({ name: 'audited' })],
    ]);
    for (const row of rows) {
      expect(row).toMatchObject({ outcome: 'succeeded', client_id: null, tenant_id: null });
      expect(row).toMatchObject({
        user_id: expect.stringMatching(/^cli:./),
        request_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      });
    }
  });

  it('leaves no row when it is refused', async () => {
    await create('quiet');
    await clients(['rotate-key', 'quiet']);

    await clients(['rotate-key', 'quiet']);

    expect(await auditRows('quiet')).toHaveLength(2);
  });

  it('does not happen when its row cannot be written', async () => {
    const owner = new pg.Client({ connectionString: database.ownerUrl });
    await owner.connect();
    const [me] = await database.db.query<{ name: string }>(
      'select quote_ident(current_user) as name',
    );
    await owner.query(`revoke insert on audit_trail from ${me?.name ?? ''}`);

    const { code, err } = await clients(['create', '--name', 'unrecorded', ...REQUIRED]);

    await owner.query(`grant insert on audit_trail to ${me?.name ?? ''}`);
    await owner.end();
    expect(code).toBe(1);
    expect(err).toMatch(/^gatehouse clients create: The database refused: permission denied .*\n$/);
    expect((await clients(['list', 'unrecorded'])).code).toBe(1);
  });

  it('tells every replica to forget, once it is committed', async () => {
    const replica = new pg.Client({ connectionString: database.url });
    await replica.connect();
    await replica.query('listen gatehouse');
    const heard = new Promise((resolve) =>
      replica.once('notification', ({ payload }) => resolve(payload)),
    );

    await create('announced');

    expect(await heard).toBe('clients');
    await replica.end();
  });

  it('keeps the key itself out of the database', async () => {
    const { key, key_id } = await create('hidden');
    const tables = await database.db.query<{ name: string }>(
      `select quote_ident(table_name) as name from information_schema.tables where table_schema = 'public'`,
    );

    const dumps = await Promise.all(
      tables.map(({ name }) =>
        database.db.query<{ row: string }>(`select t::text as row from ${name} t`),
      ),
    );

    const dump = dumps
      .flat()
      .map(({ row }) => row)
      .join('\n');
    expect(dump).toContain(key_id);
    expect(dump).not.toContain(key);
    expect(dump).not.toContain(key.slice(-43));
    expect(dump).not.toContain(Buffer.from(key).toString('hex'));
  });
});
