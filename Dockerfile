# The program with its production dependencies only. It wants DATABASE_URL and the rest of the configuration from
# outside: see docker-compose.yml.

# Exact, here and below: an update is a change that one can read.
FROM node:24.11.1-bookworm-slim AS base
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY prisma ./prisma

# Below, `npm install` and not `npm ci`: that one wants lock entries for every platform of every optional package, and
# refuses a lock file without them. Without install scripts nothing is fetched from outside the npm registry.

FROM base AS build
RUN npm install --ignore-scripts --no-audit --no-fund && node prisma/generate.js
COPY .build.mjs tsconfig.json ./
COPY src ./src
COPY templates ./templates
RUN npm run build

FROM base AS dependencies
# The optional packages are the PostgreSQL of the trial run. Of Prisma's client, what speaks to other databases goes: 60 MB.
RUN npm install --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund && npm cache clean --force \
  && find node_modules/@prisma/client/runtime \( -name '*.map' \
    -o -name 'query_compiler_*' ! -name 'query_compiler_small_bg.postgresql.*' \) -delete

FROM node:24.11.1-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY package.json ./
COPY prisma ./prisma
COPY seeds ./seeds
COPY templates ./templates
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
# `docker compose exec worker paperround …`
RUN ln -s /app/dist/cli.js /usr/local/bin/paperround
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:3000/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["paperround", "start"]
