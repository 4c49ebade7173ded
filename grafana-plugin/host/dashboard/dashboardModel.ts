/** What the preview reads of Grafana's JSON of a dashboard. */
export interface Dashboard {
  readonly title: string;
  readonly description?: string;
  readonly time: { readonly from: string; readonly to: string };
  readonly panels: readonly DashboardPanel[];
  readonly templating: { readonly list: readonly DashboardVariable[] };
}

export interface DashboardPanel {
  readonly id: number;
  readonly title: string;
  readonly type: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly options?: Readonly<Record<string, unknown>>;
}

interface DashboardVariable {
  readonly name: string;
  readonly current?: { readonly value?: string | readonly string[] };
}

export async function readDashboard(name: string): Promise<Dashboard> {
  const answer = await fetch(`/public/host/dashboards/${encodeURIComponent(name)}.json`);
  if (!answer.ok) {
    throw new Error(`There is no dashboard ${name}. The preview has those of the folder "dashboards".`);
  }
  return (await answer.json()) as Dashboard;
}

/** Fills in variables as they stand in the dashboard; one at "All", or that is not there, stays as it is written. */
export function replaceVariables({ templating }: Dashboard, text: string): string {
  return text.replaceAll(/\$(?:\{(\w+)\}|(\w+))/g, (written, braced?: string, plain?: string) => {
    const variable = templating.list.find(({ name }) => name === (braced ?? plain));
    const values = [variable?.current?.value ?? []].flat();
    return values.length === 0 || values.includes('$__all') ? written : values.join(',');
  });
}
