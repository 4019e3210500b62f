import { loadClientConnectConfig, type ClientConnectConfig } from '@temporalio/envconfig';
import { TemporalSettingsError } from './errors.js';

/** A Temporal server that is not ours: connected to, never started or stopped. */
export interface ForeignServer {
  /** host:port */
  address: string;
  namespace: string;
  /** For `Connection.connect` and `NativeConnection.connect`: address, TLS, API key, metadata. */
  connectionOptions: ClientConnectConfig['connectionOptions'] & { address: string };
}

/** Variables that make no sense without an address. */
const NEEDS_ADDRESS = ['TEMPORAL_NAMESPACE', 'TEMPORAL_API_KEY', 'TEMPORAL_TLS', 'TEMPORAL_TLS_CLIENT_CERT_PATH', 'TEMPORAL_TLS_CLIENT_CERT_DATA'];

/**
 * The server a profile (TEMPORAL_PROFILE, else `default`, of the Temporal configuration file) or TEMPORAL_* variables name; null when
 * they name none, and the embedded server is to be used.
 */
export function foreignServer(env: NodeJS.ProcessEnv = process.env): ForeignServer | null {
  const config = load(env);
  const address = config.connectionOptions.address;
  if (address !== undefined && address !== '') {
    return { address, namespace: config.namespace ?? 'default', connectionOptions: { ...config.connectionOptions, address } };
  }
  const set = NEEDS_ADDRESS.filter((name) => (env[name] ?? '') !== '');
  if (env['TEMPORAL_PROFILE'] !== undefined) set.push('TEMPORAL_PROFILE');
  if (set.length === 0) return null;
  throw new TemporalSettingsError(`${set.join(', ')} set, but no address of a Temporal server`, 'set TEMPORAL_ADDRESS to host:port, or unset the others to use the embedded server');
}

function load(env: NodeJS.ProcessEnv): ClientConnectConfig {
  try {
    return loadClientConnectConfig({ overrideEnvVars: definedOnly(env), configFileStrict: true });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new TemporalSettingsError(`the Temporal profile cannot be read: ${why}`, 'correct the Temporal configuration file (TEMPORAL_CONFIG_FILE) or TEMPORAL_PROFILE', cause);
  }
}

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
