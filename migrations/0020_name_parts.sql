-- no transaction
CREATE EXTENSION IF NOT EXISTS pg_trgm;--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "tenants_name_parts" ON "tenants" USING gin (lower(name) gin_trgm_ops) WHERE status <> 'deleted';
