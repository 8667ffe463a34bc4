-- no transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS "owned_objects_client" ON "owned_objects" USING btree ("client_id");