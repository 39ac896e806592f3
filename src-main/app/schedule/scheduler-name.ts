/** Who began a run that nobody asked for by hand, in runs and in the audit log. */
export const schedulerName = 'scheduler';
