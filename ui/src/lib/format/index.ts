// Times, sizes and labels in the language of the interface.
import type { Label } from "../bindings";
import { getLocale } from "../paraglide/runtime";

const two = (n: number) => String(n).padStart(2, "0");

/** Minutes east of UTC. A session is told in the time of the place where it is held, wherever its reader is. */
let zone = 7 * 60;

/** Tells times on the clock of another body from now on. */
export function setZone(minutes: number) {
  zone = minutes;
}

/** A date whose UTC fields are those of the body's clock. */
const local = (ms: number) => new Date(ms + zone * 60_000);

/** 08:00 */
export function clock(ms: number): string {
  const at = local(ms);
  return `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
}

/** 24/11/2026 */
export function date(ms: number): string {
  const at = local(ms);
  return `${two(at.getUTCDate())}/${two(at.getUTCMonth() + 1)}/${at.getUTCFullYear()}`;
}

/** Thứ Ba, 24/11/2026 */
export function day(ms: number): string {
  const weekday = new Intl.DateTimeFormat(getLocale(), { weekday: "long", timeZone: "UTC" }).format(local(ms));
  return `${weekday.charAt(0).toUpperCase()}${weekday.slice(1)}, ${date(ms)}`;
}

/** Thứ Ba, 24/11/2026, 08:00 */
export function dayTime(ms: number): string {
  return `${day(ms)}, ${clock(ms)}`;
}

/** The clock today, else with the date; the year only when it is another one. */
export function when(ms: number): string {
  const now = Date.now();
  if (date(ms) === date(now)) return clock(ms);
  const sameYear = local(ms).getUTCFullYear() === local(now).getUTCFullYear();
  const dated = sameYear ? date(ms).slice(0, 5) : date(ms);
  return `${clock(ms)}, ${dated}`;
}

/** The moment of a date such as 24/11/2026 and a clock such as 17:00, both on the body's clock; none if there is none. */
export function instant(day: string, time: string): number | null {
  const [, d, month, y] = /^\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\s*$/.exec(day) ?? [];
  const [, h, minute] = /^\s*(\d{1,2})[:hg.](\d{2})\s*$/i.exec(time) ?? [];
  if (!d || !month || !y || !h || !minute) return null;
  const at = Date.UTC(Number(y), Number(month) - 1, Number(d), Number(h), Number(minute)) - zone * 60_000;
  // The 31st of April is another day, and 25:00 another hour.
  const exact = date(at) === `${two(Number(d))}/${two(Number(month))}/${y}` && clock(at) === `${two(Number(h))}:${minute}`;
  return exact ? at : null;
}

export function number(n: number): string {
  return n.toLocaleString(getLocale());
}

/** 12,4 MB */
export function bytes(n: number): string {
  const format = (value: number, digits: number) =>
    value.toLocaleString(getLocale(), { minimumFractionDigits: digits, maximumFractionDigits: digits });
  if (n < 1000 * 1024) return `${format(Math.max(1, n / 1024), 0)} KB`;
  return `${format(n / 1024 / 1024, n < 100 * 1024 * 1024 ? 1 : 0)} MB`;
}

/** A text of the body, in the language of the interface if there is one. */
export function label(text: Label): string {
  return getLocale() === "en" ? (text.en ?? text.vi) : text.vi;
}

/** Composed letters, whatever the typing program sends. */
export function nfc(text: string): string {
  return text.normalize("NFC");
}

/** Without diacritics, for finding. */
export function fold(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/[đĐ]/g, "d")
    .toLowerCase();
}

/** Two letters for a body without an emblem. */
export function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  return words
    .slice(0, 2)
    .map((word) => word.charAt(0).toUpperCase())
    .join("");
}

/** Tháng 11 */
export function month(ms: number): string {
  const length = getLocale() === "vi" ? "long" : "short";
  const name = new Intl.DateTimeFormat(getLocale(), { month: length, timeZone: "UTC" }).format(local(ms));
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}
