-- no transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS "webhook_messages_failed" ON "webhook_messages" USING btree ("updated_at","endpoint_id","event_id") WHERE state = 'failed';