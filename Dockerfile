# One image for the API and the workers. It is the API by itself; a worker is started with
# `node apps/worker/src/main.ts`. Node runs the TypeScript sources as they are: nothing is built.

FROM node:24-bookworm-slim AS sources
WORKDIR /app
COPY . .
# A clone made under a strict umask would leave files that the image's user cannot read.
RUN chmod -R u=rwX,go=rX .

# Only what npm reads, so that a change of the sources does not install everything again.
FROM sources AS manifests
RUN find . -type f ! -name package.json ! -name package-lock.json ! -name .npmrc -delete \
 && find . -type d -empty -delete

FROM node:24-bookworm-slim AS dependencies
WORKDIR /app
COPY --from=manifests /app ./
# No package that runs here needs its install script, or what it calls optional, a compiler among it. Type declarations and source
# maps are for editors.
RUN npm ci --omit=dev --omit=optional --ignore-scripts --workspace apps/api --workspace apps/worker \
 && rm package-lock.json .npmrc \
 && find node_modules -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete

FROM node:24-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
# The links in node_modules point into apps/ and packages/, which the next two lines fill.
COPY --from=dependencies /app ./
COPY --from=sources /app/packages ./packages
COPY --from=sources /app/apps ./apps
# A new volume there gets this mode: workers write the vault's public key, as whatever user they run, and the API reads it.
RUN mkdir -m 0777 /run/vault && chmod 0777 /run/vault
USER node
EXPOSE 8080
# The API may read its program, the vault's public key and the secrets mounted for it, nothing else: neither a bug nor an
# intruder in the process that strangers talk to finds anything more. The permission for threads is for two of them; the
# process gives it away as soon as they are started, and need not be warned of it.
CMD ["node", "--disable-sigusr1", "--max-semi-space-size=16", "--heap-growing-percent=50", \
     "--no-experimental-sqlite", "--permission", \
     "--allow-worker", "--disable-warning=PERM0006", \
     "--allow-fs-read=/app/apps/api", \
     "--allow-fs-read=/app/packages", \
     "--allow-fs-read=/app/node_modules", \
     "--allow-fs-read=/app/package.json", \
     "--allow-fs-read=/run/secrets", \
     "--allow-fs-read=/run/vault", \
     "apps/api/src/main.ts"]
