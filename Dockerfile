# docker build -t gatehouse .
# If npm needs settings of yours, e.g. a registry: --secret id=npmrc,src=$HOME/.npmrc
#
# To pin the base image, give it with the digest that your registry has for it:
#   --build-arg NODE_IMAGE=node:24-bookworm-slim@sha256:…
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

FROM ${NODE_IMAGE}
LABEL org.opencontainers.image.title="Gatehouse" \
      org.opencontainers.image.description="The internal identity gateway in front of WorkOS" \
      org.opencontainers.image.licenses="MIT"
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
