import { useState } from 'react';
import { dateTimeFormat } from '@grafana/data';
import { Text } from '@grafana/ui';
import { t } from './t';

interface SentenceTimesProps {
  /** ISO 8601. */
  readonly window: { readonly start: string; readonly end: string };
}

const DAY = 'YYYY-MM-DD';

/**
 * The analyzer's sentences give times of day in UTC and no date. Says so where the reader would take them for others:
 * where the user's clock is not UTC, or the window is not of today.
 */
export function SentenceTimes({ window }: SentenceTimesProps) {
  const [nowMs] = useState(() => Date.now());
  const utc = (time: string | number) => dateTimeFormat(time, { format: DAY, timeZone: 'utc' });
  const [first, last] = [utc(window.start), utc(window.end)];
  const isToday = first === last && last === utc(nowMs);
  const isUtc = dateTimeFormat(window.end, { format: 'Z' }) === '+00:00';
  if (isToday && isUtc) {
    return null;
  }
  const days = first === last ? first : `${first} – ${last}`;
  return (
    <Text color="secondary" variant="bodySmall">
      {t('times.sentences', 'Times in sentences are UTC, {{days}}', { days })}
    </Text>
  );
}
