/** Who is at the keyboard, for runs and the audit log. */
import { userInfo } from 'node:os';

/** The OS user; its number where the system knows no name for it. */
export function operatorName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
