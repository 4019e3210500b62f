/** Lengths of time as people write them: 30m, 24h, 7d, 1h30m. */
import { SulcusError } from '../../contracts/errors.js';

const SECONDS: Record<string, number> = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 };
const YEAR = 366 * 86_400;

/** Seconds in `24h`. Throws BAD_OPTION for what is no length of time, is shorter than `least` seconds or longer than a year. */
export function readPeriod(option: string, text: string, least: number): number {
  const bad = (why: string): SulcusError => new SulcusError('BAD_OPTION', `${option} "${text}" ${why}`, { remedy: `e.g. ${option} 24h; the units are s, m, h, d and w` });
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)([a-z])/g)];
  if (parts.length === 0 || parts.map(([whole]) => whole).join('') !== text.trim()) throw bad('is no length of time');
  const seconds = Math.round(parts.reduce((sum, [, number, unit = '']) => sum + Number(number) * (SECONDS[unit] ?? NaN), 0));
  if (Number.isNaN(seconds)) throw bad('has a unit that is not known');
  if (seconds < least) throw bad(`is shorter than ${showPeriod(least)}`);
  if (seconds > YEAR) throw bad('is longer than a year');
  return seconds;
}

/** `90 min` is `1 h 30 min`; at most two units, days from two on. */
export function showPeriod(seconds: number): string {
  const parts: string[] = [];
  let rest = Math.round(seconds);
  for (const unit of ['d', 'h', 'm', 's']) {
    const size = SECONDS[unit] as number, n = unit === 'd' && seconds < 2 * size ? 0 : Math.floor(rest / size);
    if (n > 0) parts.push(`${n} ${unit === 'm' ? 'min' : unit}`);
    rest -= n * size;
  }
  return parts.length === 0 ? '0 s' : parts.slice(0, 2).join(' ');
}

/** Seconds after midnight UTC of a local time of day, for a period of whole days. Throws BAD_OPTION. */
export function readTimeOfDay(text: string, everySeconds: number, now: Date): number {
  const [, hours, minutes] = /^(\d{1,2}):(\d{2})$/.exec(text.trim()) ?? [];
  if (hours === undefined || minutes === undefined || Number(hours) > 23 || Number(minutes) > 59) throw new SulcusError('BAD_OPTION', `--at "${text}" is no time of day`, { remedy: 'e.g. --at 02:30' });
  if (everySeconds % 86_400 !== 0) throw new SulcusError('BAD_OPTION', `--at goes with whole days, and --every is ${showPeriod(everySeconds)}`, { remedy: 'e.g. --every 24h --at 02:30' });
  const at = new Date(now);
  at.setHours(Number(hours), Number(minutes), 0, 0);
  return Math.round(at.getTime() / 1000) % 86_400;
}
