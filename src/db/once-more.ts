import { fromPostgres } from './problems.ts';

/**
 * Does the work, and `again` after a temporary failure of Postgres: of a statement that many share, all would
 * suffer from the end of one session.
 */
export async function onceMore<T>(work: () => Promise<T>, again = work): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (fromPostgres(error) === undefined) throw error;
    return again();
  }
}
