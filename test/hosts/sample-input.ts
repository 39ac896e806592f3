/** An input that fits a call's schema, made from the schema alone, so that calls to come have one too. */
import { z } from 'zod';

/** JSON Schema, as far as zod writes it for inputs of the contract. */
interface Node {
  type?: string | string[] | undefined;
  const?: unknown;
  enum?: unknown[] | undefined;
  anyOf?: Node[] | undefined;
  properties?: Record<string, Node> | undefined;
  required?: string[] | undefined;
  minimum?: number | undefined;
}
const nodeSchema: z.ZodType<Node> = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  enum: z.array(z.unknown()).optional(),
  get anyOf() {
    return z.array(nodeSchema).optional();
  },
  get properties() {
    return z.record(z.string(), nodeSchema).optional();
  },
  required: z.array(z.string()).optional(),
  minimum: z.number().optional(),
});

/** What is required, in its simplest form; every text is `text`. */
export function sampleInput(schema: z.ZodType, text: string): unknown {
  return sampleOf(nodeSchema.parse(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })), text);
}

function sampleOf(node: Node, text: string): unknown {
  const [first] = node.enum ?? node.anyOf ?? [];
  if (node.const !== undefined) return node.const;
  if (node.enum !== undefined) return first;
  if (node.anyOf !== undefined) return sampleOf(nodeSchema.parse(first), text);
  switch (typeof node.type === 'string' ? node.type : node.type?.[0]) {
    case 'object':
      return Object.fromEntries(
        (node.required ?? []).map((key) => [key, sampleOf(node.properties?.[key] ?? {}, text)]),
      );
    case 'array':
      return [];
    case 'string':
      return text;
    case 'number':
    case 'integer':
      return Math.max(1, node.minimum ?? 1);
    case 'boolean':
      return false;
    default:
      return null;
  }
}
