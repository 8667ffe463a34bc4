import type { Config } from '../config.ts';
import type { Database } from '../db/database.ts';
import { createOrganizations } from '../tenants/organizations.ts';
import { createTenantStore } from '../tenants/store.ts';
import { verifyTenants, type Difference } from '../tenants/verify.ts';
import { createUpstream, type Upstream } from '../workos/upstream.ts';
import { runCommand, type Answer, type Command } from './command.ts';
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
    synopsis: ['[--json]', 'Ends with 0 if nothing differs, else with 1. Changes nothing.'],
    operands: [],
    flags: {},
    run: verify,
  },
};

async function verify(
  _args: unknown,
  { db, upstream, externalIdPrefix, terminal }: Context,
): Promise<Answer> {
  const { differences, tenants, organizations } = await verifyTenants(
    {
      tenants: createTenantStore(db),
      organizations: createOrganizations(upstream, externalIdPrefix),
      externalIdPrefix,
    },
    (count) => terminal.attended && terminal.err(`\r${count} organizations read `),
  );
  const counts = `${tenants} tenants, ${organizations} organizations, ${differences.length} differences`;
  return {
    data: { tenants, organizations, differences },
    text:
      differences.length > 0 ? table(['tenant', 'organization', 'what'], differences.map(row)) : '',
    note: counts,
    ...(differences.length > 0 && { code: 1 }),
  };
}

const row = ({ tenantId, organizationId, what }: Difference) => [tenantId, organizationId, what];
