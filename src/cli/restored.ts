import { loadConfig, loadSetting } from '../config/config.ts';
import { openDatabase } from '../db/database.ts';
import { COMMAND_CONNECT_MS } from '../db/opening.ts';
import { revokeOpenGrants } from '../maintenance/revoke-open-grants.ts';
import { createOrganizations } from '../tenants/organizations/organizations.ts';
import {
  readOrganizations,
  rebuildTenantMap,
  type MapRepair,
} from '../maintenance/rebuild-tenant-map.ts';
import { createUpstream } from '../workos/upstream.ts';
import { runSingle, type CommandResult, type Command } from './command.ts';
import { operator } from './operator.ts';
import { table, type Terminal } from './output.ts';

const RESTORED: Command<{ readonly terminal: Terminal }> = {
  summary: 'make a database safe again that was restored from a backup',
  synopsis: [
    '[--json]',
    'Run it after the restore and before the service starts, as the owner of the tables',
    '(DATABASE_MIGRATION_URL). Revokes open tickets, refuses the codes of before, rebuilds the map',
    'of tenants from the marks at WorkOS. Safe to repeat. Ends with 1 if something is left to a person.',
  ],
  operands: [],
  flags: {},
  run: (_args, { terminal }) => restored(terminal),
};

/** `gatehouse restored` */
export const restoredCommand = (args: readonly string[], terminal: Terminal): Promise<number> =>
  runSingle('restored', RESTORED, args, { terminal });

/** What the backup cannot know and the platform team has to check. */
const FORGOTTEN =
  'Changes since the backup to clients, their keys and the registry of IT admins are lost: revoke ' +
  'again what was revoked since (gatehouse clients list), deny again whom was denied, and suspend again ' +
  'which tenants were stopped. A tenant that the backup lacked is suspended until it is set to active.';

async function restored(terminal: Terminal): Promise<CommandResult> {
  const { workos } = loadConfig();
  const owner = loadSetting('DATABASE_MIGRATION_URL') ?? loadSetting('DATABASE_URL');
  const db = openDatabase({ url: owner, max: 1, connectMs: COMMAND_CONNECT_MS });
  const upstream = createUpstream(workos);
  const actor = operator('restored');
  try {
    const organizations = createOrganizations(upstream, workos.externalIdPrefix);
    const seen = await readOrganizations(db, organizations, (count) => {
      if (terminal.attended) terminal.err(`\r${count} organizations read `);
    });
    const { launches } = await revokeOpenGrants(db, actor);
    const mended = await rebuildTenantMap(db, organizations, seen, actor);
    return answer(launches, mended);
  } finally {
    await Promise.all([upstream.close(), db.close()]);
  }
}

const answer = (launches: number, mended: readonly MapRepair[]): CommandResult => ({
  data: {
    revoked_launches: launches,
    tenants: mended.map(({ tenantId, organizationId, what }) => ({
      tenant_id: tenantId,
      organization_id: organizationId,
      what,
    })),
  },
  text:
    mended.length > 0
      ? table(
          ['tenant', 'organization', 'what'],
          mended.map(({ tenantId, organizationId, what }) => [tenantId, organizationId, what]),
        )
      : '',
  note: `${launches} open tickets revoked, ${mended.length} tenants mended. ${FORGOTTEN}`,
  ...(mended.some(({ what }) => what === 'left to a person') && { code: 1 }),
});
