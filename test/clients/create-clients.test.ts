import { describe, expect, it } from '@jest/globals';
import { clientsCommand } from '../../src/cli/clients.ts';
import type { Terminal } from '../../src/cli/output.ts';
import { openDatabase } from '../../src/db/database.ts';
import { Secret } from '../../src/core/secret.ts';
import {
  clients,
  parsed,
  REQUIRED,
  create,
  show,
  callerOf,
  useClientsCli,
} from './clients-cli-setup.ts';

useClientsCli();

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
    expect(err).toBe('Store the key now: it is shown only once.\n');
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

  it('takes the redirect URIs of native apps in production too', async () => {
    const native = ['http://127.0.0.1/cb', 'http://[::1]:8000/cb', 'com.example.app:/cb'];
    const flags = native.flatMap((uri) => ['--redirect-uri', uri]);

    const { code, out } = await clients(['create', '--name', 'native', ...REQUIRED, ...flags]);

    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ id: 'native' });
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
    [['--scopes', 'portal:lunch'], /"portal:lunch" is not a scope; did you mean "portal:launch"\?/],
    [['--tenants', 'a*b'], /--tenants: "a\*b" must be/],
    [['--tenants', 'org_123'], /--tenants: "org_123" must be/],
    [['--redirect-uri', '/cb'], /--redirect-uri: "\/cb" is not an absolute URL/],
    [['--redirect-uri', 'http://app.example/cb'], /--redirect-uri: .* must be https/],
    [['--redirect-uri', 'http://localhost/cb'], /--redirect-uri: .* NODE_ENV=development/],
    [['--redirect-uri', 'javascript:alert(1)'], /--redirect-uri: .* must be https/],
    [['--redirect-uri', 'myapp://cb'], /--redirect-uri: .* reversed domain name/],
    [['--redirect-uri', 'data.text:alert(1)'], /--redirect-uri: .* reversed domain name/],
    [['--redirect-uri', 'com.example.app:/cb#top'], /--redirect-uri: .* fragment/],
    [['--redirect-uri', 'com.example.app://me:pw@x/cb'], /--redirect-uri: .* user name/],
    [['--return-origin', 'http://127.0.0.1'], /--return-origin: .* must be https/],
    [['--initiate-login-uri', 'com.example.app:/cb'], /--initiate-login-uri: .* must be https/],
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
    [['--expires-in', '1d', '--no-key'], /--expires-in and --no-key exclude each other/],
    [['--frobnicate'], /unknown flag "--frobnicate"/],
    [['--expire-in', '1d'], /unknown flag "--expire-in"; did you mean "--expires-in"\?/],
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
    [[], 'name a command'],
    [['frobnicate'], 'unknown command "frobnicate"'],
    [['constructor'], 'unknown command "constructor"'],
    [['craete'], 'unknown command "craete"; did you mean "create"?'],
    [['--json'], 'name a command before "--json"'],
  ])('after %j lists what there is', async (args, why) => {
    const { code, out, err } = await clients(args);

    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(`gatehouse clients: ${why}\nusage: gatehouse clients <command>`);
  });

  it.each([
    [['--help']],
    [['rotate-key', '--help']],
    [['create', '-h']],
    [['help', 'list']],
    [['list', 'help']],
  ])('explains itself on stdout with %j', async (args) => {
    const { code, out, err } = await clients(args);

    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^usage: gatehouse clients /);
  });

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
