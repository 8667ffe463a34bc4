import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../src/dev/embedded-postgres.ts';
import { waitFor } from '../support/wait-for.ts';

/** Where Debian's package `prometheus` puts it. */
const PROGRAM = '/usr/bin/prometheus';

export interface Prometheus {
  /** The alerts that fire, with their labels. */
  firing(): Promise<readonly Readonly<Record<string, string>>[]>;
  /** Resolves once an alert fires. @throws after two minutes */
  fires(alert: string): Promise<void>;
  /** Evaluates an expression now. */
  evaluate(expr: string): Promise<{ readonly error?: string; readonly series: number }>;
  /** @param job the name that the rules expect */
  scrape(job: 'gatehouse-gateway' | 'gatehouse-worker', port: number): void;
  stop(): Promise<void>;
}

/** Scrapes and evaluates each second, and lets alerts fire without waiting for their `for`. */
export async function startPrometheus(): Promise<Prometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-alerts-'));
  const file = (name: string) => join(folder, name);
  for (const name of ['alerts.yml', 'recording.yml']) {
    const rules = readFileSync(`deploy/prometheus/${name}`, 'utf8');
    writeFileSync(file(name), rules.replaceAll(/^( +(for|interval): )\w+$/gm, '$11s'));
  }
  const jobs = ['gatehouse-gateway', 'gatehouse-worker'];
  writeFileSync(
    file('prometheus.yml'),
    JSON.stringify({
      global: { scrape_interval: '1s', evaluation_interval: '1s' },
      rule_files: ['alerts.yml', 'recording.yml'],
      scrape_configs: jobs.map((job) => ({
        job_name: job,
        file_sd_configs: [{ files: [`${job}.json`], refresh_interval: '1s' }],
      })),
    }),
  );
  const targets = new Map(jobs.map((job): [string, string[]] => [job, []]));
  const tell = (job: string): void => {
    const list = [{ targets: targets.get(job) ?? [] }];
    writeFileSync(file(`${job}.json`), JSON.stringify(list));
  };
  jobs.forEach(tell);
  const port = await freePort();
  const server = run(folder, port);
  const url = `http://127.0.0.1:${port}`;
  await waitFor(async () => (await fetch(`${url}/-/ready`).catch(() => undefined))?.ok, {
    withinMs: 60_000,
    what: 'Prometheus',
  });

  const firing: Prometheus['firing'] = async () => {
    const { data } = (await (await fetch(`${url}/api/v1/alerts`)).json()) as {
      data: { alerts: { labels: Record<string, string>; state: string }[] };
    };
    return data.alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels);
  };
  return {
    firing,
    fires: async (alert) => {
      await waitFor(async () => (await firing()).some(({ alertname }) => alertname === alert), {
        withinMs: 120_000,
        everyMs: 500,
        what: alert,
      });
    },
    async evaluate(expr) {
      const query = new URLSearchParams({ query: expr });
      const { error, data } = (await (
        await fetch(`${url}/api/v1/query?${query.toString()}`)
      ).json()) as {
        error?: string;
        data?: { result: unknown[] };
      };
      return { ...(error !== undefined && { error }), series: data?.result.length ?? 0 };
    },
    scrape(job, target) {
      targets.get(job)?.push(`127.0.0.1:${target}`);
      tell(job);
    },
    async stop() {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const run = (folder: string, port: number): ChildProcess =>
  spawn(
    PROGRAM,
    [
      `--config.file=${folder}/prometheus.yml`,
      `--storage.tsdb.path=${folder}/data`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: 'ignore' },
  );
