/** What one row of a shared statement does to the others: nothing. */
import { expect, it } from '@jest/globals';
import { runAs } from '../../src/core/caller.ts';
import { createGrouped } from '../../src/db/group-commit.ts';
import { createLatch } from '../support/latch.ts';

const REFUSED = Object.assign(new Error('invalid text'), { severity: 'ERROR', code: '22P05' });
const BROKEN = Object.assign(new Error('wrong version number'), { code: 'EPROTO' });

/** Rows that are added together share a statement. */
function createGroup(ask: (rows: readonly string[]) => Promise<void> | void) {
  const asked: (readonly string[])[] = [];
  const group = createGrouped({
    name: 'test',
    overloaded: 'full',
    async ask(rows: readonly string[]) {
      asked.push(rows);
      await ask(rows);
      return rows.map((row) => row.toUpperCase());
    },
  });
  const share = async (rows: readonly string[]) => {
    const all = await Promise.allSettled(rows.map((row) => group.add(row)));
    return all.map((one) => (one.status === 'fulfilled' ? one.value : 'failed'));
  };
  return { ...group, asked, share };
}

it('a row that Postgres refuses fails alone', async () => {
  const { share, asked } = createGroup((rows) => {
    if (rows.includes('bad')) throw REFUSED;
  });

  expect(await share(['a', 'bad', 'b'])).toEqual(['A', 'failed', 'B']);
  expect(asked).toEqual([['a', 'bad', 'b'], ['a'], ['bad'], ['b']]);
});

it('rows are not sent again when nobody knows whether their statement was committed', async () => {
  const { share, asked } = createGroup((rows) => {
    if (rows.length > 1) throw BROKEN;
  });

  expect(await share(['a', 'b'])).toEqual(['failed', 'failed']);
  expect(asked).toEqual([['a', 'b']]);
});

it('rows that are asked alone after a failure hold up neither each other nor those after them', async () => {
  const goOn = createLatch();
  const group = createGroup(async (rows) => {
    if (rows.length > 1) throw REFUSED;
    if (rows[0] === 'slow') await goOn.opened;
  });
  const slow = group.add('slow');
  const quick = group.add('quick');

  expect(await quick).toBe('QUICK');
  expect(await group.add('later')).toBe('LATER');
  goOn.open();
  expect(await slow).toBe('SLOW');
});

it('a client that floods the queue leaves room for the others', async () => {
  const group = createGroup(() => undefined);
  const addAs = (clientId: string) =>
    runAs({ clientId, priority: 'login' }, () => group.add(clientId));
  const flood = Promise.allSettled(Array.from({ length: 5_000 }, () => addAs('flood')));
  const other = addAs('other');

  expect(await other).toBe('OTHER');
  const refused = (await flood).filter(({ status }) => status === 'rejected');
  expect(refused).toHaveLength(5_000 - 2_048);
});
