-- no transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS "portal_launches_tenant" ON "portal_launches" USING btree ("tenant_id","redirected_at");