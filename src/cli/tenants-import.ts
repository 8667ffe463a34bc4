import { readFile } from 'node:fs/promises';
import type { Config } from '../config/config.ts';
import type { Database } from '../db/database.ts';
import { createAuditWriter } from '../audit-trail/writer.ts';
import { recordEvent } from '../events/inbox/gatehouse-events.ts';
import { importTenants } from '../maintenance/import/import-tenants.ts';
import { planOf, type ImportPlan } from '../maintenance/import/plan.ts';
import { readRows, type Fault } from '../maintenance/import/read-rows.ts';
import { createChanges } from '../tenants/changes/changes.ts';
import { createMissing } from '../tenants/missing/missing.ts';
import { createMissingStore } from '../tenants/missing/missing-store.ts';
import { createOrganizations } from '../tenants/organizations/organizations.ts';
import { createProvisioning } from '../tenants/provisioning/provisioning.ts';
import { createPutTenant } from '../tenants/put-tenant.ts';
import { createTenantStore } from '../tenants/registry/store.ts';
import type { Upstream } from '../workos/upstream.ts';
import { UsageError, type Arguments } from './arguments.ts';
import type { Command, CommandResult } from './command.ts';
import { operator } from './operator.ts';
import { table, type Terminal } from './output.ts';
import { showProgress } from './progress.ts';
import { openUpstream } from './upstream.ts';

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
    'so after an interruption repeat the same command. --dry-run only says what would happen.',
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
  const upstream = openUpstream(context.db, context.config.workos);
  try {
    return await run(plan, context, upstream);
  } finally {
    await upstream.close();
  }
}

/** @throws UsageError */
async function contentOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
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
    data: { dry_run: true, ...counts },
    text: `${counts.create} tenants would be created, ${counts.adopt} organizations adopted; ${counts.unchanged} tenants exist and would be left as they are.\n`,
    note: 'WorkOS was not asked: an organization id that it does not know shows at the import.',
  };
};

const faultRow = ({ line, what }: Fault) => [line, what];

const refusal = (faults: readonly Fault[], rows: number): CommandResult => ({
  data: { rows, imported: 0, faults },
  text: table(['line', 'fault'], faults.map(faultRow)),
  note: `${faults.length} faults; nothing was imported`,
  code: 1,
});

async function run(
  plan: ImportPlan,
  { db, config, terminal }: Context,
  upstream: Upstream,
): Promise<CommandResult> {
  const tenants = createTenantStore(db);
  const organizations = createOrganizations(upstream, config.workos.externalIdPrefix);
  const { report } = createMissing({
    ...{ store: createMissingStore(db), organizations, recordEvent, onDoubt: () => undefined },
    confirmAfterMs: config.confirmMissingMs,
  });
  const provisioning = createProvisioning({ tenants, organizations });
  const audit = createAuditWriter(db);
  const { change } = createChanges({ tenants, organizations, audit, reportMissing: report });
  const { put } = createPutTenant({ tenants, organizations, provisioning, change });
  const rows = [...plan.adopt, ...plan.create];
  const progress = showProgress(terminal, rows.length);
  const interrupted = interruption();
  const failures = await importTenants(
    {
      ...{ put, organizations, actor: operator('tenants import'), signal: interrupted.signal },
      onRow: (_row, failure) => {
        progress.add(failure !== undefined);
      },
    },
    rows,
  );
  progress.end();
  interrupted.end();
  return result(plan, progress.done(), failures, interrupted.signal.aborted);
}

/** Ctrl-C and SIGTERM let the rows in progress end. */
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

function result(
  plan: ImportPlan,
  done: number,
  failures: readonly Fault[],
  isInterrupted: boolean,
): CommandResult {
  const counts = countsOf(plan);
  const left = counts.create + counts.adopt - done;
  const imported = done - failures.length;
  return {
    data: { imported, unchanged: counts.unchanged, left, failures },
    text: failures.length > 0 ? table(['line', 'failure'], failures.map(faultRow)) : '',
    note: [
      `${imported} tenants imported, ${counts.unchanged} existed, ${failures.length} failed`,
      ...(isInterrupted ? [`${left} left: repeat the command to go on`] : []),
    ].join('; '),
    ...((failures.length > 0 || isInterrupted) && { code: 1 }),
  };
}
