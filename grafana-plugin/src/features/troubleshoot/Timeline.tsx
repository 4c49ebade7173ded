import { type PointerEvent, useRef, useState } from 'react';
import { css } from '@emotion/css';
import { type GrafanaTheme2, dateTimeFormat } from '@grafana/data';
import { useStyles2, useTheme2 } from '@grafana/ui';
import type { MetricsAnswer } from '../../../../analyzer-service/src/contract.ts';
import { formatCount } from '../../shared/formatNumbers';
import { levelColour } from '../../shared/levelColour';
import { t } from '../../shared/t';
import { testIds } from '../../shared/testIds';
import type { Finding } from '../../shared/findings/FindingCard';

interface TimelineProps {
  readonly counts: MetricsAnswer;
  readonly findings: readonly Finding[];
  readonly onZoom: (startMs: number, endMs: number) => void;
  readonly onFinding: (id: string) => void;
}

/** Worst at the bottom, so that few errors below many lines are still seen. */
const STACK = ['fatal', 'error', 'warn', 'info', 'unknown', 'debug', 'trace'] as const;
const DRAG_SHARE_MIN = 0.01;
const MARKS_MAX = 12;
const TICKS = [0, 0.25, 0.5, 0.75, 1];

/** Lines by level over the window, with the beginnings of findings marked. Dragging over it zooms in. */
export function Timeline({ counts, findings, onZoom, onFinding }: TimelineProps) {
  const styles = useStyles2(getStyles);
  const startMs = Date.parse(counts.window.start);
  const endMs = Date.parse(counts.window.end);
  const area = useRef<HTMLDivElement>(null);
  const [drag, setDrag] = useState<{ readonly from: number; readonly to: number } | null>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  const share = (event: PointerEvent) => {
    const box = area.current?.getBoundingClientRect();
    return box ? Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)) : 0;
  };
  const finish = () => {
    setDrag(null);
    if (drag && Math.abs(drag.to - drag.from) >= DRAG_SHARE_MIN) {
      const [from, to] = [Math.min(drag.from, drag.to), Math.max(drag.from, drag.to)];
      onZoom(startMs + from * (endMs - startMs), startMs + to * (endMs - startMs));
    }
  };
  const marks = findings.flatMap(({ id, since, title }, rank) => {
    const at = since === null ? NaN : (Date.parse(since) - startMs) / (endMs - startMs);
    return at >= 0 && at <= 1 ? [{ id, title, rank: rank + 1, at }] : [];
  });
  // The first of those that begin together lies on top.
  const drawn = marks.slice(0, MARKS_MAX).toReversed();
  return (
    <section
      className={styles.frame}
      data-testid={testIds.troubleshoot.timeline}
      aria-label={t('troubleshoot.timeline.label', 'Lines over time')}
    >
      <Legend counts={counts} step={pointed} startMs={startMs} />
      <div className={styles.marks}>
        {drawn.map(({ id, title, rank, at }) => (
          <button
            key={id}
            type="button"
            className={styles.mark}
            style={{ left: `${at * 100}%` }}
            title={title}
            aria-label={t('troubleshoot.timeline.mark', 'Finding {{rank}}: {{title}}', { rank, title })}
            onClick={() => onFinding(id)}
          >
            {rank}
          </button>
        ))}
      </div>
      <div
        ref={area}
        className={styles.area}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          setDrag({ from: share(event), to: share(event) });
        }}
        onPointerMove={(event) => {
          setPointed(
            Math.min(
              counts.over_time.lines.length - 1,
              Math.floor(share(event) * counts.over_time.lines.length),
            ),
          );
          setDrag((last) => last && { ...last, to: share(event) });
        }}
        onPointerUp={finish}
        onPointerLeave={() => setPointed(null)}
      >
        <Bars counts={counts} />
        {drawn.map(({ id, at }) => (
          <span key={id} className={styles.line} style={{ left: `${at * 100}%` }} />
        ))}
        {drag && (
          <span
            className={styles.selection}
            style={{
              left: `${Math.min(drag.from, drag.to) * 100}%`,
              width: `${Math.abs(drag.to - drag.from) * 100}%`,
            }}
          />
        )}
      </div>
      <div className={styles.ticks}>
        {TICKS.map((tick) => (
          <span key={tick}>
            {dateTimeFormat(startMs + tick * (endMs - startMs), { format: tickFormat(endMs - startMs) })}
          </span>
        ))}
      </div>
    </section>
  );
}

