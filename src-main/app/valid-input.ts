/** What comes in over the contract is parsed before anything is done with it. */
import { calls, type CallInput, type CallName } from '../contract/contract.ts';
import { SitepairError } from '../contract/errors.ts';

/** The input of a call as its schema knows it. Throws `invalid-input`, naming the field. */
export function validInput<K extends CallName>(name: K, input: CallInput<K>): CallInput<K> {
  const parsed = calls[name].input.safeParse(input);
  if (parsed.success) return parsed.data as CallInput<K>;
  const issue = parsed.error.issues[0];
  throw new SitepairError({
    code: 'invalid-input',
    message: `${name} was asked with something that does not fit: ${issue?.message ?? 'input'}.`,
    where: issue?.path.join('.') ?? name,
    remedy: 'Correct the value and try again.',
  });
}
