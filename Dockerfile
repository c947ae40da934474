# The images, all with the same command line:
#   docker build --target cpu -t bakeoff .            every stage on the CPU (engine wasm)
#   docker build --target gpu -t bakeoff-gpu .        the same on NVIDIA GPUs, x86-64 (engine tensorflow-gpu)
#   docker build --target s3 -t bakeoff-s3 .          a small S3 server, for compose.yaml
# For mirrors, set --build-arg NODE_IMAGE=…, RUNTIME_IMAGE=… and PIP_INDEX_URL=… (as pip reads it). To record the
# commit, set --build-arg REVISION=$(git rev-parse HEAD).
ARG NODE_IMAGE=node:22-bookworm-slim
ARG RUNTIME_IMAGE=debian:bookworm-slim

FROM ${NODE_IMAGE} AS node

# The CLI's bundle and the one native package it needs (sharp), collected under /runtime.
FROM node AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc LICENSE ./
COPY packages/core/package.json packages/core/
COPY packages/statistics/package.json packages/statistics/
COPY packages/kernels/package.json packages/kernels/
COPY packages/wasm-kernels/package.json packages/wasm-kernels/
COPY packages/tensorflow-kernels/package.json packages/tensorflow-kernels/
COPY packages/engine/package.json packages/engine/
COPY packages/model/package.json packages/model/
COPY packages/data-prep/package.json packages/data-prep/
COPY packages/trainer/package.json packages/trainer/
COPY packages/evaluator/package.json packages/evaluator/
COPY packages/report/package.json packages/report/
COPY packages/cli/package.json packages/cli/
COPY infra/package.json infra/
COPY test/package.json test/
RUN npm ci --ignore-scripts --workspace packages/cli --workspace packages/wasm-kernels --include-workspace-root
# The bundler reads the compiler's settings.
COPY tsconfig.base.json ./
COPY packages packages
COPY experiments experiments
COPY docker/collect-runtime.mjs docker/
ARG REVISION=unknown
RUN BAKEOFF_REVISION=${REVISION} npm run prepare && node docker/collect-runtime.mjs /runtime

# Node alone: no package manager, no headers.
FROM ${RUNTIME_IMAGE} AS runtime
RUN apt-get update && apt-get install -y --no-install-recommends tini && rm -rf /var/lib/apt/lists/* /var/cache/apt \
    && mkdir /data && chown 1000:1000 /data
COPY --from=node /usr/local/bin/node /usr/local/bin/node
# A volume is writable even if the root file system is read-only.
VOLUME ["/tmp"]
ENV NODE_ENV=production HOME=/tmp
USER 1000:1000
WORKDIR /data

FROM runtime AS cpu
COPY --from=build /runtime /opt/bakeoff
ENV BAKEOFF_CONTAINER=1 BAKEOFF_CACHE=/tmp/bakeoff
ENTRYPOINT ["/usr/bin/tini", "--", "node", "/opt/bakeoff/bin/bakeoff.js"]
CMD ["--help"]
ARG REVISION=unknown
ARG VERSION=0.1.0
LABEL org.opencontainers.image.title="Bakeoff" \
      org.opencontainers.image.description="Trains and compares image classifiers on CIFAR-10: every stage, on the CPU" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"

FROM node AS s3-build
WORKDIR /s3
COPY docker/s3/package.json docker/s3/package-lock.json ./
RUN npm ci --ignore-scripts --omit=dev
COPY docker/s3/server.mjs ./

FROM runtime AS s3
COPY --from=s3-build /s3 /opt/s3
EXPOSE 9000
HEALTHCHECK --interval=2s --timeout=5s --retries=15 CMD ["node", "-e", "fetch('http://127.0.0.1:9000/').then(() => process.exit(0), () => process.exit(1))"]
# The server's list tokens need a cipher that Node offers only with the legacy provider.
ENTRYPOINT ["/usr/bin/tini", "--", "node", "--openssl-legacy-provider", "--no-deprecation", "/opt/s3/server.mjs"]
LABEL org.opencontainers.image.title="S3 server for Bakeoff" \
      org.opencontainers.image.description="A store in S3 for docker compose, without an account" \
      org.opencontainers.image.licenses="MIT"

# TensorFlow's C library with CUDA and cuDNN, from the wheels that docker/gpu/libraries-gpu.txt pins. They are large:
# --build-arg LIBRARIES=cpu takes the library without CUDA, for a build that proves the layout alone.
FROM node AS gpu-libraries
RUN apt-get update && apt-get install -y --no-install-recommends python3-pip && rm -rf /var/lib/apt/lists/*
WORKDIR /fetch
COPY docker/gpu/libraries-*.txt docker/gpu/*.sh docker/gpu/*.py ./
ARG LIBRARIES=gpu
ARG PIP_INDEX_URL
RUN sh fetch-libraries.sh ${LIBRARIES} /opt/libraries

# The TensorFlow binding, compiled against the library; the compiler and the headers stay in this stage.
FROM gpu-libraries AS gpu-binding
RUN apt-get update && apt-get install -y --no-install-recommends g++ && rm -rf /var/lib/apt/lists/*
WORKDIR /binding
COPY docker/gpu/package.json docker/gpu/package-lock.json ./
RUN npm ci --ignore-scripts
COPY docker/gpu/*.mjs docker/gpu/*.cc ./
RUN node build-binding.mjs node_modules/@tensorflow/tfjs-node-gpu /opt/libraries \
    && npm prune --omit=dev --ignore-scripts \
    # Remove the files for browsers and debuggers: nine tenths of TensorFlow.js's packages.
    && find node_modules -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*_test.js' -o -name '*.min.js*' -o -name '*.es2017.*' -o -name '*.fesm.*' \) -delete

# From large and lasting to small and new: another revision of the code adds only the last layer.
FROM runtime AS gpu
COPY --from=gpu-libraries /opt/libraries/nvidia /opt/libraries/nvidia
COPY --from=gpu-libraries /opt/libraries/tensorflow/*.so.2 /opt/libraries/tensorflow/include/LICENSE /opt/libraries/tensorflow/
COPY --from=gpu-binding /binding/node_modules /opt/bakeoff/node_modules
# GPU memory is allocated as needed, so that another process can share the GPU. No TF32: from Ampere on, it is the
# default for float32 products, and would make the results depend on the GPU that Spot happens to give.
ENV BAKEOFF_CONTAINER=1 BAKEOFF_CACHE=/tmp/bakeoff BAKEOFF_ENGINE=tensorflow-gpu \
    NVIDIA_VISIBLE_DEVICES=all NVIDIA_DRIVER_CAPABILITIES=compute,utility NVIDIA_TF32_OVERRIDE=0 TF_FORCE_GPU_ALLOW_GROWTH=true TF_CPP_MIN_LOG_LEVEL=1
ENTRYPOINT ["/usr/bin/tini", "--", "node", "/opt/bakeoff/bin/bakeoff.js"]
CMD ["--help"]
COPY --from=build /runtime /opt/bakeoff
ARG REVISION=unknown
ARG VERSION=0.1.0
LABEL org.opencontainers.image.title="Bakeoff on GPUs" \
      org.opencontainers.image.description="Trains and compares image classifiers on CIFAR-10: every stage, on NVIDIA GPUs (CUDA 12, cuDNN 9)" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
