# Tidemill in a container: built here, run on a base with glibc, certificates and no shell.
#
#   docker build -t tidemill .
#   docker run -p 8080:8080 -v tidemill:/data tidemill
#
# The first start prints a key, once. `docker exec CONTAINER /usr/local/bin/tidemill keys create`
# makes another.

FROM rust:1.95-slim-bookworm AS build
RUN apt-get update \
    && apt-get install --yes --no-install-recommends gcc libc6-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN cargo build --release --locked --bin tidemill && mkdir /data

FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /src/target/release/tidemill /usr/local/bin/tidemill
COPY --from=build --chown=nonroot:nonroot --chmod=0700 /data /data
USER nonroot
ENV TIDEMILL_DATA_DIR=/data
ENV TIDEMILL_SERVER_LISTEN=0.0.0.0:8080
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/local/bin/tidemill"]
CMD ["serve"]
