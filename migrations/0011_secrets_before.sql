ALTER TABLE "webhook_endpoints" ADD COLUMN "older_secret" text;--> statement-breakpoint
ALTER TABLE "webhook_endpoints" ADD COLUMN "older_secret_until" timestamp with time zone;