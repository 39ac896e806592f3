/** What answers the calls of the contract. */
import type { CallInput, CallName, CallOutput } from '../contract/contract.ts';

export type Handlers = { [K in CallName]: (input: CallInput<K>) => Promise<CallOutput<K>> | CallOutput<K> };
