/**
 * Rows of a client store the client's `generation` at the time of writing. A client that is deleted
 * and registered again under the same id has a new generation, so it does not inherit the old rows.
 */

/**
 * SQL condition: the row belongs to this registration of the client. Rows of older releases have no
 * generation; they belong to the client if they are not older than it. Never null, so it can be negated.
 *
 * @param row the alias of a table with `client_generation`
 * @param client the alias of `clients`, joined by id
 * @param createdAt the column with the time of the row
 */
export const isOfClient = (row: string, client: string, createdAt = 'created_at'): string =>
  `coalesce(${row}.client_generation = ${client}.generation, ${row}.${createdAt} >= ${client}.created_at)`;

/**
 * SQL condition: the row belongs to the authenticated client, which is still registered.
 *
 * @param row the alias of a table with `client_id` and `client_generation`
 * @param generation a parameter with the generation of that client, e.g. `$2`
 */
export const isOwnedBy = (row: string, generation: string, createdAt = 'created_at'): string =>
  `exists (select 1 from clients c where c.id = ${row}.client_id and c.generation = ${generation}::uuid
    and ${isOfClient(row, 'c', createdAt)})`;
