import { useTheme2 } from '@grafana/ui';

interface CountSparklineProps {
  /** Counts in equal steps. */
  readonly series: readonly number[];
  readonly label: string;
  readonly width?: number;
  readonly height?: number;
  readonly colour?: string;
}

/** Counts over time as bars: small enough for hundreds in a table. */
export function CountSparkline({ series, label, width = 120, height = 24, colour }: CountSparklineProps) {
  const theme = useTheme2();
  const highest = Math.max(1, ...series);
  const step = width / Math.max(1, series.length);
  return (
    <svg width={width} height={height} role="img" aria-label={label}>
      {series.map((count, index) =>
        count > 0 ? (
          <rect
            key={index}
            x={index * step}
            width={Math.max(1, step - 0.5)}
            y={height - Math.max(1, (count / highest) * height)}
            height={Math.max(1, (count / highest) * height)}
            fill={colour ?? theme.colors.primary.main}
          />
        ) : null,
      )}
    </svg>
  );
}