function Bars({ counts }: { readonly counts: MetricsAnswer }) {
  const theme = useTheme2();
  const { lines } = counts.over_time;
  const highest = Math.max(1, ...lines);
  return (
    <svg
      viewBox={`0 0 ${lines.length} 100`}
      preserveAspectRatio="none"
      width="100%"
      height="100%"
      role="img"
      aria-label={t('troubleshoot.timeline.bars', '{{lines}} lines, {{errors}} of them errors', {
        lines: formatCount(counts.totals.lines),
        errors: formatCount(counts.totals.errors),
      })}
    >
      {lines.map((_, step) => {
        let below = 0;
        return STACK.map((level) => {
          const height = ((counts.levels_over_time[level]?.[step] ?? 0) / highest) * 100;
          below += height;
          return height > 0 ? (
            <rect
              key={`${step}${level}`}
              x={step + 0.05}
              width={0.9}
              y={100 - below}
              height={height}
              fill={barColour(level, theme)}
            />
          ) : null;
        });
      })}
    </svg>
  );
}

interface LegendProps {
  readonly counts: MetricsAnswer;
  readonly step: number | null;
  readonly startMs: number;
}

/** The totals by level; those of one step while somebody points at it. */
function Legend({ counts, step, startMs }: LegendProps) {
  const styles = useStyles2(getStyles);
  const theme = useTheme2();
  const shown = STACK.filter((level) => (counts.by_level[level] ?? 0) > 0);
  const format = { format: 'HH:mm:ss' };
  return (
    <div className={styles.legend}>
      <strong>
        {step === null
          ? t('troubleshoot.timeline.title', '{{count}} lines', { count: formatCount(counts.totals.lines) })
          : `${dateTimeFormat(startMs + step * counts.step_ms, format)} – ${dateTimeFormat(startMs + (step + 1) * counts.step_ms, format)}`}
      </strong>
      {shown.map((level) => (
        <span key={level}>
          <i style={{ background: barColour(level, theme) }} /> {level}{' '}
          {formatCount(
            step === null ? (counts.by_level[level] ?? 0) : (counts.levels_over_time[level]?.[step] ?? 0),
          )}
        </span>
      ))}
      <span className={styles.hint}>{t('troubleshoot.timeline.hint', 'Drag to zoom in')}</span>
    </div>
  );
}

function barColour(level: string, theme: GrafanaTheme2): string {
  if (level === 'info') {
    return theme.isDark ? '#3d71d9' : '#8ab8ff';
  }
  return level === 'debug' || level === 'trace' || level === 'unknown'
    ? theme.colors.border.strong
    : levelColour(level, theme);
}

function tickFormat(lengthMs: number): string {
  return lengthMs > 24 * 3_600_000 ? 'MM-DD HH:mm' : lengthMs > 10 * 60_000 ? 'HH:mm' : 'HH:mm:ss';
}

const getStyles = (theme: GrafanaTheme2) => ({
  frame: css({
    padding: theme.spacing(1, 2),
    background: theme.colors.background.primary,
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
  }),
  legend: css({
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(0.5, 2),
    fontVariantNumeric: 'tabular-nums',
    fontSize: theme.typography.bodySmall.fontSize,
    i: { display: 'inline-block', width: 10, height: 10, borderRadius: 2 },
  }),
  hint: css({ marginLeft: 'auto', color: theme.colors.text.secondary }),
  marks: css({ position: 'relative', height: 24 }),
  mark: css({
    position: 'absolute',
    transform: 'translateX(-50%)',
    minWidth: 20,
    height: 20,
    padding: 0,
    border: 0,
    borderRadius: 10,
    fontSize: 12,
    color: theme.colors.error.contrastText,
    background: theme.colors.error.main,
  }),
  area: css({
    position: 'relative',
    height: 90,
    cursor: 'crosshair',
    touchAction: 'none',
    userSelect: 'none',
  }),
  line: css({
    position: 'absolute',
    top: 0,
    bottom: 0,
    width: 1,
    background: theme.colors.error.text,
    pointerEvents: 'none',
  }),
  selection: css({
    position: 'absolute',
    top: 0,
    bottom: 0,
    background: theme.colors.action.focus,
    border: `1px solid ${theme.colors.primary.border}`,
  }),
  ticks: css({
    display: 'flex',
    justifyContent: 'space-between',
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
  }),
});
