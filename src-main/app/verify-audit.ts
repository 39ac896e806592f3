/** Holds the audit log against its chain on a thread of its own: a window does not wait while years of it are read. */
import { Worker } from 'node:worker_threads';
import { SitepairError } from '../contract/errors.ts';
import type { AuditVerdict } from '../contract/machine.ts';
import type { AuditAnswer, AuditQuestion } from '../catalog/audit-questions.ts';
import { contentHash } from '../catalog/audit-hash.ts';
import { asSitepairError } from '../protection/errors.ts';
import type { StoredEntry } from '../protection/run-log.ts';

/** Of the catalog in `home`, held against what the stores have of it too. Throws as `Audit.verify` does. */
export function verifyAudit(home: string, stored: readonly StoredEntry[]): Promise<AuditVerdict> {
  const anchors = stored.map(({ entry, file, asWritten }) => {
    const { sequence, hash } = entry;
    return { sequence, hash, copy: { file, content: asWritten ? contentHash(entry) : '' } };
  });
  const asked: AuditQuestion = { home, anchors };
  const worker = new Worker(new URL('../catalog/audit-worker.ts', import.meta.url), { workerData: asked });
  return new Promise((resolve, reject) => {
    worker.once('message', (answer: AuditAnswer) => {
      if ('error' in answer) reject(new SitepairError(answer.error));
      else resolve(answer.verdict);
    });
    worker.once('error', (error) => {
      reject(asSitepairError(error));
    });
  });
}
