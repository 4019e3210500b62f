/** A client of the bucket. Settings that the address leaves open come from the environment, as for every AWS tool. */
import { S3Client } from '@aws-sdk/client-s3';
import type { S3Location } from '../location.js';

/** Of a request whose answer does not come: a minute, and what a slow line needs for the bytes. */
export const timeLimit = (bytes: number): number => Math.ceil(60_000 + bytes / 256);
/** What is read may be large: nine minutes. A line that falls silent is noticed earlier. */
export const READ_BYTES = 2 ** 27;

/**
 * Retries are made around whole operations (retry.ts), since the client's own end where a body begins; checksums are asked for where they are used.
 */
export function connectS3({ endpoint, region, pathStyle }: S3Location, env: NodeJS.ProcessEnv = process.env): S3Client {
  const set = (name: string): string | undefined => (env[name] === undefined || env[name] === '' ? undefined : env[name]);
  const at = endpoint ?? set('AWS_ENDPOINT_URL_S3') ?? set('AWS_ENDPOINT_URL');
  const where = region ?? set('AWS_REGION') ?? set('AWS_DEFAULT_REGION') ?? (at === undefined ? undefined : 'us-east-1');
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true'; // about versions to come; this one is pinned
  return new S3Client({
    ...(at === undefined ? {} : { endpoint: at }), ...(where === undefined ? {} : { region: where }), forcePathStyle: pathStyle ?? at !== undefined,
    maxAttempts: 1, requestChecksumCalculation: 'WHEN_REQUIRED', responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: 5_000, socketTimeout: 30_000 },
  });
}
