/** What a ticket's holder and client need at the moment when its link is created. */
import { hash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { Client, Tenant } from '../../src/core/identity.ts';
import { Problem } from '../../src/core/problem.ts';
import { browserOf, markBrowser } from '../../src/portal/launch-page/browser-cookie.ts';
import {
  changedMeanwhile,
  holderOf,
  launchGone,
  requireLaunchPermission,
  requireLinkPermission,
  requireMintable,
} from '../../src/portal/link/launch-permission.ts';
import { makeReturnToken, makeTicket } from '../../src/portal/link/tokens.ts';
import { sha256 } from '../../src/core/sha256.ts';

const ROLES = ['it_admin'];
const client: Client = {
  id: 'billing',
  name: 'Billing',
  scopes: ['portal:launch'],
  tenants: ['acme'],
  redirectUris: [],
  returnOrigins: ['https://app.example.com'],
  initiateLoginUri: null,
  disabled: false,
  generation: '1',
};
const tenant: Tenant = { id: 'acme', organizationId: 'org_1', status: 'active' };
const launch = {
  tenantId: 'acme',
  userId: 'ada',
  roleSource: 'token' as 'token' | 'registry' | 'asserted',
  client: client as Client | null,
  tenant: tenant as Tenant | null,
  tenantName: 'Acme',
  registry: null as 'granted' | 'denied' | null,
  long: false,
  needsSignedInUser: false,
  returnUrl: null as string | null,
  successUrl: null as string | null,
};
type Launch = typeof launch;

/** Returns the id of the organization, or the refusal's slug. */
function outcomeOf(check: (of: Launch) => string, fields: Partial<Launch>): string {
  try {
    return check({ ...launch, ...fields });
  } catch (error) {
    if (error instanceof Problem) return error.slug;
    throw error;
  }
}
const mint = (fields: Partial<Launch>) => outcomeOf((of) => requireMintable(of, ROLES), fields);
const redeem = (fields: Partial<Launch>) =>
  outcomeOf((of) => requireLaunchPermission(of, ROLES), fields);
const link = (fields: Partial<Launch>) =>
  outcomeOf((of) => requireLinkPermission(of, of, ROLES), fields);
const withScopes = (...scopes: Client['scopes'][number][]) => ({ client: { ...client, scopes } });

describe('a link', () => {
  it.each<[string, Partial<Launch>]>([
    ['by a role in a token', {}],
    ['by the registry', { roleSource: 'registry', registry: 'granted' }],
    [
      'by the client’s word',
      { roleSource: 'asserted', ...withScopes('portal:launch', 'users:assert') },
    ],
  ])('is created for a user who is IT admin %s', (_how, fields) => {
    expect([link(fields), redeem(fields), mint(fields)]).toEqual(['org_1', 'org_1', 'org_1']);
  });

  it.each<[string, string, Partial<Launch>]>([
    ['its user is denied', 'it-admin-required', { registry: 'denied' }],
    ['its user was granted and is no longer', 'it-admin-required', { roleSource: 'registry' }],
    ['its client lacks the scope', 'insufficient-scope', withScopes()],
    [
      'its client may no longer assert users',
      'insufficient-scope',
      { roleSource: 'asserted', ...withScopes('portal:launch') },
    ],
    ['its client lost the tenant', 'tenant-not-found', { client: { ...client, tenants: [] } }],
    [
      'its tenant is suspended',
      'tenant-not-active',
      { tenant: { ...tenant, status: 'suspended' } },
    ],
    ['its tenant was deleted', 'tenant-not-found', { tenant: { ...tenant, status: 'deleted' } }],
  ])('is refused if %s: %s', (_why, slug, fields) => {
    expect([link(fields), redeem(fields), mint(fields)]).toEqual([slug, slug, slug]);
  });

  it('is refused without saying why if the client or the tenant is gone', () => {
    const disabled = { client: { ...client, disabled: true } };

    for (const check of [redeem, mint])
      for (const fields of [{ client: null }, { tenant: null }, disabled])
        expect(check(fields)).toBe('launch-gone');
    expect(link({ client: null })).toBe('unauthenticated');
    expect(link(disabled)).toBe('unauthenticated');
    expect(link({ tenant: null })).toBe('tenant-not-found');
    expect(launchGone().message).toBe('The link was used, has expired or never existed.');
  });

  it('of a long ticket needs its user signed in, or a client that may invite', () => {
    const long = { long: true };

    expect(redeem(long)).toBe('insufficient-scope');
    expect(redeem({ ...long, needsSignedInUser: true })).toBe('org_1');
    expect(redeem({ ...long, ...withScopes('portal:launch', 'portal:invite') })).toBe('org_1');
  });

  it.each(['returnUrl', 'successUrl'] as const)(
    'leads back to a registered origin: %s',
    (field) => {
      expect(mint({ [field]: 'https://app.example.com/a' })).toBe('org_1');
      expect(mint({ [field]: 'https://evil.example/' })).toBe('invalid-request');
      expect(redeem({ [field]: 'https://evil.example/' })).toBe('org_1');
    },
  );

  it('names the URL whose origin is no longer registered', () => {
    const fieldOf = (fields: Partial<Launch>): string | undefined => {
      try {
        requireMintable({ ...launch, ...fields }, ROLES);
      } catch (error) {
        return (error as Problem).errors[0]?.field;
      }
      return undefined;
    };
    expect(fieldOf({ returnUrl: 'https://evil.example/' })).toBe('return_url');
    expect(fieldOf({ successUrl: 'https://evil.example/' })).toBe('success_url');
  });

  it('that was overtaken by a change is to be asked for again', () => {
    expect(changedMeanwhile()).toMatchObject({
      slug: 'provisioning-in-progress',
      message: 'The tenant was changed meanwhile; try again.',
      retryAfter: 1,
    });
  });
});

it('the holder of a ticket has the role that cannot be read again, and no role of the registry', () => {
  const holder = { tenantId: 'acme', userId: 'ada' };
  const user = { id: 'ada', tenantId: 'acme' };

  expect(holderOf({ ...holder, roleSource: 'token' }, ROLES)).toEqual({
    ...user,
    roles: ROLES,
    source: 'token',
  });
  expect(holderOf({ ...holder, roleSource: 'asserted' }, ROLES)).toEqual({
    ...user,
    roles: ROLES,
    source: 'asserted',
  });
  expect(holderOf({ ...holder, roleSource: 'registry' }, ROLES)).toEqual({
    ...user,
    roles: [],
    source: 'token',
  });
});

describe('a ticket', () => {
  it.each([
    ['a ticket has 256', makeTicket, 43],
    ['a return token has 128', makeReturnToken, 22],
  ])('is random bits, of which the hash is stored: %s', (_what, make, length) => {
    const [one, other] = [make(), make()];
    const text = one.secret.reveal();

    expect(text).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(text).toHaveLength(length);
    expect(other.secret.reveal()).not.toBe(text);
    expect(one.sha256).toEqual(hash('sha256', text, 'buffer'));
    expect(sha256(text)).toEqual(one.sha256);
  });
});

describe('the cookie of a browser', () => {
  const NAME = '__Host-gatehouse-browser';
  const VALUE = 'AAAAAAAAAAAAAAAAAAAAAA';
  const page = { status: 200, headers: { 'x-other': '1' }, html: '<p>' } as unknown as Parameters<
    typeof markBrowser
  >[0];

  it.each([
    [`${NAME}=${VALUE}`, true],
    [`a=b; ${NAME}=${VALUE}; c=d`, true],
    [undefined, false],
    ['', false],
    [`${NAME}=${VALUE}A`, false],
    [`${NAME}=A`, false],
    [`${NAME}=.${VALUE.slice(1)}`, false],
    [`gatehouse-browser=${VALUE}`, false],
    [`${NAME}=A; ${NAME}=${VALUE}`, true],
  ])('is read from %j: %s', (header, isKnown) => {
    expect(browserOf(header)).toEqual(isKnown ? sha256(VALUE) : null);
  });

  it('is set once, with the other headers of the page', () => {
    const marked = markBrowser(page, undefined) as { headers: Record<string, string> };
    const cookie = marked.headers['set-cookie'] ?? '';

    expect(cookie).toMatch(
      /^__Host-gatehouse-browser=[A-Za-z0-9_-]{22};.*HttpOnly.*Secure.*SameSite=/,
    );
    expect(marked.headers['x-other']).toBe('1');
    expect(browserOf(cookie.split(';')[0])).not.toBeNull();
    expect(markBrowser(page, `${NAME}=${VALUE}`)).toBe(page);
    expect(markBrowser(page, undefined)).not.toEqual(marked);
  });
});
