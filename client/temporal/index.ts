/** Finding, starting and sharing a Temporal server. */
export { acquireServer, runningServer, stopServer, type AcquiredServer, type AcquireOptions } from './acquire.js';
export { findTemporal, type FindOptions, type TemporalBinary } from './binary.js';
export { openTemporal, type TemporalServer } from './connect.js';
export { ServerStartError, ServerUnreachableError, StateLockedError, TemporalNotFoundError, TemporalSettingsError } from './errors.js';
export { ensureSearchAttributes, SearchAttributesError } from './search-attributes.js';
export { foreignServer, type ForeignServer } from './settings.js';
export { stateDirectory, type ServerRecord } from './state.js';
