import { loadConfig } from '../config/config.ts';
import type { Secret } from '../core/secret.ts';
import { openDatabase } from '../db/database.ts';
import { COMMAND_CONNECT_MS } from '../db/opening.ts';
import { takeNewNumbers } from '../maintenance/new-numbers.ts';
import { revokeOpenGrants } from '../maintenance/revoke-open-grants.ts';
import { createOrganizations } from '../tenants/organizations/organizations.ts';
import {
  readOrganizations,
  rebuildTenantMap,
  stillSuspended,
  type MapRepair,
} from '../maintenance/rebuild-tenant-map.ts';
import { openUpstream } from './upstream.ts';
import { runSingle, type CommandResult, type Command } from './command.ts';
import { operator } from './operator.ts';
import { asOwner } from './owner.ts';
import { table, type Terminal } from './output.ts';
import { progressLine } from './progress.ts';

const RESTORED: Command<{ readonly terminal: Terminal }> = {
  summary: 'revoke old tickets and rebuild the tenant map; run it after restoring a backup',
  synopsis: [
    '[--json]',
    'Run it after the restore and before the service starts, as the owner of the tables',
    '(DATABASE_MIGRATION_URL). Revokes open tickets, refuses sign-in codes issued before now, and rebuilds',
    'the tenant map from the marks at WorkOS. If it was interrupted, repeat it. Exit code 1 if you must resolve something.',
  ],
  operands: [],
  flags: {},
  run: (_args, { terminal }) => asOwner((owner) => restored(terminal, owner)),
};

/** `gatehouse restored` */
export const restoredCommand = (args: readonly string[], terminal: Terminal): Promise<number> =>
  runSingle('restored', RESTORED, args, { terminal });

/** Changes since the backup that the platform team must repeat by hand. */
const REPEAT_BY_HAND =
  'Changes since the backup to clients, their keys and the registry of IT admins are lost. Repeat ' +
  'revocations of keys (gatehouse clients list), denials of IT admins and suspensions of tenants made ' +
  'since. A tenant that the backup lacked is suspended until it is set to active. Events that it lacked are read ' +
  'again, but maybe in another order: clients that read GET /events begin again at the time of the backup.';

async function restored(terminal: Terminal, owner: Secret): Promise<CommandResult> {
  const { workos } = loadConfig();
  const db = openDatabase({ url: owner, max: 1, connectMs: COMMAND_CONNECT_MS });
  const upstream = openUpstream(db, workos);
  const actor = operator('restored');
  try {
    const organizations = createOrganizations(upstream, workos.externalIdPrefix);
    const progress = progressLine(terminal);
    const seen = await readOrganizations(db, organizations, (count) => {
      progress.show(`${count} organizations read`);
    });
    progress.clear();
    await takeNewNumbers(db);
    const suspended = await stillSuspended(db);
    const { launches } = await revokeOpenGrants(db, actor);
    const mended = await rebuildTenantMap(db, organizations, seen, actor);
    return answer(launches, mended, suspended);
  } finally {
    await upstream.close();
    await db.close();
  }
}

/** @param suspended the tenants that an earlier run suspended */
const answer = (
  launches: number,
  mended: readonly MapRepair[],
  suspended: readonly string[],
): CommandResult => ({
  data: {
    revoked_launches: launches,
    tenants: mended.map(({ tenantId, organizationId, what }) => ({
      tenant_id: tenantId,
      organization_id: organizationId,
      what,
    })),
    still_suspended: suspended,
  },
  text:
    mended.length > 0
      ? table(
          ['tenant', 'organization', 'what'],
          mended.map(({ tenantId, organizationId, what }) => [tenantId, organizationId, what]),
        )
      : '',
  note: [
    `${launches} open tickets revoked, ${mended.length} tenants mended. ${REPEAT_BY_HAND}`,
    ...(suspended.length > 0
      ? [`Suspended by an earlier run, until they are set to active: ${suspended.join(', ')}`]
      : []),
  ].join('\n'),
  ...(mended.some(({ what }) => what === 'left to a person') && { code: 1 }),
});
