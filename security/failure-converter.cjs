/** Failures with message and stack trace as a payload, which the codec encrypts. Temporal loads it by its path, with `require`. */
const { DefaultFailureConverter } = require('@temporalio/common');

exports.failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
