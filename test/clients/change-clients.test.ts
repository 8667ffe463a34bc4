import { describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createClientCredentials } from '../../src/clients/credentials.ts';
import { createClientStore } from '../../src/clients/store.ts';
import {
  database,
  clients,
  REQUIRED,
  create,
  show,
  callerOf,
  useClientsCli,
} from './clients-cli-setup.ts';

useClientsCli();

const auditRows = (clientId: string) =>
  database.db.query<{ operation: string; details: Record<string, unknown> }>(
    `select * from audit_trail where details->>'client_id' = $1 order by id`,
    [clientId],
  );

describe('clients list', () => {
  it('is a JSON list for a program, like the lists of other commands', async () => {
    await create('listed');

    const { data } = await clients(['list']);

    expect(data).toEqual({ object: 'list', data: expect.any(Array) });
    expect(data?.data).toContainEqual(expect.objectContaining({ id: 'listed', name: 'listed' }));
  });

  it('is a JSON list on a terminal too with --json', async () => {
    const { data } = await clients(['list', '--json'], { shown: true });

    expect(data).toMatchObject({ object: 'list' });
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
    [[], /name at least one field to change/],
    [['--scopes', ''], /--scopes must name at least one/],
    [['--token-subject', 'alone'], /--token-subject goes together/],
    [['--token-issuer', '', '--token-subject', 'half'], /--token-subject goes together/],
    [['--disabled', 'perhaps'], /--disabled must be true or false/],
    [['--redirect-uri', 'https://a.example/#'], /--redirect-uri: .* fragment/],
    [['--id', 'renamed'], /unknown flag "--id"/],
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
    expect(err).toMatch(/not confirmed, because there is no terminal; add --yes/);
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
