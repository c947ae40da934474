// The S3 server of the tests, a process of its own: its list tokens need a cipher that Node offers only with
// --openssl-legacy-provider.
import S3rver from '@20minutes/s3rver';

const [directory, bucket, objectsPerPage] = process.argv.slice(2);
const server = new S3rver({
  address: '127.0.0.1',
  port: 0,
  silent: true,
  directory,
  allowMismatchedSignatures: true,
  configureBuckets: [{ name: bucket }],
});
// S3 lets a server answer with fewer objects than were asked for.
server.middleware.unshift((context, next) => {
  if ('list-type' in context.query) context.query = { ...context.query, 'max-keys': objectsPerPage };
  return next();
});
const { port } = await server.run();
process.send(port);
process.on('disconnect', () => process.exit());
