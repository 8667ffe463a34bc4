CREATE TABLE "leases" (
	"name" text COLLATE "C" PRIMARY KEY NOT NULL,
	"holder" uuid,
	"term" bigint NOT NULL,
	"until" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "unreadable_events" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"source" text NOT NULL,
	"reason" text NOT NULL,
	"raw" "bytea" NOT NULL,
	"received_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "clients" ADD COLUMN "generation" uuid DEFAULT gen_random_uuid() NOT NULL;--> statement-breakpoint
ALTER TABLE "events" ADD COLUMN "parked_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "events" ADD COLUMN "parked_reason" text;--> statement-breakpoint
ALTER TABLE "idempotency_keys" ADD COLUMN "client_generation" uuid;--> statement-breakpoint
ALTER TABLE "owned_objects" ADD COLUMN "client_generation" uuid;--> statement-breakpoint
ALTER TABLE "portal_launches" ADD COLUMN "client_generation" uuid;--> statement-breakpoint
ALTER TABLE "sign_ins" ADD COLUMN "client_generation" uuid;--> statement-breakpoint
ALTER TABLE "tenants" ADD COLUMN "sign_in_client_generation" uuid;--> statement-breakpoint
ALTER TABLE "tenants" ADD COLUMN "profile_version" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "tenants" ADD COLUMN "missing_since" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "tenants" ADD COLUMN "former_status" text;--> statement-breakpoint
ALTER TABLE "webhook_endpoints" ADD COLUMN "client_generation" uuid;