// A small S3 server for one machine. Buckets are folders below S3_FOLDER, created at the start from S3_BUCKETS.
// It is for trying out a store in S3 without an account: it checks no access rights and does not decide races between
// writers.
import S3rver from '@20minutes/s3rver';

const { S3_FOLDER = '/data', S3_BUCKETS = 'bakeoff', S3_PORT = '9000' } = process.env;
const server = new S3rver({
  address: '0.0.0.0',
  port: Number(S3_PORT),
  silent: true,
  directory: S3_FOLDER,
  allowMismatchedSignatures: true,
  // Host names never name a bucket.
  vhostBuckets: false,
  configureBuckets: S3_BUCKETS.split(',').map((name) => ({ name })),
});
await server.run();
console.log(`S3 at port ${S3_PORT}: ${S3_BUCKETS} in ${S3_FOLDER}`);

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0));
