/** How hosts with a window pass on what the application pushes. */
import { pushes, type Application, type PushName } from '../contract/contract.ts';

/**
 * Tells `tell` every report that the contract knows, until the returned function is called. What does not fit its
 * schema is a defect, and reaches no page.
 */
export function forwardPushes(application: Application, tell: (name: PushName, report: unknown) => void): () => void {
  const endings = (Object.keys(pushes) as PushName[]).map((name) =>
    application.subscribe(name, (report) => {
      const valid = pushes[name].safeParse(report);
      if (valid.success) tell(name, valid.data);
    }),
  );
  return () => {
    for (const end of endings) end();
  };
}
