-- no transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS "webhook_messages_pending" ON "webhook_messages" USING btree ("endpoint_id") WHERE state = 'pending';
