import type { Dashboard, Panel, PanelRow, Place } from "./dashboard-types";

/** Columns of a dashboard, in Grafana as in Nightingale. */
export const gridColumns = 24;

export interface PlacedRow {
  readonly row: PanelRow;
  /** Of its title. */
  readonly place: Place;
  readonly panels: readonly PlacedPanel[];
}

export interface PlacedPanel {
  readonly panel: Panel;
  /** From 1, unlike every other number of the dashboard. */
  readonly number: number;
  readonly place: Place;
}

/** Panels from left to right; where one has no room left it begins a line below the highest of the line. */
export function placed({ rows }: Dashboard): readonly PlacedRow[] {
  let y = 0;
  let number = 0;
  return rows.map((row) => {
    const place = { x: 0, y, width: gridColumns, height: 1 };
    y += 1;
    let x = 0;
    let lineHeight = 0;
    const panels = row.panels.map((panel) => {
      if (x + panel.width > gridColumns) {
        y += lineHeight;
        x = 0;
        lineHeight = 0;
      }
      const own = { x, y, width: panel.width, height: panel.height };
      x += panel.width;
      lineHeight = Math.max(lineHeight, panel.height);
      number += 1;
      return { panel, number, place: own };
    });
    y += lineHeight;
    return { row, place, panels };
  });
}
