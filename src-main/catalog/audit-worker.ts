/** The entry of the thread that verifies the audit log: one question, one answer, and the thread ends. */
import { parentPort, workerData } from 'node:worker_threads';
import { SitepairError } from '../contract/errors.ts';
import { auditQuestionSchema, type AuditAnswer } from './audit-questions.ts';
import { Audit } from './audit.ts';
import { openCatalog } from './database.ts';

function answer(): AuditAnswer {
  const { home, anchors } = auditQuestionSchema.parse(workerData);
  try {
    const catalog = openCatalog(home);
    try {
      return { verdict: new Audit(catalog).verify(anchors) };
    } finally {
      catalog.close();
    }
  } catch (error) {
    // Anything else ends the thread as a defect, which whoever asked is told.
    if (error instanceof SitepairError) return { error: error.report };
    throw error;
  }
}

parentPort?.postMessage(answer());
