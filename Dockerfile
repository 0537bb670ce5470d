# syntax=docker/dockerfile:1
FROM node:24-slim AS install
WORKDIR /app
COPY package.json package-lock.json ./
# No install scripts run, and the Node that npm would bring is left out: the image has its own.
RUN npm ci --omit=dev --omit=optional --ignore-scripts

FROM node:24-slim
WORKDIR /app
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data LOG_FORMAT=json
COPY --from=install /app/node_modules ./node_modules
COPY package.json app.yml ./
COPY src ./src
COPY evals/templates ./evals/templates
COPY evals/schema ./evals/schema
RUN mkdir /data && chown 65532:65532 /data
USER 65532:65532
# The only place that is written to: the root file system may be read-only.
VOLUME /data
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# The heap grows in small steps, and the embedded PostgreSQL is not compiled a second time: the peak would be twice as high and more.
CMD ["node", "--max-semi-space-size=4", "--heap-growing-percent=30", "--no-wasm-tier-up", "--no-wasm-dynamic-tiering", "src/app/main.ts"]
