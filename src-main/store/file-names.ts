/** Names of the files of a group's folder that are there from the start. */

export const recordName = 'record';
/** Space kept for going to another point: one whole segment with its header. */
export const scratchName = 'scratch';
