import type { Config } from '../config/config.ts';
import type { Database } from '../db/database.ts';
import { recordEvent } from '../events/inbox/gatehouse-events.ts';
import { orphanDeleted } from '../tenants/missing/orphan-deleted.ts';
import { createOrganizations, type Organizations } from '../tenants/organizations/organizations.ts';
import { createMissingStore } from '../tenants/missing/missing-store.ts';
import { createTenantStore } from '../tenants/registry/store.ts';
import {
  mendTenants,
  verifyTenants,
  type Difference,
  type Verified,
} from '../maintenance/verify-tenants.ts';
import type { Upstream } from '../workos/upstream.ts';
import { withUpstream } from './upstream.ts';
import { UsageError, type Arguments } from './arguments.ts';
import { runCommand, type CommandResult, type Command } from './command.ts';
import { operator } from './operator.ts';
import { table, type Terminal } from './output.ts';
import { progressLine } from './progress.ts';
import { IMPORT } from './tenants-import.ts';

interface Context {
  readonly terminal: Terminal;
  readonly db: Database;
  readonly config: Config;
}

/** `gatehouse tenants …` */
export const tenantsCommand = (args: readonly string[], context: Context): Promise<number> =>
  runCommand('tenants', COMMANDS, args, context);

const COMMANDS: Readonly<Record<string, Command<Context>>> = {
  verify: {
    summary: 'compare the tenants with WorkOS’s organizations and list the differences',
    synopsis: [
      '[--unmapped] [--mend [--gone N]] [--json]',
      'Exit code 0 if nothing differs, else 1. A change that is still being settled with WorkOS is no',
      'difference. Changes nothing without --mend, which restores the former status of orphaned tenants',
      'whose organizations exist again.',
      '--unmapped also lists organizations that Gatehouse neither created nor adopted, as while services move to it.',
      '--gone N confirms that the N organizations that WorkOS does not list are deleted there. Each is',
      'looked up again twice, 30 s apart; then the tenants are orphaned.',
    ],
    operands: [],
    flags: { unmapped: 'switch', mend: 'switch', gone: 'one' },
    run: (args, context) => withUpstream(context, (upstream) => verify(args, context, upstream)),
  },
  import: IMPORT,
};

async function verify(
  args: Arguments,
  context: Context,
  upstream: Upstream,
): Promise<CommandResult> {
  const gone = goneOf(args);
  const { externalIdPrefix } = context.config.workos;
  const organizations = createOrganizations(upstream, externalIdPrefix);
  const progress = progressLine(context.terminal);
  const found = await verifyTenants(
    {
      tenants: createTenantStore(context.db),
      organizations,
      externalIdPrefix,
      unmapped: args.on('unmapped'),
    },
    (count) => {
      progress.show(`${count} organizations read`);
    },
  );
  progress.clear();
  const mending = args.on('mend') ? await mend(found, gone, organizations, context) : undefined;
  return resultOf(found, mending);
}

interface Mending {
  /** Tenants whose former status is restored. */
  readonly mended: readonly string[];
  readonly orphaned: readonly string[];
}

/** @param gone how many organizations are deleted at WorkOS, if the operator says so */
async function mend(
  found: Verified,
  gone: number | undefined,
  organizations: Organizations,
  { db, config }: Context,
): Promise<Mending> {
  const store = createMissingStore(db);
  const actor = operator('tenants verify --mend');
  if (gone === undefined) return { mended: await mendTenants(store, found, actor), orphaned: [] };
  const services = { store, organizations, recordEvent, confirmAfterMs: config.confirmMissingMs };
  const comparison = { missing: found.lacking, found: found.seen };
  const orphaned = await orphanDeleted(services, comparison, gone, actor);
  const mended = await mendTenants(store, { ...found, lacking: [] }, actor);
  return { mended, orphaned };
}

function resultOf(found: Verified, mending: Mending | undefined): CommandResult {
  const { tenants, organizations, settling } = found;
  const differences = found.differences.filter(
    ({ tenantId }) => tenantId === undefined || !mending?.mended.includes(tenantId),
  );
  const isDifferent = differences.length > 0;
  return {
    data: { tenants, organizations, differences, settling, ...mending },
    text: isDifferent ? table(['tenant', 'organization', 'what'], differences.map(row)) : '',
    note: [
      `${tenants} tenants, ${organizations} organizations, ${differences.length} differences`,
      mending
        ? ` left for you to resolve, mended: ${listOf(mending.mended)}, orphaned: ${listOf(mending.orphaned)}`
        : '',
      settling.length > 0 ? `; still being settled with WorkOS: ${listOf(settling)}` : '',
    ].join(''),
    ...(isDifferent && { code: 1 }),
  };
}

const listOf = (ids: readonly string[]): string => ids.join(', ') || 'none';

/** @throws UsageError */
function goneOf(args: Arguments): number | undefined {
  const text = args.one('gone');
  if (text === undefined) return undefined;
  if (!args.on('mend')) throw new UsageError('--gone is for --mend');
  if (!/^[1-9]\d{0,6}$/.test(text))
    throw new UsageError('--gone must be the number of organizations that are deleted at WorkOS');
  return Number(text);
}

const row = ({ tenantId, organizationId, what }: Difference) => [tenantId, organizationId, what];
