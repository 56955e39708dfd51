# One image with both programs: `rookery-api serve` unless told otherwise, `rookery-worker run` for a worker.
FROM rust:1.95-slim-bookworm AS build
WORKDIR /src
COPY . .
# The two caches outlive the layer: after a change only what changed is compiled, whatever file it was.
RUN --mount=type=cache,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,target=/src/target,sharing=locked \
    cargo build --release --locked -p rookery-api -p rookery-worker \
    && install -D -t /out target/release/rookery-api target/release/rookery-worker deploy/image/entrypoint

FROM debian:bookworm-slim
# The user is a number so that Kubernetes can see that it is not root.
RUN install -d -m 700 -o 65532 -g 65532 /var/lib/rookery
COPY --from=build /out/ /usr/local/bin/
# Whom to trust when an identity provider's keys are fetched (ROOKERY_JWKS_URL); SSL_CERT_FILE names others.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
USER 65532:65532
ENV ROOKERY_LISTEN=0.0.0.0:8000 ROOKERY_WORKER_LISTEN=0.0.0.0:9090 ROOKERY_LOG_FORMAT=json
EXPOSE 8000 9090
HEALTHCHECK --interval=5s --timeout=6s --start-period=30s --retries=3 CMD ["rookery-api", "doctor", "--ready", "http://127.0.0.1:8000"]
ENTRYPOINT ["entrypoint"]
CMD ["rookery-api", "serve"]
