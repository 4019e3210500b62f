/**
 * Lets the Temporal SDK fetch its own copy of the server, and prints where it put it. Takes milliseconds to fail where there is no internet.
 * The SDK fetches only in order to start, so it is started in memory and shut down. A process of its own: the SDK's runtime can
 * be configured once a process, and that is for the workers to do.
 * Usage: node sdk-download.mjs SDK_NAME SDK_VERSION
 */
import { Runtime, DefaultLogger } from '@temporalio/worker';

const [sdkName, sdkVersion] = process.argv.slice(2);
const runtime = Runtime.install({ logger: new DefaultLogger('ERROR') });
try {
  const server = await runtime.createEphemeralServer({
    type: 'dev-server',
    exe: { type: 'cached-download', downloadDir: null, version: 'default', ttl: 15 * 24 * 3600 * 1000, sdkName, sdkVersion },
    namespace: 'default',
    ip: '127.0.0.1',
    port: null,
    uiPort: null,
    dbFilename: null,
    ui: false,
    log: { format: 'pretty', level: 'error' },
    extraArgs: [],
  });
  await runtime.shutdownEphemeralServer(server);
} catch (error) {
  const causes = [];
  for (let e = error; e; e = e.cause) causes.push(e.message);
  process.stderr.write(`${causes.join(': ').replace(/\s+/g, ' ')}\n`);
  process.exitCode = 1;
} finally {
  await runtime.shutdown();
}
