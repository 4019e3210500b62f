# One image, roles by sub-command: `sulcus worker --role control`, `sulcus worker --role compute`, `sulcus codec-server`, `sulcus run`, ...
#   docker build -t sulcus:0.1.0 .
# The base is pinned by its exact version. A digest pins the bytes too: docker buildx imagetools inspect node:20.19.5-bookworm-slim, then node:20.19.5-bookworm-slim@sha256:...
FROM node:20.19.5-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --include=dev
COPY . .
RUN node tools/build.mjs

FROM node:20.19.5-bookworm-slim AS modules
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM node:20.19.5-bookworm-slim
# TLS roots for servers and stores reached over https (the slim image has none); tini passes SIGTERM on and reaps.
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates tini && rm -rf /var/lib/apt/lists/*
WORKDIR /app
ENV NODE_ENV=production SULCUS_STATE=/state SULCUS_HEALTH_HOST=0.0.0.0 SULCUS_METRICS_HOST=0.0.0.0
COPY --from=modules /app/node_modules ./node_modules
COPY --from=build /app/package.json ./
COPY --from=build /app/tools/temporal ./tools/temporal
COPY --from=build /app/deploy/healthcheck.mjs ./deploy/healthcheck.mjs
COPY --from=build /app/dist ./dist
RUN mkdir -p /state /studies && chown node:node /state /studies
# By number, so that Kubernetes can see that it is not root.
USER 1000:1000
VOLUME ["/state"]
# Workers answer when SULCUS_HEALTH_PORT is set; a container that serves no health (a command) counts as healthy.
HEALTHCHECK --interval=10s --timeout=6s --start-period=30s --retries=3 CMD ["node", "deploy/healthcheck.mjs"]
# A worker drains what it runs before it ends: allow it 60 s (docs/operations.md).
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/bin/tini", "--", "node", "dist/client/cli.js"]
CMD ["--help"]
