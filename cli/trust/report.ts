import { type Colour, printable } from "../view/colours";
import { tableLines } from "../view/table";
import type { KeyStatus } from "./keys";
import type { Scan } from "./scan";

const colours: Readonly<Record<KeyStatus, Colour>> = { pinned: "dim", new: "bold", CHANGED: "red" };

/** Every key with its fingerprint, the changed ones first, then what could not be asked. */
export function trustText(
  scans: readonly Scan[],
  paint: (colour: Colour, text: string) => string,
  columns: number,
): string {
  const order: readonly KeyStatus[] = ["CHANGED", "new", "pinned"];
  const keys = scans
    .flatMap((scan) => scan.shown.map((key) => ({ scan, key })))
    .sort((a, b) => order.indexOf(a.key.status) - order.indexOf(b.key.status));
  const rows = keys.map(({ scan, key }) => ({
    cells: [
      key.status,
      scan.name,
      scan.port === 22 ? scan.address : `${scan.address}:${scan.port}`,
      key.type,
      key.fingerprint,
    ],
    paint: (line: string) => paint(colours[key.status], line),
  }));
  const heading = ["status", "host", "address", "type", "fingerprint"];
  const table = rows.length === 0 ? [] : tableLines(heading, rows, columns);
  const problems = scans.flatMap(({ problem }) =>
    problem === undefined
      ? []
      : problem.message.split("\n").map((line) => paint("red", printable(line))),
  );
  return [...table, ...problems].join("\n");
}

/** The same for another program. */
export function trustJson(
  site: string,
  scans: readonly Scan[],
  written: readonly string[],
  exitCode: number,
): string {
  const hosts = scans.map(({ name, address, port, shown, problem }) => ({
    name,
    address,
    port,
    written: written.includes(name),
    ...(problem === undefined ? {} : { problem: { kind: problem.kind, message: problem.message } }),
    keys: shown.map(({ type, fingerprint, status }) => ({ type, fingerprint, status })),
  }));
  return JSON.stringify({ format: 1, site, exitCode, hosts }, null, 2);
}
