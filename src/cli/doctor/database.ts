import { isLoopback } from '../../core/loopback.ts';
import type { Secret } from '../../core/secret.ts';
import type { Database } from '../../db/database.ts';
import { hostOf } from '../../db/explain.ts';
import { lackingPrivileges } from '../../db/grants.ts';
import { pendingMigrations } from '../../db/migrate.ts';
import { listMigrations, migrationsFolder } from '../../db/migration-files.ts';
import { withSession } from '../../db/owner-session.ts';
import {
  isMigratedFurther,
  roleFacts,
  serverFacts,
  type RoleFacts,
  type ServerFacts,
} from '../../maintenance/inspection-store.ts';
import { clockFinding } from './clock.ts';
import { fault, ok, warning, type Check, type Finding } from './check.ts';
import { counted } from '../output.ts';
import { Skipped } from './skipped.ts';
import { unusable } from './unusable-database.ts';
import type { World } from './world.ts';

/** The oldest release of Postgres that its makers maintain. */
const OLDEST_POSTGRES = 140_000;

export const DATABASE_CHECKS: readonly Check[] = [
  { name: 'database', run: checkConnection },
  {
    name: 'database clock',
    async run(world) {
      const db = await world.database();
      const before = Date.now();
      const facts = await serverFacts(db);
      return clockFinding('Postgres', facts?.clock ?? Date.now(), before, Date.now());
    },
  },
  {
    name: 'migrations',
    async run(world) {
      const db = await world.database();
      const pending = await pendingMigrations(db);
      if (pending.length > 0)
        return fault(
          `the database lacks ${counted(pending.length, 'migration')} (${abbreviated(pending)})`,
          'Run gatehouse migrate with DATABASE_MIGRATION_URL; serve and worker do not start before.',
        );
      const last = Math.max(...listMigrations(migrationsFolder).map(({ when }) => when));
      return (await isMigratedFurther(db, last))
        ? warning(
            'a later release has migrated the database',
            'Roll out that release here too; this one runs meanwhile.',
          )
        : ok('the database has all migrations of this release');
    },
  },
  { name: 'runtime role', run: checkRole },
  { name: 'migration role', run: checkMigrationRole },
];

async function checkConnection(world: World): Promise<Finding | Finding[]> {
  const url = world.setting('DATABASE_URL');
  const host = hostOf(url);
  let db: Database;
  try {
    db = await world.connect();
  } catch (error) {
    return unusable('DATABASE_URL', url, error);
  }
  const facts = await serverFacts(db);
  if (!facts) return ok(`${host} answers`);
  const { version, versionNumber, encrypted, readOnly, findsTables } = facts;
  const findings = [
    ...(readOnly
      ? [
          fault(
            `${host} takes no writes: it is a replica, or read-only`,
            'Point DATABASE_URL to the primary.',
          ),
        ]
      : []),
    ...(findsTables ? [] : [lostTables(facts)]),
    ...(versionNumber < OLDEST_POSTGRES
      ? [warning(`${host} runs Postgres ${version}`, 'Upgrade to Postgres 14 or later.')]
      : []),
    ...(!encrypted && !isNearby(url)
      ? [
          warning(
            `the connection to ${host} is not encrypted`,
            'Add sslmode=verify-full (and sslrootcert=…) to DATABASE_URL.',
          ),
        ]
      : []),
  ];
  const tls = encrypted ? 'with TLS' : 'without TLS';
  return findings.length > 0 ? findings : ok(`${host} answers, Postgres ${version}, ${tls}`);
}

const lostTables = ({ role, searchPath }: ServerFacts): Finding =>
  fault(
    `the search_path of ${role} (${searchPath}) does not lead to the tables, which are in the schema public`,
    `Run in Postgres: alter role ${role} reset search_path; and the same for the database.`,
  );

const isNearby = (url: Secret): boolean => {
  const hostname = URL.parse(url.reveal())?.hostname ?? '';
  return hostname === '' || isLoopback(hostname) || !/[.:]/.test(hostname);
};

async function checkRole(world: World): Promise<Finding | Finding[]> {
  const db = await world.database();
  const facts = await roleFacts(db);
  if (!facts) throw new Skipped('the database lacks migrations');
  const lacking = await lackingPrivileges(db);
  const findings = faultsOfRole(facts, world.development);
  if (lacking.length > 0)
    findings.push(
      fault(
        `the role of DATABASE_URL lacks privileges on ${abbreviated(lacking)}`,
        'Run gatehouse migrate with DATABASE_MIGRATION_URL; it grants them.',
      ),
    );
  return findings.length > 0
    ? findings
    : ok(`${facts.role} has the privileges it needs and no more`);
}

const OWN_ROLE =
  'Give DATABASE_URL a role of its own, DATABASE_MIGRATION_URL the owner, and run gatehouse migrate.';

function faultsOfRole(facts: RoleFacts, development: boolean): Finding[] {
  const { role, superuser, owner, createsTables, erases } = facts;
  const level = development ? warning : fault;
  if (superuser) return [level(`${role}, the role of DATABASE_URL, is a superuser`, OWN_ROLE)];
  if (owner)
    return [
      level(
        `${role}, the role of DATABASE_URL, owns the tables, so it can erase the audit trail`,
        OWN_ROLE,
      ),
    ];
  const regrant = 'Run gatehouse migrate with DATABASE_MIGRATION_URL; it revokes them.';
  return [
    ...(createsTables ? [level(`${role} may create tables in the schema public`, regrant)] : []),
    ...(erases.length > 0
      ? [level(`${role} may ${erases.join(', ')} rows of the audit trail`, regrant)]
      : []),
  ];
}

async function checkMigrationRole({ values, setting }: World): Promise<Finding> {
  const owner = values.DATABASE_MIGRATION_URL;
  if (!owner)
    throw new Skipped(
      'DATABASE_MIGRATION_URL is not set here; only migrate, maintain and restored need it',
    );
  const runtime = URL.parse(setting('DATABASE_URL').reveal());
  const other = URL.parse(owner.reveal());
  if (runtime?.username === other?.username)
    return warning('DATABASE_MIGRATION_URL has the same role as DATABASE_URL', OWN_ROLE);
  if (runtime?.pathname !== other?.pathname)
    return fault(
      'DATABASE_MIGRATION_URL names another database than DATABASE_URL',
      'Give both the same database.',
    );
  try {
    const options = { name: 'gatehouse doctor', statementTimeoutMs: 2_000 };
    await withSession(owner, options, (client) => client.query('select 1'));
    return ok(`${hostOf(owner)} accepts the role of DATABASE_MIGRATION_URL`);
  } catch (error) {
    const { cause = error } = error as { cause?: unknown };
    return unusable('DATABASE_MIGRATION_URL', owner, cause);
  }
}

const abbreviated = (names: readonly string[]): string =>
  names.length <= 4
    ? names.join(', ')
    : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;
