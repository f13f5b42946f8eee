# The operator's image, for those who have a container engine: docker build --tag registry.example/report-operator:0.1.0 .
# `hack/image` makes the same without one. Both take their file system from hack/lib/operator-rootfs.
FROM docker.io/library/swift:6.3-bookworm AS build
RUN apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
        binutils ca-certificates libcurl4-openssl-dev libhiredis-dev libmongoc-dev libssl-dev libyaml-dev pkg-config tzdata \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY Package.swift ./
COPY Sources Sources
COPY Tests Tests
COPY hack/lib/common.sh hack/lib/operator-build hack/lib/operator-rootfs hack/lib/
ARG PRODUCTS="report-operator"
RUN hack/lib/operator-rootfs /rootfs $(hack/lib/operator-build $PRODUCTS)

FROM scratch
COPY --from=build /rootfs /
USER 65532:65532
ENV PATH=/usr/bin
ENTRYPOINT ["/usr/bin/report-operator"]
CMD ["run"]
