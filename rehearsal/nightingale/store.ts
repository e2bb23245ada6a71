import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";

export type Row = Record<string, unknown> & { id: number };

/** Collections of things that the server numbers, each from 1 on. */
export const collections = [
  "users",
  "teams",
  "groups",
  "datasources",
  "rules",
  "boards",
  "channels",
  "templates",
  "notifyRules",
  "tokens",
] as const;

export type Collection = (typeof collections)[number];

type Data = Record<Collection, Row[]> & { next: Record<Collection, number> };

/** What a Nightingale keeps in its database: one file, written anew with every change. */
export class Store {
  readonly data: Data;
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
    this.data = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : fresh();
    if (!existsSync(file)) this.save();
  }

  all(collection: Collection): Row[] {
    return this.data[collection];
  }

  find(collection: Collection, fits: (row: Row) => boolean): Row | undefined {
    return this.data[collection].find(fits);
  }

  /** Adds a row under the next number, which it returns. */
  add(collection: Collection, row: object): number {
    const id = this.data.next[collection]++;
    this.data[collection].push({ ...row, id });
    this.save();
    return id;
  }

  remove(collection: Collection, gone: (row: Row) => boolean): void {
    this.data[collection] = this.data[collection].filter((row) => !gone(row));
    this.save();
  }

  save(): void {
    writeFileSync(`${this.#file}.part`, JSON.stringify(this.data), { mode: 0o600 });
    renameSync(`${this.#file}.part`, this.#file);
  }
}

export function digestOf(password: unknown): string {
  return createHash("sha256").update(String(password)).digest("hex");
}

/** A fresh one: its administrator, a team and a group for trying, and ways of telling that lead nowhere. */
function fresh(): Data {
  const root = { username: "root", nickname: "Admin", roles: ["Admin"] };
  const own = { create_by: "system" };
  const data = {
    users: [{ id: 1, ...root, password: digestOf("root.2020") }],
    teams: [{ id: 1, name: "demo-root-group", note: "" }],
    groups: [{ id: 1, name: "Default Busi Group", members: [] }],
    datasources: [],
    rules: [],
    boards: [],
    channels: [
      { id: 1, name: "Callback", ident: "callback", enable: true, ...own },
      { id: 2, name: "Email", ident: "email", enable: true, ...own },
    ],
    templates: [{ id: 1, name: "Callback", ident: "callback", content: {}, ...own }],
    notifyRules: [],
    tokens: [],
  };
  const next = Object.fromEntries(
    Object.entries(data).map(([name, rows]) => [name, rows.length + 1]),
  );
  return { ...data, next } as unknown as Data;
}
