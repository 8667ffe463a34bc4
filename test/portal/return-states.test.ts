/** What the return page says of each state, which it reads from WorkOS. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Response } from 'supertest';
import type { Intent } from '../../src/core/intents.ts';
import type { DomainState } from '../../src/dev/fake-workos/server.ts';
import {
  addDomain,
  comeBack,
  gatehouse,
  heading,
  stream,
  useReturns,
  visit,
} from './return-setup.ts';

useReturns();

interface State {
  readonly intent: Intent;
  readonly arrange: (organizationId: string) => unknown;
}

/** Opens the pages of all states side by side, because a page without a change waits for one. */
function usePages<T extends State>(states: readonly T[]): (state: T) => Response {
  const pages = new Map<T, Response>();
  beforeAll(async () => {
    const opening: PromiseLike<unknown>[] = [];
    for (const state of states) {
      const { organizationId, returnUrl } = await visit(state.intent);
      state.arrange(organizationId);
      opening.push(comeBack(returnUrl).then((page) => pages.set(state, page)));
    }
    await Promise.all(opening);
  });
  return (state) => {
    const page = pages.get(state);
    if (!page) throw new Error('The page was not opened.');
    return page;
  };
}

interface Case extends State {
  readonly found: string;
  readonly title: string;
}

const CASES: readonly Case[] = [
  {
    intent: 'sso',
    found: 'an active connection',
    arrange: (id) => gatehouse.workos.addConnection(id, { name: 'Okta' }),
    title: 'Single sign-on is set up',
  },
  {
    intent: 'sso',
    found: 'a draft',
    arrange: (id) => gatehouse.workos.addConnection(id, { state: 'draft' }),
    title: 'Single sign-on is not finished yet',
  },
  {
    intent: 'sso',
    found: 'an inactive connection',
    arrange: (id) => gatehouse.workos.addConnection(id, { state: 'inactive' }),
    title: 'Single sign-on does not work now',
  },
  {
    intent: 'sso',
    found: 'nothing',
    arrange: () => undefined,
    title: 'Single sign-on is not set up yet',
  },
  {
    intent: 'dsync',
    found: 'a linked directory',
    arrange: (id) => gatehouse.workos.addDirectory(id, {}),
    title: 'Directory sync is set up',
  },
  {
    intent: 'dsync',
    found: 'a directory with bad credentials',
    arrange: (id) => gatehouse.workos.addDirectory(id, { state: 'invalid_credentials' }),
    title: 'Directory sync does not work now',
  },
  {
    intent: 'dsync',
    found: 'nothing',
    arrange: () => undefined,
    title: 'Directory sync is not set up yet',
  },
  {
    intent: 'domain_verification',
    found: 'nothing',
    arrange: () => undefined,
    title: 'No domain has been added yet',
  },
  {
    intent: 'audit_logs',
    found: 'nothing to wait for',
    arrange: () => undefined,
    title: 'Audit logs are ready',
  },
  {
    intent: 'log_streams',
    found: 'nothing',
    arrange: () => undefined,
    title: 'Log streams are not set up yet',
  },
  {
    intent: 'log_streams',
    found: 'a stream',
    arrange: (id) => gatehouse.workos.state.logStreams.set(id, stream()),
    title: 'Log streams are set up',
  },
  {
    intent: 'log_streams',
    found: 'a stream that fails',
    arrange: (id) => gatehouse.workos.state.logStreams.set(id, stream('error')),
    title: 'A log stream does not work now',
  },
  {
    intent: 'certificate_renewal',
    found: 'nothing',
    arrange: () => undefined,
    title: 'There is no certificate to renew',
  },
  {
    intent: 'certificate_renewal',
    found: 'a certificate that nobody told of',
    arrange: (id) => gatehouse.workos.addConnection(id),
    title: 'You are back from the Admin Portal',
  },
  {
    intent: 'bring_your_own_key',
    found: 'anything',
    arrange: () => undefined,
    title: 'You are back from the Admin Portal',
  },
];

describe('returnFromPortal', () => {
  const pageOf = usePages(CASES);

  it.each(CASES)('shows the state of $intent with $found', (state) => {
    const page = pageOf(state);

    expect([page.status, heading(page)]).toEqual([200, state.title]);
    expect(page.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    });
    expect(page.text).not.toMatch(/org_|conn_|directory_/);
  });
});

const domains =
  (...states: readonly DomainState[]) =>
  (organizationId: string) => {
    for (const state of states) addDomain(organizationId, state);
  };

const DOMAINS = (
  [
    [['verified'], 'Your domain is verified', '<bdi>verified.example</bdi>'],
    [['pending'], 'Your domain is not verified yet', '<bdi>pending.example</bdi>'],
    [['failed'], 'Your domain could not be verified', '<bdi>failed.example</bdi>'],
    [['verified', 'pending'], '1 of 2 domains is verified', 'in place'],
    [['verified', 'verified', 'failed'], '2 of 3 domains are verified', 'try again'],
    [['pending', 'pending'], '0 of 2 domains are verified', 'in place'],
    [['verified', 'verified'], 'All 2 domains are verified', 'in use'],
  ] as const
).map(([states, title, next]) => ({
  intent: 'domain_verification' as const,
  arrange: domains(...states),
  states,
  title,
  next,
}));

describe('returnFromPortal after domain verification', () => {
  const pageOf = usePages(DOMAINS);

  it.each(DOMAINS)('tells the truth about domains that are $states', (state) => {
    const page = pageOf(state);

    expect(heading(page)).toBe(state.title);
    expect(page.text).toContain(state.next);
  });
});
