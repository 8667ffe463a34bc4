ALTER TABLE "portal_launches" ADD COLUMN "session_sha256" "bytea";--> statement-breakpoint
ALTER TABLE "portal_launches" ADD COLUMN "setup_launch_id" text COLLATE "C";