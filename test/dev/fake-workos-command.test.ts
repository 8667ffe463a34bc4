import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WorkOS } from '@workos-inc/node';
import {
  runGatehouse,
  startGatehouseProcess,
  type GatehouseProcess,
} from '../support/gatehouse-process.ts';
import { waitFor } from '../support/wait-for.ts';

interface Facts {
  readonly url: string;
  readonly apiKey: string;
  readonly clientId: string;
}

let fake: GatehouseProcess;
let facts: Facts;
beforeAll(async () => {
  fake = startGatehouseProcess(['fake-workos', '--port', '0', '--api-key', 'sk_test_given'], {});
  await waitFor(() => fake.out().includes('\n'), { withinMs: 60_000, what: 'the fake WorkOS' });
  facts = JSON.parse(fake.out()) as Facts;
});
afterAll(async () => {
  fake.child.kill('SIGKILL');
  await fake.ended;
});

const control = (name: string, args: unknown, key = facts.apiKey) =>
  fetch(`${facts.url}/_fake/${name}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify(args),
  });

describe('gatehouse fake-workos', () => {
  it('prints URL, key and client id as JSON, and serves the SDK', async () => {
    const { hostname, port } = new URL(facts.url);
    const workos = new WorkOS(facts.apiKey, {
      apiHostname: hostname,
      port: Number(port),
      https: false,
    });

    const made = await workos.organizations.createOrganization({ name: 'Acme' });

    expect(facts).toMatchObject({ apiKey: 'sk_test_given', clientId: 'client_fake' });
    expect(made.name).toBe('Acme');
  });

  it('has its controls over HTTP', async () => {
    const fault = ['GET /organizations', { kind: 'status', status: 503 }, { times: 1 }];
    const list = () =>
      fetch(`${facts.url}/organizations`, { headers: { authorization: 'Bearer sk_test_given' } });

    expect((await control('fault', fault)).status).toBe(200);

    expect((await list()).status).toBe(503);
    expect((await list()).status).toBe(200);
    const requests = await fetch(`${facts.url}/_fake/requests`, {
      headers: { authorization: `Bearer ${facts.apiKey}` },
    });
    expect(JSON.stringify(await requests.json())).toContain('"path":"/organizations"');
  });

  it.each([
    [['POST /portal/genrate_link', { kind: 'status', status: 503 }], 'no operation'],
    [['/portal/generate_link', { kind: 'status', status: 503 }], 'no operation'],
    [['GET /organizations', { kind: 'state', status: 503 }], 'kinds are status, delay'],
    [['GET /organizations', { status: 503 }], 'kinds are status, delay'],
    [['GET /organizations'], 'kinds are status, delay'],
  ])('refuses a fault that no request would meet: %j', async (args, reason) => {
    const response = await control('fault', args);

    expect(response.status).toBe(400);
    expect(await response.text()).toContain(reason);
  });

  it('takes times as texts', async () => {
    const resultOf = async (name: string, args: unknown) =>
      ((await (await control(name, args)).json()) as { result: Record<string, unknown> }).result;
    const organization = await fetch(`${facts.url}/organizations`, {
      method: 'POST',
      headers: { authorization: `Bearer ${facts.apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Expiring' }),
    });
    const { id } = (await organization.json()) as { id: string };
    const connection = await resultOf('addConnection', [id]);

    const at = '2026-01-02T03:04:05.000Z';
    expect(JSON.stringify(await resultOf('setCertificateExpiry', [connection.id, at]))).toContain(
      at,
    );
    expect((await control('setCertificateExpiry', [connection.id, 'soon'])).status).toBe(400);
  });

  it.each([
    ['another key', 'clearFaults', [], 401, 'sk_test_other'],
    ['an unknown control', 'constructor', [], 404, 'sk_test_given'],
    ['the one that would stop it', 'stop', [], 404, 'sk_test_given'],
    ['arguments that are no array', 'clearFaults', {}, 400, 'sk_test_given'],
    ['arguments that fit nothing', 'addConnection', ['org_none'], 400, 'sk_test_given'],
  ] as const)('refuses %s', async (_what, name, args, status, key) => {
    const response = await control(name, args, key);

    expect(response.status).toBe(status);
  });

  it('says which port is in use', async () => {
    const { port } = new URL(facts.url);

    expect(await runGatehouse(['fake-workos', '--port', port], {})).toMatchObject({
      code: 1,
      err: `gatehouse fake-workos: Port ${port} is in use; stop the process that uses it, or choose another\n`,
    });
  });

  it('needs no gatehouse dev when it is named as its command', async () => {
    const { port } = new URL(facts.url);

    const { err } = await runGatehouse(['dev', 'fake-workos', '--port', port], {});

    expect(err).toContain(`gatehouse fake-workos: Port ${port} is in use`);
  });

  it('is suggested for a mistyped command of gatehouse dev, which needs none to say so', async () => {
    const { code, err } = await runGatehouse(['dev', 'fake-workoss'], {});

    expect(code).toBe(2);
    expect(err).toContain('did you mean "fake-workos"?');
  });

  it('ends with 0 when asked to', async () => {
    fake.child.kill('SIGTERM');

    expect(await fake.ended).toBe(0);
  });
});
