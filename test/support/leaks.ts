/** Looks for secrets where none may be. */
import type { TestApp } from './test-app.ts';

/** The secret part of every portal link that the fake WorkOS has given, and its own key. */
const upstreamSecrets = ({ workos }: TestApp): string[] => [
  workos.apiKey,
  ...workos.state.portalSessions.keys(),
];

/** Log lines that hold a link's token, WorkOS's key or one of `secrets`. */
export function leaksInLogs(gatehouse: TestApp, secrets: readonly string[] = []): string[] {
  const canaries = [...upstreamSecrets(gatehouse), ...secrets];
  return gatehouse.logs.filter((line) => canaries.some((canary) => line.includes(canary)));
}

/** Tables in whose rows one of the same secrets stands, as text or as its bytes. */
export async function leaksInDatabase(
  gatehouse: TestApp,
  secrets: readonly string[] = [],
): Promise<string[]> {
  const canaries = [...upstreamSecrets(gatehouse), ...secrets].flatMap((text) => [
    text,
    Buffer.from(text).toString('hex'),
    Buffer.from(text, 'base64url').toString('hex'),
  ]);
  const dumps = await dump(gatehouse);
  return dumps
    .filter(({ rows }) => canaries.some((canary) => rows.includes(canary)))
    .map(({ name }) => name);
}

/** Every table of the database, its rows as text. */
export async function dump({
  database,
}: TestApp): Promise<{ readonly name: string; readonly rows: string }[]> {
  const tables = await database.superuser<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname not in ('pg_catalog', 'information_schema')`,
  );
  return Promise.all(
    tables.map(async ({ name }) => {
      const [all] = await database.superuser<{ rows: string }>(
        `select coalesce(string_agg(t::text, chr(10)), '') as rows from ${name} t`,
      );
      return { name, rows: all?.rows ?? '' };
    }),
  );
}
