import type {
  DatabaseBlueprint,
  NightingaleBlueprint,
  RedisBlueprint,
} from "../../site/platform/nightingale-types";
import type { NightingalePasswords } from "./nightingale-secrets";

/** Where authorities of databases lie in a Pod; Go's programs look there by an environment variable. */
export const authoritiesFolder = "/etc/nightingale/authorities";

/** Where it may write: figures of its own evaluations, which help to understand a rule for some days. */
export const workFolder = "/var/lib/nightingale";

/**
 * Nightingale's config.toml, with passwords in it. Against its own usual values nothing is open to strangers: no agents
 * (they push without a login), no commands on hosts, no machine interfaces, no questions to Prometheus without a login.
 */
export function serverConfig(
  { server, database, redis }: Pick<NightingaleBlueprint, "server" | "database" | "redis">,
  passwords: Pick<NightingalePasswords, "database" | "redis">,
): string {
  const sections: readonly Section[] = [
    ["Global", { RunMode: "release" }],
    ["Log", { Dir: `${workFolder}/logs`, Level: "INFO", Output: "stdout" }],
    [
      "HTTP",
      {
        Host: "0.0.0.0",
        Port: server.port,
        PrintAccessLog: false,
        PProf: false,
        ExposeMetrics: true,
        ShutdownTimeout: 30,
        MaxContentLength: 67_108_864,
        ReadTimeout: 20,
        WriteTimeout: 40,
        IdleTimeout: 120,
      },
    ],
    ["HTTP.APIForAgent", { Enable: false }],
    ["HTTP.APIForService", { Enable: false }],
    ["HTTP.JWTAuth", { AccessExpired: 720, RefreshExpired: 10_080, RedisKeyPrefix: "/jwt/" }],
    ["HTTP.TokenAuth", { Enable: true }],
    ["HTTP.A2A", { Disable: true, DisableMCP: true }],
    [
      "DB",
      {
        DBType: database.engine,
        DSN: databaseAddress(database, passwords.database),
        Debug: false,
        MaxLifetime: 7200,
        MaxOpenConns: 50,
        MaxIdleConns: 10,
      },
    ],
    ["Redis", redisSettings(redis, passwords.redis)],
    ["Alert.Heartbeat", { IP: "", Interval: 1000, EngineName: "default" }],
    [
      "Alert.EvalLog",
      { Dir: `${workFolder}/evaluations`, RetentionHours: 72, MaxDiskGB: evaluationsGiB },
    ],
    [
      "Center",
      { MetricsYamlFile: "./etc/metrics.yaml", CleanAlertHisEventDay: server.historyDays },
    ],
    ["Center.AnonymousAccess", { PromQuerier: false, AlertDetail: false }],
    // Prometheus is there, and each Pod would hold a part of the figures only.
    ["EmbeddedTSDB", { Enable: false }],
    ["Ibex", { Enable: false }],
  ];
  return sections.map(([name, values]) => section(name, values)).join("\n");
}

/** Room for records of evaluations; the volume is a little larger. */
const evaluationsGiB = 1;
export const workMiB = 1536;

type Section = readonly [name: string, values: Readonly<Record<string, string | number | boolean>>];

function section(name: string, values: Section[1]): string {
  // A text in TOML is one of JSON, as far as anything here goes.
  const lines = Object.entries(values).map(([key, value]) => `${key} = ${JSON.stringify(value)}\n`);
  return `[${name}]\n${lines.join("")}`;
}

export function databaseAddress(database: DatabaseBlueprint, password: string): string {
  const { engine, host, port, name, user, tls } = database;
  if (engine === "mysql") {
    const more = `charset=utf8mb4&collation=utf8mb4_general_ci&parseTime=True&loc=Local${tls ? "&tls=true" : ""}`;
    return `${user}:${password}@tcp(${host}:${port})/${name}?${more}`;
  }
  const mode = tls ? `verify-full${authority(database)}` : "disable";
  return `host=${host} port=${port} user=${user} dbname=${name} password=${password} sslmode=${mode}`;
}

/** PostgreSQL's client asks for the file itself; without one it takes the system's. */
function authority({ ca }: DatabaseBlueprint): string {
  return ca === undefined ? "" : ` sslrootcert=${authoritiesFolder}/database.crt`;
}

function redisSettings(redis: RedisBlueprint, password: string): Section[1] {
  const { host, port, tls } = redis;
  return {
    Address: `${host}:${port}`,
    ...(redis.kind === "external" && redis.user !== undefined && { Username: redis.user }),
    ...(password !== "" && { Password: password }),
    RedisType: "standalone",
    ...(tls && { UseTLS: true, TLSMinVersion: "1.2" }),
  };
}

/** Authorities of certificates by file name; empty where everybody knows them. */
export function authorities({
  database,
  redis,
}: Pick<NightingaleBlueprint, "database" | "redis">): Readonly<Record<string, string>> {
  return {
    ...(database.ca !== undefined && { "database.crt": database.ca }),
    ...(redis.ca !== undefined && { "redis.crt": redis.ca }),
  };
}
