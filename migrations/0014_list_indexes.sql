-- no transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS "audit_trail_id" ON "audit_trail" USING btree ("id");--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "audit_trail_by_time" ON "audit_trail" USING btree ("at","id");--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "audit_trail_by_tenant" ON "audit_trail" USING btree ("tenant_id","at","id","user_id","client_id");--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "audit_trail_by_client" ON "audit_trail" USING btree ("client_id","at","id","tenant_id","user_id");--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "audit_trail_by_user" ON "audit_trail" USING btree ("user_id","at","id","tenant_id","client_id");--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "events_type" ON "events" USING btree ("event","position");--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "events_tenant_type" ON "events" USING btree ("tenant_id","event","position");--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "portal_launches_client_tenant" ON "portal_launches" USING btree ("client_id","tenant_id","created_at","id");--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "tenants_listed" ON "tenants" USING btree ("created_at","id") WHERE status <> 'deleted';--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "tenants_status" ON "tenants" USING btree ("status","created_at","id");--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "tenants_by_id" ON "tenants" USING btree ("id","status","created_at") WHERE status <> 'deleted';--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "tenants_domains" ON "tenants" USING gin ((lower(domains::text)::jsonb) jsonb_path_ops) WHERE status <> 'deleted';--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "webhook_attempts_event" ON "webhook_attempts" USING btree ("endpoint_id","event_id","id");
