FROM maven:3.9-eclipse-temurin-17 AS build
WORKDIR /build
COPY pom.xml ./
COPY src/main src/main
RUN --mount=type=cache,target=/root/.m2 \
    mvn -B -ntp -Pfast -Dmaven.test.skip=true package \
    dependency:copy-dependencies -DincludeArtifactIds=postgresql -DoutputDirectory=target/driver

# Features cannot be added to an image that is built without the network, so this is the one with all of them.
FROM open-liberty:full-java17-openj9
COPY --chown=1001:0 liberty-config/ /config/
COPY --from=build --chown=1001:0 /build/target/driver/ /config/lib/global/
COPY --from=build --chown=1001:0 /build/target/kerrera.war /config/dropins/
# Before the application is there nothing is ready.
ENV MP_HEALTH_DEFAULT_READINESS_EMPTY_RESPONSE=DOWN
USER 1001
EXPOSE 9080
HEALTHCHECK --start-period=60s --interval=10s --timeout=5s --retries=3 \
    CMD curl -fsS "http://127.0.0.1:${HTTP_PORT:-9080}/health/ready" || exit 1
