import { readFile } from 'node:fs/promises';
import type { Config } from '../config/config.ts';
import type { Database } from '../db/database.ts';
import {
  importTenants,
  type ImportDeps,
  type Imported,
} from '../maintenance/import/import-tenants.ts';
import { planOf, type ImportPlan } from '../maintenance/import/plan.ts';
import type { Fault } from '../maintenance/import/read-file.ts';
import { readRows } from '../maintenance/import/read-rows.ts';
import type { TenantRow } from '../tenants/model/row.ts';
import { createOrganizations, type Organizations } from '../tenants/organizations/organizations.ts';
import { createProvisioning } from '../tenants/provisioning/provisioning.ts';
import { createPutTenant } from '../tenants/put-tenant.ts';
import { createTenantStore, type TenantStore } from '../tenants/registry/store.ts';
import type { Upstream } from '../workos/upstream.ts';
import { UsageError, type Arguments } from './arguments.ts';
import type { Command, CommandResult } from './command.ts';
import { operator } from './operator.ts';
import { counted, table, type Terminal } from './output.ts';
import { showProgress } from './progress.ts';
import { withUpstream } from './upstream.ts';

interface Context {
  readonly terminal: Terminal;
  readonly db: Database;
  readonly config: Config;
}

export const IMPORT: Command<Context> = {
  summary: 'provision the tenants of a CSV or JSON-lines file, or adopt their organizations',
  synopsis: [
    '<file> [--dry-run] [--json]',
    'Columns: tenant_id; organization_id to adopt, or name to create; domains (separated by spaces) if you like.',
    'The whole file is checked first, and nothing is imported if a line is wrong. Tenants that exist are left as they are,',
    'so after an interruption repeat the same command. --dry-run only says what would happen, and does not ask WorkOS.',
    'Exit code 1 if a line is wrong or a tenant could not be imported; each is listed with its line.',
  ],
  operands: ['<file>'],
  flags: { 'dry-run': 'switch' },
  run: importFile,
};

async function importFile(args: Arguments, context: Context): Promise<CommandResult> {
  const { rows, faults } = readRows(await contentOf(args.operand(0)));
  const plan = await planOf(createTenantStore(context.db), rows);
  const wrong = [...faults, ...plan.faults].sort((a, b) => a.line - b.line);
  if (wrong.length > 0) return refusal(wrong, rows.length);
  if (args.on('dry-run')) return dryRun(plan);
  return withUpstream(context, (upstream) => run(plan, context, upstream));
}

/** @throws UsageError */
async function contentOf(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    const { code = 'unreadable' } = error as NodeJS.ErrnoException;
    throw new UsageError(`the file ${JSON.stringify(path)} cannot be read (${code})`);
  }
}

const countsOf = ({ create, adopt, done }: ImportPlan) => ({
  create: create.length,
  adopt: adopt.length,
  unchanged: done.length,
});

const dryRun = (plan: ImportPlan): CommandResult => {
  const counts = countsOf(plan);
  return {
    data: { dry_run: true, workos_asked: false, ...counts },
    text: `${counted(counts.create, 'tenant')} would be created, ${counted(counts.adopt, 'organization')} adopted; ${counted(counts.unchanged, 'tenant')} left alone.\n`,
    note: 'WorkOS was not asked: an organization id that it does not know shows at the import.',
  };
};

const faultRow = ({ line, what }: Fault) => [line, what];

const refusal = (faults: readonly Fault[], rows: number): CommandResult => ({
  data: { rows, imported: 0, faults },
  text: table(['line', 'fault'], faults.map(faultRow)),
  note: `${counted(faults.length, 'fault')}; nothing was imported`,
  code: 1,
});

async function run(
  plan: ImportPlan,
  { db, config, terminal }: Context,
  upstream: Upstream,
): Promise<CommandResult> {
  const organizations = createOrganizations(upstream, config.workos.externalIdPrefix);
  const rows = [...plan.adopt, ...plan.create];
  const progress = showProgress(terminal, rows.length);
  const interrupted = interruption();
  const imported = await importTenants(
    {
      ...{ put: putMissing(createTenantStore(db), organizations), organizations },
      ...{ actor: operator('tenants import'), signal: interrupted.signal },
      onRow: progress.add,
    },
    rows,
  );
  progress.end();
  interrupted.end();
  return result(plan, imported);
}

/** PUT for a tenant that does not exist. One that came into being after the plan is left as it is. */
function putMissing(tenants: TenantStore, organizations: Organizations): ImportDeps['put'] {
  const provisioning = createProvisioning({ tenants, organizations });
  return async (...args) => {
    let isMissing = true;
    const change = (row: TenantRow): Promise<TenantRow> => {
      isMissing = false;
      return Promise.resolve(row);
    };
    await createPutTenant({ tenants, organizations, provisioning, change }).put(...args);
    return isMissing;
  };
}

/** Ctrl-C and SIGTERM let the requests in progress end. */
function interruption() {
  const controller = new AbortController();
  const abort = () => {
    controller.abort();
  };
  process.once('SIGINT', abort).once('SIGTERM', abort);
  return {
    signal: controller.signal,
    end: () => void process.off('SIGINT', abort).off('SIGTERM', abort),
  };
}

function result(plan: ImportPlan, { imported, kept, failures, stopped }: Imported): CommandResult {
  const { create, adopt, unchanged } = countsOf(plan);
  const left = create + adopt - imported - kept.length - failures.length;
  const counts = `${counted(imported, 'tenant')} imported, ${unchanged + kept.length} existed, ${failures.length} failed`;
  return {
    data: {
      ...{ imported, unchanged: unchanged + kept.length, kept, left, failures },
      ...(stopped !== undefined && { stopped }),
    },
    text: [...listOf('failure', failures), ...listOf('left as it is', kept)].join('\n'),
    note: [
      counts,
      ...(stopped === undefined ? [] : [`stopped: ${stopped.replace(/\.$/, '')}`]),
      ...(left > 0 || stopped !== undefined ? [`${left} left: repeat the command to go on`] : []),
    ].join('; '),
    ...((failures.length > 0 || left > 0) && { code: 1 }),
  };
}

const listOf = (heading: string, list: readonly Fault[]): string[] =>
  list.length > 0 ? [table(['line', heading], list.map(faultRow))] : [];
