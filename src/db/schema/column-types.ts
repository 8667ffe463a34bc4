import { customType, timestamp, uuid } from 'drizzle-orm/pg-core';

/** Ids are compared byte for byte, independent of the database's locale. */
export const id = customType<{ data: string }>({ dataType: () => 'text COLLATE "C"' });
export const bytes = customType<{ data: Buffer }>({ dataType: () => 'bytea' });
export const time = (name: string) => timestamp(name, { withTimezone: true });
export const createdAt = () => time('created_at').notNull().defaultNow();
export const updatedAt = () => time('updated_at').notNull().defaultNow();
/** The generation of the client that a row belongs to. Null in rows of older releases. */
export const clientGeneration = () => uuid('client_generation');
