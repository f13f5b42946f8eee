# shellcheck shell=bash
# What is built of the package, told by a hash of all that it is built of. Source it; it runs nothing.

# release_hash ROOT: everything that a release build of the package in ROOT depends on, but for the dependencies' newest
# versions at that time.
release_hash() {
    {
        swift --version 2>&1
        dpkg-query -W -f '${Package} ${Version}\n' libc6 libcurl4 libmongoc-1.0-0 libyaml-0-2 'libhiredis*' 'libssl3*' \
            libcairo2 libmosquitto1 libpango-1.0-0 libxlsxwriter4 'fonts-*' tzdata ca-certificates 2>/dev/null || true
        cd "$1" && find Sources crds Package.swift -type f -print0 | sort -z | xargs -0 sha256sum
    } | sha256sum
}

# page_hash ROOT: everything that the gateway's page is built of.
page_hash() {
    {
        dpkg-query -W -f '${Package} ${Version}\n' esbuild node-react node-react-dom node-typescript 2>/dev/null || true
        cd "$1" && find Sources/ReportPage Sources/GatewayAPI hack/lib/page -type f -print0 | sort -z | xargs -0 sha256sum
    } | sha256sum
}
