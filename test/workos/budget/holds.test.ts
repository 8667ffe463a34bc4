import { expect, it } from '@jest/globals';
import { createBudget } from '../../../src/workos/budget/budget.ts';
import type { Answered, Report } from '../../../src/workos/budget/exchange.ts';

const NOTHING: Answered = { level: 100, granted: 0, processes: [], holds: new Map() };

/** A budget whose clock and whose rounds with the other processes the test moves. */
function budgetWith(meet: () => Promise<Answered>) {
  let time = 0;
  const told: (readonly [string, number][])[] = [];
  const budget = createBudget({
    perMinute: 6_000,
    now: () => time,
    exchange: {
      meet(report: Report) {
        told.push([...report.holds]);
        return meet();
      },
      leave: () => Promise.resolve(),
    },
  });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const pass = async (ms: number): Promise<void> => {
    await settle();
    time += ms;
    budget.pulse();
    await settle();
  };
  return { budget, told, pass };
}

it('a hold that could not be told at first is told with the time that is left', async () => {
  const answers = [() => Promise.reject(new Error('away')), () => Promise.resolve(NOTHING)];
  const { budget, told, pass } = budgetWith(() => answers.shift()?.() ?? Promise.resolve(NOTHING));

  budget.hold('organizations delete', 60_000);
  await pass(0);
  await pass(20_000);
  await pass(1_000);

  expect(told).toEqual([
    [['organizations delete', 60_000]],
    [['organizations delete', 40_000]],
    [],
  ]);
});

it('a hold that comes during a round is told in the next one', async () => {
  let answer: (answered: Answered) => void = () => undefined;
  const { budget, told, pass } = budgetWith(() => new Promise((resolve) => (answer = resolve)));

  budget.hold('sso token', 1_000);
  await pass(0);
  budget.hold('sso token', 5_000);
  answer(NOTHING);
  await pass(1_000);

  expect(told).toEqual([[['sso token', 1_000]], [['sso token', 4_000]]]);
});
