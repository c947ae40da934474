/** Batch normalisation over one value has no variance (see BatchPlan): a share of fewer images is given to fewer replicas. */
const LEAST_SHARE = 2;

/**
 * How a batch falls to replicas: replica r has its images [bounds[r], bounds[r + 1]), the first ones one more where it does not come out even.
 * A batch of fewer than LEAST_SHARE images a replica, the last of an epoch, leaves the last replicas without any.
 */
export function shareBounds(images: number, replicas: number): number[] {
  const sharing = Math.max(1, Math.min(replicas, Math.floor(images / LEAST_SHARE)));
  const whole = Math.floor(images / sharing);
  const larger = images % sharing;
  return Array.from({ length: replicas + 1 }, (_, replica) =>
    Math.min(replica * whole + Math.min(replica, larger), images),
  );
}
