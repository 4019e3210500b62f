/** Times and sizes as people write them. */
import { z } from 'zod';

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;
const YEAR = 365 * SECONDS.d;
const MEBIBYTES = { MiB: 1, GiB: 1024, TiB: 1024 ** 2 } as const;

const secondsOf = (given: string): number => Number.parseFloat(given) * SECONDS[given.slice(-1) as keyof typeof SECONDS];

/** `24h`, `30m`, `2d`: as seconds, from one to a year; `never`: null. */
export function durationOrNever(example: string): z.ZodType<number | null> {
  const message = `must be a time such as ${example} (s, m, h or d), or never`;
  return z
    .string({ error: message })
    .regex(/^(never|\d{1,15}(\.\d{1,15})?\s*[smhd])$/, message)
    .transform((given) => (given === 'never' ? null : secondsOf(given)))
    .refine((seconds) => seconds === null || (seconds >= 1 && seconds <= YEAR), 'must be between a second and a year');
}

/** `2h`: as seconds, from one to a year. */
export function duration(example: string): z.ZodType<number> {
  const message = `must be a time such as ${example} (s, m, h or d)`;
  return z
    .string({ error: message })
    .regex(/^\d{1,15}(\.\d{1,15})?\s*[smhd]$/, message)
    .transform(secondsOf)
    .refine((seconds) => seconds >= 1 && seconds <= YEAR, 'must be between a second and a year');
}

/** `4 GiB`, `512 MiB`: as whole MiB, from one to `most`. */
export function mebibytes(example: string, most: number): z.ZodType<number> {
  const message = `must be a size such as ${example} (MiB, GiB or TiB)`;
  return z
    .string({ error: message })
    .regex(/^\d{1,15}(\.\d{1,15})?\s*[MGT]iB$/, message)
    .transform((given) => Math.round(Number.parseFloat(given) * MEBIBYTES[given.slice(-3) as keyof typeof MEBIBYTES]))
    .refine((size) => size >= 1 && size <= most, `must be between 1 MiB and ${most / MEBIBYTES.TiB} TiB`);
}
