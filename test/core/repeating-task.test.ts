import { describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { startRepeatingTask } from '../../src/core/repeating-task.ts';
import { waitFor } from '../support/wait-for.ts';

const failure = (code: string) => Object.assign(new Error(), { code });

describe('a task that fails', () => {
  it('is logged at the begin of each failure, and not at each of its rounds', async () => {
    const causes: string[] = [];
    const logger = pino(
      {},
      { write: (line) => causes.push((JSON.parse(line) as { cause: string }).cause) },
    );
    /** The outcome of each round; then it is well. */
    const outcomes = ['ONE', 'ONE', 'ONE', 'TWO', 'TWO', undefined, 'TWO'];
    let rounds = 0;
    const task = startRepeatingTask('t', 1, { logger }, () => {
      const outcome = outcomes[rounds];
      rounds += 1;
      return outcome === undefined ? Promise.resolve() : Promise.reject(failure(outcome));
    });
    await waitFor(() => rounds > outcomes.length, { what: 'all rounds' });
    await task.stop();

    expect(causes.map((cause) => /ONE|TWO/.exec(cause)?.[0])).toEqual(['ONE', 'TWO', 'TWO']);
  });
});
