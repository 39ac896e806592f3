/** What every host with a window does with a call: validate it, carry it out, and never let an Error through. */
import type { Answer } from '../contract/bridge.ts';
import { calls, type Application, type CallInput, type CallName } from '../contract/contract.ts';
import { SitepairError } from '../contract/errors.ts';

function isCall(name: unknown): name is CallName {
  return typeof name === 'string' && Object.hasOwn(calls, name);
}

/** Carries out a call that came from a page. Never rejects. */
export async function serveCall(application: Application, name: unknown, input: unknown): Promise<Answer> {
  try {
    if (!isCall(name)) throw unknownCall(name);
    // The application parses the input; what it gives is parsed here, so that a page gets what the contract says.
    const output = await application.invoke(name, input as CallInput<CallName>);
    return { ok: true, output: calls[name].output.parse(output) };
  } catch (error) {
    if (error instanceof SitepairError) return { ok: false, error: error.report };
    const message = error instanceof Error ? error.message : String(error);
    return {
      ok: false,
      error: {
        code: 'internal',
        message: `Something went wrong inside Sitepair: ${message}.`,
        remedy: 'Nothing complete is lost. Try again; if it comes again, report it with what was done.',
      },
    };
  }
}

function unknownCall(name: unknown): SitepairError {
  return new SitepairError({
    code: 'invalid-input',
    message: `There is no call ${String(name)}.`,
    remedy: 'Reload the window; if it comes again, the installation is incomplete.',
  });
}
