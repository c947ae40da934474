// A module of its own, because the bundle gives a CommonJS package that is imported when needed no named exports.
export { fetch, ProxyAgent } from 'undici';
