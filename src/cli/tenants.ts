import type { Config } from '../config.ts';
import type { Database } from '../db/database.ts';
import { createOrganizations } from '../tenants/organizations.ts';
import { createMissingStore } from '../tenants/missing-store.ts';
import { createTenantStore } from '../tenants/store.ts';
import { mendTenants, verifyTenants, type Difference } from '../tenants/verify.ts';
import { createUpstream, type Upstream } from '../workos/upstream.ts';
import type { Arguments } from './arguments.ts';
import { runCommand, type Answer, type Command } from './command.ts';
import { operator } from './operator.ts';
import { table, type Terminal } from './output.ts';

interface Context {
  readonly terminal: Terminal;
  readonly db: Database;
  readonly upstream: Upstream;
  readonly externalIdPrefix: string;
}

/** `gatehouse tenants …` */
export async function tenantsCommand(
  args: readonly string[],
  { terminal, db, config }: { terminal: Terminal; db: Database; config: Config },
): Promise<number> {
  const upstream = createUpstream(config.workos);
  try {
    return await runCommand('tenants', COMMANDS, args, {
      terminal,
      db,
      upstream,
      externalIdPrefix: config.workos.externalIdPrefix,
    });
  } finally {
    await upstream.close();
  }
}

const COMMANDS: Readonly<Record<string, Command<Context>>> = {
  verify: {
    summary: 'compare the tenants with WorkOS’s organizations; lists what differs on either side',
    synopsis: [
      '[--mend] [--json]',
      'Ends with 0 if nothing differs, else with 1. Changes nothing without --mend, which gives',
      'orphaned tenants their former status back whose organizations are there again.',
    ],
    operands: [],
    flags: { mend: 'switch' },
    run: verify,
  },
};

async function verify(
  args: Arguments,
  { db, upstream, externalIdPrefix, terminal }: Context,
): Promise<Answer> {
  const found = await verifyTenants(
    {
      tenants: createTenantStore(db),
      organizations: createOrganizations(upstream, externalIdPrefix),
      externalIdPrefix,
    },
    (count) => terminal.attended && terminal.err(`\r${count} organizations read `),
  );
  const { tenants, organizations } = found;
  const mended = args.on('mend')
    ? await mendTenants(createMissingStore(db), found, operator('tenants verify --mend'))
    : [];
  const differences = found.differences.filter(
    ({ tenantId }) => tenantId === undefined || !mended.includes(tenantId),
  );
  const counts = `${tenants} tenants, ${organizations} organizations, ${differences.length} differences${args.on('mend') ? ` left to a person, mended: ${mended.join(', ') || 'none'}` : ''}`;
  return {
    data: { tenants, organizations, differences, ...(args.on('mend') && { mended }) },
    text:
      differences.length > 0 ? table(['tenant', 'organization', 'what'], differences.map(row)) : '',
    note: counts,
    ...(differences.length > 0 && { code: 1 }),
  };
}

const row = ({ tenantId, organizationId, what }: Difference) => [tenantId, organizationId, what];
