/**
 * Batch normalization over one value has no variance (see BatchPlan), so a small batch is divided among fewer replicas.
 */
const LEAST_SHARE = 2;

/**
 * How a batch is divided among replicas: replica r has its images [bounds[r], bounds[r + 1]), and the first replicas
 * have one more if the batch does not divide evenly. A batch of fewer than LEAST_SHARE images per replica, such as the
 * last of an epoch, leaves the last replicas without any.
 */
export function shareBounds(images: number, replicas: number): number[] {
  const sharing = Math.max(1, Math.min(replicas, Math.floor(images / LEAST_SHARE)));
  const whole = Math.floor(images / sharing);
  const larger = images % sharing;
  return Array.from({ length: replicas + 1 }, (_, replica) =>
    Math.min(replica * whole + Math.min(replica, larger), images),
  );
}
