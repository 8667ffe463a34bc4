import { expect, it } from '@jest/globals';
import type pg from 'pg';
import { createOpening } from '../../src/db/opening.ts';

const session: unknown = {};

/** A pool whose server does not answer until `isAnswering`. */
function poolOf() {
  const state = { isAnswering: false, idleCount: 0 };
  const connect = () =>
    state.isAnswering
      ? Promise.resolve(session as pg.PoolClient)
      : Promise.reject(new Error('timeout exceeded when trying to connect: connection timeout'));
  return { state, pool: Object.assign(state, { connect }) as unknown as pg.Pool };
}
const trial: unknown = { end: () => Promise.resolve() };
const trialWithoutAnswer = () => trial as pg.Client;

it('a caller that waited in vain gets the timeout, although another caller has got a session meanwhile', async () => {
  const { pool, state } = poolOf();
  const { open } = createOpening(pool, 30, trialWithoutAnswer);
  await expect(open()).rejects.toThrow('timeout');

  const waiting = open();
  Object.assign(state, { isAnswering: true, idleCount: 1 });
  await open();

  await expect(waiting).rejects.toThrow('timeout');
});
