/** Addresses of stores: a folder, or `s3://BUCKET[/PREFIX][?endpoint=URL&region=NAME&path-style=true|false]`. Credentials are never part of one. */
import { StoreError } from './errors.js';

export interface S3Location {
  bucket: string;
  /** Without slashes at its ends; empty: the whole bucket. */
  prefix: string;
  /** Null: AWS's own, or what AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL says. */
  endpoint: string | null;
  /** Null: AWS_REGION, the profile's, or us-east-1 where there is an endpoint. */
  region: string | null;
  /** The bucket in the path rather than in the host's name. Null: so where there is an endpoint. */
  pathStyle: boolean | null;
}

export const isS3 = (address: string): boolean => address.startsWith('s3:');

const REMEDY = 'write s3://BUCKET/PREFIX?endpoint=https://HOST&region=REGION, of which only the bucket is needed';

/** Throws BAD_STORE. */
export function parseS3(address: string): S3Location {
  const bad = (what: string, remedy = REMEDY): StoreError => new StoreError('BAD_STORE', `the address of the artifact store ${what}`, { remedy });
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    throw bad('is no URL');
  }
  if (url.protocol !== 's3:') throw bad(`begins with ${url.protocol}, not s3:`);
  if (url.username !== '' || url.password !== '') throw bad('holds credentials', 'leave them out: they come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile, or the machine\'s role');
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(url.host)) throw bad(`names "${url.host}", which is no bucket's name`);
  const prefix = decodeURIComponent(url.pathname).replace(/^\/+|\/+$/g, '');
  if (!/^([A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*)?$/.test(prefix) || prefix.split('/').includes('..')) throw bad('has a prefix of other characters than letters, digits, . _ - and /');
  for (const name of url.searchParams.keys()) if (!['endpoint', 'region', 'path-style'].includes(name)) throw bad(`has the parameter "${name}"`);
  const endpoint = url.searchParams.get('endpoint'), style = url.searchParams.get('path-style');
  if (endpoint !== null && (!/^https?:\/\/[^/?#@]+\/?$/.test(endpoint) || !URL.canParse(endpoint))) throw bad(`has the endpoint "${endpoint.replace(/\/\/[^/]*@/, '//…@')}", which is not http://HOST:PORT or https://HOST`);
  if (style !== null && style !== 'true' && style !== 'false') throw bad(`says path-style=${style}, not true or false`);
  return { bucket: url.host, prefix, endpoint, region: url.searchParams.get('region'), pathStyle: style === null ? null : style === 'true' };
}

/** Bucket and prefix, for people. */
export function nameOfS3({ bucket, prefix }: S3Location): string {
  return `s3://${bucket}${prefix === '' ? '' : `/${prefix}`}`;
}
