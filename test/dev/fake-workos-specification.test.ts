import { describe, expect, it } from '@jest/globals';
import { operations } from '../../src/dev/fake-workos/operations.ts';
import { cases } from '../support/fake-workos-cases.ts';
import {
  neverGiven,
  outsideTheSpec,
  unspecified,
  withoutBody,
} from '../support/fake-workos-differences.ts';
import { AUDIT_LOG_SCHEMA, thingsOf } from '../support/fake-workos-things.ts';
import { sample } from '../support/sample.ts';
import { specValidator } from '../support/spec-validator.ts';
import { fake, workos, useFakeAndClock } from './fake-workos-setup.ts';

const spec = specValidator();
const named = operations.map(({ method, path, open }) => ({ name: `${method} ${path}`, open }));
const messages = { ...outsideTheSpec, ...withoutBody };
const names = named.map(({ name }) => name).filter((name) => !(name in unspecified));
const closed = named.filter(({ open }) => !open).map(({ name }) => name);

interface Made {
  readonly id: string;
  readonly domains: readonly { readonly id: string }[];
}

describe('every answer is one of the official specification', () => {
  useFakeAndClock();
  async function idsByName(): Promise<Record<string, string>> {
    const make = async (method: string, path: string, body: object) =>
      structuredClone((await fake.perform({ method, path, body })).body) as Made;
    const acme = await make('POST', '/organizations', {
      name: 'Acme',
      external_id: 'acme',
      metadata: { tier: 'gold' },
      domain_data: [
        { domain: 'acme.test', state: 'pending' },
        { domain: 'verified.test', state: 'verified' },
      ],
    });
    const { id: organization } = await make('POST', '/organizations', {
      name: 'Other',
      external_id: 'other',
      domain_data: [{ domain: 'other.test', state: 'verified' }],
    });
    await make('PUT', `/organizations/${organization}`, { stripe_customer_id: 'cus_other' });
    const [DOMAIN = '', VERIFIED = ''] = acme.domains.map(({ id }) => id);
    fake.addWebhookEndpoint({ url: 'http://127.0.0.1:9/', secret: 's', events: ['none'] });
    const [connection, directory] = [fake.addConnection(acme.id), fake.addDirectory(acme.id)];
    await workos.auditLogs.createSchema(AUDIT_LOG_SCHEMA);
    return {
      ORG: acme.id,
      DOMAIN,
      VERIFIED,
      CONNECTION: connection.id,
      DIRECTORY: directory.id,
      ACTION: AUDIT_LOG_SCHEMA.action,
    };
  }

  /** What a sign-in leaves behind, made where a case names it. */
  const signedIn: Record<string, (connection: string) => string | Promise<string>> = {
    CODE: (connection) => fake.issueCode(connection),
    CODEOFNULLS: (connection) =>
      fake.issueCode(connection, {
        user: {
          role: undefined,
          roles: undefined,
          groups: undefined,
          custom_attributes: undefined,
        },
      }),
    CODEOFPROVIDER: () => fake.issueCode(connectionOf('GoogleOAuth')),
    CODEOFNOBODY: () => withdrawn(fake.issueCode(connectionOf('OktaSAML'))),
    TOKEN: async (connection) => (await exchange(fake.issueCode(connection))).accessToken,
    TOKENOFNOBODY: async () => {
      const { accessToken } = await exchange(fake.issueCode(connectionOf('OktaSAML')));
      return withdrawn(accessToken);
    },
    PROFILE: (connection) => fake.addUser(connection, {}).id,
    PROFILEOFOIDC: () => fake.addUser(connectionOf('GenericOIDC'), {}).id,
    LOGOUT: () => logoutToken(connectionOf('GenericOIDC')),
    LOGOUTAWAY: () => {
      const connection = connectionOf('GenericOIDC');
      fake.setPostLogoutUri(connection, 'https://app.test/bye');
      return logoutToken(connection);
    },
  };
  const otherId = () => [...fake.organizations.values()].find((o) => o.name === 'Other')?.id ?? '';
  const connectionOf = (connection_type: string) =>
    fake.addConnection(otherId(), { connection_type }).id;
  const exchange = (code: string) =>
    workos.sso.getProfileAndToken({ clientId: fake.clientId, code });
  function withdrawn(credential: string): string {
    fake.deleteOrganization(otherId());
    return credential;
  }
  async function logoutToken(connection: string): Promise<string> {
    const { data } = await workos.post<{ logout_token: string }>('/sso/logout/authorize', {
      profile_id: fake.addUser(connection, {}).id,
    });
    return data.logout_token;
  }

  async function fillIn(text: string, ids: Record<string, string>): Promise<string> {
    let filled = text;
    const things = thingsOf({ fake, workos }, ids.ORG ?? '');
    for (const [name] of text.matchAll(/\b[A-Z]{3,}\b/g)) {
      const value =
        ids[name] ?? (await signedIn[name]?.(ids.CONNECTION ?? '')) ?? (await things[name]?.());
      if (value !== undefined) filled = filled.replace(new RegExp(`\\b${name}\\b`), value);
    }
    return filled;
  }

  async function ask(operation: string, target = '', body?: string, key = fake.apiKey) {
    const [method = '', path = ''] = operation.split(' ');
    const [id = '', query] = path.includes('{') ? target.split('?') : [];
    const place =
      id === ''
        ? path + target
        : id.split('/').reduce((left, part) => left.replace(/\{.*?\}/, part), path) +
          (query === undefined ? '' : `?${query}`);
    const response = await fetch(fake.url + place, {
      method,
      redirect: 'manual',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body }),
    });
    expect(response.headers.get('x-request-id')).toMatch(/^req_/);
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json');
    const json = isJson ? (JSON.parse(text) as unknown) : undefined;
    return { operation, status: response.status, body: json };
  }

  it.each(sample(cases, 3))('%s %i', async (...[operation, status, target, body, bearer]) => {
    const ids = await idsByName();
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const answer = await ask(
      operation,
      await fillIn(target, ids),
      text && (await fillIn(text, ids)),
      bearer && (await fillIn(bearer, ids)),
    );

    expect(answer.status).toBe(status);
    // An empty list would be valid whatever its members look like.
    expect(answer).not.toHaveProperty('body.data', []);
    if (operation in unspecified && status < 300) expect(answer.body).toEqual(expect.any(Object));
    else if (operation in unspecified || `${operation} ${status}` in messages)
      expect(answer.body).toMatchObject({ message: expect.any(String) });
    else expect(spec.faultsOf(answer)).toEqual([]);
  });

  it('every operation answers 401 to another key', async () => {
    for (const name of closed)
      expect(await ask(name, 'x', undefined, 'sk_test_other')).toMatchObject({
        operation: name,
        status: 401,
        body: { message: 'Unauthorized' },
      });
  });

  it('an unknown path is a 404 with a message', async () => {
    expect(await ask('GET /portal_links')).toMatchObject({
      status: 404,
      body: { message: expect.any(String) },
    });
  });
});

describe('the cases above', () => {
  it.each(names)('%s is tried for every status but that of a key without permission', (name) => {
    const tried = cases.filter(([operation]) => operation === name).map(([, status]) => status);
    const wanted = spec
      .documentedStatuses(name)
      .filter((status) => status !== 403 && !(`${name} ${status}` in neverGiven));

    expect(wanted).not.toEqual([]);
    expect(tried).toEqual(expect.arrayContaining(wanted));
  });
});
