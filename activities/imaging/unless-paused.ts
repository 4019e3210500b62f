/** No program starts while its run is paused; steps that are done already are found all the same. */
import type { RunInfo } from '../../contracts/activities.js';
import type { ToolsContext } from '../context.js';
import { refuseWhilePaused } from '../operator/hold.js';
import type { Slots } from './slots.js';

/** Slots of which a step of a paused run gets none. Looked at when its turn has come: it may have waited for hours. Throws PAUSED. */
export function unlessPaused({ store, slots }: ToolsContext, run: RunInfo): Slots {
  return {
    async take(needs, signal) {
      const giveBack = await slots.take(needs, signal);
      try {
        await refuseWhilePaused(store, run);
      } catch (error) {
        giveBack();
        throw error;
      }
      return giveBack;
    },
  };
}
