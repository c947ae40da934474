#!/usr/bin/env bash
# Builds both images and pushes them to the repositories of a deployed stack.
#   infra/push-images.sh [STACK] [TAG]          default: Bakeoff latest
# Needs Docker and the AWS CLI, logged in to the account and region of the stack. Mirrors: BUILD_ARGS="--build-arg NODE_IMAGE=…".
set -euo pipefail
cd "$(dirname "$0")/.."
stack=${1:-Bakeoff}
tag=${2:-latest}

output() {
  aws cloudformation describe-stacks --stack-name "$stack" --query "Stacks[0].Outputs[?OutputKey=='$1'].OutputValue" --output text
}

cpu=$(output CpuRepository)
gpu=$(output GpuRepository)
if [ -z "$cpu" ] || [ -z "$gpu" ]; then
  echo "error: stack $stack names no image repositories; deploy it first: (cd infra && npx cdk deploy)" >&2
  exit 2
fi

revision=$(git rev-parse HEAD)
[ -z "$(git status --porcelain --untracked-files=no)" ] || revision="$revision-modified"
# The registry's address ends where its first repository's path begins.
aws ecr get-login-password | docker login --username AWS --password-stdin "${cpu%%/*}"
for target in cpu gpu; do
  repository=${!target}
  # shellcheck disable=SC2086 -- several arguments on purpose
  docker build --platform linux/amd64 --target "$target" --build-arg "REVISION=$revision" ${BUILD_ARGS:-} -t "$repository:$tag" .
  docker push "$repository:$tag"
done
echo "pushed $cpu:$tag and $gpu:$tag (revision $revision)"
