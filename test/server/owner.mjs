/**
 * A small command that uses the embedded server, for the tests to run and kill: `node owner.mjs STATE`. Prints one JSON line when it
 * has the server; lets go of it when its standard input ends.
 */
import { acquireServer } from '../../dist/client/temporal/index.js';

const server = await acquireServer(process.argv[2] ?? '');
process.stdout.write(`${JSON.stringify({ address: server.address, adopted: server.adopted, pid: server.pid })}\n`);
process.stdin.resume();
process.stdin.once('end', () => void server.release().then(() => process.exit(0)));
