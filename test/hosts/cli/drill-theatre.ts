/** A drill with a fake terminal and fake signals on the real application, run in this process, and what it printed. */
import path from 'node:path';
import { z } from 'zod';
import { createApplication } from '../../../src-main/app.ts';
import { runDrill, type DrillOptions } from '../../../src-main/hosts/cli/drill.ts';
import type { CliHost } from '../../../src-main/hosts/cli/host.ts';
import { FakeStream } from './cli-stage.ts';

const MiB = 2 ** 20;

const proofSchema = z.object({
  expected: z.enum(['equal', 'different', 'unchanged']),
  holds: z.boolean(),
  volumes: z.array(
    z.object({
      volume: z.string(),
      holds: z.boolean(),
      sides: z.array(z.object({ what: z.string(), sha256: z.string().regex(/^[0-9a-f]{64}$/) })).length(2),
    }),
  ),
  checked: z.array(z.object({ volume: z.string(), holds: z.boolean() })),
});
const figuresSchema = z.object({
  bytesCompared: z.number(),
  bytesDiffering: z.number(),
  bytesWritten: z.number(),
  bytesSkipped: z.number(),
});
const printedSchema = z.object({
  drill: z.object({
    verdict: z.string(),
    directory: z.string(),
    steps: z.array(
      z.object({
        title: z.string(),
        outcome: z.string(),
        group: z.object({ phase: z.string(), activeSite: z.string().nullable() }).nullable(),
        figures: figuresSchema.nullable(),
        proof: proofSchema.nullable(),
      }),
    ),
    audit: z.object({ intact: z.boolean() }).nullable(),
  }),
  error: z.object({ code: z.string(), message: z.string(), where: z.string().optional() }).optional(),
});

/** Where a test plays a drill with the real application. */
export class DrillTheatre {
  readonly stdout: FakeStream;
  readonly stderr: FakeStream;
  /** Where the drill takes place. */
  readonly directory: string;
  readonly endedAtOnce: number[] = [];
  readonly listeners = new Set<() => void>();
  /** How the drill gets its application. */
  application: CliHost['application'] = (home) => createApplication({ home, operator: 'tester', clientName: 'test' });

  /** `columns` are the cells of its terminal; left out: both streams are pipes. */
  constructor(parent: string, columns?: number) {
    this.directory = path.join(parent, 'drill');
    this.stdout = new FakeStream(columns !== undefined, columns ?? Infinity);
    this.stderr = new FakeStream(columns !== undefined, columns ?? Infinity);
  }

  play(options: Partial<DrillOptions>): Promise<number> {
    return runDrill(
      { size: 8 * MiB, keep: false, json: true, dir: this.directory, ...options },
      {
        application: (home) => this.application(home),
        terminal: { stdout: this.stdout, stderr: this.stderr },
        env: {},
        cwd: '/',
        interrupts: {
          listen: (listener) => {
            this.listeners.add(listener);
            return () => this.listeners.delete(listener);
          },
          endAtOnce: (exitCode) => this.endedAtOnce.push(exitCode),
        },
      },
    );
  }

  signal(): void {
    for (const listener of this.listeners) listener();
  }

  printed(): z.infer<typeof printedSchema> {
    return printedSchema.parse(JSON.parse(this.stdout.text));
  }
}
