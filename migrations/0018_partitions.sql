-- The table with all rows becomes the default partition, which takes no scan. "gatehouse migrate" then gives it
-- bounds and makes the partitions of the coming weeks (src/db/partitions.ts). Its old indexes stay for the
-- previous release, and go with it.
ALTER TABLE "audit_trail" RENAME TO "audit_trail_default";--> statement-breakpoint
ALTER INDEX "audit_trail_id" RENAME TO "audit_trail_default_id";--> statement-breakpoint
ALTER INDEX "audit_trail_by_time" RENAME TO "audit_trail_default_by_time";--> statement-breakpoint
ALTER INDEX "audit_trail_by_tenant" RENAME TO "audit_trail_default_by_tenant";--> statement-breakpoint
ALTER INDEX "audit_trail_by_client" RENAME TO "audit_trail_default_by_client";--> statement-breakpoint
ALTER INDEX "audit_trail_by_user" RENAME TO "audit_trail_default_by_user";--> statement-breakpoint
CREATE TABLE "audit_trail" (
	"id" bigint GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME "audit_trail_ids") NOT NULL,
	"at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"operation" text NOT NULL,
	"outcome" text NOT NULL,
	"client_id" text COLLATE "C",
	"user_id" text COLLATE "C",
	"tenant_id" text COLLATE "C",
	"request_id" text NOT NULL,
	"details" jsonb NOT NULL
) PARTITION BY RANGE ("at");--> statement-breakpoint
SELECT setval('audit_trail_ids', last_value, is_called) FROM "audit_trail_id_seq";--> statement-breakpoint
ALTER TABLE "audit_trail_default" ALTER COLUMN "id" DROP IDENTITY;--> statement-breakpoint
CREATE INDEX "audit_trail_id" ON "audit_trail" USING btree ("id");--> statement-breakpoint
CREATE INDEX "audit_trail_by_time" ON "audit_trail" USING btree ("at","id");--> statement-breakpoint
CREATE INDEX "audit_trail_by_tenant" ON "audit_trail" USING btree ("tenant_id","at","id","user_id","client_id");--> statement-breakpoint
CREATE INDEX "audit_trail_by_client" ON "audit_trail" USING btree ("client_id","at","id","tenant_id","user_id");--> statement-breakpoint
CREATE INDEX "audit_trail_by_user" ON "audit_trail" USING btree ("user_id","at","id","tenant_id","client_id");--> statement-breakpoint
ALTER TABLE "audit_trail" ATTACH PARTITION "audit_trail_default" DEFAULT;--> statement-breakpoint
ALTER TABLE "webhook_attempts" RENAME TO "webhook_attempts_default";--> statement-breakpoint
ALTER INDEX "webhook_attempts_endpoint" RENAME TO "webhook_attempts_default_endpoint";--> statement-breakpoint
ALTER INDEX "webhook_attempts_event" RENAME TO "webhook_attempts_default_event";--> statement-breakpoint
ALTER INDEX "webhook_attempts_at" RENAME TO "webhook_attempts_default_at";--> statement-breakpoint
CREATE TABLE "webhook_attempts" (
	"id" bigint GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME "webhook_attempts_ids") NOT NULL,
	"endpoint_id" text COLLATE "C" NOT NULL,
	"event_id" text COLLATE "C" NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"status" integer,
	"duration_ms" integer NOT NULL,
	"outcome" text NOT NULL
) PARTITION BY RANGE ("at");--> statement-breakpoint
SELECT setval('webhook_attempts_ids', last_value, is_called) FROM "webhook_attempts_id_seq";--> statement-breakpoint
ALTER TABLE "webhook_attempts_default" ALTER COLUMN "id" DROP IDENTITY;--> statement-breakpoint
CREATE INDEX "webhook_attempts_endpoint" ON "webhook_attempts" USING btree ("endpoint_id","id");--> statement-breakpoint
CREATE INDEX "webhook_attempts_event" ON "webhook_attempts" USING btree ("endpoint_id","event_id","id");--> statement-breakpoint
CREATE INDEX "webhook_attempts_at" ON "webhook_attempts" USING btree ("at");--> statement-breakpoint
ALTER TABLE "webhook_attempts" ATTACH PARTITION "webhook_attempts_default" DEFAULT;--> statement-breakpoint
-- "gatehouse maintain" of the previous release deletes by ctid, which is not unique across partitions: it would
-- delete rows that are not old. Without it nothing deletes from the whole table.
CREATE FUNCTION "refuse_delete_across_partitions"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION '% is partitioned: "gatehouse maintain" of this release deletes from it', TG_TABLE_NAME;
END $$;--> statement-breakpoint
CREATE TRIGGER "refuse_delete" BEFORE DELETE ON "audit_trail" FOR EACH STATEMENT EXECUTE FUNCTION refuse_delete_across_partitions();--> statement-breakpoint
CREATE TRIGGER "refuse_delete" BEFORE DELETE ON "webhook_attempts" FOR EACH STATEMENT EXECUTE FUNCTION refuse_delete_across_partitions();
