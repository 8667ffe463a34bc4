ALTER TABLE "spent_codes" ADD COLUMN "client_id" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "spent_codes" ADD COLUMN "client_generation" uuid;--> statement-breakpoint
ALTER TABLE "spent_codes" ADD COLUMN "attempt" uuid;--> statement-breakpoint
ALTER TABLE "spent_codes" ADD COLUMN "given_back_at" timestamp with time zone;