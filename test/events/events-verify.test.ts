import { describe, expect, it } from '@jest/globals';
import { eventsCommand } from '../../src/cli/events.ts';
import { runHere } from '../support/command-here.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

const gatehouse = useGatehouse();

describe('gatehouse events verify', () => {
  const verify = (...args: string[]) =>
    runHere(
      (terminal) =>
        eventsCommand(['verify', ...args], {
          terminal,
          db: gatehouse.database.db,
          config: gatehouse.config,
        }),
      {},
    );

  it('lists events of WorkOS that are not in the inbox, and exits with 1', async () => {
    const createdAt = new Date(Date.now() - 600_000);
    const { id } = gatehouse.workos.emit('user.created', { id: 'user_3' }, { createdAt });

    const { code, out } = await verify('--since', '15m');

    const answer = JSON.parse(out) as { gaps: unknown[]; read: number };
    expect([code, answer.gaps]).toEqual([
      1,
      [{ id, event: 'user.created', created_at: createdAt.toISOString() }],
    ]);
  });

  it('exits with 0 if nothing is missing, and leaves out events that may still arrive', async () => {
    gatehouse.workos.emit('user.created', { id: 'user_4' });

    const { code, out } = await verify('--since', '5m', '--json');

    expect([code, JSON.parse(out)]).toMatchObject([0, { gaps: [] }]);
  });

  it.each([
    ['yesterday', 'must be a time such as'],
    ['31d', 'must be within the last 30 days'],
    ['2999-01-01', 'must not be in the future'],
  ])('refuses --since %s, which %s', async (since, why) => {
    const { code, err } = await verify('--since', since);

    expect([code, err]).toEqual([2, expect.stringContaining(`--since ${why}`)]);
  });
});
