-- no transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS "tenants_former_organization" ON "tenants" USING btree ("former_organization_id");