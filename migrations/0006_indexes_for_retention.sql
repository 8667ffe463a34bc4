-- no transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS "events_parked" ON "events" USING btree ("parked_at") WHERE parked_at is not null;--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "events_received" ON "events" USING btree ("received_at");--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "mirror_deleted" ON "mirror" USING btree ("deleted_at") WHERE deleted_at is not null;--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "portal_launches_expires" ON "portal_launches" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "sign_ins_at" ON "sign_ins" USING btree ("at");--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "tenants_missing" ON "tenants" USING btree ("missing_since") WHERE missing_since is not null;--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "unreadable_events_received" ON "unreadable_events" USING btree ("received_at");--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "webhook_messages_done" ON "webhook_messages" USING btree ("updated_at") WHERE state <> 'pending';