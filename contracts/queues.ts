/** Task queues. Workflows and light I/O share `sulcus-control`; fits, one a core, have `sulcus-compute` to themselves, and so have programs of others `sulcus-tools`. */
export const CONTROL_QUEUE = 'sulcus-control';
export const COMPUTE_QUEUE = 'sulcus-compute';
export const TOOLS_QUEUE = 'sulcus-tools';
