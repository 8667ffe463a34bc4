import pg from 'pg';

export interface Roles {
  /** Connects as the role that owns the tables and runs migrations. */
  readonly ownerUrl: string;
  /** Connects as the role of the running service. */
  readonly runtimeUrl: string;
}

export const OWNER = 'gatehouse_owner';
export const RUNTIME = 'gatehouse';

/** Creates the two roles of production, so that development and tests have the same permissions. Idempotent. */
export async function createRoles(superuserUrl: string): Promise<void> {
  await asSuperuser(superuserUrl, async (client) => {
    for (const role of [OWNER, RUNTIME]) {
      const { rowCount } = await client.query('select 1 from pg_roles where rolname = $1', [role]);
      if (rowCount === 0) await client.query(`create role ${role} login password '${role}'`);
    }
  });
}

/** Creates a database that belongs to the owner role, unless it exists. */
export async function createDatabase(superuserUrl: string, name: string): Promise<Roles> {
  await asSuperuser(superuserUrl, async (client) => {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (rowCount === 0) await client.query(`create database ${name} owner ${OWNER}`);
  });
  return rolesOf(superuserUrl, name);
}

/** @param superuserUrl of any database of the server */
export const rolesOf = (superuserUrl: string, database: string): Roles => ({
  ownerUrl: urlFor(superuserUrl, OWNER, database),
  runtimeUrl: urlFor(superuserUrl, RUNTIME, database),
});

export async function dropDatabase(superuserUrl: string, name: string): Promise<void> {
  await asSuperuser(superuserUrl, (client) =>
    client.query(`drop database if exists ${name} with (force)`),
  );
}

async function asSuperuser(
  url: string,
  use: (client: pg.Client) => Promise<unknown>,
): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await use(client);
  } finally {
    await client.end();
  }
}

function urlFor(superuserUrl: string, role: string, database: string): string {
  const url = new URL(superuserUrl);
  url.username = role;
  url.password = role;
  url.pathname = `/${database}`;
  return url.href;
}
