/** The image's HEALTHCHECK: exit 0 when the worker of this container says it is ready, or when it was told to serve no health. Its reasons go to stdout. */
const port = process.env.SULCUS_HEALTH_PORT;
if (port) {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(5000) });
    process.stdout.write(`${await answer.text()}\n`);
    process.exitCode = answer.ok ? 0 : 1;
  } catch (error) {
    process.stdout.write(`no answer on port ${port}: ${error.cause?.code ?? error.message}\n`);
    process.exitCode = 1;
  }
}
