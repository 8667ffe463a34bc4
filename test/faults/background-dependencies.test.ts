import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createKeySet } from '../../src/auth/key-set.ts';
import { explainDatabase } from '../../src/db/explain.ts';
import { listenForChanges } from '../../src/db/listener.ts';
import { describeCause } from '../../src/core/describe-cause.ts';
import { joinLeaderElection } from '../../src/process/leader-election.ts';
import { Secret } from '../../src/core/secret.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { waitFor } from '../support/wait-for.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.stop());

/** What keeps a session of its own to the database, and how it tells of failures. */
interface Loop {
  readonly isWell: () => boolean;
  stop(): Promise<void>;
}
type StartLoop = (url: string, onFailure: (error: unknown) => void) => Loop;

const startListener: StartLoop = (url, onFailure) => {
  let listening = false;
  const { stop } = listenForChanges({
    url: new Secret(url),
    onChange: () => undefined,
    onState: (now) => (listening = now),
    onFailure,
  });
  return { isWell: () => listening, stop };
};
const startLeadership: StartLoop = (url, onFailure) => {
  const { leading, stop } = joinLeaderElection({
    url: new Secret(url),
    channel: 'gatehouse_events',
    onNotification: () => undefined,
    onChange: () => undefined,
    onFailure,
  });
  return { isWell: leading, stop };
};

const LOOPS = [
  ['the listener', startListener, 'gatehouse-listen'],
  ['the leadership', startLeadership, 'gatehouse-leader'],
] as const;
const FAULTS = [
  [
    'the file of its CA is gone',
    '?sslmode=verify-full&sslrootcert=/gone.pem',
    /^ENOENT: a file named/,
  ],
  ['the server offers no TLS', '?sslmode=require', /^it offers no TLS/],
] as const;

describe.each(LOOPS)('%s', (_name, start, session) => {
  it.each(FAULTS)('lives and says so when %s', async (_case, query, expected) => {
    const failures: string[] = [];
    const loop = start(database.url + query, (error) => failures.push(explainDatabase(error)));

    await waitFor(() => failures.length >= 2);
    await loop.stop();

    expect(failures[0]).toMatch(expected);
  });

  it('lives and says so when its host does not resolve', async () => {
    const failures: string[] = [];
    const url = 'postgres://gatehouse:pw@no-such-host.invalid/gatehouse';
    const loop = start(url, (error) => failures.push(explainDatabase(error)));

    await waitFor(() => failures.length >= 2, { withinMs: 20_000 });
    await loop.stop();

    expect(failures[0]).toMatch(/^(ENOTFOUND|EAI_AGAIN): its host name|^it gave no answer/);
  });

  it('opens another session when its own is killed', async () => {
    const failures: string[] = [];
    const loop = start(database.url, (error) => failures.push(explainDatabase(error)));
    await waitFor(loop.isWell);
    await database.superuser(
      `select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = '${session}' and datname = current_database()`,
    );

    await waitFor(() => failures.length >= 1);
    const isWellAgain = await waitFor(loop.isWell, { withinMs: 10_000 });
    await loop.stop();

    expect([failures[0], isWellAgain]).toEqual([expect.stringMatching(/^57P01/), true]);
  });
});

describe('the keys of an issuer', () => {
  it.each([
    [
      'its host does not resolve',
      'https://no-such-host.invalid/jwks',
      /ENOTFOUND|EAI_AGAIN|TimeoutError/,
    ],
    ['nothing listens there', 'https://127.0.0.1:1/jwks', /ECONNREFUSED/],
  ])('are tried again, and the cause is told, when %s', async (_case, url, expected) => {
    let time = 0;
    const causes: string[] = [];
    const keys = createKeySet({
      url: new URL(url),
      now: () => time,
      onFetch: (_outcome, error) => causes.push(describeCause(error)),
    });

    await keys.isUsable();
    time = 60_000;
    await keys.isUsable();

    expect(causes).toEqual([expect.stringMatching(expected), expect.stringMatching(expected)]);
  });
});
