/** The expressions of the rules, the dashboard and the runbooks. */
import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

const RULES = 'deploy/prometheus';
export const RUNBOOKS = 'docs/runbooks';
const DASHBOARD = 'deploy/grafana/dashboards/gatehouse.json';

const Alert = z.object({
  alert: z.string(),
  expr: z.string(),
  for: z.string(),
  labels: z.object({ severity: z.enum(['page', 'ticket']) }),
  annotations: z.object({
    summary: z.string(),
    description: z.string(),
    runbook_url: z.string(),
  }),
});
const Recording = z.object({
  record: z.string(),
  expr: z.string(),
  labels: z.object({ slo: z.string() }),
});
const groupsOf = <T>(rule: z.ZodType<T>, file: string): T[] =>
  z
    .object({ groups: z.array(z.object({ rules: z.array(rule) })) })
    .parse(parse(readFileSync(`${RULES}/${file}`, 'utf8')))
    .groups.flatMap(({ rules }) => rules);
export const alerts = groupsOf(Alert, 'alerts.yml');
export const recordings = groupsOf(Recording, 'recording.yml');

const Panel = z.object({
  title: z.string(),
  targets: z.array(z.object({ expr: z.string() })).default([]),
});
const dashboard = z
  .object({
    panels: z.array(Panel),
    annotations: z.object({ list: z.array(z.object({ expr: z.string() })) }),
  })
  .parse(JSON.parse(readFileSync(DASHBOARD, 'utf8')));

export const runbooks = new Map(
  readdirSync(RUNBOOKS)
    .filter((name) => name !== 'README.md')
    .map((name) => [name.replace('.md', ''), readFileSync(`${RUNBOOKS}/${name}`, 'utf8')]),
);
const inRunbooks = [...runbooks].flatMap(([name, text]) =>
  [...text.matchAll(/```promql\n(.*?)```/gs)].map(([, expr = '']) => [name, expr] as const),
);

/** Every expression, with where it is. */
export const expressions: readonly (readonly [string, string])[] = [
  ...alerts.map(({ alert, expr }) => [alert, expr] as const),
  ...recordings.map(({ record, labels: { slo }, expr }) => [`${record} ${slo}`, expr] as const),
  ...dashboard.panels.flatMap(({ title, targets }) =>
    targets.map(({ expr }) => [`the panel ${title}`, expr] as const),
  ),
  ...dashboard.annotations.list.map(({ expr }) => ['the annotations', expr] as const),
  ...inRunbooks,
];
