/** The application as the window sees it: calls and reports of the contract, through the host's bridge. */
import type { Bridge } from '../../src-main/contract/bridge.ts';
import type { CallInput, CallName, CallOutput, PushName, PushReport } from '../../src-main/contract/contract.ts';
import { calls, pushes } from '../../src-main/contract/contract.ts';
import { SitepairError } from '../../src-main/contract/errors.ts';

declare global {
  interface Window {
    sitepair?: Bridge;
  }
}

function bridge(): Bridge {
  if (window.sitepair !== undefined) return window.sitepair;
  throw new SitepairError({
    code: 'internal',
    message: 'This page was opened without Sitepair behind it.',
    remedy: 'Start Sitepair with: npm start',
  });
}

/** Carries a call out. Rejects with a SitepairError and nothing else. */
export async function invoke<K extends CallName>(name: K, input: CallInput<K>): Promise<CallOutput<K>> {
  const answer = await bridge().invoke(name, input);
  if (!answer.ok) throw new SitepairError(answer.error);
  return calls[name].output.parse(answer.output) as CallOutput<K>;
}

/** Hears a report until the returned function is called. */
export function subscribe<K extends PushName>(name: K, listener: (report: PushReport<K>) => void): () => void {
  return bridge().subscribe(name, (report) => {
    listener(pushes[name].parse(report) as PushReport<K>);
  });
}

/** What a person is told of any error. */
export function reportOf(error: unknown): SitepairError['report'] {
  if (error instanceof SitepairError) return error.report;
  return {
    code: 'internal',
    message: `Something went wrong in this window: ${error instanceof Error ? error.message : String(error)}.`,
    remedy: 'Reload the window; runs go on meanwhile.',
  };
}
