-- no transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS "tenants_by_name" ON "tenants" USING btree ("id","status","created_at","name") WHERE status <> 'deleted';