# What hack/stage-image makes, for those who have a container engine. FOLDER is the one with the stages:
# docker build --file hack/lib/image/stage.Dockerfile --build-context library=Sources/StageLibrary --tag registry.example/sales:1 FOLDER
# --build-arg PYTHON=requirements.txt takes what that file in FOLDER names from PyPI, --build-arg DEBIAN="jq …" Debian packages.
FROM docker.io/library/debian:bookworm-slim
ARG PYTHON=""
ARG DEBIAN=""
# As in hack/lib/image/stage-rootfs.
RUN apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
        python3 python3-pymongo python3-pymysql mariadb-client-core libstdc++6 ca-certificates tzdata python3-pip $DEBIAN \
    && rm -rf /var/lib/apt/lists/*
COPY . /stages
RUN if [ -n "$PYTHON" ]; then pip install --break-system-packages --no-cache-dir --only-binary=:all: -r "/stages/$PYTHON"; fi
COPY --from=library report_stage /usr/lib/python3/dist-packages/report_stage
RUN printf '%s\n' '#!/usr/bin/python3' 'from report_stage.results import program' 'program()' >/usr/bin/publish-rows \
    && chmod 755 /usr/bin/publish-rows && mkdir /workspace
USER 65532:65532
WORKDIR /workspace
ENV LANG=C.UTF-8 PYTHONUNBUFFERED=1
CMD ["python3"]
