/** All tests, as npm test runs them where none are named. */
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { runInHalves } from './halves.ts';

process.exitCode = await runInHalves(globSync(join(import.meta.dirname, '**/*.test.ts')).sort());
