/** How a worker leaves. */

/**
 * Activities get a moment to finish, then are cancelled (fits stop within a pass; what they finished is stored, and the server gives the
 * rest to another worker at once), then the process insists.
 */
export const GRACE = { shutdownGraceTime: '1s', shutdownForceTime: '20s' } as const;

/** Resolves when the process is asked to leave: SIGTERM, SIGINT, or the parent that started it is gone. */
export function askedToLeave(): Promise<string> {
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve('SIGTERM'));
    process.once('SIGINT', () => resolve('SIGINT'));
    if (process.connected) process.once('disconnect', () => resolve('the command that started it ended'));
  });
}
