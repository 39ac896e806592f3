/** What this machine has: its volumes, and its audit trail. */
import { z } from 'zod';

export const volumeListingSchema = z.object({
  path: z.string(),
  kind: z.enum(['block-device', 'file-system']),
  sizeBytes: z.number(),
  /** Null where it cannot be known. */
  usedBytes: z.number().nullable(),
  fileSystem: z.string().nullable(),
  /** Mounted where; empty where it is not. */
  mountPoints: z.array(z.string()),
  /** In use by what, one phrase each ("mounted at /srv", "held by dm-0", "backs loop3"). */
  inUseBy: z.array(z.string()),
  readOnly: z.boolean(),
  network: z.string().nullable(),
  serial: z.string().nullable(),
  /** What the disk calls itself; the image of a loop device. */
  model: z.string().nullable(),
  /** The name that somebody gave its file system. */
  label: z.string().nullable(),
});
export type VolumeListing = z.infer<typeof volumeListingSchema>;

export const auditEntrySchema = z.object({
  sequence: z.number(),
  at: z.iso.datetime(),
  operator: z.string(),
  action: z.string(),
  groupName: z.string().nullable(),
  runId: z.string().nullable(),
  /** Facts of the entry, JSON text. */
  detail: z.string(),
  hash: z.string(),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;

export const auditVerdictSchema = z.object({
  intact: z.boolean(),
  entries: z.number(),
  /** The first entry that does not fit its chain. */
  brokenAt: z.number().nullable(),
  detail: z.string(),
});
export type AuditVerdict = z.infer<typeof auditVerdictSchema>;

export const directoryEntrySchema = z.object({
  name: z.string(),
  path: z.string(),
  kind: z.enum(['directory', 'file', 'block-device']),
  /** Bytes; null for directories and devices. */
  sizeBytes: z.number().nullable(),
});
export type DirectoryEntry = z.infer<typeof directoryEntrySchema>;

export const directoryListingSchema = z.object({
  path: z.string(),
  /** Null at the root. */
  parent: z.string().nullable(),
  entries: z.array(directoryEntrySchema),
  /** Bytes that this user may still write on its file system. */
  freeBytes: z.number(),
  /** Which file system that is: the same for two folders on one. */
  fileSystem: z.string(),
  /** How many entries are not shown. */
  more: z.number(),
});
export type DirectoryListing = z.infer<typeof directoryListingSchema>;

export const aboutSchema = z.object({
  hostName: z.string(),
  operator: z.string(),
  version: z.string(),
  /** Where the catalog lies. */
  home: z.string(),
  /** Whether this user may open block devices and loop devices freely (root). */
  privileged: z.boolean(),
  /** Which host shows the windows. */
  client: z.string(),
});
export type About = z.infer<typeof aboutSchema>;

/** What the operator chose for the window. */
export const settingsSchema = z.object({
  theme: z.enum(['system', 'light', 'dark']),
});
export type Settings = z.infer<typeof settingsSchema>;
