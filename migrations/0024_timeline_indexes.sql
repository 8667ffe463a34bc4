-- no transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS "events_parked_organization" ON "events" USING btree ("organization_id","parked_at") WHERE parked_at is not null;--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "portal_launches_tenant_created" ON "portal_launches" USING btree ("tenant_id","created_at","id");--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "webhook_messages_failed_event" ON "webhook_messages" USING btree ("event_id") WHERE state = 'failed';