/** Histories in which something once did not hold, as fast-check shrank them; each is played at every run. */
import type { History } from './history.ts';
import type { Step } from './play.ts';

const volume = { tellsHoles: false, sourceBlank: true, targetBlank: true };
const step: Step = {
  what: 'cycle',
  choice: 0,
  writes: 0,
  meanwhile: true,
  unreadable: false,
  fuzzy: true,
  trouble: null,
  seed: 0,
};

export const found: Record<string, History> = {
  'zeros that a journal brought back, which the maps know by their digest, are those of the volume': {
    setting: {
      volumes: [
        { ...volume, sizeBytes: 4097 },
        { ...volume, sizeBytes: 1, targetBlank: false },
      ],
      lanes: 1,
      segmentPayloadBytes: 512,
      blockBytes: 512,
      stripBytes: 4096,
      shuffled: false,
      keep: 1,
      foldAbove: 1,
      seed: 0,
    },
    steps: [
      { ...step, fuzzy: false, seed: 300_956_990 },
      step,
      { ...step, what: 'move' },
      { ...step, what: 'move', trouble: { after: 2, how: 'power cut' }, seed: 1_069_587_011 },
    ],
  },
  'a record that one power cut tore is not made whole by what a second one leaves of the next': {
    setting: {
      volumes: [
        { ...volume, sizeBytes: 1 },
        { ...volume, sizeBytes: 1 },
      ],
      lanes: 1,
      segmentPayloadBytes: 512,
      blockBytes: 512,
      stripBytes: 4096,
      shuffled: true,
      keep: 1,
      foldAbove: 1,
      seed: 0,
    },
    steps: [
      { ...step, what: 'move', meanwhile: false, trouble: { after: 22, how: 'power cut' }, seed: 4_008_729_027 },
      { ...step, what: 'move', unreadable: true, trouble: { after: 6, how: 'power cut' }, seed: 363_016_885 },
    ],
  },
  'what a cycle wrote over data that was given up is durable once it is rolled back': {
    setting: {
      volumes: [{ ...volume, sizeBytes: 1, targetBlank: false }],
      lanes: 1,
      segmentPayloadBytes: 512,
      blockBytes: 512,
      stripBytes: 4096,
      shuffled: false,
      keep: 1,
      foldAbove: 1,
      seed: 0,
    },
    steps: [
      { ...step, choice: 3, unreadable: true, trouble: { after: 11, how: 'kill' }, seed: 627_174_914 },
      { ...step, what: 'drop', unreadable: true },
      { ...step, writes: 2, unreadable: true, trouble: { after: 2, how: 'power cut' }, seed: 3_946_349_568 },
    ],
  },
};
