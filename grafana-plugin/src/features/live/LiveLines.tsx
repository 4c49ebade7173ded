import { useEffect, useRef } from 'react';
import { css, cx } from '@emotion/css';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type GrafanaTheme2, dateTimeFormat } from '@grafana/data';
import { useStyles2, useTheme2 } from '@grafana/ui';
import { levelColour } from '../../shared/levelColour';
import { t } from '../../shared/t';
import { testIds } from '../../shared/testIds';
import { Highlighted } from './Highlighted';
import type { LiveLine } from './liveFeed';

/** Every line is one row of this height: a list of fixed rows scrolls without measuring. */
const ROW_HEIGHT = 22;
const OVERSCAN = 20;
/** Text of a row; what is cut is read by choosing the line. */
const CHARACTERS_SHOWN_MAX = 600;

interface LiveLinesProps {
  readonly lines: readonly LiveLine[];
  readonly highlight: string;
  readonly following: boolean;
  readonly chosen: number | null;
  readonly onChoose: (line: LiveLine) => void;
  /** The user scrolled away from the newest line. */
  readonly onLeave: () => void;
  /** Of the list, in terms of CSS; without it, most of the window. */
  readonly height?: string;
}

const MOST_OF_THE_WINDOW = 'max(320px, calc(100vh - 380px))';

/** Tens of thousands of lines, of which only the visible ones are in the page. */
export function LiveLines({
  lines,
  highlight,
  following,
  chosen,
  onChoose,
  onLeave,
  height = MOST_OF_THE_WINDOW,
}: LiveLinesProps) {
  const styles = useStyles2(getStyles);
  const theme = useTheme2();
  const frame = useRef<HTMLDivElement>(null);
  // What it returns changes with every scroll: React's compiler rightly leaves this component alone.
  // eslint-disable-next-line react-hooks/incompatible-library
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: OVERSCAN,
    getItemKey: (index) => lines[index]?.key ?? index,
  });
  const visible = rows.getVirtualItems();
  useEffect(() => {
    if (following && frame.current) {
      frame.current.scrollTop = frame.current.scrollHeight;
    }
  }, [following, lines]);
  return (
    <div
      ref={frame}
      className={styles.frame}
      style={{ height }}
      data-testid={testIds.live.lines}
      role="log"
      aria-live="off"
      aria-label={t('live.lines', 'Live lines')}
      // Whoever scrolls wants to read.
      tabIndex={0}
      onWheel={({ deltaY }) => deltaY < 0 && onLeave()}
      onKeyDown={({ key }) => ['ArrowUp', 'PageUp', 'Home'].includes(key) && onLeave()}
    >
      {lines.length === 0 && (
        <p className={styles.none}>
          {t('live.none', 'No line yet. Lines show here as they are written, whatever came before.')}
        </p>
      )}
      <div style={{ height: rows.getTotalSize(), overflow: 'hidden' }}>
        {/* Rows follow each other: a place of its own for each would be a style that no other row has, and Chromium is slow with thousands of those. */}
        <div style={{ transform: `translateY(${visible[0]?.start ?? 0}px)` }}>
          {visible.map(({ index, key }) => {
            const line = lines[index];
            if (!line) {
              return null;
            }
            const colour = levelColour(line.level, theme);
            return (
              <button
                key={String(key)}
                type="button"
                tabIndex={-1}
                className={cx(styles.row, chosen === line.key && styles.chosen)}
                style={{ borderLeftColor: colour }}
                onClick={() => onChoose(line)}
              >
                <span className={styles.time}>{dateTimeFormat(line.time, { format: 'HH:mm:ss.SSS' })}</span>
                <span className={styles.service}>{line.service}</span>
                <span className={styles.level} style={{ color: colour }}>
                  {line.level}
                </span>
                <span className={styles.text}>
                  <Highlighted text={oneRow(line.line)} word={highlight} />
                </span>
              </button>
            );
          })}
        </div>
      </div>
    </div>
  );
}

function oneRow(text: string): string {
  return text.slice(0, CHARACTERS_SHOWN_MAX).replaceAll('\n', ' ⏎ ');
}

const getStyles = (theme: GrafanaTheme2) => ({
  frame: css({
    overflow: 'auto',
    overflowAnchor: 'none',
    contain: 'strict',
    border: `1px solid ${theme.colors.border.weak}`,
    background: theme.colors.background.primary,
    fontFamily: theme.typography.fontFamilyMonospace,
    fontSize: theme.typography.bodySmall.fontSize,
  }),
  row: css({
    width: '100%',
    height: ROW_HEIGHT,
    display: 'flex',
    gap: theme.spacing(1),
    alignItems: 'center',
    padding: theme.spacing(0, 1),
    border: 0,
    borderLeft: '3px solid',
    background: 'none',
    color: theme.colors.text.primary,
    font: 'inherit',
    textAlign: 'left',
    cursor: 'pointer',
    '&:hover': { background: theme.colors.action.hover },
  }),
  none: css({ margin: 0, padding: theme.spacing(1), color: theme.colors.text.secondary }),
  chosen: css({ background: theme.colors.action.selected }),
  time: css({ whiteSpace: 'nowrap', color: theme.colors.text.secondary }),
  service: css({
    width: 90,
    flexShrink: 0,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
  }),
  level: css({ width: 40, flexShrink: 0 }),
  text: css({
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'pre',
    minWidth: 0,
    unicodeBidi: 'isolate',
  }),
});
