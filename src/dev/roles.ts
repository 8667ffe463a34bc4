import pg from 'pg';

export interface Roles {
  /** As the role that owns the tables and migrates. */
  readonly ownerUrl: string;
  /** As the role that runs the service. */
  readonly runtimeUrl: string;
}

export const OWNER = 'gatehouse_owner';
export const RUNTIME = 'gatehouse';

/** The two roles of production, so that development and tests meet the same refusals. Safe to repeat. */
export async function createRoles(superuserUrl: string): Promise<void> {
  await asSuperuser(superuserUrl, async (client) => {
    for (const role of [OWNER, RUNTIME]) {
      const { rowCount } = await client.query('select 1 from pg_roles where rolname = $1', [role]);
      if (rowCount === 0) await client.query(`create role ${role} login password '${role}'`);
    }
  });
}

/** A database that the owner owns, unless there is one. @param template what to clone */
export async function createDatabase(
  superuserUrl: string,
  name: string,
  template?: string,
): Promise<Roles> {
  await asSuperuser(superuserUrl, async (client) => {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (rowCount === 0)
      await client.query(
        `create database ${name} owner ${OWNER}${template ? ` template ${template}` : ''}`,
      );
  });
  return {
    ownerUrl: urlFor(superuserUrl, OWNER, name),
    runtimeUrl: urlFor(superuserUrl, RUNTIME, name),
  };
}

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
