CREATE TABLE "sign_ins" (
	"client_id" text COLLATE "C" NOT NULL,
	"profile_id" text COLLATE "C" NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "sign_ins_client_id_profile_id_pk" PRIMARY KEY("client_id","profile_id")
);
--> statement-breakpoint
CREATE TABLE "spent_codes" (
	"sha256" "bytea" PRIMARY KEY NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "spent_codes_expires" ON "spent_codes" USING btree ("expires_at");