# syntax=docker/dockerfile:1
# One image, two programs and the render process. PostgreSQL is another container's business.
#   docker build -t motcua .
#   docker run --rm -e MOTCUA_DATABASE__MIGRATE_CONNINFO=… motcua migrate
#   docker run -p 8080:8080 -e MOTCUA_DATABASE__CONNINFO=… motcua

FROM debian:12-slim AS build
WORKDIR /src
COPY config/install config/packages config/
RUN config/install build && rm -rf /var/lib/apt/lists/*
COPY CMakeLists.txt ./
COPY server server
COPY schema schema
COPY config config
RUN cmake -S . -B /build -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo \
 && ninja -C /build motcuad motcua motcuad-render \
 && strip --strip-debug /build/motcuad /build/motcua /build/motcuad-render

# The pages of the staff: static files; Node stays in this stage.
FROM debian:12-slim AS pages
WORKDIR /src
COPY config/install config/packages config/
RUN config/install pages && rm -rf /var/lib/apt/lists/*
COPY server/pages/package.json server/pages/package-lock.json server/pages/
RUN cd server/pages && npm ci --no-audit --no-fund
COPY docs/openapi.yaml docs/
COPY server/pages server/pages
RUN cd server/pages && npm run --silent check && npm run --silent build -- /pages

FROM debian:12-slim
LABEL org.opencontainers.image.title="motcuad" \
      org.opencontainers.image.description="Một cửa: the server of the one-stop shop"
COPY config/install config/packages /usr/share/motcua/
RUN /usr/share/motcua/install run && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10001 --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin motcua
COPY --from=build /build/motcuad /build/motcua /build/motcuad-render /usr/bin/
COPY --from=pages /pages /usr/share/motcua/pages
COPY config/catalogue /usr/share/motcua/catalogue
USER 10001:10001
# Inside a container loopback reaches nobody; the published port is what limits who may call.
ENV MOTCUA_HTTP__ADDRESS=0.0.0.0 \
    MOTCUA_PAGES__DIRECTORY=/usr/share/motcua/pages \
    MOTCUA_LOG__FORMAT=json
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s CMD ["motcuad", "health"]
ENTRYPOINT ["motcuad"]
CMD ["serve"]
