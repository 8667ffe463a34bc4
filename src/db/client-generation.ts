/**
 * Rows that belong to a client hold the `generation` that the client had when they were written. A
 * client that is deleted and registered again under the same id has another generation, and so has
 * none of the rows of the one before.
 */

/**
 * SQL: the row belongs to this registration of the client. A row without a generation was written by
 * a release that kept none, and belongs to the client if it is not older than the client. Never
 * null, so that it may be negated.
 *
 * @param row the alias of a table with `client_generation`
 * @param client the alias of `clients`, joined by id
 * @param createdAt the column with the time of the row
 */
export const isOfClient = (row: string, client: string, createdAt = 'created_at'): string =>
  `coalesce(${row}.client_generation = ${client}.generation, ${row}.${createdAt} >= ${client}.created_at)`;

/**
 * SQL: the row belongs to a client that has authenticated, and that is still registered.
 *
 * @param row the alias of a table with `client_id` and `client_generation`
 * @param generation a parameter with the generation of that client, e.g. `$2`
 */
export const isOwnedBy = (row: string, generation: string, createdAt = 'created_at'): string =>
  `exists (select 1 from clients c where c.id = ${row}.client_id and c.generation = ${generation}::uuid
    and ${isOfClient(row, 'c', createdAt)})`;
