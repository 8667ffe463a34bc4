-- no transaction
ALTER TABLE "tenants" ADD COLUMN IF NOT EXISTS "profile_unsure" uuid;--> statement-breakpoint
ALTER TABLE "tenants" ADD COLUMN IF NOT EXISTS "profile_unsure_since" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "tenants" ADD COLUMN IF NOT EXISTS "profile_unsure_fields" text[];--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "tenants_unsure" ON "tenants" USING btree ("profile_unsure_since") WHERE profile_unsure is not null;
