/** Sizes, rates and durations as a person types them. Units are binary: 1K is 1 KiB is 1024 bytes. */
import { SitepairError } from '../../contract/errors.ts';

const kilo = 1024;
const letters = ['', 'K', 'M', 'G', 'T', 'P'];
const secondsOf: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/**
 * Bytes of "262144", "256K", "64M", "1.5G" or "10GiB". Throws `invalid-input`, naming `option`, for anything else and
 * for what is no whole number of bytes.
 */
export function parseSize(text: string, option: string): number {
  const match = /^(\d+(?:\.\d+)?) ?([KMGTP]?)(?:i?B)?$/i.exec(text.trim());
  const bytes = Number(match?.[1]) * kilo ** letters.indexOf((match?.[2] ?? '').toUpperCase());
  if (!Number.isSafeInteger(bytes)) {
    throw invalid(option, text, 'is no size', 'Give bytes with a binary unit, as in 256K, 64M or 10GiB.');
  }
  return bytes;
}

/** Bytes per second of "200M/s" (the "/s" may be left out), or null for "none". Throws `invalid-input`. */
export function parseRate(text: string, option: string): number | null {
  const rate = text.trim().replace(/\/s$/i, '');
  if (rate.toLowerCase() === 'none') return null;
  const bytes = /^\d/.test(rate) ? parseSize(rate, option) : 0;
  if (bytes > 0) return bytes;
  throw invalid(option, text, 'is no rate', 'Give bytes per second, as in 200M/s, or none.');
}

/** Seconds of "90s", "15m", "2h", "1d" or "1h30m", at least 1. Throws `invalid-input`. */
export function parseDuration(text: string, option: string): number {
  const parts = text.trim().toLowerCase();
  let seconds = 0;
  if (/^(\d+[smhd])+$/.test(parts)) {
    for (const [, count, unit] of parts.matchAll(/(\d+)([smhd])/g)) {
      seconds += Number(count) * (secondsOf[unit ?? ''] ?? 0);
    }
  }
  if (seconds > 0 && Number.isSafeInteger(seconds)) return seconds;
  throw invalid(option, text, 'is no duration', 'Give it with a unit, as in 30s, 15m, 2h or 1d.');
}

/** A whole number from `least` to `most`. Throws `invalid-input`. */
export function parseCount(text: string, option: string, least: number, most: number): number {
  const count = /^\d+$/.test(text.trim()) ? Number(text) : NaN;
  if (count >= least && count <= most) return count;
  throw invalid(option, text, 'is out of range', `Give a whole number from ${least} to ${most}.`);
}

function invalid(option: string, text: string, what: string, remedy: string): SitepairError {
  return new SitepairError({ code: 'invalid-input', message: `"${text}" ${what}.`, where: option, remedy });
}
