import { z } from "zod";

/**
 * The options of Filebeat and Metricbeat that we use, and no other: the programs themselves take any word without a
 * complaint and do nothing about it.
 */

const span = z.string().regex(/^[0-9]+(ms|s|m|h)$/);
const port = z.int().min(1).max(65_535);
const hosts = (pattern: RegExp) => z.array(z.string().regex(pattern)).min(1);
const texts = z.array(z.string().min(1)).min(1);

/** Conditions of processors. */
const condition: z.ZodType = z.lazy(() =>
  z
    .strictObject({
      equals: z.record(z.string(), z.string()).optional(),
      contains: z.record(z.string(), z.string()).optional(),
      regexp: z.record(z.string(), z.string()).optional(),
      has_fields: texts.optional(),
      and: z.array(condition).min(1).optional(),
      or: z.array(condition).min(1).optional(),
      not: condition.optional(),
    })
    .refine((stated) => Object.keys(stated).length === 1, { error: "one condition" }),
);

const when = condition.optional();

const processors = z.array(
  z
    .strictObject({
      dissect: z
        .strictObject({
          when,
          tokenizer: z.string().regex(/%\{/),
          field: z.string(),
          target_prefix: z.string(),
          overwrite_keys: z.boolean(),
          ignore_failure: z.boolean(),
        })
        .optional(),
      add_kubernetes_metadata: z
        .strictObject({
          host: z.string(),
          default_indexers: z.strictObject({ enabled: z.literal(false) }),
          default_matchers: z.strictObject({ enabled: z.literal(false) }),
          indexers: z.array(z.strictObject({ pod_uid: z.null() })).length(1),
          matchers: z
            .array(
              z.strictObject({
                logs_path: z.strictObject({
                  logs_path: z.literal("/var/log/pods/"),
                  resource_type: z.literal("pod"),
                }),
              }),
            )
            .length(1),
          labels: z.strictObject({ dedot: z.literal(true) }),
          add_resource_metadata: z.strictObject({
            namespace: z.strictObject({ enabled: z.boolean() }),
            node: z.strictObject({ enabled: z.boolean() }),
            deployment: z.boolean(),
            cronjob: z.boolean(),
          }),
        })
        .optional(),
      copy_fields: z
        .strictObject({
          fields: z.array(z.strictObject({ from: z.string(), to: z.string() })).min(1),
          fail_on_error: z.literal(false),
          ignore_missing: z.literal(true),
        })
        .optional(),
      replace: z
        .strictObject({
          fields: z.array(
            z.strictObject({ field: z.string(), pattern: z.string(), replacement: z.string() }),
          ),
          fail_on_error: z.literal(false),
          ignore_missing: z.literal(true),
        })
        .optional(),
      add_fields: z
        .strictObject({
          when,
          target: z.literal(""),
          fields: z.record(z.string(), z.string().min(1)),
        })
        .optional(),
      decode_json_fields: z
        .strictObject({
          when,
          fields: texts,
          target: z.literal("app"),
          process_array: z.boolean(),
          max_depth: z.int().min(1),
          overwrite_keys: z.literal(false),
          add_error_key: z.boolean(),
        })
        .optional(),
      drop_fields: z
        .strictObject({ when, fields: texts, ignore_missing: z.literal(true) })
        .optional(),
      drop_event: z.strictObject({ when: condition }).optional(),
    })
    .refine((stated) => Object.keys(stated).length === 1, { error: "one processor" }),
);

const ssl = z.strictObject({
  enabled: z.literal(true),
  verification_mode: z.enum(["full", "certificate"]),
  certificate_authorities: texts.optional(),
  certificate: z.string().startsWith("/").optional(),
  key: z.string().startsWith("/").optional(),
});

const sent = {
  bulk_max_size: z.int().min(1),
  backoff: z.strictObject({ init: span, max: span }),
  ssl: ssl.optional(),
};
const variable = z.string().regex(/^\$\{LOG_OUTPUT_[A-Z_]+\}$/);
const level = z.int().min(0).max(9);

const output = z
  .strictObject({
    elasticsearch: z
      .strictObject({
        ...sent,
        hosts: hosts(/^https?:\/\/[a-z0-9.-]+:[0-9]+$/),
        index: z.string().regex(/^[a-z0-9]/),
        preset: z.literal("custom").optional(),
        loadbalance: z.boolean(),
        compression_level: level,
        username: z.string().optional(),
        password: variable.optional(),
        api_key: variable.optional(),
      })
      .optional(),
    logstash: z
      .strictObject({
        ...sent,
        hosts: hosts(/^[a-z0-9.-]+:[0-9]+$/),
        loadbalance: z.boolean(),
        pipelining: z.int().min(0),
        slow_start: z.boolean(),
        compression_level: level,
      })
      .optional(),
    kafka: z
      .strictObject({
        ...sent,
        hosts: hosts(/^[a-z0-9.-]+:[0-9]+$/),
        topic: z.string().min(1),
        version: z.string(),
        key: z.string(),
        partition: z.strictObject({ hash: z.strictObject({ reachable_only: z.boolean() }) }),
        required_acks: z.union([z.literal(-1), z.literal(1)]),
        compression: z.enum(["none", "gzip", "snappy", "lz4"]),
        max_message_bytes: z.int().min(1),
        username: z.string().optional(),
        password: variable.optional(),
        sasl: z
          .strictObject({ mechanism: z.enum(["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]) })
          .optional(),
      })
      .optional(),
  })
  .refine((stated) => Object.keys(stated).length === 1, { error: "one output" });

/** One line puts entries together, another reads what containers write; the order counts. */
const parsers = z.array(
  z
    .strictObject({
      container: z.strictObject({ stream: z.literal("all"), format: z.literal("cri") }).optional(),
      multiline: z
        .strictObject({
          type: z.literal("pattern"),
          pattern: z.string().min(1),
          negate: z.boolean(),
          match: z.literal("after"),
          max_lines: z.int().min(1),
          timeout: span,
        })
        .optional(),
    })
    .refine((stated) => Object.keys(stated).length === 1, { error: "one parser" }),
);

const input = z.strictObject({
  type: z.literal("filestream"),
  id: z.string().min(1),
  enabled: z.literal(true),
  paths: z.array(z.string().startsWith("/")).min(1),
  message_max_bytes: z.int().min(1),
  exclude_lines: texts.optional(),
  compression: z.literal("auto").optional(),
  file_identity: z.strictObject({ fingerprint: z.null() }).optional(),
  prospector: z.strictObject({
    scanner: z.strictObject({
      check_interval: span,
      exclude_files: texts,
      fingerprint: z
        // No fewer bytes are taken, and with many a quiet container would never be heard.
        .strictObject({ enabled: z.literal(true), length: z.int().min(64).max(128) })
        .optional(),
    }),
  }),
  parsers: parsers.optional(),
  processors: processors.optional(),
  fields: z.record(z.string(), z.string()).optional(),
  fields_under_root: z.boolean().optional(),
});

const common = {
  processors,
  queue: z
    .strictObject({
      mem: z
        .strictObject({
          events: z.int().min(1),
          flush: z.strictObject({ min_events: z.int().min(1), timeout: span }),
        })
        .refine(({ events, flush }) => flush.min_events <= events, { error: "a bulk that fits" })
        .optional(),
      disk: z.strictObject({ max_size: z.string().regex(/^[0-9]+GiB$/) }).optional(),
    })
    .refine((stated) => Object.keys(stated).length === 1, { error: "one queue" }),
  output,
  http: z.strictObject({ enabled: z.literal(true), host: z.literal("127.0.0.1"), port }),
  logging: z.strictObject({
    level: z.literal("info"),
    metrics: z.strictObject({ enabled: z.literal(false) }),
  }),
  setup: z.strictObject({
    template: z.strictObject({ enabled: z.literal(false) }),
    ilm: z.strictObject({ enabled: z.literal(false) }),
  }),
};

export const filebeatOptions = z.strictObject({
  filebeat: z.strictObject({
    inputs: z
      .array(input)
      .min(1)
      .refine((inputs) => new Set(inputs.map(({ id }) => id)).size === inputs.length, {
        error: "an id for each input",
      }),
    shutdown_timeout: span,
  }),
  ...common,
});

const questions = z.strictObject({
  module: z.enum(["system", "kubernetes"]),
  period: span,
  metricsets: texts,
  hostfs: z.string().optional(),
  node: z.string().optional(),
  hosts: texts.optional(),
  bearer_token_file: z.string().optional(),
  ssl: z.strictObject({ verification_mode: z.literal("none") }).optional(),
  add_metadata: z.boolean().optional(),
});

export const metricbeatOptions = z.strictObject({
  metricbeat: z.strictObject({
    modules: z.array(questions).min(1),
    autodiscover: z
      .strictObject({
        providers: z
          .array(
            z.strictObject({
              type: z.literal("kubernetes"),
              scope: z.literal("cluster"),
              node: z.string(),
              unique: z.literal(true),
              leader_lease: z.string(),
              templates: z.array(z.strictObject({ config: z.array(questions) })),
            }),
          )
          .length(1),
      })
      .optional(),
  }),
  ...common,
});

/** The exporter beside each beat. */
export const exporterOptions = z.strictObject({
  modules: z.partialRecord(
    z.enum(["filebeat", "metricbeat"]),
    z.strictObject({
      metrics: z.array(
        z.strictObject({
          name: z.string().regex(/^beat_[a-z_]+$/),
          type: z.literal("value"),
          valuetype: z.enum(["counter", "gauge"]),
          path: z.string().regex(/^\{ \.[a-z_.]+ \}$/),
          help: z.string().min(1),
        }),
      ),
    }),
  ),
});
