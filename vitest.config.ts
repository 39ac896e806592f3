import { defineConfig } from 'vitest/config';
import { TableReporter } from './test/faults/table-reporter.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    watch: false,
    // Processes, not threads: the code under test starts threads, and a stalled read holds its whole process.
    pool: 'forks',
    // Loop devices and mounts are the machine's: what one file sees in use, another may have made.
    fileParallelism: false,
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    teardownTimeout: 10_000,
    reporters: ['default', new TableReporter()],
    // A test that asserts nothing fails.
    expect: { requireAssertions: true, poll: { timeout: 30_000 } },
  },
});
