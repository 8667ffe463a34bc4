/** The rules, the dashboard and the runbooks against the metrics that there are. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { OPERATIONS } from '../../src/openapi/operations.ts';
import { alerts, expressions, recordings, RUNBOOKS, runbooks } from '../support/expressions.ts';
import { registeredMetrics } from '../support/metrics.ts';
import { parseExpression, type Expression } from '../support/promql.ts';

/** Labels that Prometheus adds to what it scrapes. */
const ADDED = ['job', 'instance'];
const labels = new Map<string, readonly string[]>([
  ['up', ADDED],
  ['ALERTS', ['alertname', 'alertstate', 'severity']],
]);
for (const { name, type, labelNames } of registeredMetrics()) {
  const all = [...labelNames, ...ADDED];
  if (type !== 'histogram') labels.set(name, all);
  else {
    labels.set(`${name}_bucket`, [...all, 'le']);
    for (const part of ['count', 'sum']) labels.set(`${name}_${part}`, all);
  }
}
for (const { record } of recordings) labels.set(record, ['slo']);

const operations = new Set(
  Object.values(OPERATIONS).flatMap(({ contract }) => Object.keys(contract)),
);

/** What an expression names that is not there. */
function unknownIn({ hasErrors, selectors, grouping }: Expression): string[] {
  const known = new Set(selectors.flatMap(({ metric }) => labels.get(metric) ?? []));
  return [
    ...(hasErrors ? ['it does not parse'] : []),
    ...(selectors.length === 0 ? ['it reads no metric'] : []),
    ...selectors.flatMap(({ metric, matchers }) => {
      if (!labels.has(metric)) return [`metric ${metric}`];
      return matchers.flatMap(({ label, value }) => {
        if (!labels.get(metric)?.includes(label)) return [`label ${label} of ${metric}`];
        if (label !== 'operation') return [];
        return value.split('|').filter((one) => !operations.has(one));
      });
    }),
    ...grouping.filter((label) => !known.has(label)).map((label) => `label ${label}`),
  ];
}

describe('every expression reads metrics and labels that there are', () => {
  it.each(expressions)('%s', (_name, expr) => {
    expect(unknownIn(parseExpression(expr))).toEqual([]);
  });

  it('notices what is not there', () => {
    const wrong =
      'sum by (clas) (rate(gatehouse_problems_total{klass="workos"}[5m])) > gatehouse_no';

    expect(unknownIn(parseExpression(`${wrong} and (`))).toEqual([
      'it does not parse',
      'label klass of gatehouse_problems_total',
      'metric gatehouse_no',
      'label clas',
    ]);
  });
});

describe('the runbooks', () => {
  it('are one for each alert, and no other', () => {
    expect([...runbooks.keys()].sort()).toEqual(alerts.map(({ alert }) => alert).sort());
  });

  it('are where the alerts point to, and in the list with their severity', () => {
    const list = readFileSync(`${RUNBOOKS}/README.md`, 'utf8');

    for (const {
      alert,
      annotations,
      labels: { severity },
    } of alerts) {
      expect(annotations.runbook_url).toBe(`${RUNBOOKS}/${alert}.md`);
      expect(list).toMatch(new RegExp(`\\[${alert}\\]\\(${alert}\\.md\\) +\\| ${severity} `));
    }
  });

  it.each([...runbooks])('%s has all parts, and links that lead somewhere', (name, text) => {
    expect(text.split('\n')[0]).toBe(`# ${name}`);
    expect([...text.matchAll(/^## (.*)$/gm)].map(([, title]) => title)).toEqual([
      'For users',
      'Look here first',
      'Do this',
      'Escalate',
      'It clears',
    ]);
    const page = alerts.find(({ alert }) => alert === name)?.labels.severity === 'page';
    expect(text.includes('**Page**')).toBe(page);
    for (const [, target = ''] of text.matchAll(/\]\((?!https?:)([^)#]+)/g))
      expect(() => readFileSync(`${RUNBOOKS}/${target}`)).not.toThrow();
    // Alerts, metrics and panels by their names.
    for (const [, other = ''] of text.matchAll(/\b(Gatehouse[A-Z]\w+)/g))
      expect(runbooks.has(other)).toBe(true);
    for (const [metric] of text.matchAll(/\bgatehouse_\w+/g))
      expect([...labels.keys()].some((one) => one.startsWith(metric))).toBe(true);
  });
});
