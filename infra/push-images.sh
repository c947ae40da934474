#!/usr/bin/env bash
# Builds the images of the commit that is checked out, and pushes them to the repositories of a deployed stack (without
# GPUs it has one alone). An image of a commit that is already there stays.
#   infra/push-images.sh [STACK] [TAG]          default: Bakeoff, and the commit
# Needs Docker and the AWS CLI, logged in to the account and region of the stack. Mirrors: BUILD_ARGS="--build-arg NODE_IMAGE=…".
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
stack=${1:-Bakeoff}
# Version 1 of the AWS CLI reads only AWS_DEFAULT_REGION.
if [ -n "${AWS_REGION:-}" ]; then export AWS_DEFAULT_REGION=$AWS_REGION; fi

revision=$(git rev-parse HEAD)
tag=${2:-$revision}
if [ -n "$(git status --porcelain --untracked-files=no)" ]; then
  if [ "$tag" = "$revision" ]; then
    echo "error: there are uncommitted changes, and the images are named by their commit; commit them, or name a tag: infra/push-images.sh $stack TAG" >&2
    exit 2
  fi
  revision="$revision-modified"
fi
if [ "$tag" = latest ]; then
  echo "error: the tag latest would change what running executions use; leave the tag out to name the images by their commit" >&2
  exit 2
fi

output() {
  aws cloudformation describe-stacks --stack-name "$stack" --query "Stacks[0].Outputs[?OutputKey=='$1'].OutputValue" --output text
}

cpu=$(output CpuRepository)
gpu=$(output GpuRepository)
targets="cpu gpu"
# The AWS CLI prints None for an output that is not there.
if [ -z "$gpu" ] || [ "$gpu" = None ]; then targets=cpu; fi
if [ -z "$cpu" ] || [ "$cpu" = None ]; then
  echo "error: stack $stack names no image repositories; deploy it first: npx bakeoff deploy" >&2
  exit 2
fi

# The registry's address ends where its first repository's path begins.
aws ecr get-login-password | docker login --username AWS --password-stdin "${cpu%%/*}"
for target in $targets; do
  repository=${!target}
  if aws ecr describe-images --repository-name "${repository#*/}" --image-ids "imageTag=$tag" > /dev/null 2>&1; then
    echo "$repository:$tag is there already"
    continue
  fi
  # shellcheck disable=SC2086 -- several arguments on purpose
  docker build --platform linux/amd64 --target "$target" --build-arg "REVISION=$revision" ${BUILD_ARGS:-} -t "$repository:$tag" .
  docker push "$repository:$tag"
done
echo "the images of $tag are in the repositories of $stack (revision $revision)"
