/** An application over an installation's catalog, in the test's own process, as a window has it. */
import type { TestContext } from 'vitest';
import { createApplication } from '../../src-main/app.ts';
import type { Application } from '../../src-main/contract/contract.ts';
import type { OperationRequest, OperationResult } from '../../src-main/contract/runs.ts';

/** Closed at the end of the test. */
export async function applicationAt(home: string, context: TestContext): Promise<Application> {
  const application = await createApplication({ home, operator: 'tester', clientName: 'test' });
  context.onTestFinished(() => application.close());
  return application;
}

/** Starts a run and waits for its end. */
export async function carriedOut(application: Application, request: OperationRequest): Promise<OperationResult> {
  return application.invoke('operations.result', await application.invoke('operations.start', request));
}
