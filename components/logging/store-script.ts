import { logWriter } from "../../site/platform/log-output";
import type { LogStoreBlueprint } from "../../site/platform/logging-types";

/** What sets the site's own store up and keeps it within its room: scripts, and what they send. */

export const storeScripts = "/etc/sitewright/store";

/** Name of the policy, and of the templates. */
const policy = "sitewright-logs";
const metrics = "sitewright-metrics";

/** Letters of a value that can be searched for: an entry with one of more than 32 KiB would be refused as a whole. */
const longest = 8191;

/** Asks the store, with the password on no command line. */
const ask = `set -eu
ask() { # METHOD PATH [FILE]
  curl --silent --show-error --fail-with-body --max-time 60 --request "$1" \\
    --config <(printf 'user = "elastic:%s"\\n' "$ADMINISTRATOR_PASSWORD") \\
    \${AUTHORITY:+--cacert "$AUTHORITY"} \\
    \${3:+--header 'Content-Type: application/json' --data-binary "@$3"} "$STORE$2"
}
`;

/** Files of the ConfigMap that both scripts read. */
export function storeFiles(store: LogStoreBlueprint): Readonly<Record<string, string>> {
  const json = (value: object) => `${JSON.stringify(value, null, 2)}\n`;
  return {
    "setup.sh": `${ask}${setup}`,
    "clean.sh": `${ask}${clean}`,
    "role.json": json({
      cluster: ["monitor"],
      indices: [
        {
          names: ["logs-*", "metrics-*"],
          privileges: ["create_doc", "auto_configure", "view_index_metadata"],
        },
      ],
    }),
    "policy.json": json({
      policy: {
        phases: {
          hot: {
            actions: { rollover: { max_age: "1d", max_primary_shard_size: rolloverSize(store) } },
          },
          delete: { min_age: `${store.keepDays}d`, actions: { delete: {} } },
        },
      },
    }),
    "template.json": json(
      template(store, store.dataStream, {
        message: { type: "match_only_text" },
        // Applications choose these names: each would be a field of the index otherwise.
        app: { type: "flattened", ignore_above: longest },
        fields: { type: "flattened", ignore_above: longest },
      }),
    ),
    ...(store.metricsStream !== undefined && {
      "metrics.json": json(template(store, store.metricsStream, {})),
    }),
  };
}

/** What indices of a stream are like. */
function template({ copies, metricsStream }: LogStoreBlueprint, stream: string, fields: object) {
  return {
    index_patterns: [stream],
    data_stream: {},
    // Before the store's own, which serve every name of this form, and whose entries stay for ever.
    priority: 500,
    template: {
      settings: {
        "index.lifecycle.name": policy,
        "index.number_of_shards": 1,
        "index.number_of_replicas": copies - 1,
        // Metricbeat has more than the usual 1000.
        ...(stream === metricsStream && { "index.mapping.total_fields.limit": 5000 }),
      },
      mappings: {
        properties: { "@timestamp": { type: "date" }, ...fields },
        dynamic_templates: [
          {
            texts: {
              match_mapping_type: "string",
              mapping: { type: "keyword", ignore_above: longest },
            },
          },
        ],
      },
    },
  };
}

/** Small enough that the oldest can go one by one, and no smaller than an index is worth. */
function rolloverSize({ keepMiB }: LogStoreBlueprint): string {
  return `${Math.max(512, Math.min(30 * 1024, Math.floor(keepMiB / 10)))}mb`;
}

const setup = `until ask GET '/_cluster/health?wait_for_status=yellow&timeout=30s'; do sleep 5; done
ask PUT /_security/role/${logWriter} ${storeScripts}/role.json
printf '{"password":"%s","roles":["${logWriter}"]}' "$WRITER_PASSWORD" > /tmp/body
ask PUT /_security/user/${logWriter} /tmp/body
printf '{"password":"%s"}' "$PAGES_PASSWORD" > /tmp/body
ask POST /_security/user/kibana_system/_password /tmp/body
ask PUT /_ilm/policy/${policy} ${storeScripts}/policy.json
ask PUT /_index_template/${policy} ${storeScripts}/template.json
if [ -n "$METRICS" ]; then ask PUT /_index_template/${metrics} ${storeScripts}/metrics.json; fi
# They may be there already, with entries.
for stream in $STREAM $METRICS; do
  ask GET "/_data_stream/$stream" > /dev/null 2>&1 || ask PUT "/_data_stream/$stream"
done
`;

/** The newest index of each stream is the one that is written to, and stays. Names end in day and number. */
const clean = `ask GET "/_cat/indices/.ds-$STREAM-*\${METRICS:+,.ds-$METRICS-*}?h=index,pri.store.size&bytes=mb&s=creation.date&expand_wildcards=all" > /tmp/indices
declare -A newest
sum=0
while read -r index size; do
  newest["\${index%-*-*}"]=$index
  sum=$((sum + size))
done < /tmp/indices
while read -r index size; do
  if [ "$sum" -le "$KEEP_MIB" ]; then break; fi
  if [ "\${newest["\${index%-*-*}"]}" = "$index" ]; then continue; fi
  echo "deleting $index: $sum MiB are kept, and $KEEP_MIB may be"
  ask DELETE "/$index"
  sum=$((sum - size))
done < /tmp/indices
`;
