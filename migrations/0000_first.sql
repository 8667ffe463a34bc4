CREATE TABLE "audit_trail" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "audit_trail_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"operation" text NOT NULL,
	"outcome" text NOT NULL,
	"client_id" text COLLATE "C",
	"user_id" text COLLATE "C",
	"tenant_id" text COLLATE "C",
	"request_id" text NOT NULL,
	"details" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "client_keys" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"client_id" text COLLATE "C" NOT NULL,
	"sha256" "bytea" NOT NULL,
	"expires_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	"last_used_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "clients" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"scopes" text[] NOT NULL,
	"tenants" text[] NOT NULL,
	"redirect_uris" text[] NOT NULL,
	"return_origins" text[] NOT NULL,
	"initiate_login_uri" text,
	"disabled" boolean DEFAULT false NOT NULL,
	"token_issuer" text COLLATE "C",
	"token_subject" text COLLATE "C",
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"client_id" text COLLATE "C" NOT NULL,
	"key_sha256" "bytea" NOT NULL,
	"fingerprint" "bytea" NOT NULL,
	"attempt" uuid NOT NULL,
	"answer" jsonb,
	"lease_until" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "idempotency_keys_client_id_key_sha256_pk" PRIMARY KEY("client_id","key_sha256")
);
--> statement-breakpoint
CREATE TABLE "it_admins" (
	"tenant_id" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"state" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "it_admins_tenant_id_user_id_pk" PRIMARY KEY("tenant_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "portal_launches" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"tenant_id" text COLLATE "C" NOT NULL,
	"client_id" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"intent" text NOT NULL,
	"mode" text NOT NULL,
	"ticket_sha256" "bytea",
	"role_source" text NOT NULL,
	"needs_signed_in_user" boolean NOT NULL,
	"return_url" text,
	"success_url" text,
	"return_page" boolean NOT NULL,
	"it_contact_emails" text[] NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"opened_at" timestamp with time zone,
	"redirected_at" timestamp with time zone,
	"returned_at" timestamp with time zone,
	"failed_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	"attempt" uuid,
	"lease_until" timestamp with time zone,
	"return_token_sha256" "bytea",
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "settings" (
	"name" text COLLATE "C" PRIMARY KEY NOT NULL,
	"value" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tenants" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"organization_id" text COLLATE "C",
	"status" text NOT NULL,
	"name" text NOT NULL,
	"domains" jsonb NOT NULL,
	"metadata" jsonb NOT NULL,
	"sign_in_client_id" text COLLATE "C",
	"attempt" uuid,
	"lease_until" timestamp with time zone,
	"request" jsonb,
	"former_organization_id" text COLLATE "C",
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "client_keys" ADD CONSTRAINT "client_keys_client_id_clients_id_fk" FOREIGN KEY ("client_id") REFERENCES "public"."clients"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audit_trail_tenant" ON "audit_trail" USING btree ("tenant_id","id");--> statement-breakpoint
CREATE INDEX "audit_trail_client" ON "audit_trail" USING btree ("client_id","id");--> statement-breakpoint
CREATE INDEX "audit_trail_user" ON "audit_trail" USING btree ("user_id","id");--> statement-breakpoint
CREATE INDEX "audit_trail_at" ON "audit_trail" USING btree ("at");--> statement-breakpoint
CREATE INDEX "client_keys_client" ON "client_keys" USING btree ("client_id");--> statement-breakpoint
CREATE UNIQUE INDEX "clients_token" ON "clients" USING btree ("token_issuer","token_subject");--> statement-breakpoint
CREATE INDEX "idempotency_keys_created" ON "idempotency_keys" USING btree ("created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "portal_launches_ticket" ON "portal_launches" USING btree ("ticket_sha256");--> statement-breakpoint
CREATE UNIQUE INDEX "portal_launches_return_token" ON "portal_launches" USING btree ("return_token_sha256");--> statement-breakpoint
CREATE INDEX "portal_launches_client" ON "portal_launches" USING btree ("client_id","created_at","id");--> statement-breakpoint
CREATE UNIQUE INDEX "tenants_organization" ON "tenants" USING btree ("organization_id");--> statement-breakpoint
CREATE INDEX "tenants_created" ON "tenants" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "tenants_lease" ON "tenants" USING btree ("lease_until");